//! The third step of a payment: its outcome is written by one guarded transition.
//!
//! The row count of the transition says who won; whoever lost does nothing. With a success come, in the same
//! transaction, the payment, its allocations, the invoices' new amounts, the receipt's number, the audit, the mail and
//! the card. Final states never go back.

use super::{card, debits, debits::Word, receipt, recipient};
use crate::{
    Error,
    codes::{Stored, money, stage},
    invoices::balance::{self, Change},
    ledger::{Books, Entry, Journal, Origin, Put, put},
    mail, new_id,
    numbering::{self, Numbered},
    payment_methods::autopay,
    ports::{GatewayCard, Intent},
    scope::{Act, Scope, Tx, time_zone},
    transact::transact,
};
use domain::{
    Money,
    access::PayInvoices,
    ids::{InvoiceId, PaymentId, TenantId},
    ledger::{self, Book, EntryKind},
    payments::{
        self, ReceiptLine,
        allocation::{Applied, Debt, apply},
    },
};
use entity::{
    attempt_line,
    codes::{AttemptState, Method},
    invoice, payment, payment_attempt,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// Why an attempt failed, in the gateway's codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decline(pub(super) String);

impl Decline {
    /// A code of our own choice among the gateway's.
    pub(super) fn new(code: &str) -> Self {
        Self(code.to_owned())
    }

    /// The intent's reason, else the one that was noted before, else a general one.
    pub(super) fn of(intent: &Intent, attempt: &payment_attempt::Model) -> Self {
        let known = intent.failure.clone().or_else(|| attempt.failure_code.clone());
        Self(known.unwrap_or_else(|| "processing_error".to_owned()))
    }
}

/// The gateway has the money.
///
/// # Errors
/// [`Error::Database`]; [`Error::Port`] when the card is to be kept and the gateway does not tell it.
pub(super) async fn succeed(
    scope: &Scope<PayInvoices>,
    attempt: &payment_attempt::Model,
    intent: &Intent,
    card: Option<GatewayCard>,
) -> Result<(), Error> {
    if intent.amount != money(attempt.amount_minor, &attempt.currency)? {
        tracing::error!(attempt = %attempt.id, "the gateway charged another amount than was asked for");
        return wait(
            scope,
            attempt,
            AttemptState::Unknown,
            Some(&Decline::new("amount_differs")),
        )
        .await;
    }
    let card = card::to_keep(scope, attempt, card).await?;
    transact!(scope, tx => {
            let Some(attempt) = decide(tx, attempt, AttemptState::Succeeded, None).await? else {
                return Ok(());
            };
            autopay::outcome::succeeded(tx, &attempt).await?;
            let receipt = write_payment(tx, &attempt, &intent.id).await?;
            card::after_success(tx, &attempt, card.clone()).await?;
            tracing::info!(attempt = %attempt.id, payment = %receipt.payment, "payment received");
            Ok(())
    })
}

/// Nothing was charged and nothing will be: the reservations are let go.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn fail(
    scope: &Scope<PayInvoices>,
    attempt: &payment_attempt::Model,
    why: &Decline,
) -> Result<(), Error> {
    transact!(scope, tx => { let_go(tx, attempt, why).await })
}

/// The gateway knows of nothing that it was asked. Nothing is decided when it was asked for something meanwhile, of which
/// whoever looked did not know: the next look finds it.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn never_arrived(
    scope: &Scope<PayInvoices>,
    attempt: &payment_attempt::Model,
) -> Result<(), Error> {
    transact!(scope, tx => {
        let now = tx
            .lock::<payment_attempt::Entity>()
            .filter(payment_attempt::Column::SellerId.eq(attempt.seller_id))
            .filter(payment_attempt::Column::Id.eq(attempt.id))
            .one(tx.db())
            .await?
            .ok_or(Error::NotFound)?;
        if now.gateway_intent != attempt.gateway_intent {
            return Ok(());
        }
        let_go(tx, attempt, &Decline::new("processing_error")).await
    })
}

async fn let_go(tx: &mut Tx, attempt: &payment_attempt::Model, why: &Decline) -> Result<(), Error> {
    let Some(attempt) = decide(tx, attempt, AttemptState::Failed, Some(why)).await? else {
        return Ok(());
    };
    autopay::outcome::failed(tx, &attempt, &why.0).await?;
    let seller = TenantId(attempt.seller_id);
    for line in lines(tx, &attempt).await? {
        let freed = Change {
            reserved: -line.amount_minor,
            ..Change::default()
        };
        balance::change(tx, seller, InvoiceId(line.invoice_id), freed).await?;
    }
    card::detach_later(tx, &attempt).await?;
    if attempt.look_up_at.is_some() && !attempt.by_itself {
        debits::tell(tx, &attempt, Word::Failed(why.0.clone())).await?;
    }
    let facts = serde_json::json!({ "code": why.0 });
    tx.audit(Act::new(seller, "fail", "payment_attempt", attempt.id).after(facts));
    tracing::info!(attempt = %attempt.id, code = why.0, "payment failed");
    Ok(())
}

