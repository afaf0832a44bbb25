//! `quittance check`: whether the stored data is what the rules say it must be (K22).
//!
//! Constraints already refuse most of what is looked for here; this is the proof that nothing went round them, and
//! that sums that no constraint can see are right. Each rule is one statement that finds what breaks it, so it sees
//! one state of the database, costs no memory when all is well, and changes nothing.

mod books;
mod cash;
mod credit;
mod invoices;
mod orphans;
mod prove;
mod rollups;
mod rules;
#[cfg(test)]
mod tests;

pub use prove::prove;

use crate::{Backend, Error, database::Sql};
use books::BOOKS;
use cash::CASH;
use credit::CREDIT;
use domain::ids::TenantId;
use invoices::INVOICES;
use orphans::ORPHANS;
use rollups::ROLLUPS;
use rules::{RULES, Rule};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// Findings that are told of each rule; more would say no more.
const TOLD: u64 = 100;

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Short name of what was checked.
    pub check: &'static str,
    /// The rule behind it, as in `docs/RULES.md`; empty when it is one of the database's own.
    pub rule: &'static str,
    /// Whose data it is: the seller of a document.
    pub tenant: TenantId,
    /// The row, or the one that it hangs on.
    pub id: Uuid,
    /// What is stored.
    pub found: i64,
    /// What follows from the rest of the data.
    pub wanted: i64,
}

/// Looks for everything that is wrong, the first hundred of each kind. Reads only, and may run on live data.
///
/// # Errors
/// [`Error::Database`].
pub async fn run(backend: &Backend) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    for rule in all() {
        findings.extend(broken(backend, rule).await?);
    }
    Ok(findings)
}

/// How many rules are checked.
pub fn rules() -> usize {
    all().count()
}

fn all() -> impl Iterator<Item = &'static Rule> {
    [RULES, INVOICES, CREDIT, ROLLUPS, ORPHANS, BOOKS, CASH]
        .into_iter()
        .flatten()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the check looks at everybody's data and tells only ids and numbers"
)]
async fn broken(backend: &Backend, rule: &Rule) -> Result<Vec<Finding>, Error> {
    let db = backend.system().db();
    let mut sql = Sql::new(db.get_database_backend());
    sql.push("SELECT tenant, id, CAST(found AS bigint), CAST(wanted AS bigint) FROM (");
    sql.push(rule.statement)
        .push(&format!(") AS broken LIMIT {TOLD}"));
    let rows = db.query_all_raw(sql.statement()).await?;
    rows.iter()
        .map(|row| {
            Ok(Finding {
                check: rule.check,
                rule: rule.rule,
                tenant: TenantId(row.try_get_by_index(0)?),
                id: row.try_get_by_index(1)?,
                found: row.try_get_by_index(2)?,
                wanted: row.try_get_by_index(3)?,
            })
        })
        .collect()
}
