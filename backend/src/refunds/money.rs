//! What a refund does to a payment, its invoices and the books, in the transaction that is given. It is one file: what is asked
//! of a refund under way and what is then done to it go by the same rows.

use super::{credit, history, lines};
use crate::{
    Error,
    codes::{Stored, money},
    ledger::{Books, Entry, Journal, Origin, Put, cash_of, put},
    new_id,
    scope::{Scope, Tx},
};
use domain::{
    Money,
    access::Permit,
    ids::{AllocationId, InvoiceId},
    ledger::{self, Book, EntryKind, Source},
    refunds::{Lying, RefundKind, RefundState, RefundWay, Refundable, Then, lost},
};
use entity::{
    Uuid, allocation,
    codes::{self, RefundThen},
    invoice, payment, refund, refund_line,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};
use std::collections::BTreeSet;

/// The states in which a refund is not decided.
pub(crate) fn under_way() -> impl Iterator<Item = codes::RefundState> {
    RefundState::ALL
        .iter()
        .filter(|state| state.is_under_way())
        .map(|state| codes::RefundState::from_domain(*state))
}

/// Money of a payment is on its way back.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn is_under_way(tx: &Tx, payment: Uuid) -> Result<bool, Error> {
    let found = tx
        .find::<refund::Entity>()
        .filter(refund::Column::PaymentId.eq(payment))
        .filter(refund::Column::State.is_in(under_way()))
        .one(tx.db())
        .await?;
    Ok(found.is_some())
}

/// Those of some payments of which money is on its way back.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn going_back<P: Permit>(
    scope: &Scope<P>,
    ids: impl Iterator<Item = Uuid>,
) -> Result<BTreeSet<Uuid>, Error> {
    let going: Vec<Option<Uuid>> = scope
        .find::<refund::Entity>()
        .filter(refund::Column::PaymentId.is_in(ids))
        .filter(refund::Column::State.is_in(under_way()))
        .select_only()
        .column(refund::Column::PaymentId)
        .into_tuple()
        .all(scope.db())
        .await?;
    Ok(going.into_iter().flatten().collect())
}

/// How much of a payment is on its way back.
///
/// # Errors
/// [`Error::Database`].
async fn promised(tx: &Tx, payment: &payment::Model) -> Result<Money, Error> {
    let amounts: Vec<i64> = tx
        .find::<refund::Entity>()
        .filter(refund::Column::PaymentId.eq(payment.id))
        .filter(refund::Column::State.is_in(under_way()))
        .select_only()
        .column(refund::Column::AmountMinor)
        .into_tuple()
        .all(tx.db())
        .await?;
    money(amounts.iter().sum(), &payment.currency)
}

/// What is there of a payment and not on its way back: a refund that is under way must still find its own when it is decided.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn unpromised(tx: &Tx, payment: &payment::Model) -> Result<Money, Error> {
    let promised = promised(tx, payment).await?;
    let there = refundable(tx, payment).await?.total()?;
    Ok(there.checked_sub(promised)?)
}

/// A credit note over an invoice will be issued when a refund that is under way is decided, so that nothing else may be
/// credited of it meanwhile (V12).
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn is_credit_promised(tx: &Tx, invoice: InvoiceId) -> Result<bool, Error> {
    let promised = credit_promised(tx.find(), tx.find(), &[invoice.0], tx.db()).await?;
    Ok(!promised.is_empty())
}

/// The invoices of which that is so.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn credit_promised(
    lines: Select<refund_line::Entity>,
    refunds: Select<refund::Entity>,
    invoices: &[Uuid],
    db: &impl ConnectionTrait,
) -> Result<BTreeSet<Uuid>, Error> {
    let crediting = refunds
        .filter(refund::Column::Follow.eq(RefundThen::Credit))
        .filter(refund::Column::State.is_in(under_way()))
        .select_only()
        .column(refund::Column::Id);
    let promised: Vec<Uuid> = lines
        .filter(refund_line::Column::InvoiceId.is_in(invoices.iter().copied()))
        // One that is issued already is counted as such.
        .filter(refund_line::Column::CreditNoteId.is_null())
        .filter(refund_line::Column::RefundId.in_subquery(crediting.into_query()))
        .select_only()
        .column(refund_line::Column::InvoiceId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(promised.into_iter().collect())
}

/// A credit note waits to take the place of money that is on its way back, so that nothing else may be done with its credit
/// meanwhile.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn is_promised(tx: &Tx, note: Uuid) -> Result<bool, Error> {
    let lines = tx
        .find::<refund_line::Entity>()
        .filter(refund_line::Column::CreditNoteId.eq(note))
        .all(tx.db())
        .await?;
    any_credits(tx, &lines).await
}

