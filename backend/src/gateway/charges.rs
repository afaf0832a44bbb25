//! A page of charges, held against what stands here.

use super::{
    claims,
    findings::{self, Found},
};
use crate::{
    Error,
    codes::{Stored, money},
    payments::{fees, reconcile},
    ports::GatewayCharge,
    refunds,
    scope::Scope,
};
use domain::{
    Money,
    access::RefundPayments,
    gateway::{FindingKind, Here, There, Verdict, judge},
    refunds::{RefundKind, RefundState, RefundWay},
};
use entity::{Uuid, codes::AttemptState, payment, payment_attempt, refund};
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use std::collections::BTreeMap;

/// Compares charges with attempts and payments, and writes what differs.
///
/// # Errors
/// [`Error::Port`] when the gateway does not answer; [`Error::Database`].
pub(super) async fn compare(scope: &Scope<RefundPayments>, charges: &[GatewayCharge]) -> Result<(), Error> {
    if charges.is_empty() {
        return Ok(());
    }
    let known = Known::of(scope, charges).await?;
    let mut found = Vec::new();
    for charge in charges {
        found.extend(difference(scope, &known, charge).await?);
    }
    learn_fees(scope, &known, charges).await?;
    let found = claims::ours(scope, found).await?;
    let looked_at: Vec<String> = charges.iter().map(|charge| charge.reference.clone()).collect();
    let there: Vec<Uuid> = known.payments.values().map(|payment| payment.id).collect();
    findings::write(scope, &found, &looked_at, &there).await
}

/// Books what the gateway kept, where that was not known before.
async fn learn_fees(
    scope: &Scope<RefundPayments>,
    known: &Known,
    charges: &[GatewayCharge],
) -> Result<(), Error> {
    let booked = fees::known(scope, known.payments.values().map(|payment| payment.id)).await?;
    for charge in charges {
        if let (Some(payment), Some(fee)) = (known.payment(charge), charge.fee)
            && !booked.contains(&payment.id)
        {
            fees::learn(scope, payment, fee).await?;
        }
    }
    Ok(())
}

/// What differs when all that puts itself right has had its turn.
async fn difference(
    scope: &Scope<RefundPayments>,
    known: &Known,
    charge: &GatewayCharge,
) -> Result<Option<Found>, Error> {
    match (known.judge(charge)?, known.attempt(charge), known.payment(charge)) {
        (Verdict::Sound, ..) => Ok(None),
        (Verdict::LookUp, Some(attempt), _) => {
            look_up(scope, attempt).await;
            // It stays undecided as long as another amount was charged than was asked for.
            let asked = money(attempt.amount_minor, &attempt.currency)?;
            let differs = asked != charge.amount;
            differs
                .then(|| known.finding(FindingKind::Amount, charge))
                .transpose()
        }
        (Verdict::LookUp, None, _) => Ok(None),
        (Verdict::Differs(FindingKind::GivenBack), _, Some(payment)) => {
            refunds::settle::compare(scope, payment).await?;
            let now = Known::of(scope, std::slice::from_ref(charge)).await?;
            match now.judge(charge)? {
                Verdict::Differs(kind) => now.finding(kind, charge).map(Some),
                Verdict::Sound | Verdict::LookUp => Ok(None),
            }
        }
        (Verdict::Differs(kind), ..) => known.finding(kind, charge).map(Some),
    }
}

/// Has the reconciler decide an attempt whose money the gateway has.
async fn look_up(scope: &Scope<RefundPayments>, attempt: &payment_attempt::Model) {
    if let Err(error) = reconcile::look_up_now(scope.backend(), attempt).await {
        // Somebody else looks at it, or the next comparison does.
        tracing::warn!(attempt = %attempt.id, %error, "a charged payment is not decided yet");
    }
}

/// What stands here of the charges of a page.
struct Known {
    /// By the gateway's reference.
    payments: BTreeMap<String, payment::Model>,
    attempts: Vec<payment_attempt::Model>,
    refunds: Vec<refund::Model>,
}

