//! The third step of a payment: its outcome is written by one guarded transition.
//!
//! The row count of the transition says who won; whoever lost does nothing. With a success come, in the same
//! transaction, the payment, its allocations, the invoices' new amounts, the receipt's number, the audit, the mail and
//! the card. Final states never go back.

use super::{card, debits, debits::Word, received};
use crate::{
    Error,
    codes::{Stored, money},
    invoices::balance::{self, Change},
    payment_methods::autopay,
    ports::{GatewayCard, Intent},
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    access::PayInvoices,
    ids::{InvoiceId, TenantId},
    payments,
};
use entity::{attempt_line, codes::AttemptState, payment_attempt};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder};

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
            let lines = lines(tx, &attempt).await?;
            let receipt = received::write(tx, &attempt, &lines, intent).await?;
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
