//! The reconciler: finds out at the gateway what became of attempts that are not decided, and writes it.
//!
//! It has no input and may run at any time, on several nodes: an attempt is leased while it is looked at, and what is
//! written is the same guarded transition that a submitted form writes. No request is ever repeated as a way to look
//! something up (D6).

use super::{charge, outcome, outcome::Decline};
use crate::{
    Backend, Error,
    ports::{GatewayError, Intent, IntentState},
    scope::Scope,
    transact::transact,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    access::PayInvoices,
    ids::{AttemptId, TenantId},
};
use entity::{codes::AttemptState, payment_attempt};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

/// What the reconciler is called in the audit and in the queue.
pub const RECONCILE: &str = "payments.reconcile";

/// When attempts are looked up (D8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// An attempt whose submission did not come back is looked up after this long, and again after as long. Must be
    /// well above the gateway's time-out.
    pub look_up_after: TimeDelta,
    /// A payment that waits for the payer's confirmation is given up after this long.
    pub give_up_after: TimeDelta,
    /// How many attempts one run looks at.
    pub at_most: u64,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            look_up_after: TimeDelta::seconds(60),
            give_up_after: TimeDelta::hours(1),
            at_most: 200,
        }
    }
}

/// What one run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Attempts found paid.
    pub succeeded: u32,
    /// Attempts found not paid, and given up.
    pub failed: u32,
    /// Attempts that still wait for the payer or the bank.
    pub waiting: u32,
    /// Attempts that the gateway did not answer for.
    pub unanswered: u32,
}

/// Looks up what is due and writes what it finds.
///
/// # Errors
/// [`Error::Database`] when the attempts cannot be read. What goes wrong with a single attempt is logged, the others
/// are looked at all the same.
pub async fn reconcile(backend: &Backend, patience: Patience) -> Result<Reconciled, Error> {
    let mut done = Reconciled::default();
    for attempt in due(backend, patience).await? {
        let scope = backend
            .job(TenantId(attempt.buyer_id), RECONCILE)
            .await?
            .permit::<PayInvoices>()?;
        if !lease(&scope, &attempt, patience).await? {
            continue;
        }
        match look_up(&scope, &attempt, patience).await {
            Ok(()) => count(&scope, &attempt, &mut done).await?,
            Err(error) => {
                let cause = std::error::Error::source(&error);
                tracing::warn!(attempt = %attempt.id, %error, ?cause, "payment still unknown");
                done.unanswered += 1;
            }
        }
    }
    Ok(done)
}

/// Looks one attempt up at once, when the gateway has news of it, unless another node is at it. An intent that is not
/// confirmed is left alone: its form is just being submitted, and what became of it is found out in time.
///
/// # Errors
/// [`Error::Port`] when the gateway does not answer; [`Error::Conflict`] while another one looks; [`Error::Database`].
pub(crate) async fn look_up_now(backend: &Backend, attempt: &payment_attempt::Model) -> Result<(), Error> {
    let patience = Patience::default();
    let scope = backend
        .job(TenantId(attempt.buyer_id), RECONCILE)
        .await?
        .permit::<PayInvoices>()?;
    let Some(intent) = find(&scope, attempt).await? else {
        return Ok(());
    };
    if intent.state == IntentState::RequiresConfirmation {
        return Ok(());
    }
    if !lease(&scope, attempt, patience).await? {
        return Err(Error::Conflict);
    }
    charge::settle(&scope, attempt, &intent, None).await
}

/// Attempts that are due: those unknown at once, those that a bank works on when it is time again, the others after the
/// configured age; none that is being looked at.
#[expect(
    clippy::disallowed_methods,
    reason = "the reconciler looks at the attempts of all tenants"
)]
async fn due(backend: &Backend, patience: Patience) -> Result<Vec<payment_attempt::Model>, Error> {
    use payment_attempt::Column;
    let now = backend.now();
    let old = Condition::all()
        .add(Column::State.is_in([AttemptState::Submitted, AttemptState::NeedsAction]))
        .add(Column::SubmittedAt.lte(now - patience.look_up_after));
    // As text, so that SQLite finds the index of those that banks work on.
    let processing = Condition::all()
        .add(Expr::cust("state = 'processing'"))
        .add(Column::LookUpAt.lte(now));
    let rows = payment_attempt::Entity::find()
        .filter(
            Condition::any()
                .add(Column::State.eq(AttemptState::Unknown))
                .add(old)
                .add(processing),
        )
        .filter(free(now))
        .order_by_asc(Column::SubmittedAt)
        .limit(patience.at_most)
        .all(backend.system().db())
        .await?;
    Ok(rows)
}

