//! Server functions of the tenant itself: its settings and what it shares.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

#[cfg(feature = "ssr")]
use crate::server::{serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
#[cfg(feature = "ssr")]
use backend::tenants::{below::family, company, door, grants, logo, particulars};
#[cfg(feature = "ssr")]
use domain::access::ManageSettings;
use domain::{
    ids::{AddressId, GrantId, TaxIdId},
    tenants::{AddressFields, Company, CompanyFields, DoorNotice, Family, Particulars, Sharing, TaxIdFields},
};
use leptos::prelude::*;

/// The page of further addresses and tax identifiers.
#[cfg(feature = "ssr")]
const ADDRESSES: &str = "/company/addresses";

/// The tenant's settings.
///
/// # Errors
/// When the viewer does not look after them, or the database does not answer.
#[server(prefix = "/api", endpoint = "find_company", output = Answer)]
pub async fn find_company() -> Result<Company, AppError> {
    serve(|caller| async move { company::find(&caller.permit::<ManageSettings>()?).await }).await
}

/// Changes the tenant's settings.
///
/// # Errors
/// What is wrong with each field, or the database does not answer.
#[server(prefix = "/api", endpoint = "change_company", output = Answer)]
pub async fn change_company(company: CompanyFields) -> Result<Done, AppError> {
    let typed = company.clone();
    serve_form("/company", &typed, |caller| async move {
        company::change(&caller.permit::<ManageSettings>()?, &company).await?;
        Ok("/company?done=saved".to_owned())
    })
    .await
}

/// Further addresses and tax identifiers of the tenant.
///
/// # Errors
/// As [`find_company`].
#[server(prefix = "/api", endpoint = "find_particulars", output = Answer)]
pub async fn find_particulars() -> Result<Particulars, AppError> {
    serve(|caller| async move { particulars::find(&caller.permit::<ManageSettings>()?).await }).await
}

/// Adds an address.
///
/// # Errors
/// What is wrong with each field, there are too many, or the database does not answer.
#[server(prefix = "/api", endpoint = "add_address", output = Answer)]
pub async fn add_address(address: AddressFields) -> Result<Done, AppError> {
    let typed = address.clone();
    serve_form(ADDRESSES, &typed, |caller| async move {
        particulars::add_address(&caller.permit::<ManageSettings>()?, &address).await?;
        Ok(format!("{ADDRESSES}?done=added"))
    })
    .await
}

/// Takes an address away.
///
/// # Errors
/// Not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "remove_address", output = Answer)]
pub async fn remove_address(id: AddressId) -> Result<Done, AppError> {
    serve_form(ADDRESSES, &(), |caller| async move {
        particulars::remove_address(&caller.permit::<ManageSettings>()?, id).await?;
        Ok(format!("{ADDRESSES}?done=removed"))
    })
    .await
}

/// Adds a tax identifier.
///
/// # Errors
/// What is wrong with each field, there are too many, or the database does not answer.
#[server(prefix = "/api", endpoint = "add_tax_id", output = Answer)]
pub async fn add_tax_id(tax_id: TaxIdFields) -> Result<Done, AppError> {
    let typed = serde_json::json!({
        "scheme": tax_id.scheme, "tax_country": tax_id.country, "number": tax_id.number,
    });
    serve_form(ADDRESSES, &typed, |caller| async move {
        particulars::add_tax_id(&caller.permit::<ManageSettings>()?, &tax_id).await?;
        Ok(format!("{ADDRESSES}?done=number"))
    })
    .await
}

/// Takes a tax identifier away.
///
/// # Errors
/// Not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "remove_tax_id", output = Answer)]
pub async fn remove_tax_id(id: TaxIdId) -> Result<Done, AppError> {
    serve_form(ADDRESSES, &(), |caller| async move {
        particulars::remove_tax_id(&caller.permit::<ManageSettings>()?, id).await?;
        Ok(format!("{ADDRESSES}?done=unnumbered"))
    })
    .await
}

/// To whom the tenant belongs, and who belongs to it, as its sellers say.
///
/// # Errors
/// As [`find_company`].
#[server(prefix = "/api", endpoint = "find_family", output = Answer)]
pub async fn find_family() -> Result<Family, AppError> {
    serve(|caller| async move { family::own(&caller.permit::<ManageSettings>()?).await }).await
}

/// Takes the logo away.
///
/// # Errors
/// When the viewer does not look after the settings, or the database does not answer.
#[server(prefix = "/api", endpoint = "remove_logo", output = Answer)]
pub async fn remove_logo() -> Result<Done, AppError> {
    serve_form("/company", &(), |caller| async move {
        logo::remove(&caller.permit::<ManageSettings>()?).await?;
        Ok("/company?done=removed".to_owned())
    })
    .await
}

/// What the tenant shares, and with whom it could share.
///
/// # Errors
/// As [`find_company`].
#[server(prefix = "/api", endpoint = "list_sharing", output = Answer)]
pub async fn list_sharing() -> Result<Sharing, AppError> {
    serve(|caller| async move { grants::sharing(&caller.permit::<ManageSettings>()?).await }).await
}

/// Lets the tier above see the invoices that the tenant issued.
///
/// # Errors
/// Not found where there is nobody to let see, or the database does not answer.
#[server(prefix = "/api", endpoint = "share_invoices", output = Answer)]
pub async fn share_invoices() -> Result<Done, AppError> {
    serve_form("/sharing", &(), |caller| async move {
        grants::give(&caller.permit::<ManageSettings>()?).await?;
        Ok("/sharing?done=shared".to_owned())
    })
    .await
}

/// Ends that.
///
/// # Errors
/// Not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "stop_sharing", output = Answer)]
pub async fn stop_sharing(id: GrantId) -> Result<Done, AppError> {
    serve_form("/sharing", &(), |caller| async move {
        grants::take_back(&caller.permit::<ManageSettings>()?, id).await?;
        Ok("/sharing?done=stopped".to_owned())
    })
    .await
}

/// Why the tenant's pages are shut, and whom to ask (T15).
///
/// # Errors
/// When nobody is signed in, or the database does not answer.
#[server(prefix = "/api", endpoint = "find_door", output = Answer)]
pub async fn find_door() -> Result<DoorNotice, AppError> {
    serve(|caller| async move { door::notice(caller.actor()?).await }).await
}
