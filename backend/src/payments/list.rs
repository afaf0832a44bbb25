//! The list of payments (P11), the newest first: by day, and of one day by id.

use super::{back, fees, status};
use crate::{
    Error,
    by_day::{PART, after_part, in_parts, merged, part},
    codes::money,
    counterparties::accounts_named,
    ledger::as_of::moved,
    scope::{Scope, SeesInvoices},
};
use chrono::NaiveDate;
use domain::{
    access::Side,
    ids::PaymentId,
    ledger::{Book, EntryKind},
    list::{COUNTED_TO, Cursor, DEFAULT_PER_PAGE, MAX_PER_PAGE, Page, Position, Total},
    payments::{Method, PaymentQuery, PaymentRow},
};
use entity::{Uuid, account, codes, payment, posting};
use futures::Stream;
use sea_orm::{ColumnTrait, Condition, PaginatorTrait, QueryFilter, QuerySelect, Select};
use std::collections::BTreeMap;

/// A page of payments: those that the tenant received, or those that it made.
///
/// # Errors
/// [`Error::Database`].
pub async fn list<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &PaymentQuery,
) -> Result<Page<PaymentRow>, Error> {
    list_by(scope, query, DEFAULT_PER_PAGE).await
}

/// The same with pages of so many rows, [`MAX_PER_PAGE`] at most.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_by<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &PaymentQuery,
    size: u16,
) -> Result<Page<PaymentRow>, Error> {
    let size = size.clamp(1, MAX_PER_PAGE);
    let found = read(scope, query, u64::from(size) + 1).await?;
    let mut count = 0;
    for rows in narrowed(scope, query) {
        count += rows.limit(COUNTED_TO + 1).count(scope.db()).await?;
    }
    let total = Total::counted(count);
    let mut page = Page::of(found, usize::from(size), &query.position, total, cursor);
    let rows = shown(scope, query, std::mem::take(&mut page.rows)).await?;
    Ok(page.with(rows))
}

/// All payments that match, newest first, read in parts, for a seller with what the gateway kept of each.
pub fn stream<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &PaymentQuery,
) -> impl Stream<Item = Result<PaymentRow, Error>> + Send + 'static {
    let scope = scope.clone();
    in_parts(query.at(Position::First), move |query| {
        let scope = scope.clone();
        async move {
            let found = read(&scope, &query, PART).await?;
            let next = after_part(&found, cursor);
            let mut rows = shown(&scope, &query, found).await?;
            fees::add(&scope, &mut rows).await?;
            Ok((rows, next.map(|place| query.at(place))))
        }
    })
}

/// The rows at a place of the list, `limit` at most.
async fn read<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &PaymentQuery,
    limit: u64,
) -> Result<Vec<payment::Model>, Error> {
    let mut parts = Vec::new();
    for rows in narrowed(scope, query) {
        parts.push(part(rows, BY, &query.position, limit).all(scope.db()).await?);
    }
    Ok(merged(parts, &query.position, limit, |row| (row.paid_on, row.id)))
}

const BY: (payment::Column, payment::Column) = (payment::Column::PaidOn, payment::Column::Id);

fn cursor(row: &payment::Model) -> Cursor {
    Cursor::new(&row.paid_on.to_string(), row.id)
}

/// Takes back what became of payments after a day.
async fn as_of<P: SeesInvoices>(
    scope: &Scope<P>,
    found: &mut [payment::Model],
    on: NaiveDate,
) -> Result<(), Error> {
    let ids = found.iter().map(|row| row.id);
    let moved = moved(scope, posting::Column::PaymentId, ids, on).await?;
    for row in found {
        // Unapplied money is owed to the customer: it stands on the right.
        let unapplied = moved
            .get(&row.id)
            .map_or(0, |moved| -moved.balance(Book::Unapplied));
        let back = |kind| {
            matches!(
                kind,
                EntryKind::Refund | EntryKind::Chargeback | EntryKind::WonBack
            )
        };
        let refunded = moved
            .get(&row.id)
            .map_or(0, |moved| moved.by(Book::Unapplied, back));
        (row.unapplied_minor, row.refunded_minor) = (unapplied, refunded);
    }
    Ok(())
}

