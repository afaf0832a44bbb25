//! Whose a charge is that nobody here asked for, where several sellers use one account at the gateway.
//!
//! One of a customer of the seller is the seller's. One that another seller knows anything of is not. What is left on a
//! shared account is the distributor's, who lent it.

use super::findings::Found;
use crate::{Error, scope::Scope};
use domain::{
    access::{RefundPayments, TenantKind},
    gateway::FindingKind,
};
use entity::{account, payment, payment_attempt};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use std::collections::BTreeMap;

/// Leaves out what is another seller's, and names the customers of the rest.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn ours(scope: &Scope<RefundPayments>, found: Vec<Found>) -> Result<Vec<Found>, Error> {
    let customers = customers(scope, &found).await?;
    let alone = !scope.ports().gateway.is_shared(scope.tenant());
    let rest = alone || scope.actor().kind() == TenantKind::Distributor;
    let mut kept = Vec::with_capacity(found.len());
    for mut one in found {
        let customer = one.charge.customer.as_ref();
        let known = customer.and_then(|customer| customers.get(customer)).copied();
        one.account = one.account.or(known);
        let is_ours = one.kind != FindingKind::Unasked
            || one.account.is_some()
            || (rest && (alone || !is_claimed(scope, &one).await?));
        if is_ours {
            kept.push(one);
        }
    }
    Ok(kept)
}

/// Accounts of the seller by the gateway's customers.
async fn customers(
    scope: &Scope<RefundPayments>,
    found: &[Found],
) -> Result<BTreeMap<String, entity::Uuid>, Error> {
    let named = found.iter().filter_map(|one| one.charge.customer.as_deref());
    let rows = scope
        .find::<account::Entity>()
        .filter(account::Column::GatewayCustomer.is_in(named))
        .all(scope.db())
        .await?;
    let by_customer = |row: account::Model| Some((row.gateway_customer?, row.id));
    Ok(rows.into_iter().filter_map(by_customer).collect())
}

/// Whether another seller knows anything of a charge.
#[expect(
    clippy::disallowed_methods,
    reason = "asks of all sellers, and tells no more than that there is one"
)]
async fn is_claimed(scope: &Scope<RefundPayments>, found: &Found) -> Result<bool, Error> {
    let db = scope.backend().system().db();
    let charge = &found.charge;
    let mut asked =
        Condition::any().add(payment_attempt::Column::GatewayIntent.eq(charge.reference.as_str()));
    if let Some(attempt) = charge.attempt {
        asked = asked.add(payment_attempt::Column::Id.eq(attempt.0));
    }
    let others = payment_attempt::Entity::find()
        .filter(asked)
        .filter(payment_attempt::Column::SellerId.ne(scope.tenant().0));
    if others.one(db).await?.is_some() {
        return Ok(true);
    }
    let recorded = payment::Column::Reference.eq(charge.reference.as_str());
    if payment::Entity::find().filter(recorded).one(db).await?.is_some() {
        return Ok(true);
    }
    let Some(customer) = &charge.customer else {
        return Ok(false);
    };
    let known = account::Column::GatewayCustomer.eq(customer.as_str());
    Ok(account::Entity::find().filter(known).one(db).await?.is_some())
}
