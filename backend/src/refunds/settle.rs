//! Asking the gateway for refunds, and finding out what became of them. No transaction is open while it is asked.

use super::{history, money as refund_money, outcome};
use crate::{
    Backend, Error,
    codes::{Stored, money},
    payments::reconcile::Patience,
    ports::{GatewayError, GatewayRefund, GatewayRefundState, RefundRequest},
    scope::{Act, Scope},
    transact::transact,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    access::RefundPayments,
    ids::{RefundId, TenantId},
    refunds::{RefundKind, RefundState},
};
use entity::{codes::RefundState as Stage, payment, refund};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// What looking up refunds is called in the audit and in the queue.
const JOB: &str = "refunds.reconcile";
/// A refund at the bank takes days; it is looked at this often.
const PENDING_EVERY: TimeDelta = TimeDelta::hours(1);

/// Asks for a refund that has just been committed, and writes what came of it.
///
/// # Errors
/// [`Error::Database`]; the refund then stands as it is and is looked up.
pub(crate) async fn ask(scope: &Scope<RefundPayments>, refund: &refund::Model) -> Result<(), Error> {
    let Some(intent) = intent(scope, refund).await? else {
        return outcome::fail(scope, refund, None, "no_charge").await;
    };
    let request = RefundRequest {
        refund: RefundId(refund.id),
        intent,
        amount: money(refund.amount_minor, &refund.currency)?,
    };
    let gateway = &scope.ports().gateway;
    match gateway.create_refund(TenantId(refund.seller_id), &request).await {
        Ok(answer) => settle(scope, refund, &answer).await,
        Err(GatewayError::Unreachable(cause)) => {
            tracing::warn!(refund = %refund.id, ?cause, "refund unknown");
            outcome::wait(scope, refund, RefundState::Unknown, None).await
        }
        Err(GatewayError::Declined { code }) => outcome::fail(scope, refund, None, &code).await,
        Err(GatewayError::RateLimited) => outcome::fail(scope, refund, None, "try_again_later").await,
        Err(GatewayError::NeedsAuthentication | GatewayError::Misuse(_)) => {
            outcome::fail(scope, refund, None, "refused").await
        }
    }
}

/// Writes what a refund at the gateway means for ours. Repeatable.
async fn settle(
    scope: &Scope<RefundPayments>,
    refund: &refund::Model,
    there: &GatewayRefund,
) -> Result<(), Error> {
    if there.amount != money(refund.amount_minor, &refund.currency)? {
        tracing::error!(refund = %refund.id, "the gateway gave another amount back than was asked for");
    }
    let id = Some(there.id.as_str());
    match (there.state, refund.state.to_domain()) {
        (GatewayRefundState::Pending, _) => outcome::wait(scope, refund, RefundState::Pending, id).await,
        (GatewayRefundState::Succeeded, _) => outcome::succeed(scope, refund, id).await,
        (GatewayRefundState::Failed, RefundState::Succeeded) => outcome::return_it(scope, refund).await,
        (GatewayRefundState::Failed, _) => {
            let code = there.failure.as_deref().unwrap_or("refused");
            outcome::fail(scope, refund, id, code).await
        }
    }
}

/// The intent whose money it is.
async fn intent(scope: &Scope<RefundPayments>, refund: &refund::Model) -> Result<Option<String>, Error> {
    let Some(payment) = refund.payment_id else {
        return Ok(None);
    };
    let row = scope
        .find::<payment::Entity>()
        .filter(payment::Column::Id.eq(payment))
        .one(scope.db())
        .await?;
    Ok(row.and_then(|row| row.reference))
}

/// Looks up what is not decided. Returns how many were decided.
///
/// # Errors
/// [`Error::Database`] when they cannot be read. What goes wrong with a single one is logged.
pub(crate) async fn reconcile(backend: &Backend, patience: Patience) -> Result<u32, Error> {
    let mut decided = 0;
    for refund in due(backend, patience).await? {
        let scope = backend
            .job(TenantId(refund.seller_id), JOB)
            .await?
            .permit::<RefundPayments>()?;
        if !lease(&scope, &refund, patience).await? {
            continue;
        }
        match look_up(&scope, &refund).await {
            Ok(()) => decided += 1,
            Err(error) => tracing::warn!(refund = %refund.id, %error, "refund still unknown"),
        }
    }
    Ok(decided)
}

async fn look_up(scope: &Scope<RefundPayments>, refund: &refund::Model) -> Result<(), Error> {
    let Some(intent) = intent(scope, refund).await? else {
        return outcome::fail(scope, refund, None, "no_charge").await;
    };
    let gateway = &scope.ports().gateway;
    let there = match gateway.refunds_of(TenantId(refund.seller_id), &intent).await {
        Ok(there) => there,
        Err(error) => {
            // From here on it is known not to be known; a pending one stays pending.
            if refund.state == Stage::Submitted {
                outcome::wait(scope, refund, RefundState::Unknown, None).await?;
            }
            return Err(error.into());
        }
    };
    match there.iter().find(|there| is_ours(there, refund)) {
        Some(there) => settle(scope, refund, there).await,
        // It never arrived. Should it do so yet, the gateway tells, and it is written then as somebody else's.
        None => outcome::fail(scope, refund, None, "not_received").await,
    }
}

