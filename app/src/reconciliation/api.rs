//! Server functions of Reconciliation.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

use super::address;
use crate::server::{serve, serve_form};
use crate::ui::columns::{mark, order};
use crate::wire::Answer;
use crate::{Done, error::AppError};
use backend::{
    Error,
    reconciliation::{bills, mapping, read},
};
use domain::{
    FieldErrors, Refusal,
    access::{CompareBilling, OpenReconciliation, SetUpReconciliation},
    ids::{AccountId, VendorBillId},
    imports::{DateOrder, DecimalMark},
    reconciliation::{
        BillColumns, BillField, Comparison, Dashboard, Month, ReconciliationQuery, Settings,
        VendorBillDetail, VendorBills, VendorRef,
    },
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The page of all bills.
pub(super) const BILLS: &str = "/reconciliation/bills";
/// The page of settings.
pub(super) const SETTINGS: &str = "/reconciliation/settings";

/// The dashboard without its money. `query` is the query string of the page's address.
///
/// # Errors
/// When the viewer may not open Reconciliation, or the database does not answer.
#[server(prefix = "/api", endpoint = "find_reconciliation", output = Answer)]
pub async fn find_reconciliation(query: String) -> Result<Dashboard, AppError> {
    serve(|caller| async move {
        let scope = caller.permit::<OpenReconciliation>()?;
        read::dashboard(&scope, &ReconciliationQuery::from_query(&query)).await
    })
    .await
}

/// The billing comparison of the same month.
///
/// # Errors
/// When the viewer may not see it, or the database does not answer.
#[server(prefix = "/api", endpoint = "find_billing_comparison", output = Answer)]
pub async fn find_billing_comparison(query: String) -> Result<Comparison, AppError> {
    serve(|caller| async move {
        let scope = caller.permit::<CompareBilling>()?;
        read::comparison(&scope, &ReconciliationQuery::from_query(&query)).await
    })
    .await
}

/// The latest bills of vendors.
///
/// # Errors
/// When the viewer may not set Reconciliation up, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_vendor_bills", output = Answer)]
pub async fn list_vendor_bills() -> Result<VendorBills, AppError> {
    serve(|caller| async move { read::bills(&caller.permit::<SetUpReconciliation>()?).await }).await
}

/// One bill.
///
/// # Errors
/// Not found, also when it is somebody else's.
#[server(prefix = "/api", endpoint = "find_vendor_bill", output = Answer)]
pub async fn find_vendor_bill(id: VendorBillId) -> Result<VendorBillDetail, AppError> {
    serve(|caller| async move { read::bill(&caller.permit::<SetUpReconciliation>()?, id).await }).await
}

/// Says what the columns of a bill are and reads it. `columns` has a heading for each field's code.
///
/// # Errors
/// A column that is needed is missing, or a row cannot be read; the bill waits then as before.
#[server(prefix = "/api", endpoint = "name_bill_columns", output = Answer)]
pub async fn name_bill_columns(
    id: VendorBillId,
    #[server(default)] columns: BTreeMap<String, String>,
    date_order: String,
    decimal_mark: String,
    currency: String,
) -> Result<Done, AppError> {
    let typed = serde_json::json!({
        "columns": columns, "date_order": date_order, "decimal_mark": decimal_mark, "currency": currency,
    });
    let page = format!("{BILLS}/{id}");
    serve_form(&page, &typed, |caller| async move {
        let scope = caller.permit::<SetUpReconciliation>()?;
        let chosen = |field: &BillField| {
            let heading = columns.get(field.code()).filter(|heading| !heading.is_empty())?;
            Some((*field, heading.clone()))
        };
        let columns = BillColumns {
            columns: BillField::ALL.iter().filter_map(chosen).collect(),
            date_order: order(&date_order).unwrap_or(DateOrder::Ymd),
            decimal_mark: mark(&decimal_mark).unwrap_or(DecimalMark::Point),
            currency: match currency.trim() {
                "" => None,
                code => Some(code.parse().map_err(|why| FieldErrors::one("currency", why))?),
            },
        };
        bills::name_columns(&scope, id, &columns).await?;
        Ok(format!("{BILLS}/{id}?done=read"))
    })
    .await
}

/// The vendors' companies and products of a month with what is known about them.
///
/// # Errors
/// As [`list_vendor_bills`].
#[server(prefix = "/api", endpoint = "find_reconciliation_settings", output = Answer)]
pub async fn find_reconciliation_settings(query: String) -> Result<Settings, AppError> {
    serve(|caller| async move {
        let scope = caller.permit::<SetUpReconciliation>()?;
        read::settings(&scope, &ReconciliationQuery::from_query(&query)).await
    })
    .await
}

/// Says which customer a company of a vendor is from a month on, empty for none, and whether it is left out.
///
/// # Errors
/// What is wrong with the customer; not found unless the month's bills have the company.
#[server(prefix = "/api", endpoint = "map_vendor_company", output = Answer)]
pub async fn map_vendor_company(
    month: String,
    vendor: String,
    company: String,
    #[server(default)] account: String,
    #[server(default)] excluded: bool,
) -> Result<Done, AppError> {
    let about = VendorRef { vendor, key: company };
    let form = ReconciliationQuery {
        month: month.parse().ok(),
        company: Some(about.clone()),
        ..ReconciliationQuery::default()
    };
    let typed = serde_json::json!({ "account": account, "excluded": excluded });
    serve_form(&address(SETTINGS, &form), &typed, |caller| async move {
        let scope = caller.permit::<SetUpReconciliation>()?;
        let account = match account.trim() {
            "" => None,
            id => Some(id.parse::<AccountId>().map_err(|_| unknown("account", id))?),
        };
        mapping::map_company(&scope, of_form(&month)?, &about, account, excluded).await?;
        Ok(format!("{SETTINGS}?month={month}&done=company"))
    })
    .await
}

/// Maps all companies of a month for which a customer is proposed.
///
/// # Errors
/// As [`list_vendor_bills`].
#[server(prefix = "/api", endpoint = "map_proposed_companies", output = Answer)]
pub async fn map_proposed_companies(month: String) -> Result<Done, AppError> {
    serve_form(SETTINGS, &(), |caller| async move {
        let scope = caller.permit::<SetUpReconciliation>()?;
        mapping::map_proposed(&scope, of_form(&month)?).await?;
        Ok(format!("{SETTINGS}?month={month}&done=proposed"))
    })
    .await
}

/// Says which own products stand for a product of a vendor from a month on, and whether it is left out. `other` are codes
/// that are not in the list, separated by commas.
///
/// # Errors
/// What is wrong with the own products; not found unless the month's bills have the product.
#[server(prefix = "/api", endpoint = "map_vendor_product", output = Answer)]
pub async fn map_vendor_product(
    month: String,
    vendor: String,
    product: String,
    #[server(default)] items: Vec<String>,
    #[server(default)] other: String,
    #[server(default)] excluded: bool,
) -> Result<Done, AppError> {
    let about = VendorRef { vendor, key: product };
    let form = ReconciliationQuery {
        month: month.parse().ok(),
        product: Some(about.clone()),
        ..ReconciliationQuery::default()
    };
    let typed = serde_json::json!({ "items": items, "other": other, "excluded": excluded });
    serve_form(&address(SETTINGS, &form), &typed, |caller| async move {
        let scope = caller.permit::<SetUpReconciliation>()?;
        let typed_codes = other.split(',').map(str::to_owned);
        let items: Vec<String> = items.into_iter().chain(typed_codes).collect();
        mapping::map_product(&scope, of_form(&month)?, &about, &items, excluded).await?;
        Ok(format!("{SETTINGS}?month={month}&done=product"))
    })
    .await
}

/// The month that a form carries; nobody types it.
fn of_form(month: &str) -> Result<Month, Error> {
    Ok(month.parse::<Month>()?)
}

fn unknown(field: &str, text: &str) -> Error {
    let text = text.chars().take(60).collect();
    FieldErrors::one(field, Refusal::UnknownChoice { text }).into()
}
