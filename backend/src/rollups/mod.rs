//! Roll-up bills: one bill of a parent over its subsidiaries' invoices (V40, V41, V44).
//!
//! A bill holds invoices and owes nothing by itself, so all sums count an invoice once. From its issue until it is withdrawn an
//! invoice of it is paid by the parent's account alone: whoever locks invoices to pay them learns here which account that is,
//! and the ledger refuses any other one's money.

mod letters;
pub mod list;
pub mod read;
mod status;
#[cfg(test)]
pub(crate) mod tests;
pub mod write;

use domain::ids::AccountId;
use entity::{Uuid, invoice};
use sea_orm::{
    ColumnTrait, Condition, QueryFilter, Select,
    sea_query::{Expr, Func},
};

/// The account that pays an invoice: that it stands on, or the parent's with whose bill it is paid.
pub(crate) fn payer(row: &invoice::Model) -> AccountId {
    AccountId(row.rollup_account_id.unwrap_or(row.account_id))
}

/// Those of some invoices that an account pays: its own that are in no bill of a parent, and those of the bills that it received. Two
/// queries, since each goes along an index of its own.
pub(crate) fn paid_by(rows: &Select<invoice::Entity>, account: AccountId) -> [Select<invoice::Entity>; 2] {
    [
        rows.clone()
            .filter(invoice::Column::AccountId.eq(account.0))
            .filter(invoice::Column::RollupId.is_null()),
        rows.clone()
            .filter(invoice::Column::RollupAccountId.eq(account.0)),
    ]
}

/// The same as one condition, where several statements would not do.
pub(crate) fn pays(account: Uuid) -> Condition {
    let own = Condition::all()
        .add(invoice::Column::AccountId.eq(account))
        .add(invoice::Column::RollupId.is_null());
    Condition::any()
        .add(own)
        .add(invoice::Column::RollupAccountId.eq(account))
}

/// [`payer`], for statements.
pub(crate) fn payer_in_sql() -> Expr {
    first_of(invoice::Column::RollupAccountId, invoice::Column::AccountId)
}

/// The company of [`payer`], for statements.
pub(crate) fn paying_company_in_sql() -> Expr {
    first_of(invoice::Column::RollupBuyerId, invoice::Column::BuyerId)
}

fn first_of(one: invoice::Column, other: invoice::Column) -> Expr {
    let column = |column| Expr::col((invoice::Entity, column));
    Func::coalesce([column(one), column(other)]).into()
}
