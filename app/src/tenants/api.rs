//! Server functions of the tenants that one made, and of their groups.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

#[cfg(feature = "ssr")]
use crate::server::{serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
#[cfg(feature = "ssr")]
use backend::tenants::{
    below::{
        family, read,
        write::{self, LeadContact, Terms},
    },
    groups,
};
#[cfg(feature = "ssr")]
use domain::access::ManageTenants;
use domain::{
    ids::{GroupId, TenantId},
    list::Page,
    tenants::{CompanyFields, GroupRow, TenantDetail, TenantQuery, TenantRow, TenantState},
};
use leptos::prelude::*;

/// A page of the tenants that the viewer's tenant made. `query` is the query string of its address.
///
/// # Errors
/// When the viewer does not look after tenants, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_tenants", output = Answer)]
pub async fn list_tenants(query: String) -> Result<Page<TenantRow>, AppError> {
    serve(|caller| async move {
        read::list(
            &caller.permit::<ManageTenants>()?,
            &TenantQuery::from_query(&query),
        )
        .await
    })
    .await
}

/// One of them.
///
/// # Errors
/// Not found, or as [`list_tenants`].
#[server(prefix = "/api", endpoint = "find_tenant", output = Answer)]
pub async fn find_tenant(id: TenantId) -> Result<TenantDetail, AppError> {
    serve(|caller| async move { read::find(&caller.permit::<ManageTenants>()?, id).await }).await
}

/// The groups.
///
/// # Errors
/// As [`list_tenants`].
#[server(prefix = "/api", endpoint = "list_groups", output = Answer)]
pub async fn list_groups() -> Result<Vec<GroupRow>, AppError> {
    serve(|caller| async move { groups::list(&caller.permit::<ManageTenants>()?).await }).await
}

/// Makes a partner or a customer and invites its lead contact.
///
/// # Errors
/// What is wrong with each field, or the database does not answer.
#[server(prefix = "/api", endpoint = "make_tenant", output = Answer)]
pub async fn make_tenant(
    company: CompanyFields,
    external_id: Option<String>,
    terms_days: Option<String>,
    group: Option<String>,
    lead_name: Option<String>,
    lead_email: Option<String>,
) -> Result<Done, AppError> {
    let mut typed = serde_json::to_value(&company).unwrap_or_default();
    typed["external_id"] = external_id.clone().into();
    typed["terms_days"] = terms_days.clone().into();
    typed["group"] = group.clone().into();
    typed["lead_name"] = lead_name.clone().into();
    typed["lead_email"] = lead_email.clone().into();
    serve_form("/tenants/new", &typed, |caller| async move {
        let terms = Terms {
            external_id: external_id.as_deref().unwrap_or_default(),
            terms_days: terms_days.as_deref().unwrap_or_default(),
            group: group.as_deref().unwrap_or_default(),
        };
        let lead = LeadContact {
            name: lead_name.as_deref().unwrap_or_default(),
            email: lead_email.as_deref().unwrap_or_default(),
        };
        let id = write::make(&caller.permit::<ManageTenants>()?, &company, terms, lead).await?;
        Ok(format!("/tenants/{id}?done=made"))
    })
    .await
}

/// Changes what one's own books say of a tenant.
///
/// # Errors
/// What is wrong with each field, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "change_terms", output = Answer)]
pub async fn change_terms(
    id: TenantId,
    external_id: Option<String>,
    terms_days: Option<String>,
    group: Option<String>,
) -> Result<Done, AppError> {
    let typed = serde_json::json!({ "external_id": external_id, "terms_days": terms_days, "group": group });
    serve_form(&format!("/tenants/{id}"), &typed, |caller| async move {
        let terms = Terms {
            external_id: external_id.as_deref().unwrap_or_default(),
            terms_days: terms_days.as_deref().unwrap_or_default(),
            group: group.as_deref().unwrap_or_default(),
        };
        write::change_terms(&caller.permit::<ManageTenants>()?, id, terms).await?;
        Ok(format!("/tenants/{id}?done=terms"))
    })
    .await
}

/// Makes a customer the subsidiary of another one, or takes it out of its family.
///
/// # Errors
/// What the rules refuse, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "change_parent", output = Answer)]
pub async fn change_parent(id: TenantId, parent: Option<String>) -> Result<Done, AppError> {
    let typed = serde_json::json!({ "parent": parent });
    serve_form(&format!("/tenants/{id}"), &typed, |caller| async move {
        let parent = parent.as_deref().unwrap_or_default();
        family::change_parent(&caller.permit::<ManageTenants>()?, id, parent).await?;
        Ok(format!("/tenants/{id}?done=parent"))
    })
    .await
}

/// Suspends a tenant, closes it or lets it in again.
///
/// # Errors
/// When a reason is missing, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "change_tenant_state", output = Answer)]
pub async fn change_tenant_state(
    id: TenantId,
    state: TenantState,
    reason: Option<String>,
) -> Result<Done, AppError> {
    let typed = serde_json::json!({ "reason": reason });
    serve_form(&format!("/tenants/{id}"), &typed, |caller| async move {
        let why = reason.as_deref().unwrap_or_default();
        write::change_state(&caller.permit::<ManageTenants>()?, id, state, why).await?;
        Ok(format!("/tenants/{id}?done={}", state.code()))
    })
    .await
}

/// Invites somebody to run the portal for a tenant.
///
/// # Errors
/// What is wrong with each field, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "invite_lead", output = Answer)]
pub async fn invite_lead(
    id: TenantId,
    lead_name: Option<String>,
    lead_email: Option<String>,
) -> Result<Done, AppError> {
    let typed = serde_json::json!({ "lead_name": lead_name, "lead_email": lead_email });
    serve_form(&format!("/tenants/{id}"), &typed, |caller| async move {
        let lead = LeadContact {
            name: lead_name.as_deref().unwrap_or_default(),
            email: lead_email.as_deref().unwrap_or_default(),
        };
        write::invite(&caller.permit::<ManageTenants>()?, id, lead).await?;
        Ok(format!("/tenants/{id}?done=invited"))
    })
    .await
}

/// Makes a group.
///
/// # Errors
/// When the name is empty, too long or taken, there are too many, or the database does not answer.
#[server(prefix = "/api", endpoint = "make_group", output = Answer)]
pub async fn make_group(group_name: String) -> Result<Done, AppError> {
    let typed = serde_json::json!({ "group_name": group_name });
    serve_form("/groups", &typed, |caller| async move {
        groups::create(&caller.permit::<ManageTenants>()?, &group_name).await?;
        Ok("/groups?done=made".to_owned())
    })
    .await
}

/// Switches a group on or off.
///
/// # Errors
/// Not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "switch_group", output = Answer)]
pub async fn switch_group(id: GroupId, on: bool) -> Result<Done, AppError> {
    serve_form("/groups", &(), |caller| async move {
        groups::switch(&caller.permit::<ManageTenants>()?, id, on).await?;
        Ok(format!("/groups?done={}", if on { "on" } else { "off" }))
    })
    .await
}

/// Deletes a group that nobody is in.
///
/// # Errors
/// When somebody is in it, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "delete_group", output = Answer)]
pub async fn delete_group(id: GroupId) -> Result<Done, AppError> {
    serve_form("/groups", &(), |caller| async move {
        groups::delete(&caller.permit::<ManageTenants>()?, id).await?;
        Ok("/groups?done=deleted".to_owned())
    })
    .await
}
