//! Why money of payments went back, as their list says it (P11). What came back again is not told.

use super::status::BACK;
use crate::{
    Error,
    alike::{exists, same},
    codes::Stored,
    scope::{Scope, SeesInvoices},
};
use chrono::NaiveDate;
use domain::refunds::RefundKind;
use entity::{
    Uuid,
    codes::{self, EntryKind, RefundState},
    payment, posting, refund,
};
use sea_orm::{
    ColumnTrait, Condition, QueryFilter, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};
use std::collections::{BTreeMap, BTreeSet};

/// Of the payments of a part of the list of which something went back, why: a chargeback or a reversal rather than a refund,
/// which are never of one payment. With a day, as it was at its end.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn reasons<P: SeesInvoices>(
    scope: &Scope<P>,
    payments: &[payment::Model],
    on: Option<NaiveDate>,
) -> Result<BTreeMap<Uuid, RefundKind>, Error> {
    let less = payments.iter().filter(|row| row.refunded_minor > 0);
    let ids: Vec<Uuid> = less.map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let gone = match on {
        None => Condition::all()
            .add(refund::Column::PaymentId.is_in(ids))
            .add(refund::Column::State.eq(RefundState::Succeeded)),
        Some(on) => Condition::all().add(refund::Column::Id.is_in(gone_then(scope, ids, on).await?)),
    };
    let rows = scope
        .find::<refund::Entity>()
        .filter(gone)
        .all(scope.db())
        .await?;
    let mut reasons = BTreeMap::new();
    for row in rows {
        let Some(payment) = row.payment_id else { continue };
        let reason = reasons.entry(payment).or_insert(RefundKind::Refund);
        if row.kind != codes::RefundKind::Refund {
            *reason = row.kind.to_domain();
        }
    }
    Ok(reasons)
}

/// The refunds of some payments whose money was gone at the end of a day.
async fn gone_then<P: SeesInvoices>(
    scope: &Scope<P>,
    payments: Vec<Uuid>,
    on: NaiveDate,
) -> Result<BTreeSet<Uuid>, Error> {
    let kinds = BACK.map(EntryKind::from_domain);
    let booked: Vec<(Uuid, EntryKind)> = scope
        .find::<posting::Entity>()
        .filter(posting::Column::PaymentId.is_in(payments))
        .filter(posting::Column::Kind.is_in(kinds))
        .filter(posting::Column::BookedOn.lte(on))
        .select_only()
        .columns([posting::Column::SourceId, posting::Column::Kind])
        .into_tuple()
        .all(scope.db())
        .await?;
    let of = |back: bool| {
        let of_kind = booked
            .iter()
            .filter(move |(_, kind)| (*kind == EntryKind::WonBack) == back);
        of_kind.map(|(refund, _)| *refund).collect::<BTreeSet<_>>()
    };
    Ok(&of(false) - &of(true))
}

/// What a payment fulfils whose money is gone for one of these reasons. It is asked by the key of the payment.
pub(super) fn because<P: SeesInvoices>(scope: &Scope<P>, kinds: &[RefundKind]) -> Expr {
    exists(for_reasons(scope, kinds).filter(refund::Column::State.eq(RefundState::Succeeded)))
}

/// The same as of the end of a day: booked by then, and not yet won back.
pub(super) fn because_then<P: SeesInvoices>(scope: &Scope<P>, kinds: &[RefundKind], on: NaiveDate) -> Expr {
    let booked = |kinds: &[EntryKind]| {
        let of_refund = scope
            .find::<posting::Entity>()
            .filter(same(posting::Column::SellerId, refund::Column::SellerId))
            .filter(same(posting::Column::SourceId, refund::Column::Id))
            .filter(posting::Column::Kind.is_in(kinds.iter().copied()))
            .filter(posting::Column::BookedOn.lte(on));
        exists(of_refund)
    };
    let gone = for_reasons(scope, kinds)
        .filter(booked(&[EntryKind::Refund, EntryKind::Chargeback]))
        .filter(booked(&[EntryKind::WonBack]).not());
    exists(gone)
}

/// What went back of a payment for one of these reasons, or is to.
fn for_reasons<P: SeesInvoices>(scope: &Scope<P>, kinds: &[RefundKind]) -> Select<refund::Entity> {
    let kinds = kinds.iter().map(|kind| codes::RefundKind::from_domain(*kind));
    scope
        .find::<refund::Entity>()
        .filter(same(refund::Column::SellerId, payment::Column::SellerId))
        .filter(same(refund::Column::PaymentId, payment::Column::Id))
        .filter(refund::Column::Kind.is_in(kinds))
}
