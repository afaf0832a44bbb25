//! Demo data from a fixed seed: a distributor, its partners, their customers, and over a year of trade between them.
//!
//! The same code serves the demo, the browser tests and the performance figures. Dates are relative to the day given,
//! so a demo is never stale (D14). The trade is written in one transaction, as the payment core would have left it, and
//! passes the check; a vendor's bill, bills of a parent, a debit of a bank and disputes then come in as anybody's do.

mod bills;
mod catalogue;
mod debit;
mod disputes;
mod papers;
mod people;
mod random;
pub(crate) mod settle;
#[cfg(test)]
mod tests;
mod trade;
mod vendor;

use crate::{Actor, Backend, Error, scope::time_zone, sessions::hash_password};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::TenantId;
use entity::tenant;
use random::Random;
use sea_orm::EntityTrait;

/// How the demo data is made.
#[derive(Clone, Debug)]
pub struct Demo {
    /// The day that all dates are relative to; no document is dated after it.
    pub today: NaiveDate,
    /// Everybody's password.
    pub password: String,
    /// The same seed gives the same data.
    pub seed: u64,
}

/// What was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// The distributor.
    pub distributor: TenantId,
    /// The partner of `partner.example`.
    pub partner: TenantId,
    /// The customer of `customer.example`.
    pub customer: TenantId,
    /// Tenants.
    pub tenants: usize,
    /// Invoices, drafts included.
    pub invoices: usize,
}

/// Addresses of the people that the demo data has.
pub const PEOPLE: &[&str] = &[
    "admin@distributor.example",
    "finance@distributor.example",
    "sales@distributor.example",
    "admin@partner.example",
    "payer@partner.example",
    "user@partner.example",
    "admin@customer.example",
    "viewer@customer.example",
];

/// The latest day that has begun for every seller of the demo data. A document of a later one would be in its seller's
/// future, and nothing could be issued before it (V22).
///
/// # Errors
/// When a time zone is not known, which a test rules out.
pub fn today(now: DateTime<Utc>) -> Result<NaiveDate, Error> {
    let (_, distributor) = catalogue::DISTRIBUTOR;
    let places = catalogue::PARTNERS.iter().map(|(_, place)| *place);
    places
        .chain([distributor])
        .try_fold(now.date_naive(), |day, place| {
            let there = now.with_timezone(&time_zone(place.time_zone)?).date_naive();
            Ok(day.min(there))
        })
}

/// What the demo's chance begins with: the same data everywhere.
pub const SEED: u64 = 1;

/// Fills an empty database with demo data.
///
/// # Errors
/// [`Error::Conflict`] when there are tenants already; [`Error::Database`].
pub async fn demo(backend: &Backend, demo: &Demo) -> Result<Made, Error> {
    require_empty(backend).await?;
    let hash = hash_password(backend, &demo.password).await?;
    let mut random = Random::new(demo.seed);
    let founder = Actor::founder(backend, TenantId(crate::new_id()), "Demo data");
    let mut tx = founder.found().await?;
    let people = people::create(&mut tx, &mut random, founder.tenant(), &hash).await?;
    let invoices = trade::create(&mut tx, &mut random, demo.today, &people.accounts).await?;
    tx.commit().await?;
    vendor::create(backend, people.partner, demo.today).await?;
    papers::create(backend, founder.tenant(), people.partner).await?;
    bills::create(backend, people.partner, people.customer, demo.today).await?;
    debit::create(backend, people.customer).await?;
    disputes::create(backend, people.partner, people.customer).await?;
    Ok(Made {
        distributor: founder.tenant(),
        partner: people.partner,
        customer: people.customer,
        tenants: people.tenants,
        invoices,
    })
}

#[expect(clippy::disallowed_methods, reason = "asks whether there is anybody at all")]
async fn require_empty(backend: &Backend) -> Result<(), Error> {
    match tenant::Entity::find().one(backend.system().db()).await? {
        Some(_) => Err(Error::Conflict),
        None => Ok(()),
    }
}
