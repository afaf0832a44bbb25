//! The invoices whose open amounts are together just a sum: what a customer meant who paid several with one transfer.
//!
//! Bounded work: at most [`MOST_EXACT`] invoices are looked at, those due first that are not above the sum. They are
//! halved, all sums of each half are written down, and each sum of the one looks for what is missing in the other. So
//! there are two lists of at most 2^18 sums, and not 2^36.

use super::{Open, Share};
use crate::{ids::InvoiceId, money::Money, refusal::Refusal};
use std::cmp::Reverse;

/// The most invoices among which an exact sum is looked for.
pub const MOST_EXACT: usize = 36;

/// The invoices that are together the total, or none and all of it as the rest. Of several such sets the one of fewest
/// invoices, then the one that has what comes first in the order.
pub(super) fn sum(total: Money, order: &[&Open]) -> Result<Share, Refusal> {
    for open in order {
        // Refuses another currency.
        total.min(open.payable)?;
    }
    let fits = |open: &&&Open| open.payable.is_positive() && open.payable.minor() <= total.minor();
    let candidates: Vec<&Open> = order.iter().filter(fits).take(MOST_EXACT).copied().collect();
    let parts: Vec<(InvoiceId, Money)> = find(total, &candidates)
        .into_iter()
        .map(|at| (candidates[at].invoice, candidates[at].payable))
        .collect();
    let rest = if parts.is_empty() {
        total
    } else {
        Money::zero(total.currency())
    };
    Ok(Share { parts, rest })
}

/// One set of a half: what it sums to, and which it is. Bit by bit the first invoice is the highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Set {
    sum: i64,
    count: u32,
    which: Reverse<u32>,
}

/// The places of the set that is together the total; none when there is no such set.
fn find(total: Money, candidates: &[&Open]) -> Vec<usize> {
    if !total.is_positive() {
        return Vec::new();
    }
    let (first, second) = candidates.split_at(candidates.len() / 2);
    let second_sets = sets(second, total.minor());
    let mut best: Option<(u32, Reverse<u32>, Reverse<u32>)> = None;
    for set in sets(first, total.minor()) {
        let missing = total.minor() - set.sum;
        if let Ok(at) = second_sets.binary_search_by_key(&missing, |other| other.sum) {
            let other = second_sets[at];
            let found = (set.count + other.count, set.which, other.which);
            best = Some(best.map_or(found, |best| best.min(found)));
        }
    }
    let Some((_, Reverse(in_first), Reverse(in_second))) = best else {
        return Vec::new();
    };
    let places = |which: u32, of: usize| (0..of).filter(move |at| which >> (of - 1 - at) & 1 == 1);
    places(in_first, first.len())
        .chain(places(in_second, second.len()).map(|at| first.len() + at))
        .collect()
}

/// The best set for each sum up to the total, by sum.
fn sets(of: &[&Open], total: i64) -> Vec<Set> {
    let mut all = vec![Set {
        sum: 0,
        count: 0,
        which: Reverse(0),
    }];
    for (at, open) in of.iter().enumerate() {
        let bit = 1 << (of.len() - 1 - at);
        let with = |set: &Set| {
            let sum = set.sum.checked_add(open.payable.minor())?;
            (sum <= total).then_some(Set {
                sum,
                count: set.count + 1,
                which: Reverse(set.which.0 | bit),
            })
        };
        let more: Vec<Set> = all.iter().filter_map(with).collect();
        all.extend(more);
    }
    all.sort_unstable();
    all.dedup_by_key(|set| set.sum);
    all
}
