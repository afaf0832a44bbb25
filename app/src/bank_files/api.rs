//! Server functions of bank files.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

use crate::server::{serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
use backend::{
    Error,
    bank_files::{aside, read, record, write},
};
use domain::{
    FieldErrors,
    access::RecordPayments,
    address::pairs,
    bank_files::{
        BankColumns, BankEntryDetail, BankEntryRow, BankField, BankFileDetail, BankFiles, ChosenEntry,
    },
    ids::{BankEntryId, BankFileId},
    imports::{DateOrder, DecimalMark},
    list::{Page, Position},
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The latest files of banks, and how many entries wait.
///
/// # Errors
/// When the viewer may not record payments, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_bank_files", output = Answer)]
pub async fn list_bank_files() -> Result<BankFiles, AppError> {
    serve(|caller| async move { read::files(&caller.permit::<RecordPayments>()?).await }).await
}

/// One file with a page of its entries. `query` is the query string of the page's address.
///
/// # Errors
/// Not found, also when it is somebody else's.
#[server(prefix = "/api", endpoint = "find_bank_file", output = Answer)]
pub async fn find_bank_file(id: BankFileId, query: String) -> Result<BankFileDetail, AppError> {
    serve(
        |caller| async move { read::file(&caller.permit::<RecordPayments>()?, id, &position(&query)).await },
    )
    .await
}

/// A page of the entries of all files that wait.
///
/// # Errors
/// As [`list_bank_files`].
#[server(prefix = "/api", endpoint = "list_waiting_entries", output = Answer)]
pub async fn list_waiting_entries(query: String) -> Result<Page<BankEntryRow>, AppError> {
    serve(|caller| async move { read::waiting(&caller.permit::<RecordPayments>()?, &position(&query)).await })
        .await
}

/// One entry.
///
/// # Errors
/// Not found, also when it is somebody else's.
#[server(prefix = "/api", endpoint = "find_bank_entry", output = Answer)]
pub async fn find_bank_entry(id: BankEntryId) -> Result<BankEntryDetail, AppError> {
    serve(|caller| async move { read::entry(&caller.permit::<RecordPayments>()?, id).await }).await
}

/// Says what the columns of a CSV file are and reads it. `columns` has a heading for each field's code.
///
/// # Errors
/// A column that is needed is missing, or a row cannot be read; the file waits then as before.
#[server(prefix = "/api", endpoint = "name_bank_columns", output = Answer)]
pub async fn name_bank_columns(
    id: BankFileId,
    #[server(default)] columns: BTreeMap<String, String>,
    date_order: String,
    decimal_mark: String,
    currency: String,
) -> Result<Done, AppError> {
    let typed = serde_json::json!({
        "columns": columns, "date_order": date_order, "decimal_mark": decimal_mark, "currency": currency,
    });
    serve_form(&format!("/bank/{id}"), &typed, |caller| async move {
        let scope = caller.permit::<RecordPayments>()?;
        let chosen = |field: &BankField| {
            let heading = columns.get(field.code()).filter(|heading| !heading.is_empty())?;
            Some((*field, heading.clone()))
        };
        let columns = BankColumns {
            columns: BankField::ALL.iter().filter_map(chosen).collect(),
            date_order: crate::ui::columns::order(&date_order).unwrap_or(DateOrder::Ymd),
            decimal_mark: crate::ui::columns::mark(&decimal_mark).unwrap_or(DecimalMark::Point),
            currency: match currency.trim() {
                "" => None,
                code => Some(code.parse().map_err(|why| FieldErrors::one("currency", why))?),
            },
        };
        write::name_columns(&scope, id, &columns).await?;
        Ok(format!("/bank/{id}"))
    })
    .await
}

/// Records entries as they were proposed, each as a payment of its own. `entries` are words of [`ChosenEntry`]; `file` is the file whose page this came from, empty for the page of all that wait.
///
/// # Errors
/// Nothing was chosen; by entry, under `entry-ID`, why it was not recorded: the others were.
#[server(prefix = "/api", endpoint = "record_bank_entries", output = Answer)]
pub async fn record_bank_entries(
    #[server(default)] file: String,
    #[server(default)] entries: Vec<String>,
) -> Result<Done, AppError> {
    let page = match file.parse::<BankFileId>() {
        Ok(file) => format!("/bank/{file}"),
        Err(_) => "/bank/waiting".to_owned(),
    };
    let done = format!("{page}?done=recorded");
    serve_form(&page, &(), |caller| async move {
        let scope = caller.permit::<RecordPayments>()?;
        let chosen = entries
            .iter()
            .map(|word| ChosenEntry::read(word).ok_or(Error::NotFound));
        let chosen = chosen.collect::<Result<Vec<_>, _>>()?;
        let mut errors = FieldErrors::default();
        for (entry, why) in record::record_proposed(&scope, &chosen).await?.failed {
            errors.add(format!("entry-{entry}"), why);
        }
        errors.unless(done).map_err(Error::Invalid)
    })
    .await
}

/// Sets an entry aside.
///
/// # Errors
/// What is wrong with the reason; that the entry does not wait any more.
#[server(prefix = "/api", endpoint = "set_entry_aside", output = Answer)]
pub async fn set_entry_aside(id: BankEntryId, reason: Option<String>) -> Result<Done, AppError> {
    let page = format!("/bank/entries/{id}");
    let typed = serde_json::json!({ "reason": reason });
    serve_form(&page, &typed, |caller| async move {
        let scope = caller.permit::<RecordPayments>()?;
        aside::set_aside(&scope, id, reason.as_deref().unwrap_or_default()).await?;
        Ok(format!("/bank/entries/{id}?done=aside"))
    })
    .await
}

/// Lets an entry that was set aside wait again.
///
/// # Errors
/// That the entry was not set aside.
#[server(prefix = "/api", endpoint = "take_entry_up", output = Answer)]
pub async fn take_entry_up(id: BankEntryId) -> Result<Done, AppError> {
    serve_form(&format!("/bank/entries/{id}"), &(), |caller| async move {
        aside::take_up(&caller.permit::<RecordPayments>()?, id).await?;
        Ok(format!("/bank/entries/{id}?done=up"))
    })
    .await
}

fn position(query: &str) -> Position {
    let found = pairs(query).find_map(|(key, value)| Position::from_pair(&key, &value));
    found.unwrap_or_default()
}
