//! Server functions of billing profiles: those of a customer for its seller, and one's own.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

use crate::server::{serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
use backend::{
    Error,
    profiles::{read, write},
};
use domain::{
    FieldErrors, Refusal,
    access::{ChangeProfiles, ManageTenants},
    ids::{ProfileId, TenantId},
    profiles::{AccountProfiles, ProfileDetail, ProfileFields},
};
use leptos::prelude::*;

/// The profiles of a customer.
///
/// # Errors
/// When the viewer does not look after customers, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_profiles", output = Answer)]
pub async fn list_profiles(id: TenantId) -> Result<AccountProfiles, AppError> {
    serve(|caller| async move { read::of_customer(&caller.permit::<ManageTenants>()?, id).await }).await
}

/// A customer's profile.
///
/// # Errors
/// As [`list_profiles`].
#[server(prefix = "/api", endpoint = "find_profile", output = Answer)]
pub async fn find_profile(id: ProfileId) -> Result<ProfileDetail, AppError> {
    serve(|caller| async move { read::find(&caller.permit::<ManageTenants>()?, id).await }).await
}

/// Makes a profile for a customer. `key` is the form's.
///
/// # Errors
/// What is wrong with each field, not found, there are too many, or the database does not answer.
#[server(prefix = "/api", endpoint = "add_profile", output = Answer)]
pub async fn add_profile(
    id: TenantId,
    key: String,
    #[server(default)] profile: ProfileFields,
) -> Result<Done, AppError> {
    let typed = profile.clone();
    serve_form(&format!("/profiles/of/{id}"), &typed, |caller| async move {
        let scope = caller.permit::<ManageTenants>()?;
        let broken = |_| Error::Invalid(FieldErrors::one("", Refusal::FormBroken));
        let key = key.trim().parse().map_err(broken)?;
        write::add(&scope, id, key, &profile).await?;
        Ok(format!("/profiles/of/{id}?done=added"))
    })
    .await
}

/// Changes what a customer's profile says.
///
/// # Errors
/// What is wrong with each field, not found, archived meanwhile, or the database does not answer.
#[server(prefix = "/api", endpoint = "change_profile", output = Answer)]
pub async fn change_profile(
    id: ProfileId,
    #[server(default)] profile: ProfileFields,
) -> Result<Done, AppError> {
    let typed = profile.clone();
    serve_form(&format!("/profiles/change/{id}"), &typed, |caller| async move {
        write::change(&caller.permit::<ManageTenants>()?, id, &profile).await?;
        Ok(format!("/profiles/change/{id}?done=saved"))
    })
    .await
}

/// Makes a profile the one that new invoices of its customer are bound to.
///
/// # Errors
/// Not found, archived meanwhile, or the database does not answer.
#[server(prefix = "/api", endpoint = "prefer_profile", output = Answer)]
pub async fn prefer_profile(id: ProfileId) -> Result<Done, AppError> {
    serve_form(&format!("/profiles/change/{id}"), &(), |caller| async move {
        let buyer = write::make_default(&caller.permit::<ManageTenants>()?, id).await?;
        Ok(format!("/profiles/of/{buyer}?done=default"))
    })
    .await
}

/// Archives a profile.
///
/// # Errors
/// When it is the default or invoices that are not settled are bound to it, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "archive_profile", output = Answer)]
pub async fn archive_profile(id: ProfileId) -> Result<Done, AppError> {
    serve_form(&format!("/profiles/change/{id}"), &(), |caller| async move {
        let buyer = write::archive(&caller.permit::<ManageTenants>()?, id).await?;
        Ok(format!("/profiles/of/{buyer}?done=archived"))
    })
    .await
}

/// The viewer's own profiles, with everybody who bills them.
///
/// # Errors
/// When the viewer may not change them, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_own_profiles", output = Answer)]
pub async fn list_own_profiles() -> Result<Vec<AccountProfiles>, AppError> {
    serve(|caller| async move { read::own(&caller.permit::<ChangeProfiles>()?).await }).await
}

/// One of them.
///
/// # Errors
/// Not found, or as [`list_own_profiles`].
#[server(prefix = "/api", endpoint = "find_own_profile", output = Answer)]
pub async fn find_own_profile(id: ProfileId) -> Result<ProfileDetail, AppError> {
    serve(|caller| async move { read::find_own(&caller.permit::<ChangeProfiles>()?, id).await }).await
}

/// Changes where invoices of an own profile go, whom to ask, and which card autopay uses for them.
///
/// # Errors
/// What is wrong with each field, not found, archived meanwhile, or the database does not answer.
#[server(prefix = "/api", endpoint = "change_own_profile", output = Answer)]
pub async fn change_own_profile(
    id: ProfileId,
    #[server(default)] card: String,
    #[server(default)] profile: ProfileFields,
) -> Result<Done, AppError> {
    let mut typed = serde_json::to_value(&profile).unwrap_or_default();
    typed["card"] = card.clone().into();
    serve_form(&format!("/profiles/{id}"), &typed, |caller| async move {
        write::change_own(&caller.permit::<ChangeProfiles>()?, id, &profile, &card).await?;
        Ok(format!("/profiles/{id}?done=saved"))
    })
    .await
}