/// Not decided yet: the payer or the bank has the next move, or the gateway did not answer. `why` is kept for the
/// case that it fails later.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn wait(
    scope: &Scope<PayInvoices>,
    attempt: &payment_attempt::Model,
    state: AttemptState,
    why: Option<&Decline>,
) -> Result<(), Error> {
    transact!(scope, tx => { decide(tx, attempt, state, why).await.map(|_| ()) })
}

/// The bank has the order to debit an account. The longer it takes, the rarer it is asked about: the gateway tells by
/// itself when it is done.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn process(
    scope: &Scope<PayInvoices>,
    attempt: &payment_attempt::Model,
) -> Result<(), Error> {
    transact!(scope, tx => {
        decide(tx, attempt, AttemptState::Processing, None).await?;
        let next = tx.now() + debits::pause(tx.now() - attempt.submitted_at);
        tx.update::<payment_attempt::Entity>()
            .set(payment_attempt::ActiveModel { look_up_at: Set(Some(next)), ..Default::default() })
            .filter(payment_attempt::Column::SellerId.eq(attempt.seller_id))
            .filter(payment_attempt::Column::Id.eq(attempt.id))
            .filter(payment_attempt::Column::State.eq(AttemptState::Processing))
            .exec(tx.db())
            .await?;
        Ok(())
    })
}

/// The guarded transition. None when the attempt is in a state from which it does not lead.
async fn decide(
    tx: &Tx,
    attempt: &payment_attempt::Model,
    to: AttemptState,
    why: Option<&Decline>,
) -> Result<Option<payment_attempt::Model>, Error> {
    let next = to.to_domain();
    let from = payments::AttemptState::ALL
        .iter()
        .filter(|state| state.may_become(next));
    let mut change = payment_attempt::ActiveModel {
        state: Set(to),
        ..Default::default()
    };
    if next.is_final() {
        change.resolved_at = Set(Some(tx.now()));
        change.lease_until = Set(None);
    }
    if let Some(Decline(code)) = why {
        change.failure_code = Set(Some(code.clone()));
    }
    let changed = tx
        .update::<payment_attempt::Entity>()
        .set(change)
        .filter(payment_attempt::Column::SellerId.eq(attempt.seller_id))
        .filter(payment_attempt::Column::Id.eq(attempt.id))
        .filter(payment_attempt::Column::State.is_in(from.map(|state| AttemptState::from_domain(*state))))
        .exec(tx.db())
        .await?;
    if changed.rows_affected == 0 {
        return Ok(None);
    }
    let row = tx
        .find::<payment_attempt::Entity>()
        .filter(payment_attempt::Column::SellerId.eq(attempt.seller_id))
        .filter(payment_attempt::Column::Id.eq(attempt.id))
        .one(tx.db())
        .await?;
    row.map(Some).ok_or(Error::NotFound)
}

async fn lines(tx: &Tx, attempt: &payment_attempt::Model) -> Result<Vec<attempt_line::Model>, Error> {
    let lines = tx
        .find::<attempt_line::Entity>()
        .filter(attempt_line::Column::SellerId.eq(attempt.seller_id))
        .filter(attempt_line::Column::AttemptId.eq(attempt.id))
        .order_by_asc(attempt_line::Column::InvoiceId)
        .all(tx.db())
        .await?;
    Ok(lines)
}

/// The payment and everything that follows from it.
async fn write_payment(
    tx: &mut Tx,
    attempt: &payment_attempt::Model,
    reference: &str,
) -> Result<payments::Receipt, Error> {
    let lines = lines(tx, attempt).await?;
    let invoices = lock_invoices(tx, attempt, &lines).await?;
    let applied = applied(attempt, &lines, &invoices)?;
    let (seller, buyer) = receipt::tenants(tx, attempt.seller_id, attempt.buyer_id).await?;
    let paid_on = tx
        .now()
        .with_timezone(&time_zone(&seller.time_zone)?)
        .date_naive();
    let recipient = recipient::of(tx, attempt, &lines).await?;
    let number = numbering::take(tx, TenantId(attempt.seller_id), Numbered::Receipt, paid_on).await?;
    let row = payment::ActiveModel {
        seller_id: Set(attempt.seller_id),
        id: Set(new_id()),
        account_id: Set(attempt.account_id),
        buyer_id: Set(attempt.buyer_id),
        attempt_id: Set(Some(attempt.id)),
        method: Set(if attempt.kind.to_domain().is_bank_debit() {
            Method::BankDebit
        } else {
            Method::Card
        }),
        brand: Set(Some(attempt.brand.clone().unwrap_or_default())),
        last4: Set(Some(attempt.last4.clone().unwrap_or_default())),
        currency: Set(attempt.currency.clone()),
        amount_minor: Set(attempt.amount_minor),
        unapplied_minor: Set(applied.unapplied.minor()),
        refunded_minor: Set(0),
        paid_on: Set(paid_on),
        receipt_number: Set(number),
        reference: Set(Some(reference.to_owned())),
        memo: Set(None),
        mailed_to: Set(recipient.clone()),
        import_id: Set(None),
        created_by: Set(attempt.created_by),
        created_by_name: Set(attempt.created_by_name.clone()),
        created_at: Set(tx.now()),
    };
    let payment = tx.insert(row).await?;
    post(tx, &payment, &lines, &applied).await?;
    audit(tx, &payment, &applied);
    let lines = applied.lines.iter().map(|line| ReceiptLine {
        invoice: line.invoice,
        number: invoices
            .get(&line.invoice)
            .and_then(|row| row.number.clone())
            .unwrap_or_default(),
        amount: line.amount,
        open: Some(line.open),
    });
    let receipt = receipt::compose(&payment, lines.collect(), &seller, &buyer)?;
    if let Some(recipient) = payment.mailed_to.clone() {
        mail::write::queue_receipt(tx, &payment, &receipt, &buyer, recipient).await?;
    }
    Ok(receipt)
}