/// Whether one of the refunds that some lines belong to is not decided and will be followed by credit.
async fn any_credits(tx: &Tx, lines: &[refund_line::Model]) -> Result<bool, Error> {
    if lines.is_empty() {
        return Ok(false);
    }
    let found = tx
        .find::<refund::Entity>()
        .filter(refund::Column::Id.is_in(lines.iter().map(|line| line.refund_id)))
        .filter(refund::Column::Follow.eq(RefundThen::Credit))
        .filter(refund::Column::State.is_in(under_way()))
        .one(tx.db())
        .await?;
    Ok(found.is_some())
}

/// A payment, locked.
///
/// # Errors
/// [`Error::NotFound`].
pub(super) async fn lock_payment(tx: &Tx, id: Uuid) -> Result<payment::Model, Error> {
    let found = tx
        .lock::<payment::Entity>()
        .filter(payment::Column::Id.eq(id))
        .one(tx.db())
        .await?;
    found.ok_or(Error::NotFound)
}

/// Where the money of a payment is now.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn refundable(tx: &Tx, payment: &payment::Model) -> Result<Refundable, Error> {
    let rows = tx
        .find::<allocation::Entity>()
        .filter(allocation::Column::PaymentId.eq(payment.id))
        .order_by_asc(allocation::Column::Id)
        .all(tx.db())
        .await?;
    standing(payment, &rows)
}

/// The same of rows that were read.
///
/// # Errors
/// [`Error::Corrupt`] for a currency that there is not.
pub(super) fn standing(payment: &payment::Model, rows: &[allocation::Model]) -> Result<Refundable, Error> {
    let taken: BTreeSet<Uuid> = rows.iter().filter_map(|row| row.reversal_of).collect();
    let mut lying = Vec::new();
    for row in rows {
        if row.amount_minor > 0 && !taken.contains(&row.id) {
            lying.push(Lying {
                allocation: AllocationId(row.id),
                invoice: InvoiceId(row.invoice_id),
                amount: money(row.amount_minor, &payment.currency)?,
            });
        }
    }
    Ok(Refundable {
        unapplied: money(payment.unapplied_minor, &payment.currency)?,
        lying,
    })
}

/// Money that went back at the gateway without having been asked for here: its id there, and how much.
pub(super) fn learned(
    tx: &Tx,
    payment: &payment::Model,
    kind: RefundKind,
    (gateway_id, amount): (&str, Money),
    reason: &str,
) -> refund::ActiveModel {
    refund::ActiveModel {
        seller_id: Set(payment.seller_id),
        id: Set(new_id()),
        account_id: Set(payment.account_id),
        buyer_id: Set(payment.buyer_id),
        payment_id: Set(Some(payment.id)),
        credit_note_id: Set(None),
        kind: Set(codes::RefundKind::from_domain(kind)),
        way: Set(codes::RefundWay::from_domain(RefundWay::Gateway)),
        follow: Set(RefundThen::from_domain(Then::Reopen)),
        state: Set(codes::RefundState::Succeeded),
        currency: Set(amount.currency().code().to_owned()),
        amount_minor: Set(amount.minor()),
        reason: Set(reason.to_owned()),
        gateway_id: Set(Some(gateway_id.to_owned())),
        failure_code: Set(None),
        asked_on: Set(tx.actor().today()),
        created_by: Set(None),
        created_by_name: Set(tx.actor().name().to_owned()),
        created_at: Set(tx.now()),
        resolved_at: Set(Some(tx.now())),
        lease_until: Set(None),
    }
}

/// Does what a refund of a payment that succeeds does: takes the money off its invoices, out of the payment and out of
/// the books, and opens the invoices again or credits them. The payment is locked by the caller. What was planned and is
/// no longer on its invoice comes from elsewhere in the payment; an invoice that was not planned, or of which not that much
/// is left to credit by now, is opened again. Returns how much came off which.
///
/// # Errors
/// [`domain::Refusal::MoreThanAvailable`] when there is not that much of the payment; [`Error::Database`].
pub(super) async fn give(
    tx: &mut Tx,
    refund: &refund::Model,
    payment: &payment::Model,
) -> Result<Vec<(InvoiceId, Money)>, Error> {
    let amount = money(refund.amount_minor, &refund.currency)?;
    let planned = lines::of(tx, refund).await?;
    credit::lock_waiting(tx, &planned).await?;
    let mut named = Vec::with_capacity(planned.len());
    for line in &planned {
        named.push((
            InvoiceId(line.invoice_id),
            money(line.amount_minor, &refund.currency)?,
        ));
    }
    let freed = refundable(tx, payment).await?.free(amount, &named)?;
    let lost = lost(&freed)?;
    let (books, today) = (books(refund), tx.actor().today());
    let mut puts = Vec::with_capacity(freed.len());
    for one in &freed {
        let part = |amount, reverses| Put {
            books,
            from: Origin::Payment(payment.id),
            invoice: one.invoice,
            amount,
            reverses,
            freed: 0,
            day: today,
            at: tx.now(),
        };
        puts.push(part(one.off.checked_neg()?, Some(one.allocation.0)));
        // A row is taken back whole or not at all; what stays is a row of its own.
        puts.push(part(one.back, None));
    }
    put(tx, &puts).await?;
    let sum = Money::sum(amount.currency(), lost.iter().map(|(_, part)| *part))?;
    change_payment(tx, payment, sum.minor() - amount.minor(), amount.minor()).await?;
    let book = cash(tx, refund, payment).await?;
    let entry_kind = match refund.kind.to_domain() {
        RefundKind::Refund | RefundKind::Reversal => EntryKind::Refund,
        RefundKind::Chargeback => EntryKind::Chargeback,
    };
    let mut journal = Journal::default();
    let entry = Entry::new(books, entry_kind, refund.id, today, tx.now()).payment(payment.id);
    journal.book(&entry, &ledger::refunded(Source::Payment, book, amount)?);
    journal.write(tx).await?;
    lines::write(tx, refund, &planned, &lost).await?;
    history::came_off(tx, refund, payment, &lost);
    if refund.follow.to_domain() == Then::Credit {
        credit::follow(tx, refund, &planned, &lost).await?;
    }
    Ok(lost)
}