impl Known {
    async fn of(scope: &Scope<RefundPayments>, charges: &[GatewayCharge]) -> Result<Self, Error> {
        let references = || charges.iter().map(|charge| charge.reference.as_str());
        let payments = scope
            .find::<payment::Entity>()
            .filter(payment::Column::Reference.is_in(references()))
            .all(scope.db())
            .await?;
        let named = charges
            .iter()
            .filter_map(|charge| charge.attempt)
            .map(|attempt| attempt.0);
        let which = Condition::any()
            .add(payment_attempt::Column::GatewayIntent.is_in(references()))
            .add(payment_attempt::Column::Id.is_in(named));
        let attempts = scope
            .find::<payment_attempt::Entity>()
            .filter(which)
            .all(scope.db())
            .await?;
        let refunds = scope
            .find::<refund::Entity>()
            .filter(refund::Column::PaymentId.is_in(payments.iter().map(|payment| payment.id)))
            .all(scope.db())
            .await?;
        let by_reference = |payment: payment::Model| Some((payment.reference.clone()?, payment));
        Ok(Self {
            payments: payments.into_iter().filter_map(by_reference).collect(),
            attempts,
            refunds,
        })
    }

    fn judge(&self, charge: &GatewayCharge) -> Result<Verdict, Error> {
        let there = There {
            amount: charge.amount,
            refunded: charge.refunded,
        };
        Ok(judge(there, self.here(charge)?))
    }

    fn payment(&self, charge: &GatewayCharge) -> Option<&payment::Model> {
        self.payments.get(&charge.reference)
    }

    /// Whoever writes on a charge may write anything: what is noted counts only while no other intent is known of it.
    fn attempt(&self, charge: &GatewayCharge) -> Option<&payment_attempt::Model> {
        let is_it = |row: &&payment_attempt::Model| match &row.gateway_intent {
            Some(intent) => *intent == charge.reference,
            None => charge.attempt.is_some_and(|noted| noted.0 == row.id),
        };
        self.attempts.iter().find(is_it)
    }

    fn here(&self, charge: &GatewayCharge) -> Result<Here, Error> {
        if let Some(payment) = self.payment(charge) {
            return Ok(Here::Paid {
                amount: money(payment.amount_minor, &payment.currency)?,
                refunded: self.refunded(payment)?,
            });
        }
        Ok(match self.attempt(charge).map(|attempt| attempt.state) {
            None => Here::Nothing,
            Some(AttemptState::Failed) => Here::Failed,
            // Its payment is written with it, and was not when payments were read.
            Some(
                AttemptState::Succeeded
                | AttemptState::Submitted
                | AttemptState::NeedsAction
                | AttemptState::Unknown
                | AttemptState::Processing,
            ) => Here::UnderWay,
        })
    }

    /// What went back through the gateway; none while some of it is on its way.
    fn refunded(&self, payment: &payment::Model) -> Result<Option<Money>, Error> {
        let of_it = || {
            self.refunds.iter().filter(|refund| {
                refund.payment_id == Some(payment.id)
                    && refund.kind.to_domain() == RefundKind::Refund
                    && refund.way.to_domain() == RefundWay::Gateway
            })
        };
        if of_it().any(|refund| refund.state.to_domain().is_under_way()) {
            return Ok(None);
        }
        let done = of_it().filter(|refund| refund.state.to_domain() == RefundState::Succeeded);
        let sum = done.map(|refund| refund.amount_minor).sum();
        money(sum, &payment.currency).map(Some)
    }

    fn finding(&self, kind: FindingKind, charge: &GatewayCharge) -> Result<Found, Error> {
        let payment = self.payment(charge);
        let here = match (kind, payment) {
            (FindingKind::Amount, None) => self
                .attempt(charge)
                .map(|attempt| money(attempt.amount_minor, &attempt.currency))
                .transpose()?,
            (_, None) => None,
            (FindingKind::GivenBack, Some(payment)) => self.refunded(payment)?,
            (_, Some(payment)) => Some(money(payment.amount_minor, &payment.currency)?),
        };
        let there = match kind {
            FindingKind::GivenBack => charge.refunded,
            FindingKind::Unasked | FindingKind::Refused | FindingKind::Missing | FindingKind::Amount => {
                charge.amount
            }
        };
        Ok(Found {
            kind,
            there: Some(there),
            here,
            account: payment
                .map(|payment| payment.account_id)
                .or(self.attempt(charge).map(|attempt| attempt.account_id)),
            payment: payment.map(|payment| payment.id),
            charge: charge.clone(),
        })
    }
}
