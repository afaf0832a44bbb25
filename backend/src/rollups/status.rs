//! What bills fulfil that are looked for by how far they are: by their invoices as they are today, by what is booked on those as of a
//! day before.

use crate::{
    alike::{exists, same},
    ledger::as_of::of_book,
    scope::{Scope, SeesInvoices},
};
use chrono::NaiveDate;
use domain::{ledger::Book, rollups::list::RollupStatus};
use entity::{invoice, posting, rollup, rollup_line};
use sea_orm::{
    ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};

/// Bills that are so far, today.
pub(super) fn of_status<P: SeesInvoices>(scope: &Scope<P>, status: RollupStatus) -> Condition {
    let open = scope
        .invoices_to_pay()
        .filter(same(invoice::Column::SellerId, rollup::Column::SellerId))
        .filter(same(invoice::Column::RollupId, rollup::Column::Id))
        .filter(invoice::Column::OpenMinor.gt(0));
    by(status, Condition::all(), exists(open))
}

/// Bills that were so far at the end of a day. It costs what is booked on the invoices of the bills that are looked at.
pub(super) fn of_status_then<P: SeesInvoices>(
    scope: &Scope<P>,
    status: RollupStatus,
    on: NaiveDate,
) -> Condition {
    let open = on_lines(scope, on)
        .filter(same(rollup_line::Column::SellerId, rollup::Column::SellerId))
        .filter(same(rollup_line::Column::RollupId, rollup::Column::Id))
        .select_only()
        .expr(of_book(Book::Receivable).sum().if_null(0));
    let open = Expr::SubQuery(None, Box::new(open.into_query().into()));
    let withdrawn = Condition::all().add(rollup::Column::VoidedOn.lte(on));
    by(status, withdrawn, open.gt(0))
}

/// What was booked until the end of a day on invoices, with the lines of bills in which they stand.
pub(super) fn on_lines<P: SeesInvoices>(scope: &Scope<P>, on: NaiveDate) -> Select<posting::Entity> {
    let held = Condition::all()
        .add(same(rollup_line::Column::SellerId, posting::Column::SellerId))
        .add(same(rollup_line::Column::InvoiceId, posting::Column::InvoiceId));
    let mut rows = scope.booked_on_bills().filter(posting::Column::BookedOn.lte(on));
    QuerySelect::query(&mut rows).inner_join(rollup_line::Entity, held);
    rows
}

/// What a bill fulfils that is so far, said by when it was withdrawn, if it was, and by whether something of it is open.
fn by(status: RollupStatus, in_time: Condition, open: Expr) -> Condition {
    let withdrawn = Condition::all()
        .add(rollup::Column::VoidedOn.is_not_null())
        .add(in_time);
    match status {
        RollupStatus::Open => Condition::all().add(withdrawn.not()).add(open),
        RollupStatus::Settled => Condition::all().add(withdrawn.not()).add(open.not()),
        RollupStatus::Withdrawn => withdrawn,
    }
}
