//! Where the amounts of a payment come from: the payment, and all that moved its money, by whom.

use crate::{
    Error,
    codes::money,
    ledger::{Moves, Origin},
    refunds,
    scope::{Scope, SeesInvoices},
};
use domain::{
    access::Side,
    ids::{AccountId, PaymentId},
    payments::explain::{ExplainedPayment, UnderWay},
};
use entity::{codes::Method, payment, refund};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

/// A payment and what moved its money, as either side sees it.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Database`].
pub async fn find<P: SeesInvoices>(scope: &Scope<P>, id: PaymentId) -> Result<ExplainedPayment, Error> {
    let row = scope
        .find::<payment::Entity>()
        .filter(payment::Column::Id.eq(id.0))
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)?;
    let moves = Moves::of(scope, row.seller_id, Origin::Payment(row.id), &row.currency).await?;
    let amount = |minor| money(minor, &row.currency);
    Ok(ExplainedPayment {
        id,
        account: AccountId(row.account_id),
        amount: amount(row.amount_minor)?,
        unapplied: amount(row.unapplied_minor)?,
        refunded: amount(row.refunded_minor)?,
        at: row.created_at,
        by: moves.who(row.created_at).or_else(|| payer(scope.side(), &row)),
        under_way: under_way(scope, &row).await?,
        outflows: moves.outflows,
        number: row.receipt_number,
    })
}

/// Who paid is known to both sides; who recorded it beside the portal is one of the seller's people.
fn payer(side: Side, row: &payment::Model) -> Option<String> {
    let known = match row.method {
        Method::Card | Method::BankDebit => true,
        Method::Offline | Method::Opening => side == Side::Seller,
    };
    known.then(|| row.created_by_name.clone())
}

async fn under_way<P: SeesInvoices>(
    scope: &Scope<P>,
    payment: &payment::Model,
) -> Result<Vec<UnderWay>, Error> {
    let rows = scope
        .find::<refund::Entity>()
        .filter(refund::Column::SellerId.eq(payment.seller_id))
        .filter(refund::Column::PaymentId.eq(payment.id))
        .filter(refund::Column::State.is_in(refunds::under_way()))
        .order_by_asc(refund::Column::Id)
        .all(scope.db())
        .await?;
    let asked = |row: refund::Model| {
        Ok(UnderWay {
            at: row.created_at,
            amount: money(row.amount_minor, &row.currency)?,
            by: (scope.side() == Side::Seller).then_some(row.created_by_name),
        })
    };
    rows.into_iter().map(asked).collect()
}