/// Rows with the other side's names.
async fn shown<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &PaymentQuery,
    mut found: Vec<payment::Model>,
) -> Result<Vec<PaymentRow>, Error> {
    if let Some(on) = query.on {
        as_of(scope, &mut found, on).await?;
    }
    let accounts: BTreeMap<Uuid, account::Model> = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.is_in(found.iter().map(|row| row.account_id)))
        .all(scope.db())
        .await?
        .into_iter()
        .map(|account| (account.id, account))
        .collect();
    let (several, nobody) = (scope.sees_several(), || {
        Error::corrupt("a payment without account")
    });
    let reasons = back::reasons(scope, &found, query.on).await?;
    found
        .iter()
        .map(|payment| {
            let account = accounts.get(&payment.account_id).ok_or_else(nobody)?;
            // The names as the trading account has them.
            let name = match P::SIDE {
                Side::Seller => account.buyer_name.clone(),
                Side::Buyer => account.seller_name.clone(),
            };
            let row = row(payment, name, several.then(|| account.buyer_name.clone()))?;
            Ok(PaymentRow {
                back: reasons.get(&payment.id).copied(),
                ..row
            })
        })
        .collect()
}

/// The list, one company at a time.
fn narrowed<P: SeesInvoices>(scope: &Scope<P>, query: &PaymentQuery) -> Vec<Select<payment::Entity>> {
    let mut rows = scope.find::<payment::Entity>();
    if let Some(number) = &query.number {
        let upper = number.to_uppercase();
        rows = rows.filter(
            Condition::any()
                // What came before an import has a number of its own making.
                .add(payment::Column::ReceiptNumber.is_in([upper.as_str(), number.as_str()]))
                .add(payment::Column::Reference.eq(number.as_str()))
                .add(payment::Column::Memo.eq(number.as_str())),
        );
    }
    if let Some(text) = &query.counterparty {
        rows = rows.filter(payment::Column::AccountId.in_subquery(accounts_named(scope, text)));
    }
    if let Some(status) = query.status {
        rows = rows.filter(match query.on {
            None => status::of_status(scope, status),
            Some(on) => status::of_status_then(scope, status, on),
        });
    }
    if let Some(from) = query.from {
        rows = rows.filter(payment::Column::PaidOn.gte(from));
    }
    if let Some(on) = query.on {
        rows = rows.filter(payment::Column::PaidOn.lte(on));
    }
    if let Some(to) = query.to {
        rows = rows.filter(payment::Column::PaidOn.lte(to));
    }
    let sides = (payment::Column::SellerId, payment::Column::BuyerId);
    scope.by_company(rows, sides, query.company)
}

fn row(payment: &payment::Model, counterparty: String, company: Option<String>) -> Result<PaymentRow, Error> {
    let amount = |minor| money(minor, &payment.currency);
    Ok(PaymentRow {
        id: PaymentId(payment.id),
        receipt: payment.receipt_number.clone(),
        counterparty,
        company,
        method: method(payment),
        memo: payment.memo.clone(),
        paid_on: payment.paid_on,
        amount: amount(payment.amount_minor)?,
        unapplied: amount(payment.unapplied_minor)?,
        refunded: amount(payment.refunded_minor)?,
        back: None,
        reference: payment.reference.clone(),
        fee: None,
    })
}

/// How a payment came in.
pub(crate) fn method(payment: &payment::Model) -> Method {
    match payment.method {
        codes::Method::Card => Method::Card {
            brand: payment.brand.clone().unwrap_or_default(),
            last4: payment.last4.clone().unwrap_or_default(),
        },
        codes::Method::BankDebit => Method::BankDebit {
            bank: payment.brand.clone().unwrap_or_default(),
            last4: payment.last4.clone().unwrap_or_default(),
        },
        codes::Method::Offline => Method::Offline,
        codes::Method::Opening => Method::Opening,
    }
}
