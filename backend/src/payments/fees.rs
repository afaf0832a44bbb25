//! What the gateway keeps of a charge: booked once, whenever it becomes known.
//!
//! A card's fee comes with the outcome, that of a bank debit often days later. It is the seller's expense and told to
//! nobody else. Its posting has the payment as its source and so is there once; it hangs on no document, since its currency
//! is that of the account at the gateway and no part of what was paid.

use crate::{
    Error,
    codes::money,
    ledger::{Books, Entry, Journal, cash_of},
    scope::{Act, Scope, SeesInvoices, Tx},
    transact::transact,
};
use domain::{
    Money,
    access::{OnSide, RefundPayments, Side},
    ids::{PaymentId, TenantId},
    ledger::{self, Book, EntryKind},
    payments::PaymentRow,
};
use entity::{Uuid, codes, payment, posting};
use sea_orm::{ColumnTrait, QueryFilter, Select};
use std::collections::{BTreeMap, BTreeSet};

/// Adds what was kept of a payment that came to a book of cash on a day.
///
/// # Errors
/// [`domain::Refusal::AmountTooLarge`].
pub(super) fn book(
    tx: &Tx,
    journal: &mut Journal,
    payment: &payment::Model,
    (cash, fee): (Book, Money),
    day: chrono::NaiveDate,
) -> Result<(), Error> {
    let books = Books {
        seller: payment.seller_id,
        account: payment.account_id,
        buyer: payment.buyer_id,
    };
    let entry = Entry::new(books, EntryKind::Fee, payment.id, day, tx.now());
    journal.book(&entry, &ledger::fee(cash, fee)?);
    Ok(())
}

/// Books what was kept of a payment's charge, as the gateway tells it after the outcome. Repeatable.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn learn(
    scope: &Scope<RefundPayments>,
    payment: &payment::Model,
    fee: Money,
) -> Result<(), Error> {
    transact!(scope, tx => {
        // Whoever else learns of it waits here.
        let locked = tx
            .lock::<payment::Entity>()
            .filter(payment::Column::Id.eq(payment.id))
            .one(tx.db())
            .await?
            .ok_or(Error::NotFound)?;
        let booked = of(tx.find(), [locked.id]).one(tx.db()).await?;
        if booked.is_some() || fee.is_zero() {
            return Ok(());
        }
        let mut journal = Journal::default();
        let cash = cash_of(tx, &locked).await?;
        book(tx, &mut journal, &locked, (cash, fee), tx.actor().today())?;
        journal.write(tx).await?;
        let facts = serde_json::json!({ "fee": fee });
        tx.audit(Act::new(TenantId(locked.seller_id), "fee", "payment", locked.id).after(facts));
        Ok(())
    })
}

/// Those of some payments of which it is booked.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn known(
    scope: &Scope<RefundPayments>,
    payments: impl IntoIterator<Item = Uuid>,
) -> Result<BTreeSet<Uuid>, Error> {
    let booked = of(scope.find(), payments).all(scope.db()).await?;
    Ok(booked.into_iter().map(|posting| posting.source_id).collect())
}

/// What was kept of a payment, for its seller; nothing for the one who paid.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn kept<P: OnSide>(scope: &Scope<P>, payment: PaymentId) -> Result<Option<Money>, Error> {
    if scope.side() == Side::Buyer {
        return Ok(None);
    }
    let booked = of(scope.find(), [payment.0]).one(scope.db()).await?;
    booked.as_ref().map(amount).transpose()
}

/// Writes into rows what was kept of them, where a seller reads them.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn add<P: SeesInvoices>(scope: &Scope<P>, rows: &mut [PaymentRow]) -> Result<(), Error> {
    if scope.side() == Side::Buyer {
        return Ok(());
    }
    let booked = of(scope.find(), rows.iter().map(|row| row.id.0));
    let mut fees = BTreeMap::new();
    for posting in booked.all(scope.db()).await? {
        fees.insert(posting.source_id, amount(&posting)?);
    }
    for row in rows {
        row.fee = fees.get(&row.id.0).copied();
    }
    Ok(())
}

fn of(
    postings: Select<posting::Entity>,
    payments: impl IntoIterator<Item = Uuid>,
) -> Select<posting::Entity> {
    postings
        .filter(posting::Column::SourceId.is_in(payments))
        .filter(posting::Column::Kind.eq(codes::EntryKind::Fee))
}

/// Above zero is kept, below it given back.
fn amount(posting: &posting::Model) -> Result<Money, Error> {
    let minor = if posting.debit == codes::Book::Fees {
        posting.amount_minor
    } else {
        -posting.amount_minor
    };
    money(minor, &posting.currency)
}
