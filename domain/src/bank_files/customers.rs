//! Whose money an entry of a bank's file may be.

use super::{
    candidates::{Candidates, KnownCustomer},
    reasons::Reason,
    statement::StatementEntry,
    tokens::{Runs, is_weak, plain_name},
};

/// Customers for which something in the entry speaks.
pub(super) fn customers<'a>(
    entry: &StatementEntry,
    runs: &Runs,
    candidates: Candidates<'a>,
) -> Vec<(&'a KnownCustomer, Vec<Reason>)> {
    let payer = entry.payer_name.as_deref().map(plain_name).unwrap_or_default();
    let mut found = Vec::new();
    for customer in candidates.customers {
        let mut why = Vec::new();
        if let Some(id) = &customer.external_id
            && !is_weak(id)
            && runs.has(id)
        {
            why.push(Reason::ExternalIdNamed { id: id.clone() });
        }
        if candidates.paid_from_here.contains(&customer.account) {
            why.push(Reason::AccountKnown);
        }
        if !payer.is_empty() && plain_name(&customer.name) == payer {
            why.push(Reason::NameFits {
                name: customer.name.clone(),
            });
        }
        if !why.is_empty() {
            found.push((customer, why));
        }
    }
    found
}
