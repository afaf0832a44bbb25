//! Server functions of what others share.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

#[cfg(feature = "ssr")]
use crate::server::serve;
use crate::{error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use backend::{
    invoices::read::{find, list},
    tenants::grants,
};
#[cfg(feature = "ssr")]
use domain::{
    access::{Side, ViewSharedInvoices},
    address::pairs,
    invoices::form,
};
use domain::{
    ids::{InvoiceId, TenantId},
    invoices::{InvoiceDetail, InvoiceQuery, InvoiceRow},
    list::Page,
    tenants::GrantRow,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A page of what one tenant shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedList {
    /// Name of the tenant.
    pub name: String,
    /// What was understood of the address.
    pub query: InvoiceQuery,
    /// The rows.
    pub page: Page<InvoiceRow>,
}

/// Who shares.
///
/// # Errors
/// When the viewer may not see such invoices, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_givers", output = Answer)]
pub async fn list_givers() -> Result<Vec<GrantRow>, AppError> {
    serve(|caller| async move { grants::received(&caller.permit::<ViewSharedInvoices>()?).await }).await
}

/// A page of the invoices that one tenant shares. `query` is the query string of its address.
///
/// # Errors
/// Not found when it shares none with the viewer's tenant, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_shared", output = Answer)]
pub async fn list_shared(of: TenantId, query: String) -> Result<SharedList, AppError> {
    serve(|caller| async move {
        let viewer = caller.viewer.as_ref().ok_or(backend::Error::SignIn)?;
        let (query, _) = form::parse(Side::Seller, pairs(&query), viewer.tenant.locale);
        let (scope, name) = grants::look(&caller.permit::<ViewSharedInvoices>()?, of).await?;
        let page = list(&scope, &query).await?;
        Ok(SharedList { name, query, page })
    })
    .await
}

/// One of these invoices, with the name of who shares it.
///
/// # Errors
/// Not found, also when it is not shared, or the database does not answer.
#[server(prefix = "/api", endpoint = "find_shared", output = Answer)]
pub async fn find_shared(of: TenantId, id: InvoiceId) -> Result<(String, InvoiceDetail), AppError> {
    serve(|caller| async move {
        let (scope, name) = grants::look(&caller.permit::<ViewSharedInvoices>()?, of).await?;
        Ok((name, find(&scope, id).await?))
    })
    .await
}
