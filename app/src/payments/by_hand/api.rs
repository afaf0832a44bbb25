//! Server functions of recorded payments.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

#[cfg(feature = "ssr")]
use crate::server::{Caller, serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
#[cfg(feature = "ssr")]
use backend::{
    Error, bank_files,
    payments::{
        attachment::{self, NewFile},
        offline, payers,
    },
};
#[cfg(feature = "ssr")]
use domain::{
    Refusal,
    access::RecordPayments,
    address::pairs,
    ids::{AccountId, BankEntryId},
    locale::Locale,
};
use domain::{
    bank_files::BankPrefill,
    ids::{AllocationId, PaymentId, Uuid},
    payments::offline::{AllocateFields, AllocateForm, FoundPayers, RecordFields, RecordForm},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The page `Record a payment` as it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OpenedRecord {
    /// Who paid is still to be found.
    Search {
        /// Who was found.
        found: FoundPayers,
        /// The entry of a bank's file that is to be recorded.
        entry: Option<BankPrefill>,
    },
    /// Who paid is known.
    Form(Box<RecordForm>, Option<BankPrefill>),
}

/// Opens the page `Record a payment`. `query` is the query string of its address.
///
/// # Errors
/// When the viewer may not record payments, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "open_record", output = Answer)]
pub async fn open_record(query: String) -> Result<OpenedRecord, AppError> {
    serve(|caller| async move {
        let scope = caller.permit::<RecordPayments>()?;
        let word = |name: &str| pairs(&query).find_map(|(key, value)| (key == name).then_some(value));
        let entry = match word("entry") {
            Some(entry) => {
                let entry = entry.parse().map_err(|_| Error::NotFound)?;
                Some(bank_files::read::prefill(&scope, entry).await?)
            }
            None => None,
        };
        match word("account") {
            Some(account) => {
                let account: AccountId = account.parse().map_err(|_| Error::NotFound)?;
                let currency = match &entry {
                    Some(entry) => Some(entry.amount.currency()),
                    None => word("currency").and_then(|code| code.parse().ok()),
                };
                let form = payers::record_form(&scope, account, currency).await?;
                Ok(OpenedRecord::Form(Box::new(form), entry))
            }
            None => {
                let text: String = word("search").unwrap_or_default().chars().take(120).collect();
                let found = payers::payers(&scope, &text).await?;
                Ok(OpenedRecord::Search { found, entry })
            }
        }
    })
    .await
}

/// Records a payment without a file beside it, and leads to its receipt.
///
/// # Errors
/// By field as [`RecordFields::parse`] says, or what stands in the way; nothing was recorded then.
#[server(prefix = "/api", endpoint = "record_payment", output = Answer)]
pub async fn record_payment(form: RecordFields) -> Result<Done, AppError> {
    let typed = form.clone();
    serve_form(&form_page(&form), &typed, |caller| async move {
        record(&caller, &form, None).await
    })
    .await
}

/// The page of a form that was posted.
#[cfg(feature = "ssr")]
pub fn form_page(form: &RecordFields) -> String {
    let account: String = form
        .account
        .chars()
        .filter(|c| c.is_ascii_hexdigit() || *c == '-')
        .collect();
    let currency: String = form
        .currency
        .chars()
        .filter(char::is_ascii_alphabetic)
        .take(3)
        .collect();
    let of_entry = match form.entry.trim().parse::<BankEntryId>() {
        Ok(entry) => format!("&entry={entry}"),
        Err(_) => String::new(),
    };
    format!("/payments/record?account={account}&currency={currency}{of_entry}")
}

/// Records a payment, with a file beside it if there is one; returns the page of its receipt. A form that is posted again
/// brings the file that was lost on the way.
///
/// # Errors
/// As [`record_payment`].
#[cfg(feature = "ssr")]
pub async fn record(caller: &Caller, form: &RecordFields, file: Option<&NewFile>) -> Result<String, Error> {
    let scope = caller.permit::<RecordPayments>()?;
    let record = form.parse(locale(caller)?)?;
    let placed = |error| match error {
        Error::Invalid(errors) => Error::Invalid(form.place(errors)),
        other => other,
    };
    let recorded = match form.entry.trim() {
        "" => offline::record(&scope, &record).await,
        entry => match entry.parse::<BankEntryId>() {
            Ok(entry) => bank_files::record::record(&scope, entry, &record).await,
            Err(_) => Err(Refusal::FormBroken.into()),
        },
    };
    let payment = recorded.map_err(placed)?;
    if let Some(file) = file {
        attachment::attach(&scope, payment, file).await?;
    }
    Ok(format!("/payments/{payment}?new=1"))
}

/// Number of the receipt of a recorded payment, and the name of the file beside it.
///
/// # Errors
/// When the viewer may not record payments, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "open_attachment", output = Answer)]
pub async fn open_attachment(id: PaymentId) -> Result<(String, Option<String>), AppError> {
    serve(|caller| async move { attachment::open(&caller.permit::<RecordPayments>()?, id).await }).await
}

/// Opens the page on which unapplied money is put to invoices.
///
/// # Errors
/// As [`open_record`].
#[server(prefix = "/api", endpoint = "open_allocation", output = Answer)]
pub async fn open_allocation(id: Uuid) -> Result<AllocateForm, AppError> {
    serve(|caller| async move { payers::allocate_form(&caller.permit::<RecordPayments>()?, id).await }).await
}

/// Puts unapplied money to invoices.
///
/// # Errors
/// By field as [`AllocateFields::parse`] says, or what stands in the way; nothing was changed then.
#[server(prefix = "/api", endpoint = "allocate_payment", output = Answer)]
pub async fn allocate_payment(id: Uuid, form: AllocateFields) -> Result<Done, AppError> {
    let typed = form.clone();
    serve_form(&format!("/allocate/{id}"), &typed, |caller| async move {
        let scope = caller.permit::<RecordPayments>()?;
        let wanted = form.parse(id, locale(&caller)?)?;
        let placed = |error| match error {
            Error::Invalid(errors) => Error::Invalid(form.place(errors)),
            other => other,
        };
        offline::allocate(&scope, &wanted).await.map_err(placed)?;
        Ok(format!("/allocate/{id}?done=applied"))
    })
    .await
}

/// Takes money off an invoice again.
///
/// # Errors
/// Not found, a conflict when it was taken off already, or the database does not answer.
#[server(prefix = "/api", endpoint = "take_off", output = Answer)]
pub async fn take_off(id: AllocationId, from: Uuid) -> Result<Done, AppError> {
    serve_form(&format!("/allocate/{from}"), &(), |caller| async move {
        let from = offline::take_off(&caller.permit::<RecordPayments>()?, id).await?;
        Ok(format!("/allocate/{from}?done=taken-off"))
    })
    .await
}

#[cfg(feature = "ssr")]
fn locale(caller: &Caller) -> Result<Locale, Error> {
    Ok(caller.viewer.as_ref().ok_or(Error::SignIn)?.tenant.locale)
}
