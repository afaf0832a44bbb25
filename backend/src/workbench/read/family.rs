//! A customer with its subsidiaries, and in which currencies there is something.

use super::lists::{notes, payments};
use crate::{Error, codes::currency, payments::payers::own, scope::Scope};
use domain::{Currency, access::RecordPayments, ids::AccountId};
use entity::{Uuid, account, account_currency, credit_note, payment, subsidiary};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use std::collections::BTreeSet;

/// An account, and those of its subsidiaries.
pub(super) struct Family(pub(super) Vec<account::Model>);

impl Family {
    /// An account with those of its buyer's subsidiaries, by name.
    pub(super) async fn of(scope: &Scope<RecordPayments>, id: AccountId) -> Result<Self, Error> {
        let found = scope
            .find::<account::Entity>()
            .filter(account::Column::Id.eq(id.0))
            .one(scope.db())
            .await?;
        let own = found.ok_or(Error::NotFound)?;
        let below = scope
            .find::<subsidiary::Entity>()
            .filter(subsidiary::Column::ParentId.eq(own.buyer_id))
            .select_only()
            .column(subsidiary::Column::BuyerId)
            .into_query();
        let below = scope
            .find::<account::Entity>()
            .filter(account::Column::BuyerId.in_subquery(below))
            .order_by_asc(account::Column::BuyerSearch)
            .all(scope.db())
            .await?;
        Ok(Self(std::iter::once(own).chain(below).collect()))
    }

    /// Whose page it is.
    pub(super) fn own(&self) -> &account::Model {
        &self.0[0]
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.0.iter().map(|account| account.id)
    }

    /// Where an account stands among them.
    pub(super) fn place(&self, account: Uuid) -> Option<usize> {
        self.ids().position(|id| id == account)
    }

    /// The company of an account, where there are several.
    pub(super) fn company(&self, account: AccountId) -> Option<String> {
        let found = self.0.iter().find(|one| one.id == account.0);
        found
            .filter(|_| self.0.len() > 1)
            .map(|account| account.buyer_name.clone())
    }
}

/// Currencies in which the family was ever billed.
pub(super) async fn currencies(
    scope: &Scope<RecordPayments>,
    family: &Family,
) -> Result<Vec<Currency>, Error> {
    let codes: Vec<String> = scope
        .find::<account_currency::Entity>()
        .filter(account_currency::Column::AccountId.is_in(family.ids()))
        .select_only()
        .column(account_currency::Column::Currency)
        .into_tuple()
        .all(scope.db())
        .await?;
    let codes: BTreeSet<String> = codes.into_iter().collect();
    codes.iter().map(|code| currency(code)).collect()
}

/// The currency of the money that waits longest, or else one in which the family is billed.
pub(super) async fn likely(
    scope: &Scope<RecordPayments>,
    family: &Family,
    currencies: &[Currency],
) -> Result<Currency, Error> {
    for account in &family.0 {
        let money: Option<String> = payments(scope, account.id)
            .select_only()
            .column(payment::Column::Currency)
            .into_tuple()
            .one(scope.db())
            .await?;
        let credit: Option<String> = match money {
            Some(_) => None,
            None => {
                notes(scope, account.id)
                    .select_only()
                    .column(credit_note::Column::Currency)
                    .into_tuple()
                    .one(scope.db())
                    .await?
            }
        };
        if let Some(code) = money.or(credit) {
            return currency(&code);
        }
    }
    match currencies.first() {
        Some(first) => Ok(*first),
        None => currency(&own(scope).await?.currency),
    }
}
