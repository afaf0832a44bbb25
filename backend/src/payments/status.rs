//! What payments fulfil whose status is asked for (P11): by what they say of themselves today, by what is booked on them as of a
//! day before.

use super::back;
use crate::{
    alike::same,
    codes::Stored,
    ledger::as_of::of_book,
    scope::{Scope, SeesInvoices},
};
use chrono::NaiveDate;
use domain::{
    ledger::{Book, EntryKind},
    payments::PaymentStatus,
    refunds::RefundKind,
};
use entity::{codes, payment, posting};
use sea_orm::{
    ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};

/// The acts by which money of a payment goes back, and comes again.
pub(super) const BACK: [EntryKind; 3] = [EntryKind::Refund, EntryKind::Chargeback, EntryKind::WonBack];

/// Payments of a status, today.
pub(super) fn of_status<P: SeesInvoices>(scope: &Scope<P>, status: PaymentStatus) -> Condition {
    let column = |column| Expr::col((payment::Entity, column));
    by_sums(
        status,
        &column(payment::Column::UnappliedMinor),
        &column(payment::Column::RefundedMinor),
        |kinds| back::because(scope, kinds),
    )
}

/// Payments of a status at the end of a day. It costs what is booked on the payments that are looked at.
pub(super) fn of_status_then<P: SeesInvoices>(
    scope: &Scope<P>,
    status: PaymentStatus,
    on: NaiveDate,
) -> Condition {
    // Unapplied money is owed to the customer, on the right; what goes back leaves from there.
    let unapplied = Expr::val(0).sub(booked(scope, on, &[]));
    by_sums(status, &unapplied, &booked(scope, on, &BACK), |kinds| {
        back::because_then(scope, kinds, on)
    })
}

/// What a payment fulfils whose status it is, said by what of it is put to nothing, what went back, and why that did.
fn by_sums(
    status: PaymentStatus,
    unapplied: &Expr,
    refunded: &Expr,
    because: impl Fn(&[RefundKind]) -> Expr,
) -> Condition {
    let kept = || Condition::all().add(refunded.clone().eq(0));
    let went = || Condition::all().add(refunded.clone().gt(0));
    // Else it was given back.
    let given = || went().add(because(&[RefundKind::Chargeback, RefundKind::Reversal]).not());
    let amount = Expr::col((payment::Entity, payment::Column::AmountMinor));
    match status {
        PaymentStatus::Applied => kept().add(unapplied.clone().eq(0)),
        PaymentStatus::Unapplied => kept().add(unapplied.clone().gt(0)),
        PaymentStatus::PartlyRefunded => given().add(refunded.clone().lt(amount)),
        PaymentStatus::Refunded => given().add(refunded.clone().gte(amount)),
        PaymentStatus::Reversed => went().add(because(&[RefundKind::Reversal])),
        PaymentStatus::ChargedBack => went().add(because(&[RefundKind::Chargeback])),
    }
}

/// What was booked of unapplied money on a payment until the end of a day, what came in on the left above zero; by acts of
/// some kinds, or of all when none is named. It is asked by the key of the payment.
fn booked<P: SeesInvoices>(scope: &Scope<P>, on: NaiveDate, kinds: &[EntryKind]) -> Expr {
    let of_kinds = (!kinds.is_empty()).then(|| {
        let kinds = kinds.iter().map(|kind| codes::EntryKind::from_domain(*kind));
        posting::Column::Kind.is_in(kinds)
    });
    let sum = scope
        .find::<posting::Entity>()
        .select_only()
        .expr(Expr::expr(of_book(Book::Unapplied)).sum().if_null(0))
        .filter(same(posting::Column::SellerId, payment::Column::SellerId))
        .filter(same(posting::Column::PaymentId, payment::Column::Id))
        .filter(posting::Column::BookedOn.lte(on))
        .filter(Condition::all().add_option(of_kinds));
    Expr::SubQuery(None, Box::new(sum.into_query().into()))
}
