//! Putting money or credit to invoices, and taking it off: the one way in which an allocation is written.
//!
//! The row, the invoice's balance and the postings go together. What may be put where was decided before, in `domain`,
//! on rows read under lock; here the sums are only kept, and a sum that does not hold is a conflict.

use super::{Books, Entry, Journal};
use crate::{
    Error,
    invoices::balance::{self, Change},
    new_id,
    scope::Tx,
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    Money,
    ids::{InvoiceId, PlanId, TenantId},
    ledger::{self, EntryKind, Source, allocation_day},
};
use entity::allocation;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

/// Where what is put to an invoice comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A payment.
    Payment(Uuid),
    /// A credit note.
    CreditNote(Uuid),
}

/// Money or credit that goes to an invoice.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Put {
    /// Whose books.
    pub(crate) books: Books,
    /// Where it comes from.
    pub(crate) from: Origin,
    /// Where it goes.
    pub(crate) invoice: InvoiceId,
    /// How much; below zero when it is taken off again. Nothing writes no allocation.
    pub(crate) amount: Money,
    /// The allocation that it takes back (V34).
    pub(crate) reverses: Option<Uuid>,
    /// What was held on the invoice for it, and is let go.
    pub(crate) freed: i64,
    /// The day of the money. It counts no earlier than the invoice.
    pub(crate) day: NaiveDate,
    /// When it was done.
    pub(crate) at: DateTime<Utc>,
}

/// Puts all of it, invoices in the order of their ids (V30).
///
/// # Errors
/// [`Error::Conflict`] when an invoice is not issued, is not open that far, or has not that much to be taken off;
/// [`Error::Database`].
pub(crate) async fn put(tx: &Tx, all: &[Put]) -> Result<(), Error> {
    put_as(tx, all, None).await
}

/// The same as parts of a plan, by which they can be found again.
///
/// # Errors
/// As [`put`].
pub(crate) async fn put_by_plan(tx: &Tx, all: &[Put], plan: PlanId) -> Result<(), Error> {
    put_as(tx, all, Some(plan)).await
}

async fn put_as(tx: &Tx, all: &[Put], plan: Option<PlanId>) -> Result<(), Error> {
    let mut ordered: Vec<&Put> = all.iter().collect();
    ordered.sort_by_key(|put| put.invoice);
    let mut rows = Vec::with_capacity(all.len());
    let mut journal = Journal::default();
    for put in ordered {
        let Put {
            books,
            from,
            invoice,
            amount,
            reverses,
            freed,
            day,
            at,
        } = *put;
        let (source, payment, credit_note) = match from {
            Origin::Payment(id) => (Source::Payment, Some(id), None),
            Origin::CreditNote(id) => (Source::CreditNote, None, Some(id)),
        };
        let change = match source {
            Source::Payment => Change {
                paid: amount.minor(),
                credited: 0,
                reserved: -freed,
            },
            Source::CreditNote => Change {
                paid: 0,
                credited: amount.minor(),
                reserved: -freed,
            },
        };
        let issued_on = balance::change(tx, TenantId(books.seller), invoice, change).await?;
        if amount.is_zero() {
            continue;
        }
        let id = new_id();
        let entry =
            Entry::new(books, EntryKind::Allocate, id, allocation_day(day, issued_on), at).invoice(invoice.0);
        let entry = match from {
            Origin::Payment(payment) => entry.payment(payment),
            Origin::CreditNote(credit_note) => entry.credit_note(credit_note),
        };
        journal.book(&entry, &ledger::allocated(source, amount)?);
        rows.push(allocation::ActiveModel {
            seller_id: Set(books.seller),
            id: Set(id),
            payment_id: Set(payment),
            credit_note_id: Set(credit_note),
            invoice_id: Set(invoice.0),
            amount_minor: Set(amount.minor()),
            reversal_of: Set(reverses),
            created_at: Set(at),
            plan_id: Set(plan.map(|plan| plan.0)),
        });
    }
    tx.insert_all(rows).await?;
    journal.write(tx).await
}
