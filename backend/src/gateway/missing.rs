//! The other way round: payments that stand here, and whether the gateway knows them.
//!
//! Whatever was in the list is marked and not asked for again. What is left is asked for one by one, which is little: what
//! was charged long before it was paid, and what the gateway does not know.

use super::findings::{self, Found};
use crate::{
    Error,
    codes::money,
    ports::{GatewayCharge, IntentState},
    scope::Scope,
};
use chrono::TimeDelta;
use domain::{Money, access::RefundPayments, gateway::FindingKind};
use entity::{Uuid, codes::Method, gateway_check, gateway_comparison, payment};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

/// Payments that are looked at together.
const AT_ONCE: u64 = 100;
/// What was paid just now may not be in the list yet.
const GRACE: TimeDelta = TimeDelta::hours(1);

/// Asks for the payments of the time of a comparison that were in no list.
///
/// # Errors
/// [`Error::Port`] when the gateway does not answer; [`Error::Database`].
pub(super) async fn look(
    scope: &Scope<RefundPayments>,
    run: &gateway_comparison::Model,
) -> Result<(), Error> {
    let mut after = Uuid::nil();
    loop {
        let some = unmarked(scope, run, after).await?;
        let Some(last) = some.last() else {
            return Ok(());
        };
        after = last.id;
        ask(scope, &some).await?;
    }
}

async fn ask(scope: &Scope<RefundPayments>, payments: &[payment::Model]) -> Result<(), Error> {
    let gateway = &scope.ports().gateway;
    let (mut found, mut looked_at, mut there) = (Vec::new(), Vec::new(), Vec::new());
    for payment in payments {
        let Some(reference) = &payment.reference else {
            continue;
        };
        let intent = gateway.find_intent(scope.tenant(), reference).await?;
        let paid = intent.filter(|intent| intent.state == IntentState::Succeeded);
        let ours = money(payment.amount_minor, &payment.currency)?;
        match paid {
            Some(intent) if intent.amount == ours => there.push(payment.id),
            Some(intent) => found.push(finding(
                FindingKind::Amount,
                payment,
                reference,
                Some(intent.amount),
            )?),
            None => found.push(finding(FindingKind::Missing, payment, reference, None)?),
        }
        looked_at.push(reference.clone());
    }
    findings::write(scope, &found, &looked_at, &there).await
}

fn finding(
    kind: FindingKind,
    payment: &payment::Model,
    reference: &str,
    there: Option<Money>,
) -> Result<Found, Error> {
    let here = money(payment.amount_minor, &payment.currency)?;
    Ok(Found {
        kind,
        there,
        here: Some(here),
        account: Some(payment.account_id),
        payment: Some(payment.id),
        charge: GatewayCharge {
            reference: reference.to_owned(),
            made_at: payment.created_at,
            attempt: None,
            customer: None,
            amount: there.unwrap_or(here),
            refunded: Money::zero(here.currency()),
            fee: None,
            is_debit: payment.method == Method::BankDebit,
            brand: payment.brand.clone().unwrap_or_default(),
            last4: payment.last4.clone().unwrap_or_default(),
            description: String::new(),
        },
    })
}

/// Payments through the gateway in the time of a comparison that it has not shown to know, after one of them.
async fn unmarked(
    scope: &Scope<RefundPayments>,
    run: &gateway_comparison::Model,
    after: Uuid,
) -> Result<Vec<payment::Model>, Error> {
    let marked = scope
        .find::<gateway_check::Entity>()
        .select_only()
        .column(gateway_check::Column::PaymentId);
    let rows = scope
        .find::<payment::Entity>()
        .filter(payment::Column::Id.gt(after))
        .filter(payment::Column::Method.is_in([Method::Card, Method::BankDebit]))
        .filter(payment::Column::AttemptId.is_not_null())
        .filter(payment::Column::Reference.is_not_null())
        .filter(payment::Column::PaidOn.gte((run.since - TimeDelta::days(1)).date_naive()))
        .filter(payment::Column::CreatedAt.gte(run.since))
        .filter(payment::Column::CreatedAt.lte(run.started_at - GRACE))
        .filter(payment::Column::Id.not_in_subquery(marked.into_query()))
        .order_by_asc(payment::Column::Id)
        .limit(AT_ONCE)
        .all(scope.db())
        .await?;
    Ok(rows)
}
