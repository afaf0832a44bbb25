//! Whose a charge is that nobody here asked for, where several sellers use one account at the gateway.
//!
//! One of a customer of the seller is the seller's. One of another seller's intent or customer is not; every attempt has a
//! customer before it has an intent, so that is all there is to know. What is left on a shared account is the distributor's,
//! who lent it.

use super::findings::Found;
use crate::{Error, scope::Scope};
use domain::{
    access::{RefundPayments, TenantKind},
    gateway::FindingKind,
};
use entity::{Uuid, account, payment_attempt};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// Leaves out what is another seller's, and names the customers of the rest.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn ours(scope: &Scope<RefundPayments>, mut found: Vec<Found>) -> Result<Vec<Found>, Error> {
    if found.is_empty() {
        return Ok(found);
    }
    let customers = customers(scope, &found).await?;
    for one in &mut found {
        let customer = one.charge.customer.as_ref();
        let known = customer.and_then(|customer| customers.get(customer));
        one.account = one.account.or(known.copied());
    }
    if !scope.ports().gateway.is_shared(scope.tenant()) {
        return Ok(found);
    }
    let of_others = of_others(scope, &found).await?;
    let lends = scope.actor().kind() == TenantKind::Distributor;
    found.retain(|one| {
        let rest = lends && !of_others.contains(&one.charge.reference);
        one.kind != FindingKind::Unasked || one.account.is_some() || rest
    });
    Ok(found)
}

/// Accounts of the seller by the gateway's customers.
async fn customers(scope: &Scope<RefundPayments>, found: &[Found]) -> Result<BTreeMap<String, Uuid>, Error> {
    let rows = scope
        .find::<account::Entity>()
        .filter(account::Column::GatewayCustomer.is_in(named(found)))
        .all(scope.db())
        .await?;
    let by_customer = |row: account::Model| Some((row.gateway_customer?, row.id));
    Ok(rows.into_iter().filter_map(by_customer).collect())
}

/// References of charges that another seller knows anything of.
#[expect(
    clippy::disallowed_methods,
    reason = "asks of all sellers, and tells no more than that there is one"
)]
async fn of_others(scope: &Scope<RefundPayments>, found: &[Found]) -> Result<BTreeSet<String>, Error> {
    let db = scope.backend().system().db();
    let references = found.iter().map(|one| one.charge.reference.as_str());
    let intents: Vec<String> = payment_attempt::Entity::find()
        .filter(payment_attempt::Column::GatewayIntent.is_in(references))
        .filter(payment_attempt::Column::SellerId.ne(scope.tenant().0))
        .select_only()
        .column(payment_attempt::Column::GatewayIntent)
        .into_tuple()
        .all(db)
        .await?;
    let customers: Vec<String> = account::Entity::find()
        .filter(account::Column::GatewayCustomer.is_in(named(found)))
        .filter(account::Column::SellerId.ne(scope.tenant().0))
        .select_only()
        .column(account::Column::GatewayCustomer)
        .into_tuple()
        .all(db)
        .await?;
    let of_customer = |one: &&Found| {
        let customer = one.charge.customer.as_ref();
        customer.is_some_and(|customer| customers.contains(customer))
    };
    let theirs = found.iter().filter(of_customer);
    let theirs = theirs.map(|one| one.charge.reference.clone());
    Ok(intents.into_iter().chain(theirs).collect())
}

/// Customers that the gateway names.
fn named(found: &[Found]) -> impl Iterator<Item = &str> {
    found.iter().filter_map(|one| one.charge.customer.as_deref())
}
