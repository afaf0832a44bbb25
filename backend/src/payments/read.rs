//! What the payment pages show: the form, the result of a submitted form, receipts.

use super::{on_account, receipt};
use crate::{
    Error,
    codes::{Stored, money},
    ports::IntentState,
    scope::{Scope, SeesInvoices},
};
use domain::{
    Refusal,
    access::PayInvoices,
    ids::{AttemptId, FormKey, PaymentId, TenantId},
    payments::{self, Outcome, PaymentResult, PendingAction, Receipt},
};
use entity::{Uuid, codes::AttemptState, payment, payment_attempt, tenant};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeMap, BTreeSet};

pub use super::form::form;

/// How a submitted form came out: all its payments. Where the bank waits for the payer, the client secret is read from
/// the gateway again; it is not kept.
///
/// # Errors
/// [`Error::NotFound`] when the tenant posted no such form.
pub async fn result(scope: &Scope<PayInvoices>, form: FormKey) -> Result<PaymentResult, Error> {
    let attempts = scope
        .find::<payment_attempt::Entity>()
        .filter(payment_attempt::Column::FormKey.eq(form.0))
        .order_by_asc(payment_attempt::Column::Id)
        .all(scope.db())
        .await?;
    let from_account = on_account::used(scope, form).await?;
    if attempts.is_empty() && from_account.is_empty() {
        return Err(Error::NotFound);
    }
    let mut outcomes = Vec::with_capacity(attempts.len());
    for attempt in &attempts {
        outcomes.push(outcome(scope, attempt).await?);
    }
    Ok(PaymentResult {
        from_account,
        outcomes,
    })
}

/// A receipt, as either side sees it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn receipt<P: SeesInvoices>(scope: &Scope<P>, payment: PaymentId) -> Result<Receipt, Error> {
    receipt::load(scope, payment).await
}

/// An attempt of the tenant.
pub(super) async fn attempt(
    scope: &Scope<PayInvoices>,
    id: AttemptId,
) -> Result<payment_attempt::Model, Error> {
    let row = scope
        .find::<payment_attempt::Entity>()
        .filter(payment_attempt::Column::Id.eq(id.0))
        .one(scope.db())
        .await?;
    row.ok_or(Error::NotFound)
}

/// How one attempt stands.
pub(super) async fn outcome(
    scope: &Scope<PayInvoices>,
    attempt: &payment_attempt::Model,
) -> Result<Outcome, Error> {
    let payment = scope
        .find::<payment::Entity>()
        .filter(payment::Column::SellerId.eq(attempt.seller_id))
        .filter(payment::Column::AttemptId.eq(attempt.id))
        .one(scope.db())
        .await?;
    let sellers = tenants(scope, BTreeSet::from([attempt.seller_id])).await?;
    let state = attempt.state.to_domain();
    let failure = match state {
        payments::AttemptState::Failed => Some(Refusal::Declined {
            code: attempt.failure_code.clone().unwrap_or_default(),
        }),
        payments::AttemptState::Submitted
        | payments::AttemptState::NeedsAction
        | payments::AttemptState::Unknown
        | payments::AttemptState::Processing
        | payments::AttemptState::Succeeded => None,
    };
    Ok(Outcome {
        attempt: AttemptId(attempt.id),
        seller_name: sellers
            .get(&attempt.seller_id)
            .map(|row| row.name.clone())
            .unwrap_or_default(),
        amount: money(attempt.amount_minor, &attempt.currency)?,
        state,
        payment: payment.as_ref().map(|row| PaymentId(row.id)),
        receipt: payment.map(|row| row.receipt_number),
        failure,
        action: action(scope, attempt).await,
        reference: reference(attempt.id),
    })
}

/// What people quote: the part of the id that is random.
fn reference(attempt: Uuid) -> String {
    let digits = attempt.simple().to_string().to_uppercase();
    digits.chars().skip(20).collect()
}

/// What the gateway's script needs while the bank waits for the payer. None when the gateway does not answer or has
/// moved on: the page then just waits.
async fn action(scope: &Scope<PayInvoices>, attempt: &payment_attempt::Model) -> Option<PendingAction> {
    let id = attempt
        .gateway_intent
        .as_ref()
        .filter(|_| attempt.state == AttemptState::NeedsAction)?;
    let gateway = &scope.ports().gateway;
    let seller = TenantId(attempt.seller_id);
    let intent = match gateway.find_intent(seller, id).await {
        Ok(intent) => intent?,
        Err(error) => {
            tracing::warn!(attempt = %attempt.id, %error, "no client secret");
            return None;
        }
    };
    let client_secret = intent
        .client_secret
        .filter(|_| intent.state == IntentState::RequiresAction)?;
    Some(PendingAction {
        client_secret,
        gateway: gateway.form(seller),
    })
}

/// Tenants by their ids.
pub(crate) async fn tenants(
    scope: &Scope<PayInvoices>,
    ids: BTreeSet<Uuid>,
) -> Result<BTreeMap<Uuid, tenant::Model>, Error> {
    let rows = scope
        .find::<tenant::Entity>()
        .filter(tenant::Column::Id.is_in(ids))
        .all(scope.db())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}
