//! The conditions of the grid's statements: which rows of a branch a filter leaves.
//!
//! What is constant is written as text, what came from outside is bound, always.

use super::rows;
use crate::{database::Sql, scope::Company};
use chrono::NaiveDate;
use domain::{
    access::Side,
    ids::TenantId,
    invoices::{InvoiceFilter, Status},
};
use entity::codes::Stage;
use uuid::Uuid;

/// Up to this many customers get branches of their own.
pub(super) const MOST_BRANCHED: usize = 8;

/// What the conditions need to know beyond the filter.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// From which side.
    pub(super) side: Side,
    /// Who looks.
    pub(super) tenant: TenantId,
    /// On the buyer's side, whose papers: with the narrow reach the tenant's alone.
    pub(super) companies: Vec<Company>,
    /// Today at the sellers'.
    pub(super) today: Today,
    /// The other sides that the customer filter found; none: no such filter.
    pub(super) parties: Option<Parties>,
    /// A prefix filter finds so few rows that they are better sorted than searched for in order.
    pub(super) few_by_prefix: bool,
}

/// Today at the sellers': zones differ, and so may the date, by one day at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Today {
    /// The earliest of the dates.
    pub(super) date: NaiveDate,
    /// Sellers where it is the day after.
    pub(super) ahead: Vec<Uuid>,
}

/// The other sides that a filter found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Parties {
    /// These few.
    Few(Vec<Uuid>),
    /// All whose search words contain this pattern.
    Many(String),
}

/// Whether a stage has rows of the wanted statuses; if so, whether only the overdue ones of it. Each status is
/// matched by itself (D14): "open" finds everything on which something is open, "overdue" the partly paid too.
pub(super) fn wanted(stage: Stage, statuses: &[Status]) -> Option<bool> {
    let has = |status: Status| statuses.contains(&status);
    let whole = statuses.is_empty()
        || match stage {
            Stage::Draft => has(Status::Draft),
            Stage::Open => has(Status::Open),
            Stage::PartlyPaid => has(Status::Open) || has(Status::PartiallyPaid),
            Stage::Paid => has(Status::Paid),
            Stage::Void => has(Status::Void),
            Stage::WrittenOff => has(Status::WrittenOff),
        };
    match stage {
        _ if whole => Some(false),
        Stage::Open | Stage::PartlyPaid if has(Status::Overdue) => Some(true),
        Stage::Draft | Stage::Open | Stage::PartlyPaid | Stage::Paid | Stage::Void | Stage::WrittenOff => {
            None
        }
    }
}

/// Only what was due before today.
pub(super) fn overdue(sql: &mut Sql, today: &Today) {
    sql.push(" AND due_date < ");
    if today.ahead.is_empty() {
        sql.bind(today.date);
        return;
    }
    let next = today.date.succ_opt().unwrap_or(today.date);
    sql.bind(next)
        .push(" AND (due_date < ")
        .bind(today.date)
        .push(" OR seller_id IN (");
    sql.bind_all(today.ahead.iter().copied()).push("))");
}

/// Only the other sides that a customer filter found.
pub(super) fn narrow_to_parties(sql: &mut Sql, side: Side, tenant: TenantId, parties: &Parties) {
    let (other, search, own) = match side {
        Side::Seller => ("buyer_id", "buyer_search", "seller_id"),
        Side::Buyer => ("seller_id", "seller_search", "buyer_id"),
    };
    sql.push(" AND ").no_index().push(other);
    match parties {
        Parties::Few(ids) => {
            sql.push(" IN (").bind_all(ids.iter().copied()).push(")");
        }
        Parties::Many(pattern) => {
            sql.push(" IN (SELECT ")
                .push(other)
                .push(" FROM accounts WHERE ")
                .push(own)
                .push(" = ");
            sql.bind(tenant.0).push(" AND ").push(search).push(" LIKE ");
            sql.bind(pattern.clone()).push(" ESCAPE '\\')");
        }
    }
}

/// What else a filter asks for.
pub(super) fn narrow(sql: &mut Sql, filter: &InvoiceFilter) {
    let InvoiceFilter {
        number,
        customer: _,
        order_id,
        sources,
        statuses: _,
        due_from,
        due_to,
        issued_from,
        issued_to,
        currency,
        total_from,
        total_to,
        company: _,
        disputed,
    } = filter;
    if *disputed {
        sql.push(" AND disputed_minor > 0");
    }
    for (column, prefix) in [("number_key", number), ("order_key", order_id)] {
        if let Some(prefix) = prefix {
            let prefix = rows::key(prefix);
            // The last character there is closes the range.
            let end = format!("{prefix}\u{10FFFF}");
            sql.push(" AND ").push(column).push(" >= ").bind(prefix);
            sql.push(" AND ").push(column).push(" < ").bind(end);
        }
    }
    for (condition, date) in [
        (" AND due_date >= ", due_from),
        (" AND due_date <= ", due_to),
        (" AND issue_key >= ", issued_from),
        (" AND issue_key <= ", issued_to),
    ] {
        if let Some(date) = date {
            sql.push(condition).bind(*date);
        }
    }
    if !sources.is_empty() {
        let words: Vec<String> = sources
            .iter()
            .map(|source| format!("'{}'", source.code()))
            .collect();
        sql.push(" AND ")
            .no_index()
            .push("source IN (")
            .push(&words.join(", "))
            .push(")");
    }
    if let Some(currency) = currency {
        sql.push(" AND currency = '").push(currency.code()).push("'");
        for (condition, minor) in [
            (" AND total_minor >= ", total_from),
            (" AND total_minor <= ", total_to),
        ] {
            if let Some(minor) = minor {
                sql.push(condition).bind(*minor);
            }
        }
    }
}
