//! Whom a document bills: the seller's customers by external id, tax id, e-mail and name, in this order.

use crate::{
    Error,
    invoices::write::{AccountFacts, party},
    profiles::{Bound, bound_of_all},
};
use domain::{
    ids::{AccountId, TenantId},
    imports::{CustomerKey, Problem},
};
use entity::{Uuid, account, billing_profile, tenant};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, Select};
use std::{borrow::Cow, collections::BTreeMap};

/// Tenants that are read at once.
const AT_ONCE: usize = 500;

/// One customer.
#[derive(Clone, Debug)]
pub(super) struct Customer {
    /// What goes onto its documents, by its default profile.
    pub(super) facts: AccountFacts,
    /// All profiles that its invoices can be bound to.
    profiles: Vec<Bound>,
    /// Days that it has to pay.
    pub(super) terms_days: i32,
}

impl Customer {
    /// What goes onto a document that names a profile, or none.
    ///
    /// # Errors
    /// [`Problem::UnknownProfile`].
    pub(super) fn billed_by(&self, name: Option<&str>) -> Result<Cow<'_, AccountFacts>, Problem> {
        let Some(name) = name else {
            return Ok(Cow::Borrowed(&self.facts));
        };
        let key = plain(name);
        let found = self
            .profiles
            .iter()
            .find(|bound| plain(&bound.profile.name) == key);
        let bound = found.cloned().ok_or_else(|| Problem::UnknownProfile {
            name: name.to_owned(),
        })?;
        Ok(Cow::Owned(AccountFacts {
            bound,
            ..self.facts.clone()
        }))
    }
}

/// All customers of a seller.
pub(super) struct Customers {
    all: Vec<Customer>,
    by_key: [BTreeMap<String, Vec<usize>>; 4],
}

impl Customers {
    /// Reads them. `tenants` and `profiles` are those the seller may see.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(super) async fn load(
        seller: TenantId,
        accounts: Select<account::Entity>,
        tenants: Select<tenant::Entity>,
        profiles: Select<billing_profile::Entity>,
        db: &impl ConnectionTrait,
    ) -> Result<Self, Error> {
        let accounts = accounts.all(db).await?;
        let mut profiles = bound_of_all(profiles, db).await?;
        let mut rows: BTreeMap<Uuid, tenant::Model> = BTreeMap::new();
        let ids: Vec<Uuid> = accounts
            .iter()
            .map(|account| account.buyer_id)
            .chain([seller.0])
            .collect();
        for some in ids.chunks(AT_ONCE) {
            let some = tenants
                .clone()
                .filter(tenant::Column::Id.is_in(some.iter().copied()))
                .all(db)
                .await?;
            rows.extend(some.into_iter().map(|row| (row.id, row)));
        }
        let seller_party = party(rows.get(&seller.0).ok_or(Error::NotFound)?);
        let mut customers = Self {
            all: Vec::with_capacity(accounts.len()),
            by_key: Default::default(),
        };
        for account in accounts {
            let Some(buyer) = rows.get(&account.buyer_id) else {
                continue;
            };
            let profiles = profiles.remove(&account.id).unwrap_or_default();
            let bound = profiles.first().cloned();
            let bound = bound.ok_or_else(|| Error::corrupt("an account without a default profile"))?;
            customers.add(Customer {
                profiles,
                terms_days: account.terms_days,
                facts: AccountFacts {
                    seller,
                    account: AccountId(account.id),
                    buyer: TenantId(account.buyer_id),
                    external_id: account.external_id,
                    seller_party: seller_party.clone(),
                    buyer_party: party(buyer),
                    bound,
                },
            });
        }
        Ok(customers)
    }

    fn add(&mut self, customer: Customer) {
        let place = self.all.len();
        let buyer = &customer.facts.buyer_party;
        let keys = [
            customer.facts.external_id.as_ref(),
            buyer.tax_id.as_ref(),
            buyer.email.as_ref(),
            Some(&buyer.name),
        ];
        for (by_key, key) in self.by_key.iter_mut().zip(keys) {
            if let Some(key) = key.map(|key| plain(key)).filter(|key| !key.is_empty()) {
                by_key.entry(key).or_default().push(place);
            }
        }
        self.all.push(customer);
    }

    /// The customer that fits; the first kind of key that finds anybody decides.
    ///
    /// # Errors
    /// [`Problem::UnknownCustomer`], [`Problem::AmbiguousCustomer`].
    pub(super) fn find(&self, key: &CustomerKey) -> Result<usize, Problem> {
        let CustomerKey {
            external_id,
            tax_id,
            email,
            name,
        } = key;
        for (by_key, given) in self.by_key.iter().zip([external_id, tax_id, email, name]) {
            let found = given.as_ref().and_then(|given| by_key.get(&plain(given)));
            match found.map(Vec::as_slice) {
                None | Some([]) => {}
                Some([one]) => return Ok(*one),
                Some(_) => {
                    return Err(Problem::AmbiguousCustomer {
                        customer: key.clone(),
                    });
                }
            }
        }
        Err(Problem::UnknownCustomer {
            customer: key.clone(),
        })
    }

    pub(super) fn get(&self, place: usize) -> Option<&Customer> {
        self.all.get(place)
    }
}

/// Case and blanks do not tell customers apart.
fn plain(key: &str) -> String {
    key.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}
