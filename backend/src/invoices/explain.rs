//! Where the amounts of an invoice come from: the invoice, all that was put to it and taken off it, and what was given up, by
//! whom.

use super::detail;
use crate::{
    Error,
    codes::money,
    scope::{Scope, SeesInvoices},
};
use chrono::{DateTime, Utc};
use domain::{
    Money,
    ids::{CreditNoteId, InvoiceId, PaymentId},
    invoices::{
        Happening, InvoiceDetail,
        explain::{MovedFrom, Movement},
    },
};
use entity::{
    Uuid, allocation,
    codes::{Book, EntryKind},
    credit_note, payment, posting,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// An invoice and its movements, the oldest first.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Database`].
pub async fn find<P: SeesInvoices>(
    scope: &Scope<P>,
    id: InvoiceId,
) -> Result<(InvoiceDetail, Vec<Movement>), Error> {
    let invoice = detail::find(scope, id).await?;
    let seller = invoice.row.seller.0;
    let rows = scope
        .find::<allocation::Entity>()
        .filter(allocation::Column::SellerId.eq(seller))
        .filter(allocation::Column::InvoiceId.eq(id.0))
        .order_by_asc(allocation::Column::CreatedAt)
        .order_by_asc(allocation::Column::Id)
        .all(scope.db())
        .await?;
    let numbers = numbers(scope, seller, &rows).await?;
    let movement = |row: allocation::Model| {
        let source = row.payment_id.or(row.credit_note_id);
        let number = source.and_then(|id| numbers.get(&id).cloned());
        let from = match (row.payment_id, row.credit_note_id) {
            // A parent's document that the reader does not reach was not found.
            _ if number.is_none() && row.payer_id.is_some() => MovedFrom::Company,
            (Some(id), _) => MovedFrom::Payment(PaymentId(id)),
            (None, Some(id)) => MovedFrom::CreditNote(CreditNoteId(id)),
            (None, None) => return Err(Error::corrupt("an allocation of nothing")),
        };
        Ok(Movement {
            at: row.created_at,
            from,
            number: number.or(row.payer_name).unwrap_or_default(),
            amount: money(row.amount_minor, invoice.row.total.currency().code())?,
            by: who(&invoice.history, row.created_at),
        })
    };
    let mut movements = rows
        .into_iter()
        .map(movement)
        .collect::<Result<Vec<_>, Error>>()?;
    movements.extend(given_up(scope, &invoice).await?);
    movements.sort_by_key(|movement| movement.at);
    Ok((invoice, movements))
}

/// What was written off, what of that was taken back, and what was withdrawn, as it is booked.
async fn given_up<P: SeesInvoices>(
    scope: &Scope<P>,
    invoice: &InvoiceDetail,
) -> Result<Vec<Movement>, Error> {
    let rows = scope
        .find::<posting::Entity>()
        .filter(posting::Column::SellerId.eq(invoice.row.seller.0))
        .filter(posting::Column::InvoiceId.eq(invoice.row.id.0))
        .filter(posting::Column::Kind.is_in([EntryKind::WriteOff, EntryKind::Void]))
        .all(scope.db())
        .await?;
    // An act may be booked in several rows.
    let mut acts: BTreeMap<(DateTime<Utc>, Uuid), (MovedFrom, i64)> = BTreeMap::new();
    for row in rows {
        let from = if row.kind == EntryKind::Void {
            MovedFrom::Void
        } else {
            MovedFrom::WriteOff
        };
        let act = acts.entry((row.created_at, row.source_id)).or_insert((from, 0));
        act.1 += off(&row);
    }
    let currency = invoice.row.total.currency();
    let movement = |((at, _), (from, amount))| Movement {
        at,
        from,
        number: String::new(),
        amount: Money::new(amount, currency),
        by: who(&invoice.history, at),
    };
    Ok(acts.into_iter().map(movement).collect())
}

/// By how much a posting of these lowers what is owed, which is on the left of the ledger.
fn off(row: &posting::Model) -> i64 {
    if row.credit == Book::Receivable {
        row.amount_minor
    } else {
        -row.amount_minor
    }
}

/// Receipt and credit note numbers by id.
async fn numbers<P: SeesInvoices>(
    scope: &Scope<P>,
    seller: Uuid,
    rows: &[allocation::Model],
) -> Result<BTreeMap<Uuid, String>, Error> {
    let payments: Vec<(Uuid, String)> = scope
        .find::<payment::Entity>()
        .filter(payment::Column::SellerId.eq(seller))
        .filter(payment::Column::Id.is_in(rows.iter().filter_map(|row| row.payment_id)))
        .select_only()
        .columns([payment::Column::Id, payment::Column::ReceiptNumber])
        .into_tuple()
        .all(scope.db())
        .await?;
    let credits: Vec<(Uuid, String)> = scope
        .find::<credit_note::Entity>()
        .filter(credit_note::Column::SellerId.eq(seller))
        .filter(credit_note::Column::Id.is_in(rows.iter().filter_map(|row| row.credit_note_id)))
        .select_only()
        .columns([credit_note::Column::Id, credit_note::Column::Number])
        .into_tuple()
        .all(scope.db())
        .await?;
    Ok(payments.into_iter().chain(credits).collect())
}

/// Who did what happened at a moment: what is written in one transaction bears one moment.
fn who(history: &[Happening], at: DateTime<Utc>) -> Option<String> {
    let found = history.iter().find(|happening| happening.at == at);
    found.map(|happening| happening.who.clone())
}
