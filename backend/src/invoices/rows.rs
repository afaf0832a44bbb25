//! Rows of the database to the domain's words and back.

use super::order::KeyKind;
use crate::{
    Error,
    codes::{self, Stored, currency},
    scope::time_zone,
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    Money,
    ids::{AccountId, InvoiceId, TenantId},
    invoices::{InvoiceRow, Source, Stage as DomainStage, Status, lifecycle},
    list::CURSOR_KEY,
};
use entity::codes::Stage;
use sea_orm::{ActiveEnum, QueryResult};
use uuid::Uuid;

/// A row of the grid with what its cursor is made from.
pub(super) struct GridRow {
    pub(super) row: InvoiceRow,
    pub(super) stage: Stage,
    pub(super) key: String,
}

/// What a row's badge depends on beyond the row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    /// Now.
    pub(super) now: DateTime<Utc>,
    /// Today at the seller's, when the viewer is the seller.
    pub(super) today: NaiveDate,
}

/// Reads a row of [`super::grid::Grid::page`], by position: names cost a search each. With `several` it says which company
/// received it.
pub(super) fn grid_row(
    row: &QueryResult,
    kind: KeyKind,
    moment: Moment,
    several: bool,
) -> Result<GridRow, Error> {
    let at = |position| row.try_get_by_index::<i64>(position);
    let text = |position| row.try_get_by_index::<Option<String>>(position);
    let id: Uuid = row.try_get_by_index(0)?;
    let seller: Uuid = row.try_get_by_index(1)?;
    let account: Uuid = row.try_get_by_index(2)?;
    let source: String = row.try_get_by_index(7)?;
    let due_date: NaiveDate = row.try_get_by_index(9)?;
    let currency = currency(&row.try_get_by_index::<String>(10)?)?;
    let money = |minor| Money::new(minor, currency);
    let (total, open, pending) = (money(at(11)?), money(at(12)?), money(at(13)?));
    let stage = Stage::try_from_value(&row.try_get_by_index::<String>(14)?)?;
    let disputed = money(at(15)?);
    let key = match kind {
        KeyKind::Date => row.try_get_by_index::<NaiveDate>(16)?.to_string(),
        KeyKind::Number => at(16)?.to_string(),
        KeyKind::Text => row.try_get_by_index(16)?,
    };
    let today = match text(17)? {
        Some(zone) => moment.now.with_timezone(&time_zone(&zone)?).date_naive(),
        None => moment.today,
    };
    let row = InvoiceRow {
        id: InvoiceId(id),
        seller: TenantId(seller),
        account: AccountId(account),
        number: text(3)?,
        counterparty: row.try_get_by_index(4)?,
        company: if several { text(18)? } else { None },
        external_id: text(5)?,
        order_id: text(6)?,
        source: Source::from_code(&source).ok_or_else(|| Error::corrupt(format!("source {source}")))?,
        issue_date: row.try_get_by_index(8)?,
        due_date,
        total,
        open,
        pending,
        disputed,
        status: status(stage, due_date, total, open, today),
    };
    Ok(GridRow { row, stage, key })
}

/// The row of one invoice.
pub(super) fn invoice_row(
    invoice: &entity::invoice::Model,
    counterparty: &str,
    company: Option<String>,
    today: NaiveDate,
) -> Result<InvoiceRow, Error> {
    let currency = currency(&invoice.currency)?;
    let money = |minor| Money::new(minor, currency);
    let (total, open) = (money(invoice.total_minor), money(invoice.open_minor));
    Ok(InvoiceRow {
        id: InvoiceId(invoice.id),
        seller: TenantId(invoice.seller_id),
        account: AccountId(invoice.account_id),
        number: invoice.number.clone(),
        counterparty: counterparty.to_owned(),
        company,
        external_id: invoice.buyer_external_id.clone(),
        order_id: invoice.order_id.clone(),
        source: invoice.source.to_domain(),
        issue_date: invoice.issue_date,
        due_date: invoice.due_date,
        total,
        open,
        pending: money(invoice.reserved_minor),
        disputed: money(invoice.disputed_minor),
        status: status(invoice.stage, invoice.due_date, total, open, today),
    })
}

fn status(stage: Stage, due: NaiveDate, total: Money, open: Money, today: NaiveDate) -> Status {
    let settled = match codes::stage(stage) {
        DomainStage::Open | DomainStage::Paid => total.minor().saturating_sub(open.minor()),
        DomainStage::Draft | DomainStage::Void | DomainStage::WrittenOff => 0,
    };
    lifecycle::status(
        codes::stage(stage),
        due,
        open,
        Money::new(settled, total.currency()),
        today,
    )
}

/// Text as lists sort by it and search in it: lower case, on one line, no longer than a cursor can carry.
pub(crate) fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for character in text.trim().chars().flat_map(char::to_lowercase) {
        let character = if character.is_control() { ' ' } else { character };
        if key.len() + character.len_utf8() > CURSOR_KEY {
            break;
        }
        key.push(character);
    }
    key
}

/// A pattern for `LIKE … ESCAPE '\'` that finds a text anywhere.
pub(crate) fn contains(text: &str) -> String {
    let escaped = key(text)
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%{escaped}%")
}

/// The stored stage of an issued invoice.
pub(crate) fn stored_stage(total: i64, open: i64) -> Stage {
    match open {
        0 => Stage::Paid,
        open if open == total => Stage::Open,
        _ => Stage::PartlyPaid,
    }
}
