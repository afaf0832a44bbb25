//! What autopay of an account pays on a day: the account's own invoices that are due, and the invoices of bills of a parent that are
//! due, which the parent alone pays (V40). A bill is paid whole, in one payment.

use super::shares::Share;
use crate::{Error, scope::Tx};
use chrono::NaiveDate;
use domain::{ids::InvoiceId, payment_methods::autopay::NEEDS_PAYER, payments::form::MOST_LINES};
use entity::{
    Uuid, attempt_line, autopay,
    codes::{AttemptState, Stage},
    invoice, payment_attempt, rollup,
};
use sea_orm::{
    ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};

/// What is due and open of one card's share: whole bills first, then invoices, the oldest first; without what the bank wants the payer
/// to confirm with the same card. As many as one payment pays.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn due(
    tx: &Tx,
    row: &autopay::Model,
    today: NaiveDate,
    share: &Share,
) -> Result<Vec<InvoiceId>, Error> {
    let left = left_to_payer(tx, row, share).await?;
    // The cards that profiles prefer pay what carries the profile, which are the account's own invoices.
    let mut due = if share.is_preferred {
        Vec::new()
    } else {
        of_bills(tx, row, today, &left).await?
    };
    let room = MOST_LINES.saturating_sub(due.len());
    let own: Vec<Uuid> = payable(tx.find(), row, &left)
        .filter(invoice::Column::AccountId.eq(row.account_id))
        .filter(invoice::Column::DueDate.lte(today))
        // What stands in a bill of a parent is the parent's to pay (V40).
        .filter(invoice::Column::RollupId.is_null())
        .filter(share.invoices.clone())
        .order_by_asc(invoice::Column::DueDate)
        .order_by_asc(invoice::Column::Id)
        .limit(u64::try_from(room).unwrap_or_default())
        .select_only()
        .column(invoice::Column::Id)
        .into_tuple()
        .all(tx.db())
        .await?;
    due.extend(own);
    Ok(due.into_iter().map(InvoiceId).collect())
}

/// Attempts of autopay on an account in a currency.
pub(super) fn own(tx: &Tx, row: &autopay::Model) -> Select<payment_attempt::Entity> {
    tx.find::<payment_attempt::Entity>()
        .filter(payment_attempt::Column::SellerId.eq(row.seller_id))
        .filter(payment_attempt::Column::AccountId.eq(row.account_id))
        .filter(payment_attempt::Column::Currency.eq(&row.currency))
        .filter(payment_attempt::Column::ByItself.eq(true))
}

/// Invoices of bills that are due, by bill. One that does not fit into the payment as a whole waits for the next; the first always fits,
/// since a bill holds no more than a payment pays.
async fn of_bills(
    tx: &Tx,
    row: &autopay::Model,
    today: NaiveDate,
    left: &[Uuid],
) -> Result<Vec<Uuid>, Error> {
    let bills = tx
        .find::<rollup::Entity>()
        .filter(rollup::Column::SellerId.eq(row.seller_id))
        .filter(rollup::Column::AccountId.eq(row.account_id))
        .filter(rollup::Column::VoidedAt.is_null())
        .filter(rollup::Column::DueDate.lte(today))
        .select_only()
        .column(rollup::Column::Id);
    let mut found: Vec<(Option<Uuid>, Uuid)> = payable(tx.invoices_to_pay(), row, left)
        .filter(invoice::Column::RollupAccountId.eq(row.account_id))
        .filter(invoice::Column::RollupId.in_subquery(bills.into_query()))
        .order_by_asc(invoice::Column::RollupId)
        .order_by_asc(invoice::Column::Id)
        .limit(u64::try_from(MOST_LINES).unwrap_or_default() + 1)
        .select_only()
        .column(invoice::Column::RollupId)
        .column(invoice::Column::Id)
        .into_tuple()
        .all(tx.db())
        .await?;
    if found.len() > MOST_LINES {
        let cut = found.last().and_then(|(bill, _)| *bill);
        found.retain(|(bill, _)| *bill != cut);
    }
    Ok(found.into_iter().map(|(_, invoice)| invoice).collect())
}

/// Those of some invoices of which something is open that is neither being paid nor disputed.
fn payable(rows: Select<invoice::Entity>, row: &autopay::Model, left: &[Uuid]) -> Select<invoice::Entity> {
    let held = Expr::col(invoice::Column::ReservedMinor).add(Expr::col(invoice::Column::DisputedMinor));
    rows.filter(
        Condition::all()
            .add(invoice::Column::SellerId.eq(row.seller_id))
            .add(invoice::Column::Currency.eq(&row.currency))
            .add(invoice::Column::Stage.is_in([Stage::Open, Stage::PartlyPaid]))
            .add(Expr::col(invoice::Column::OpenMinor).gt(held))
            .add(invoice::Column::Id.is_not_in(left.iter().copied())),
    )
}

/// Invoices of payments that the bank wants the payer to confirm with the same card, since autopay was switched on.
async fn left_to_payer(tx: &Tx, row: &autopay::Model, share: &Share) -> Result<Vec<Uuid>, Error> {
    let token = share.card.as_ref().map(|card| card.gateway_token.as_str());
    let asked: Vec<Uuid> = own(tx, row)
        .filter(payment_attempt::Column::State.eq(AttemptState::Failed))
        .filter(payment_attempt::Column::FailureCode.eq(NEEDS_PAYER))
        .filter(payment_attempt::Column::GatewayMethod.eq(token.unwrap_or_default()))
        .filter(payment_attempt::Column::CreatedAt.gte(row.on_at))
        .select_only()
        .column(payment_attempt::Column::Id)
        .into_tuple()
        .all(tx.db())
        .await?;
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let left = tx
        .find::<attempt_line::Entity>()
        .filter(attempt_line::Column::SellerId.eq(row.seller_id))
        .filter(attempt_line::Column::AttemptId.is_in(asked))
        .select_only()
        .column(attempt_line::Column::InvoiceId)
        .into_tuple()
        .all(tx.db())
        .await?;
    Ok(left)
}
