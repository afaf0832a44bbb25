//! The partners or customers that a tenant made, and their groups (T16).

pub mod api;
mod detail;
mod groups;
mod list;
mod new;

pub(crate) use detail::view as tenant_page;
pub(crate) use groups::view as groups_page;
pub(crate) use list::view as tenants_page;
pub(crate) use new::view as new_tenant_page;

use crate::markup::view;
use crate::{
    ui::{
        badge::Badge,
        form::{Choice, Failed, Field},
        icon::Glyph,
    },
    viewer::use_viewer,
};
use domain::{
    access::TenantKind,
    tenants::{Door, GroupRow},
};
use leptos::prelude::*;

/// What the tenants are called that the viewer's tenant makes: one, and many.
pub(crate) fn made_in_words() -> (&'static str, &'static str) {
    let kind = use_viewer().map(|viewer| viewer.tenant.kind);
    match kind {
        Some(TenantKind::Distributor) => ("partner", "Partners"),
        Some(TenantKind::Partner | TenantKind::Customer) | None => ("customer", "Customers"),
    }
}

/// What stands between a tenant's people and their pages.
#[component]
fn DoorBadge(
    /// What.
    of: Door,
) -> impl IntoView {
    let (kind, glyph, label) = match of {
        Door::Open => ("good", Glyph::CheckCircle, "Active"),
        Door::Waiting => ("warn", Glyph::Clock, "Not switched on"),
        Door::Suspended => ("bad", Glyph::Lock, "Suspended"),
        Door::Closed => ("void", Glyph::Ban, "Closed"),
    };
    view! { <Badge kind glyph label/> }
}

/// What one's own books say of a tenant: external id, terms, group.
#[component]
fn TermsFields(
    /// As they are: external id, days, id of the group.
    terms: (String, String, String),
    /// Which groups there are.
    groups: Vec<GroupRow>,
    /// What came back of a post that failed.
    failed: Failed,
) -> impl IntoView {
    let (external_id, days, group) = terms;
    let typed = |name: &str, kept: String| failed.text(name).unwrap_or(kept);
    let mut options = vec![(String::new(), "No group".to_owned())];
    options.extend(groups.into_iter().map(|group| {
        let state = if group.opened_at.is_some() {
            ""
        } else {
            " (not switched on)"
        };
        (group.id.to_string(), format!("{}{state}", group.name))
    }));
    view! {
        <div class="pair">
            <Field name="external_id" label="External ID (optional)" autocomplete="off" help="The number in your ERP. Imports find it by that."
            value=typed("external_id", external_id) error=failed.refusal("external_id")/>
        <Field name="terms_days" label="Days until an invoice is due" inputmode="numeric" required=true
            value=typed("terms_days", days) error=failed.refusal("terms_days")/>
            </div>
        <Choice name="group" label="Group" options value=typed("group", group) error=failed.refusal("group")/>
    }
}

/// Who is to run the portal for a tenant.
#[component]
fn LeadFields(
    /// What came back of a post that failed.
    failed: Failed,
) -> impl IntoView {
    let typed = |name: &str| failed.text(name).unwrap_or_default();
    view! {
        <div class="pair">
            <Field name="lead_name" label="Name of the lead contact" autocomplete="off" required=true
            value=typed("lead_name") error=failed.refusal("lead_name")/>
        <Field name="lead_email" label="E-mail of the lead contact" kind="email" autocomplete="off" required=true
            value=typed("lead_email") error=failed.refusal("lead_email")/>
            </div>
    }
}