fn is_ours(there: &GatewayRefund, refund: &refund::Model) -> bool {
    refund.gateway_id.as_deref() == Some(there.id.as_str())
        || (refund.gateway_id.is_none() && there.refund == Some(RefundId(refund.id)))
}

/// Compares all that the gateway gave back of a payment with what stands here, and writes what is missing: what was
/// decided meanwhile, and what somebody gave back at the gateway itself.
///
/// # Errors
/// [`Error::Port`] when the gateway does not answer; [`Error::Database`].
pub(crate) async fn compare(scope: &Scope<RefundPayments>, payment: &payment::Model) -> Result<(), Error> {
    let Some(intent) = &payment.reference else {
        return Ok(());
    };
    let gateway = &scope.ports().gateway;
    let there = gateway.refunds_of(TenantId(payment.seller_id), intent).await?;
    for one in &there {
        let ours = scope
            .find::<refund::Entity>()
            .filter(refund::Column::PaymentId.eq(payment.id))
            .all(scope.db())
            .await?;
        // One that was given up here and made there has a row of each; the one with its id is the one that counts.
        let known = |row: &&refund::Model| row.gateway_id.as_deref() == Some(one.id.as_str());
        let same = ours
            .iter()
            .find(known)
            .or_else(|| ours.iter().find(|row| is_ours(one, row)));
        match same {
            Some(row) if row.state == Stage::Failed && one.state == GatewayRefundState::Succeeded => {
                // It was given up here and arrived after all; under another id that cannot happen twice.
                if row.gateway_id.is_none() {
                    made_there(scope, payment, one).await?;
                } else {
                    tracing::error!(refund = %row.id, "the gateway says that a failed refund was paid");
                }
            }
            Some(row) => settle(scope, row, one).await?,
            None if one.state == GatewayRefundState::Succeeded => made_there(scope, payment, one).await?,
            None => {}
        }
    }
    Ok(())
}

/// Somebody gave money back at the gateway: the payment and its invoices follow.
async fn made_there(
    scope: &Scope<RefundPayments>,
    payment: &payment::Model,
    there: &GatewayRefund,
) -> Result<(), Error> {
    transact!(scope, tx => {
        let payment = refund_money::lock_payment(tx, payment.id).await?;
        let known = tx
            .find::<refund::Entity>()
            .filter(refund::Column::GatewayId.eq(there.id.as_str()))
            .one(tx.db())
            .await?;
        if known.is_some() {
            return Ok(());
        }
        // Some of it may have gone back beside the gateway; more than is there cannot leave the payment.
        let amount = there.amount.min(refund_money::unpromised(tx, &payment).await?)?;
        if amount != there.amount && refund_money::is_under_way(tx, payment.id).await? {
            // What is on its way back may fail; the daily comparison comes back to this.
            return Ok(());
        }
        if amount != there.amount {
            tracing::error!(payment = %payment.id, refund = there.id, "more was given back than is left of the payment");
        }
        if !amount.is_positive() {
            return Ok(());
        }
        let reason = "Given back at the payment gateway";
        let row = refund_money::learned(tx, &payment, RefundKind::Refund, (&there.id, amount), reason);
        let row = tx.insert(row).await?;
        refund_money::give(tx, &row, &payment).await?;
        history::went(tx, &row, &payment);
        let facts = serde_json::json!({ "gateway": there.id, "amount": there.amount });
        tx.audit(Act::new(TenantId(payment.seller_id), "learn", "refund", row.id).after(facts));
        Ok(())
    })
}

/// Refunds that are due to be looked at: those unknown at once, the others after a while; none that is being looked at.
#[expect(
    clippy::disallowed_methods,
    reason = "the reconciler looks at the refunds of all tenants"
)]
async fn due(backend: &Backend, patience: Patience) -> Result<Vec<refund::Model>, Error> {
    use refund::Column;
    let now = backend.now();
    let old = Condition::all()
        .add(Column::State.is_in([Stage::Submitted, Stage::Pending]))
        .add(Column::CreatedAt.lte(now - patience.look_up_after));
    let rows = refund::Entity::find()
        .filter(Condition::any().add(Column::State.eq(Stage::Unknown)).add(old))
        .filter(free(now))
        .order_by_asc(Column::CreatedAt)
        .limit(patience.at_most)
        .all(backend.system().db())
        .await?;
    Ok(rows)
}

fn free(now: DateTime<Utc>) -> Condition {
    Condition::any()
        .add(refund::Column::LeaseUntil.is_null())
        .add(refund::Column::LeaseUntil.lte(now))
}

/// Takes a refund for this run. The lease also spaces the look-ups of one.
async fn lease(
    scope: &Scope<RefundPayments>,
    refund: &refund::Model,
    patience: Patience,
) -> Result<bool, Error> {
    let pause = match refund.state {
        Stage::Pending => PENDING_EVERY,
        _ => patience.look_up_after,
    };
    transact!(scope, tx => {
        let taken = tx
            .update::<refund::Entity>()
            .set(refund::ActiveModel {
                lease_until: Set(Some(tx.now() + pause)),
                ..Default::default()
            })
            .filter(refund::Column::SellerId.eq(refund.seller_id))
            .filter(refund::Column::Id.eq(refund.id))
            .filter(refund::Column::ResolvedAt.is_null())
            .filter(free(tx.now()))
            .exec(tx.db())
            .await?;
        Ok(taken.rows_affected == 1)
    })
}
