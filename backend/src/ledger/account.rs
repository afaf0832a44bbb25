//! What made the balance of a trading account, by kinds of acts. It is summed from the postings of the one account, which
//! an index finds, however many others the seller has.

use crate::{
    Error,
    codes::currency,
    database::Sql,
    invoices::detail::sellers_zone,
    scope::{Scope, SeesInvoices},
};
use chrono::NaiveDate;
use domain::{
    Money,
    access::Side,
    books::account::{ExplainedAccount, KindSum, Way},
    ids::{AccountId, TenantId},
    ledger::EntryKind,
};
use entity::account;
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};

/// An account as it was at the end of a day, as either side sees it; a day to come is today.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Database`].
pub async fn explain<P: SeesInvoices>(
    scope: &Scope<P>,
    id: AccountId,
    on: Option<NaiveDate>,
) -> Result<ExplainedAccount, Error> {
    let account = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.eq(id.0))
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)?;
    let zone = sellers_zone(scope, account.seller_id).await?;
    let today = scope.now().with_timezone(&zone).date_naive();
    let on = on.unwrap_or(today).min(today);
    let sums = sums(scope, &account, on).await?;
    let several = scope.sees_several();
    Ok(ExplainedAccount {
        account: id,
        side: scope.side(),
        company: several.then(|| (TenantId(account.buyer_id), account.buyer_name.clone())),
        counterparty: match scope.side() {
            Side::Seller => account.buyer_name,
            Side::Buyer => account.seller_name,
        },
        on,
        today,
        sums,
    })
}

async fn sums<P: SeesInvoices>(
    scope: &Scope<P>,
    account: &account::Model,
    on: NaiveDate,
) -> Result<Vec<KindSum>, Error> {
    let sql = statement(scope, account, on);
    let mut sums = Vec::new();
    for (kind, way, code, count, open, unapplied, credit) in rows(scope, sql).await? {
        let code = currency(&code)?;
        let money = |minor| Money::new(minor, code);
        sums.push(KindSum {
            kind: EntryKind::from_code(&kind).ok_or_else(|| Error::corrupt(format!("kind {kind}")))?,
            way: Way::from_code(&way).ok_or_else(|| Error::corrupt(format!("way {way}")))?,
            count: u64::try_from(count).map_err(|_| Error::corrupt("a count"))?,
            open: money(open),
            unapplied: money(unapplied),
            credit: money(credit),
        });
    }
    let place = |kind: EntryKind| EntryKind::ALL.iter().position(|one| *one == kind);
    sums.sort_by_key(|sum| (sum.open.currency(), place(sum.kind), sum.way));
    Ok(sums)
}

/// Kind, way, currency, how often, and what it did to what is open, to money and to credit that are put to nothing.
type Row = (String, String, String, i64, i64, i64, i64);

/// Seller and buyer lead to the account along `postings_buyer`.
pub(super) fn statement<P: SeesInvoices>(scope: &Scope<P>, account: &account::Model, on: NaiveDate) -> Sql {
    let mut sql = Sql::new(scope.db().get_database_backend());
    sql.push(&format!(
        "SELECT kind, way, currency, COUNT(DISTINCT source_id), {open}, {unapplied}, {credit} FROM (\
         SELECT kind, currency, source_id, debit, credit, amount_minor, CASE \
         WHEN debit = 'opening' OR credit = 'opening' THEN 'opening' \
         WHEN debit = 'credit' OR credit = 'credit' THEN 'credit' ELSE 'money' END AS way \
         FROM postings WHERE seller_id = ",
        open = effect("debit", "credit", "receivable"),
        unapplied = effect("credit", "debit", "unapplied"),
        credit = effect("credit", "debit", "credit"),
    ));
    sql.bind(account.seller_id).push(" AND buyer_id = ");
    sql.bind(account.buyer_id).push(" AND account_id = ");
    sql.bind(account.id).push(" AND ");
    // Most of the account is asked for on most days; SQLite would take all that the seller booked until then.
    sql.no_index().push("booked_on <= ").bind(on);
    // What a gateway keeps is no part of what is between the two, and the seller's to know.
    sql.push(" AND kind <> 'fee'");
    sql.push(") AS posted GROUP BY kind, way, currency");
    sql
}

/// What rows did to a book, counted so that what usually lies in it is above zero.
fn effect(more: &str, less: &str, book: &str) -> String {
    format!(
        "CAST(SUM(CASE WHEN {more} = '{book}' THEN amount_minor WHEN {less} = '{book}' THEN 0 - amount_minor \
         ELSE 0 END) AS bigint)"
    )
}

#[expect(
    clippy::disallowed_methods,
    reason = "sums that the query builder cannot say, of an account that the scope found"
)]
async fn rows<P: SeesInvoices>(scope: &Scope<P>, sql: Sql) -> Result<Vec<Row>, Error> {
    let rows = scope.db().query_all_raw(sql.statement()).await?;
    rows.iter().map(|row| Ok(row.try_get_many_by_index()?)).collect()
}
