//! Products that are compared as one: those of vendors that share one of the seller's products.
//!
//! A vendor sells a licence by the month and by the year under two numbers, the seller bills both as one product. Compared
//! apart the seller's quantity would count twice or would have to be divided by a guess.

use super::{Mappings, VendorRef};
use std::collections::{BTreeMap, BTreeSet};

/// The groups of a month.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    of_product: BTreeMap<VendorRef, usize>,
    of_item: BTreeMap<String, usize>,
    members: Vec<BTreeSet<VendorRef>>,
}

impl Groups {
    /// Puts the mapped products of some vendors into groups. Excluded ones are as if they were not there.
    pub(super) fn of(mappings: &Mappings, vendors: &BTreeSet<&str>) -> Self {
        let mut groups = Self::default();
        for (product, mapping) in &mappings.products {
            if mapping.excluded || mapping.items.is_empty() || !vendors.contains(product.vendor.as_str()) {
                continue;
            }
            let group = groups.joined(&mapping.items);
            groups.of_product.insert(product.clone(), group);
            if let Some(members) = groups.members.get_mut(group) {
                members.insert(product.clone());
            }
            for item in &mapping.items {
                groups.of_item.insert(item.clone(), group);
            }
        }
        groups
    }

    /// The group of a product that is mapped.
    pub(super) fn of_product(&self, product: &VendorRef) -> Option<usize> {
        self.of_product.get(product).copied()
    }

    /// The group of one of the seller's products.
    pub(super) fn of_item(&self, item: &str) -> Option<usize> {
        self.of_item.get(item).copied()
    }

    /// The vendors' products of a group.
    pub(super) fn members(&self, group: usize) -> impl Iterator<Item = &VendorRef> {
        self.members.get(group).into_iter().flatten()
    }

    /// The one group of all groups that have one of these items, or a new one.
    fn joined(&mut self, items: &BTreeSet<String>) -> usize {
        let met: BTreeSet<usize> = items.iter().filter_map(|item| self.of_item(item)).collect();
        let Some(first) = met.first().copied() else {
            self.members.push(BTreeSet::new());
            return self.members.len() - 1;
        };
        for other in met.into_iter().filter(|other| *other != first) {
            let moved = self
                .members
                .get_mut(other)
                .map(std::mem::take)
                .unwrap_or_default();
            if let Some(members) = self.members.get_mut(first) {
                members.extend(moved);
            }
            let all = self.of_product.values_mut().chain(self.of_item.values_mut());
            for group in all.filter(|group| **group == other) {
                *group = first;
            }
        }
        first
    }
}
