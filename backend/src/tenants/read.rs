//! Reading trading accounts: what the filters of a list offer.

use crate::{
    Error,
    codes::currency,
    database::Sql,
    scope::{Scope, SeesInvoices},
};
use domain::{access::Side, invoices::FilterChoices};
use sea_orm::{ConnectionTrait, QueryResult};

/// Most other sides that a filter form offers by name. The first of many would be no help, and every page would carry
/// them.
const FEW: u64 = 20;

/// What the filter form of the invoice grid offers. Every page of the grid asks for it, so it is one statement, and one
/// that looks at no more accounts than it names.
///
/// # Errors
/// [`Error::Database`].
pub async fn choices<P: SeesInvoices>(scope: &Scope<P>) -> Result<FilterChoices, Error> {
    let (own, name, search) = match scope.side() {
        Side::Seller => ("seller_id", "buyer_name", "buyer_search"),
        Side::Buyer => ("buyer_id", "seller_name", "seller_search"),
    };
    let tenant = scope.tenant().0;
    let mut sql = Sql::new(scope.db().get_database_backend());
    sql.push("SELECT DISTINCT NULL, currency FROM account_currencies WHERE ");
    match scope.side() {
        Side::Seller => {
            sql.push("seller_id = ").bind(tenant);
        }
        Side::Buyer => scope.push_bought(&mut sql),
    }
    sql.push(&format!(
        " UNION ALL SELECT {search}, {name} FROM accounts WHERE {own} = "
    ))
    .bind(tenant);
    sql.push(&format!(
        " AND (SELECT COUNT(*) FROM (SELECT 1 AS one FROM accounts WHERE {own} = "
    ))
    .bind(tenant)
    .push(&format!(" LIMIT {}) AS counted) <= {FEW}", FEW + 1));
    let mut currencies = Vec::new();
    let mut named: Vec<(String, String)> = Vec::new();
    for row in run(scope, sql).await? {
        let word = row.try_get_by_index(1)?;
        match row.try_get_by_index(0)? {
            Some(search) => named.push((search, word)),
            None => currencies.push(currency(&word)?),
        }
    }
    currencies.sort_by_key(|currency| currency.code());
    named.sort();
    Ok(FilterChoices {
        currencies,
        counterparties: named.into_iter().map(|(_, name)| name).collect(),
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "a hand-written statement; each part carries the tenant"
)]
async fn run<P: SeesInvoices>(scope: &Scope<P>, sql: Sql) -> Result<Vec<QueryResult>, Error> {
    Ok(scope.db().query_all_raw(sql.statement()).await?)
}
