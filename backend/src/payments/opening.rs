//! Opening payments: what was paid on an invoice before it was imported (D18).
//!
//! They are payments like any other, with an allocation, so that what is open always follows from allocations (V14,
//! V24). Like the invoice they stand outside of our series: their number is made from the invoice's.

use crate::{
    Error,
    ledger::{Books, Entry, Journal, Origin, Put, put},
    new_id,
    scope::Tx,
};
use chrono::NaiveDate;
use domain::{
    Money,
    ids::{AccountId, ImportId, InvoiceId, TenantId},
    ledger::{self, Book, EntryKind},
};
use entity::{codes::Method, payment};
use sea_orm::ActiveValue::Set;

/// What was paid on one invoice before it came here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opening {
    /// The account.
    pub(crate) account: AccountId,
    /// Who paid.
    pub(crate) buyer: TenantId,
    /// The invoice.
    pub(crate) invoice: InvoiceId,
    /// Its number.
    pub(crate) number: String,
    /// How much, above zero.
    pub(crate) amount: Money,
    /// Part of it that the invoice takes; the rest stays unapplied on the account (V26).
    pub(crate) applied: Money,
    /// On which day; the file tells none, so it is the invoice's.
    pub(crate) paid_on: NaiveDate,
}

/// Records opening payments with their allocations, and what they leave open on the invoices.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn record_opening(
    tx: &Tx,
    seller: TenantId,
    import: ImportId,
    openings: &[Opening],
) -> Result<(), Error> {
    let mut payments = Vec::with_capacity(openings.len());
    let mut puts = Vec::with_capacity(openings.len());
    let mut journal = Journal::default();
    for opening in openings {
        let Opening {
            account,
            buyer,
            invoice,
            number,
            amount,
            applied,
            paid_on,
        } = opening;
        let id = new_id();
        payments.push(payment::ActiveModel {
            seller_id: Set(seller.0),
            id: Set(id),
            account_id: Set(account.0),
            buyer_id: Set(buyer.0),
            attempt_id: Set(None),
            method: Set(Method::Opening),
            brand: Set(None),
            last4: Set(None),
            currency: Set(amount.currency().code().to_owned()),
            amount_minor: Set(amount.minor()),
            unapplied_minor: Set(amount.checked_sub(*applied)?.minor()),
            refunded_minor: Set(0),
            paid_on: Set(*paid_on),
            receipt_number: Set(format!("{number}/opening")),
            reference: Set(None),
            memo: Set(Some("Paid before the import".to_owned())),
            mailed_to: Set(None),
            import_id: Set(Some(import.0)),
            created_by: Set(None),
            created_by_name: Set(tx.actor().name().to_owned()),
            created_at: Set(tx.now()),
        });
        let books = Books {
            seller: seller.0,
            account: account.0,
            buyer: buyer.0,
        };
        let entry = Entry::new(books, EntryKind::Receive, id, *paid_on, tx.now()).payment(id);
        journal.book(&entry, &ledger::received(Book::Opening, *amount)?);
        if applied.is_positive() {
            puts.push(Put {
                books,
                from: Origin::Payment(id),
                invoice: *invoice,
                amount: *applied,
                reverses: None,
                freed: 0,
                day: *paid_on,
                at: tx.now(),
            });
        }
    }
    tx.insert_all(payments).await?;
    journal.write(tx).await?;
    put(tx, &puts).await
}