/// Undoes it: the money is back in the payment and the books, and goes to the invoices that it was on as far as they are
/// open. Returns how much went to which.
///
/// # Errors
/// [`Error::Conflict`], [`Error::Database`].
pub(super) async fn take_again(
    tx: &mut Tx,
    refund: &refund::Model,
    payment: &payment::Model,
) -> Result<Vec<(InvoiceId, Money)>, Error> {
    let amount = money(refund.amount_minor, &refund.currency)?;
    let (books, today) = (books(refund), tx.actor().today());
    let mut rest = amount;
    let mut puts = Vec::new();
    let mut again = Vec::new();
    for line in lines::of(tx, refund).await? {
        let row = tx
            .lock::<invoice::Entity>()
            .filter(invoice::Column::Id.eq(line.invoice_id))
            .one(tx.db())
            .await?;
        let open = row.map_or(0, |row| row.open_minor - row.reserved_minor);
        let part = Ord::clamp(line.amount_minor, 0, open);
        let part = Money::new(part, amount.currency()).min(rest)?;
        if part.is_zero() {
            // Settled otherwise, or withdrawn meanwhile.
            continue;
        }
        rest = rest.checked_sub(part)?;
        again.push((InvoiceId(line.invoice_id), part));
        puts.push(Put {
            books,
            from: Origin::Payment(payment.id),
            invoice: InvoiceId(line.invoice_id),
            amount: part,
            reverses: None,
            freed: 0,
            day: today,
            at: tx.now(),
        });
    }
    let mut journal = Journal::default();
    let entry = Entry::new(books, EntryKind::WonBack, refund.id, today, tx.now()).payment(payment.id);
    let book = cash(tx, refund, payment).await?;
    journal.book(&entry, &ledger::received(book, amount)?);
    journal.write(tx).await?;
    change_payment(tx, payment, rest.minor(), -amount.minor()).await?;
    put(tx, &puts).await?;
    history::is_back_on(tx, refund, payment, &again);
    Ok(again)
}

/// Whose books.
pub(super) const fn books(refund: &refund::Model) -> Books {
    Books {
        seller: refund.seller_id,
        account: refund.account_id,
        buyer: refund.buyer_id,
    }
}

/// The book that the money leaves: the one that it came to, unless it is given back beside the gateway.
async fn cash(tx: &Tx, refund: &refund::Model, payment: &payment::Model) -> Result<Book, Error> {
    match (refund.kind.to_domain(), refund.way.to_domain()) {
        (RefundKind::Refund, RefundWay::ByHand) => Ok(Book::OfflineCash),
        (RefundKind::Reversal | RefundKind::Chargeback, _) | (_, RefundWay::Gateway) => {
            cash_of(tx, payment).await
        }
    }
}

/// Changes what of a payment is unapplied and what went back.
async fn change_payment(
    tx: &Tx,
    payment: &payment::Model,
    unapplied: i64,
    refunded: i64,
) -> Result<(), Error> {
    let new = |column: payment::Column, by: i64| Expr::col(column).add(by);
    let changed = tx
        .update::<payment::Entity>()
        .col_expr(
            payment::Column::UnappliedMinor,
            new(payment::Column::UnappliedMinor, unapplied),
        )
        .col_expr(
            payment::Column::RefundedMinor,
            new(payment::Column::RefundedMinor, refunded),
        )
        .filter(payment::Column::SellerId.eq(payment.seller_id))
        .filter(payment::Column::Id.eq(payment.id))
        .filter(new(payment::Column::UnappliedMinor, unapplied).gte(0))
        .filter(new(payment::Column::RefundedMinor, refunded).gte(0))
        .exec(tx.db())
        .await?;
    if changed.rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::Conflict)
    }
}
