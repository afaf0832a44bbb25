//! Subscriptions that end soon (X12, X13).

use super::{BilledTerm, Mappings, VendorLine, VendorRef};
use crate::decimal::Quantity;
use crate::invoices::codes::codes;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How soon. The wider windows hold the narrower ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Window {
    /// In 15 days.
    Days15,
    /// In 30 days.
    Days30,
    /// In 90 days.
    Days90,
}

codes! {
    Window:
        Days15 = "15" "Expire in 15 days",
        Days30 = "30" "Expire in 30 days",
        Days90 = "90" "Expire in 90 days";
}

impl Window {
    /// Its last day counted from today.
    pub const fn days(self) -> i64 {
        match self {
            Self::Days15 => 15,
            Self::Days30 => 30,
            Self::Days90 => 90,
        }
    }

    /// Whether a subscription that ends in so many days is in it. What ended is in none.
    pub const fn holds(self, days: i64) -> bool {
        0 <= days && days <= self.days()
    }
}

/// A subscription that ends in 90 days at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expiring {
    /// Whose, as the vendor calls them.
    pub company: String,
    /// Of what.
    pub product: String,
    /// How many.
    pub quantity: Quantity,
    /// Until when.
    pub ends_on: NaiveDate,
    /// In how many days.
    pub days: i64,
}

/// The subscriptions of a month's bills that end in 90 days at most, the next first. Left out are those that go on by
/// themselves, trials, cancelled ones, those without an end (V56), and what is excluded (V54).
pub fn expiring(bills: &[VendorLine<'_>], mappings: &Mappings, today: NaiveDate) -> Vec<Expiring> {
    let cancelled: BTreeSet<Subscription> = bills
        .iter()
        .filter(|line| line.line.cancelled)
        .map(subscription)
        .collect();
    let mut found: BTreeMap<Subscription, Expiring> = BTreeMap::new();
    for from in bills {
        let line = from.line;
        let goes_on = BilledTerm::read(line.term.as_deref()) != BilledTerm::Committed;
        if goes_on || mappings.leaves_out(&from.company(), &from.product()) {
            continue;
        }
        let key = subscription(from);
        let Some(ends_on) = line.ends_on.filter(|_| !cancelled.contains(&key)) else {
            continue;
        };
        let days = ends_on.signed_duration_since(today).num_days();
        if !Window::Days90.holds(days) {
            continue;
        }
        let expiring = Expiring {
            company: line.company.clone(),
            product: line.product.clone(),
            quantity: line.quantity,
            ends_on,
            days,
        };
        // One subscription may have several lines; its seats are those of the largest.
        let known = found.entry(key).or_insert_with(|| expiring.clone());
        if rank(&expiring) > rank(known) {
            *known = expiring;
        }
    }
    let mut all: Vec<Expiring> = found.into_values().collect();
    all.sort_by_cached_key(|one| {
        (
            one.ends_on,
            one.company.to_lowercase(),
            one.product.to_lowercase(),
        )
    });
    all
}

/// Which line of a subscription speaks for it, whatever their order.
fn rank(one: &Expiring) -> (Quantity, NaiveDate, &str, &str) {
    (one.quantity, one.ends_on, &one.company, &one.product)
}

/// What tells subscriptions apart: the vendor's id, or else whose of what.
type Subscription = (VendorRef, Option<VendorRef>);

fn subscription(line: &VendorLine<'_>) -> Subscription {
    match &line.line.subscription {
        Some(id) => {
            let vendor = line.vendor.to_owned();
            (
                VendorRef {
                    vendor,
                    key: id.clone(),
                },
                None,
            )
        }
        None => (line.company(), Some(line.product())),
    }
}