/// Locks the invoices in the order of their ids (V30).
async fn lock_invoices(
    tx: &Tx,
    attempt: &payment_attempt::Model,
    lines: &[attempt_line::Model],
) -> Result<BTreeMap<InvoiceId, invoice::Model>, Error> {
    let rows = tx
        .invoices_to_pay()
        .filter(invoice::Column::SellerId.eq(attempt.seller_id))
        .filter(invoice::Column::Id.is_in(lines.iter().map(|line| line.invoice_id)))
        .order_by_asc(invoice::Column::Id)
        .lock_exclusive()
        .all(tx.db())
        .await?;
    Ok(rows.into_iter().map(|row| (InvoiceId(row.id), row)).collect())
}

fn applied(
    attempt: &payment_attempt::Model,
    lines: &[attempt_line::Model],
    invoices: &BTreeMap<InvoiceId, invoice::Model>,
) -> Result<Applied, Error> {
    let amount = |minor| money(minor, &attempt.currency);
    let mut debts = Vec::with_capacity(invoices.len());
    for (id, row) in invoices {
        debts.push(Debt {
            invoice: *id,
            stage: stage(row.stage),
            total: money(row.total_minor, &row.currency)?,
            paid: money(row.paid_minor, &row.currency)?,
            credited: money(row.credited_minor, &row.currency)?,
            written_off: money(row.written_off_minor, &row.currency)?,
        });
    }
    let mut wanted = Vec::with_capacity(lines.len());
    for line in lines {
        wanted.push((InvoiceId(line.invoice_id), amount(line.amount_minor)?));
    }
    Ok(apply(amount(attempt.amount_minor)?, &wanted, &debts)?)
}

/// The money comes in, and goes to the invoices for which it was held. One that was settled meanwhile gets none of it,
/// and what was held is let go.
async fn post(
    tx: &Tx,
    payment: &payment::Model,
    lines: &[attempt_line::Model],
    applied: &Applied,
) -> Result<(), Error> {
    let books = Books {
        seller: payment.seller_id,
        account: payment.account_id,
        buyer: payment.buyer_id,
    };
    let amount = money(payment.amount_minor, &payment.currency)?;
    let entry = Entry::new(books, EntryKind::Receive, payment.id, payment.paid_on, tx.now());
    let mut journal = Journal::default();
    journal.book(
        &entry.payment(payment.id),
        &ledger::received(Book::CardCash, amount)?,
    );
    journal.write(tx).await?;
    let parts: BTreeMap<InvoiceId, Money> = applied
        .lines
        .iter()
        .map(|line| (line.invoice, line.amount))
        .collect();
    let puts = lines.iter().map(|line| {
        let invoice = InvoiceId(line.invoice_id);
        Put {
            books,
            from: Origin::Payment(payment.id),
            invoice,
            amount: parts
                .get(&invoice)
                .copied()
                .unwrap_or(Money::zero(amount.currency())),
            reverses: None,
            freed: line.amount_minor,
            day: payment.paid_on,
            at: tx.now(),
        }
    });
    put(tx, &puts.collect::<Vec<_>>()).await
}

fn audit(tx: &mut Tx, payment: &payment::Model, applied: &Applied) {
    let seller = TenantId(payment.seller_id);
    let id = PaymentId(payment.id);
    let facts = serde_json::json!({
        "receipt": payment.receipt_number,
        "attempt": payment.attempt_id,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
    });
    tx.audit(Act::new(seller, "receive", "payment", payment.id).after(facts));
    for line in &applied.lines {
        let facts = serde_json::json!({ "payment": id, "amount": line.amount, "open": line.open });
        tx.audit(Act::new(seller, "pay", "invoice", line.invoice.0).after(facts));
    }
}
