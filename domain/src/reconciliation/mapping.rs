//! Who of the vendor's companies is which customer, and which of one's own products stand for one of the vendor's.
//!
//! A mapping holds from a month on until a later one takes its place, so that an old month reconciles as it did (V57).

use super::Month;
use crate::{bank_files::plain_name, ids::AccountId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A company or a product of a vendor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct VendorRef {
    /// The vendor, by [`super::vendor_key`].
    pub vendor: String,
    /// The company or product, by the key that its lines have.
    pub key: String,
}

/// What is known about a company of a vendor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyMapping {
    /// What the vendor called it when it was mapped.
    pub name: String,
    /// Which customer it is.
    pub account: Option<AccountId>,
    /// It is left out of every report (V54).
    pub excluded: bool,
}

/// What is known about a product of a vendor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductMapping {
    /// What the vendor called it when it was mapped.
    pub name: String,
    /// Item codes of the seller's products that stand for it; their quantities are summed (X21).
    pub items: BTreeSet<String>,
    /// It is left out of every report (V54).
    pub excluded: bool,
}

/// What holds in a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mappings {
    /// Companies.
    pub companies: BTreeMap<VendorRef, CompanyMapping>,
    /// Products.
    pub products: BTreeMap<VendorRef, ProductMapping>,
}

impl Mappings {
    /// Whether what a vendor bills a company for a product is left out.
    pub fn leaves_out(&self, company: &VendorRef, product: &VendorRef) -> bool {
        let no_company = self.companies.get(company).is_some_and(|found| found.excluded);
        no_company || self.products.get(product).is_some_and(|found| found.excluded)
    }
}

/// Of mappings with the month from which each holds, those that hold in a month.
pub fn in_force<T>(
    all: impl IntoIterator<Item = (VendorRef, Month, T)>,
    month: Month,
) -> BTreeMap<VendorRef, T> {
    let mut latest: BTreeMap<VendorRef, (Month, T)> = BTreeMap::new();
    for (about, from, mapping) in all {
        let later = latest.get(&about).is_none_or(|(known, _)| *known <= from);
        if from <= month && later {
            latest.insert(about, (from, mapping));
        }
    }
    latest
        .into_iter()
        .map(|(about, (_, mapping))| (about, mapping))
        .collect()
}

/// Proposes the customer that each name means: the one whose name is the same but for case and punctuation. A name that
/// two customers have proposes nothing.
pub fn propose_customers<'a>(
    names: impl IntoIterator<Item = &'a str>,
    customers: impl IntoIterator<Item = (AccountId, &'a str)>,
) -> Vec<Option<AccountId>> {
    let mut known: BTreeMap<String, Option<AccountId>> = BTreeMap::new();
    for (account, name) in customers {
        known
            .entry(plain_name(name))
            .and_modify(|found| *found = None)
            .or_insert(Some(account));
    }
    let find = |name: &str| {
        let plain = plain_name(name);
        known.get(&plain).copied().flatten().filter(|_| !plain.is_empty())
    };
    names.into_iter().map(find).collect()
}
