//! Who is in a generated database, and who is signed in there.

use chrono::{DateTime, SubsecRound, Utc};
use uuid::Uuid;

/// Buyers, the largest one included.
pub(crate) const BUYERS: u32 = 150;

/// Kinds of generated ids; each id tells its kind and number.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Made {
    /// The seller is number 0, the buyers follow from 1 on.
    Tenant = 1,
    /// As the tenants.
    User = 2,
    /// One for each buyer, from 1 on.
    Account = 3,
    /// From 1 on, as all that follow.
    Invoice = 4,
    /// One for each invoice on which something was paid.
    Payment = 5,
    /// As the payments.
    Allocation = 6,
    /// One for each invoice.
    Audit = 7,
    /// The largest buyer's.
    Card = 8,
}

/// Milliseconds in front of generated ids: they ascend in time, as those of the portal do.
pub(crate) const ID_TIME: u64 = 1_750_000_000_000;

/// The id that the generator's SQL writes for a number.
pub(crate) fn id(kind: Made, number: u64) -> Uuid {
    let time = u128::from(ID_TIME + number) << 80;
    Uuid::from_u128(time | (0x7000 | kind as u128) << 64 | 0x8000 << 48 | u128::from(number))
}

/// Who is signed in, and since when.
#[derive(Clone, Debug)]
pub(crate) struct People {
    /// Token of the seller's session.
    pub(crate) seller_token: String,
    /// Token of the largest buyer's session.
    pub(crate) buyer_token: String,
    /// The moment of the generation.
    pub(crate) now: DateTime<Utc>,
}

impl People {
    /// Two sessions of their own.
    pub(crate) fn at(now: DateTime<Utc>) -> Self {
        let token = || format!("{}{}", Uuid::now_v7().simple(), Uuid::now_v7().simple());
        Self {
            seller_token: token(),
            buyer_token: token(),
            // No finer than both databases keep it.
            now: now.trunc_subsecs(6),
        }
    }
}

/// The seller.
pub(crate) fn seller() -> Uuid {
    id(Made::Tenant, 0)
}

/// The largest buyer, who has one invoice in ten.
pub(crate) fn largest() -> Uuid {
    id(Made::Tenant, 1)
}
