//! The list of payments (P11), the newest first: by day, and of one day by id.

use crate::{
    Error,
    by_day::part,
    codes::money,
    invoices::search_key,
    scope::{Scope, SeesInvoices},
};
use domain::{
    access::Side,
    ids::PaymentId,
    list::{COUNTED_TO, Cursor, DEFAULT_PER_PAGE, Page, Position, Total},
    payments::{Method, PaymentQuery, PaymentRow, PaymentStatus},
};
use entity::{Uuid, account, codes, payment};
use futures::{Stream, TryStreamExt};
use sea_orm::{ColumnTrait, Condition, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait, Select};
use std::collections::BTreeMap;

/// A page of payments: those that the tenant received, or those that it made.
///
/// # Errors
/// [`Error::Database`].
pub async fn list<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &PaymentQuery,
) -> Result<Page<PaymentRow>, Error> {
    let rows = narrowed(scope, query);
    let found = part(rows.clone(), BY, &query.position, u64::from(DEFAULT_PER_PAGE) + 1)
        .all(scope.db())
        .await?;
    let total = Total::counted(rows.limit(COUNTED_TO + 1).count(scope.db()).await?);
    let page = Page::of(
        found,
        usize::from(DEFAULT_PER_PAGE),
        &query.position,
        total,
        cursor,
    );
    Ok(Page {
        rows: shown(scope, &page.rows).await?,
        total: page.total,
        previous: page.previous,
        next: page.next,
    })
}

/// All payments that match, newest first, read in parts.
pub fn stream<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &PaymentQuery,
) -> impl Stream<Item = Result<PaymentRow, Error>> + Send + 'static {
    const PART: usize = 1_000;
    let start = (scope.clone(), query.at(Position::First));
    let parts = futures::stream::try_unfold(Some(start), |state| async move {
        let Some((scope, query)) = state else {
            return Ok::<_, Error>(None);
        };
        let limit = u64::try_from(PART).unwrap_or_default();
        let found = part(narrowed(&scope, &query), BY, &query.position, limit)
            .all(scope.db())
            .await?;
        let rows = shown(&scope, &found).await?;
        let last = found.last().filter(|_| found.len() == PART).map(cursor);
        let next = last.map(|last| (scope, query.at(Position::After(last))));
        Ok(Some((futures::stream::iter(rows.into_iter().map(Ok)), next)))
    });
    parts.try_flatten()
}

const BY: (payment::Column, payment::Column) = (payment::Column::PaidOn, payment::Column::Id);

fn cursor(row: &payment::Model) -> Cursor {
    Cursor::new(&row.paid_on.to_string(), row.id)
}

/// Rows with the other side's names.
async fn shown<P: SeesInvoices>(
    scope: &Scope<P>,
    found: &[payment::Model],
) -> Result<Vec<PaymentRow>, Error> {
    let names = counterparties(scope, found).await?;
    let name = |payment: &payment::Model| names.get(&payment.account_id).cloned().unwrap_or_default();
    found.iter().map(|payment| row(payment, name(payment))).collect()
}

fn narrowed<P: SeesInvoices>(scope: &Scope<P>, query: &PaymentQuery) -> Select<payment::Entity> {
    let mut rows = scope.find::<payment::Entity>();
    if let Some(number) = &query.number {
        let upper = number.to_uppercase();
        rows = rows.filter(
            Condition::any()
                .add(payment::Column::ReceiptNumber.eq(upper))
                .add(payment::Column::Reference.eq(number.as_str()))
                .add(payment::Column::Memo.eq(number.as_str())),
        );
    }
    if let Some(text) = &query.counterparty {
        let other = match P::SIDE {
            Side::Seller => account::Column::BuyerSearch,
            Side::Buyer => account::Column::SellerSearch,
        };
        let accounts = scope
            .find::<account::Entity>()
            .filter(other.contains(search_key(text)))
            .select_only()
            .column(account::Column::Id);
        rows = rows.filter(payment::Column::AccountId.in_subquery(accounts.into_query()));
    }
    if let Some(status) = query.status {
        let (unapplied, refunded) = (payment::Column::UnappliedMinor, payment::Column::RefundedMinor);
        rows = rows.filter(match status {
            PaymentStatus::Refunded => Condition::all().add(refunded.gt(0)),
            PaymentStatus::Unapplied => Condition::all().add(refunded.eq(0)).add(unapplied.gt(0)),
            PaymentStatus::Applied => Condition::all().add(refunded.eq(0)).add(unapplied.eq(0)),
        });
    }
    if let Some(from) = query.from {
        rows = rows.filter(payment::Column::PaidOn.gte(from));
    }
    if let Some(to) = query.to {
        rows = rows.filter(payment::Column::PaidOn.lte(to));
    }
    rows
}

/// The other side's names, as the trading account has them.
async fn counterparties<P: SeesInvoices>(
    scope: &Scope<P>,
    rows: &[payment::Model],
) -> Result<BTreeMap<Uuid, String>, Error> {
    let accounts = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.is_in(rows.iter().map(|row| row.account_id)))
        .all(scope.db())
        .await?;
    let name = |account: account::Model| match P::SIDE {
        Side::Seller => (account.id, account.buyer_name),
        Side::Buyer => (account.id, account.seller_name),
    };
    Ok(accounts.into_iter().map(name).collect())
}

fn row(payment: &payment::Model, counterparty: String) -> Result<PaymentRow, Error> {
    let amount = |minor| money(minor, &payment.currency);
    Ok(PaymentRow {
        id: PaymentId(payment.id),
        receipt: payment.receipt_number.clone(),
        counterparty,
        method: method(payment),
        memo: payment.memo.clone(),
        paid_on: payment.paid_on,
        amount: amount(payment.amount_minor)?,
        unapplied: amount(payment.unapplied_minor)?,
        refunded: amount(payment.refunded_minor)?,
    })
}

/// How a payment came in.
pub(super) fn method(payment: &payment::Model) -> Method {
    match payment.method {
        codes::Method::Card => Method::Card {
            brand: payment.brand.clone().unwrap_or_default(),
            last4: payment.last4.clone().unwrap_or_default(),
        },
        codes::Method::Offline => Method::Offline,
        codes::Method::Opening => Method::Opening,
    }
}