fn free(now: DateTime<Utc>) -> Condition {
    Condition::any()
        .add(payment_attempt::Column::LeaseUntil.is_null())
        .add(payment_attempt::Column::LeaseUntil.lte(now))
}

/// Takes the attempt for this run. The lease also spaces the look-ups of one attempt.
async fn lease(
    scope: &Scope<PayInvoices>,
    attempt: &payment_attempt::Model,
    patience: Patience,
) -> Result<bool, Error> {
    use payment_attempt::Column;
    transact!(scope, tx => {
            let taken = tx
                .update::<payment_attempt::Entity>()
                .set(payment_attempt::ActiveModel {
                    lease_until: Set(Some(tx.now() + patience.look_up_after)),
                    ..Default::default()
                })
                .col_expr(Column::LeaseToken, Expr::col(Column::LeaseToken).add(1))
                .filter(Column::SellerId.eq(attempt.seller_id))
                .filter(Column::Id.eq(attempt.id))
                .filter(Column::LeaseToken.eq(attempt.lease_token))
                .filter(Column::ResolvedAt.is_null())
                .filter(free(tx.now()))
                .exec(tx.db())
                .await?;
            Ok(taken.rows_affected == 1)
    })
}

async fn look_up(
    scope: &Scope<PayInvoices>,
    attempt: &payment_attempt::Model,
    patience: Patience,
) -> Result<(), Error> {
    let found = match find(scope, attempt).await {
        Ok(found) => found,
        Err(error) => {
            // From here on it is known not to be known.
            outcome::wait(scope, attempt, AttemptState::Unknown, None).await?;
            return Err(error.into());
        }
    };
    let Some(intent) = found else {
        // The gateway answered and has none; a late answer to making one will not be confirmed any more.
        return outcome::never_arrived(scope, attempt).await;
    };
    let abandoned = intent.state == IntentState::RequiresAction
        && attempt.submitted_at + patience.give_up_after <= scope.now();
    if attempt.gateway_intent.is_none() {
        note_intent(scope, attempt, &intent).await?;
    }
    if abandoned {
        return charge::close(scope, attempt, &intent.id, &Decline::new("authentication_failed")).await;
    }
    charge::settle(scope, attempt, &intent, None).await
}

/// Looks the intent up, by its id or among the customer's (D6). Without a customer there never was one.
async fn find(
    scope: &Scope<PayInvoices>,
    attempt: &payment_attempt::Model,
) -> Result<Option<Intent>, GatewayError> {
    let gateway = &scope.ports().gateway;
    let seller = TenantId(attempt.seller_id);
    match (&attempt.gateway_intent, &attempt.gateway_customer) {
        (Some(intent), _) => gateway.find_intent(seller, intent).await,
        (None, Some(customer)) => {
            gateway
                .find_intent_of(seller, customer, AttemptId(attempt.id))
                .await
        }
        (None, None) => Ok(None),
    }
}

async fn note_intent(
    scope: &Scope<PayInvoices>,
    attempt: &payment_attempt::Model,
    intent: &Intent,
) -> Result<(), Error> {
    transact!(scope, tx => {
            tx.update::<payment_attempt::Entity>()
                .set(payment_attempt::ActiveModel {
                    gateway_intent: Set(Some(intent.id.clone())),
                    ..Default::default()
                })
                .filter(payment_attempt::Column::SellerId.eq(attempt.seller_id))
                .filter(payment_attempt::Column::Id.eq(attempt.id))
                .exec(tx.db())
                .await?;
            Ok(())
    })
}

async fn count(
    scope: &Scope<PayInvoices>,
    attempt: &payment_attempt::Model,
    done: &mut Reconciled,
) -> Result<(), Error> {
    let now = super::read::attempt(scope, AttemptId(attempt.id)).await?;
    match now.state {
        AttemptState::Succeeded => done.succeeded += 1,
        AttemptState::Failed => done.failed += 1,
        AttemptState::Submitted
        | AttemptState::NeedsAction
        | AttemptState::Unknown
        | AttemptState::Processing => done.waiting += 1,
    }
    Ok(())
}
