//! Putting money or credit to invoices, and taking it off: the one way in which an allocation is written.
//!
//! The row, the invoice's balance and the postings go together. What may be put where was decided before, in `domain`,
//! on rows read under lock; here the sums are only kept, and a sum that does not hold is a conflict. What a parent pays for
//! its subsidiary is booked on both accounts.

use super::{Books, Entry, Journal};
use crate::{
    Error,
    invoices::balance::{self, Change, Changed},
    new_id,
    scope::Tx,
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    Money,
    ids::{InvoiceId, PlanId, TenantId},
    ledger::{self, EntryKind, Source, allocation_day},
};
use entity::{account, allocation};
use sea_orm::{ActiveValue::Set, ColumnTrait, PaginatorTrait, QueryFilter};
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
        let to = balance::change(tx, TenantId(put.books.seller), put.invoice, put.change()).await?;
        if put.amount.is_zero() {
            continue;
        }
        takes(tx, put, &to).await?;
        let payer = if to.account == put.books.account {
            None
        } else {
            Some(payer(tx, put, plan, &to).await?)
        };
        let id = new_id();
        put.book(&mut journal, id, &to)?;
        let (payment, credit_note) = put.from.ids();
        rows.push(allocation::ActiveModel {
            seller_id: Set(put.books.seller),
            id: Set(id),
            payment_id: Set(payment),
            credit_note_id: Set(credit_note),
            invoice_id: Set(put.invoice.0),
            amount_minor: Set(put.amount.minor()),
            reversal_of: Set(put.reverses),
            created_at: Set(put.at),
            plan_id: Set(plan.map(|plan| plan.0)),
            payer_id: Set(payer.as_ref().map(|_| put.books.buyer)),
            invoice_number: Set(payer.as_ref().and(to.number)),
            payer_name: Set(payer),
        });
    }
    tx.insert_all(rows).await?;
    journal.write(tx).await
}

impl Origin {
    /// The payment, or the credit note.
    const fn ids(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::Payment(id) => (Some(id), None),
            Self::CreditNote(id) => (None, Some(id)),
        }
    }

    const fn source(self) -> Source {
        match self {
            Self::Payment(_) => Source::Payment,
            Self::CreditNote(_) => Source::CreditNote,
        }
    }
}

impl Put {
    /// What it does to the invoice's balance.
    const fn change(&self) -> Change {
        let (paid, credited) = match self.from {
            Origin::Payment(_) => (self.amount.minor(), 0),
            Origin::CreditNote(_) => (0, self.amount.minor()),
        };
        Change {
            paid,
            credited,
            reserved: -self.freed,
        }
    }

    /// Posts it: on one account, or on the payer's and on that of the invoice (V27).
    fn book(&self, journal: &mut Journal, id: Uuid, to: &Changed) -> Result<(), Error> {
        let day = allocation_day(self.day, to.issued_on);
        let on = |books| Entry::new(books, EntryKind::Allocate, id, day, self.at);
        let of_source = |entry: Entry| match self.from {
            Origin::Payment(payment) => entry.payment(payment),
            Origin::CreditNote(credit_note) => entry.credit_note(credit_note),
        };
        let own = of_source(on(self.books));
        if to.account == self.books.account {
            let postings = ledger::allocated(self.from.source(), self.amount)?;
            journal.book(&own.invoice(self.invoice.0), &postings);
            return Ok(());
        }
        let theirs = Books {
            seller: self.books.seller,
            account: to.account,
            buyer: to.buyer,
        };
        let [off, put] = ledger::allocated_across(self.from.source(), self.amount)?;
        journal.book(&own, &off);
        journal.book(&on(theirs).after(1).invoice(self.invoice.0), &put);
        Ok(())
    }
}

/// Refuses money of anybody but the parent where an invoice stands in a bill of it (V40). Money that lay there before comes
/// back, and a credit note over the invoice lowers it as ever.
async fn takes(tx: &Tx, put: &Put, to: &Changed) -> Result<(), Error> {
    let is_strange = to.billed_to.is_some_and(|payer| payer != put.books.account);
    let is_new = put.amount.is_positive() && put.reverses.is_none();
    match put.from {
        Origin::Payment(_) if is_strange && is_new && !lay_there(tx, put).await? => Err(Error::Conflict),
        Origin::Payment(_) | Origin::CreditNote(_) => Ok(()),
    }
}

/// The name of the payer of another company's invoice. That happens by a plan, which has looked who belongs to whom, with
/// a bill of a parent, and when money comes back that lay there before; from anywhere else it is a mistake.
async fn payer(tx: &Tx, put: &Put, plan: Option<PlanId>, to: &Changed) -> Result<String, Error> {
    let is_billed = to.billed_to == Some(put.books.account);
    if !is_billed && plan.is_none() && put.reverses.is_none() && !lay_there(tx, put).await? {
        return Err(Error::Conflict);
    }
    let account = tx
        .find::<account::Entity>()
        .filter(account::Column::SellerId.eq(put.books.seller))
        .filter(account::Column::Id.eq(put.books.account))
        .one(tx.db())
        .await?;
    Ok(account.ok_or(Error::NotFound)?.buyer_name)
}

/// Whether something of the same payment or credit note was on the invoice already.
async fn lay_there(tx: &Tx, put: &Put) -> Result<bool, Error> {
    let of_source = match put.from {
        Origin::Payment(id) => allocation::Column::PaymentId.eq(id),
        Origin::CreditNote(id) => allocation::Column::CreditNoteId.eq(id),
    };
    let before = tx
        .find::<allocation::Entity>()
        .filter(of_source)
        .filter(allocation::Column::SellerId.eq(put.books.seller))
        .filter(allocation::Column::InvoiceId.eq(put.invoice.0))
        .count(tx.db())
        .await?;
    Ok(before > 0)
}
