//! The books on any day, by summing what was booked until then. A report and no list: it costs what the seller's books
//! hold.

use crate::{
    Error, Scope,
    codes::currency,
    database::{Pool, Sql},
};
use chrono::NaiveDate;
use domain::{
    Currency, Money,
    access::ViewBooks,
    books::{Age, BookBalance, Books, CustomerBalance},
    ids::AccountId,
    ledger::Book,
};
use entity::account;
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, TryGetableMany};
use std::{cmp::Reverse, collections::BTreeMap};
use uuid::Uuid;

/// Customers that are shown.
const MOST_CUSTOMERS: usize = 200;

/// The books as they were at the end of a day; a day to come is today.
///
/// # Errors
/// [`Error::Database`].
pub async fn books(scope: &Scope<ViewBooks>, on: Option<NaiveDate>) -> Result<Books, Error> {
    let today = scope.today();
    let on = on.unwrap_or(today).min(today);
    let (customers, more) = customers(scope, on).await?;
    Ok(Books {
        on,
        today,
        books: balances(scope, on).await?,
        customers,
        more,
    })
}

/// Reads rows of a statement that carries the seller in its conditions.
#[expect(
    clippy::disallowed_methods,
    reason = "sums that the query builder cannot say; the seller is in each"
)]
async fn rows<Row: TryGetableMany>(db: &Pool, sql: Sql) -> Result<Vec<Row>, Error> {
    let rows = db.query_all_raw(sql.statement()).await?;
    rows.iter().map(|row| Ok(row.try_get_many_by_index()?)).collect()
}

async fn balances(scope: &Scope<ViewBooks>, on: NaiveDate) -> Result<Vec<BookBalance>, Error> {
    let backend = scope.db().get_database_backend();
    let mut sql = Sql::new(backend);
    sql.push(
        "SELECT debit, credit, currency, CAST(SUM(amount_minor) AS bigint) FROM postings WHERE seller_id = ",
    );
    sql.bind(scope.tenant().0).push(" AND booked_on <= ").bind(on);
    sql.push(" GROUP BY debit, credit, currency");
    let mut sums: BTreeMap<(Currency, Book), (i64, i64)> = BTreeMap::new();
    for (debit, credit, code, sum) in rows::<(String, String, String, i64)>(scope.db(), sql).await? {
        let code = currency(&code)?;
        let book = |word: &str| Book::from_code(word).ok_or_else(|| Error::corrupt(format!("book {word}")));
        sums.entry((code, book(&debit)?)).or_default().0 += sum;
        sums.entry((code, book(&credit)?)).or_default().1 += sum;
    }
    let balance = |((currency, book), (debit, credit))| BookBalance {
        book,
        debit: Money::new(debit, currency),
        credit: Money::new(credit, currency),
    };
    Ok(sums.into_iter().map(balance).collect())
}

/// Open and unused by customer: invoices by their age, money and credit together.
async fn customers(scope: &Scope<ViewBooks>, on: NaiveDate) -> Result<(Vec<CustomerBalance>, u64), Error> {
    let mut all: BTreeMap<(Uuid, Currency), Sums> = BTreeMap::new();
    for (account, code, age, sum, disputed) in
        rows::<(Uuid, String, String, i64, i64)>(scope.db(), open_by_age(scope, on)).await?
    {
        let age = Age::from_code(&age).ok_or_else(|| Error::corrupt(format!("age {age}")))?;
        let place = Age::ALL.iter().position(|one| *one == age).unwrap_or_default();
        let sums = all.entry((account, currency(&code)?)).or_default();
        sums.ages[place] += sum - disputed;
        sums.disputed += disputed;
    }
    for (account, code, sum) in rows::<(Uuid, String, i64)>(scope.db(), unused(scope, on)).await? {
        all.entry((account, currency(&code)?)).or_default().unused += sum;
    }
    let mut all: Vec<_> = all.into_iter().filter(|(_, sums)| sums.is_anything()).collect();
    all.sort_by_key(|((account, currency), sums)| (*currency, Reverse(sums.open()), *account));
    let more = all.len().saturating_sub(MOST_CUSTOMERS);
    all.truncate(MOST_CUSTOMERS);
    let names: BTreeMap<Uuid, String> = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.is_in(all.iter().map(|((account, _), _)| *account)))
        .all(scope.db())
        .await?
        .into_iter()
        .map(|account| (account.id, account.buyer_name))
        .collect();
    let shown = all
        .into_iter()
        .map(|((account, currency), sums)| CustomerBalance {
            account: AccountId(account),
            name: names.get(&account).cloned().unwrap_or_default(),
            ages: sums.ages.map(|sum| Money::new(sum, currency)),
            disputed: Money::new(sums.disputed, currency),
            unused: Money::new(sums.unused, currency),
        });
    Ok((shown.collect(), u64::try_from(more).unwrap_or(u64::MAX)))
}

/// What a customer owes and has in a currency, in minor units.
#[derive(Default)]
struct Sums {
    ages: [i64; 5],
    disputed: i64,
    unused: i64,
}

impl Sums {
    fn open(&self) -> i64 {
        self.ages.iter().sum::<i64>() + self.disputed
    }

    fn is_anything(&self) -> bool {
        self.unused != 0 || self.disputed != 0 || self.ages.iter().any(|sum| *sum != 0)
    }
}

/// What each invoice was still owed that day and what of it was disputed then, summed by customer, currency and age.
fn open_by_age(scope: &Scope<ViewBooks>, on: NaiveDate) -> Sql {
    let mut sql = Sql::new(scope.db().get_database_backend());
    sql.push("SELECT open.account_id, open.currency, CASE");
    for age in Age::ALL.iter().rev() {
        if let Some(latest) = age.latest_due(on) {
            sql.push(" WHEN i.due_date <= ").bind(latest);
            sql.push(&format!(" THEN '{}'", age.code()));
        }
    }
    sql.push(&format!(
        " ELSE '{}' END AS age, CAST(SUM(open.total) AS bigint), CAST(SUM(CASE WHEN disputed.total IS NULL THEN 0 \
         WHEN disputed.total < open.total THEN disputed.total ELSE open.total END) AS bigint) FROM (",
        Age::NotDue.code()
    ));
    sql.push(
        "SELECT account_id, currency, invoice_id, SUM(CASE WHEN debit = 'receivable' THEN amount_minor \
         WHEN credit = 'receivable' THEN 0 - amount_minor ELSE 0 END) AS total FROM postings \
         WHERE invoice_id IS NOT NULL AND seller_id = ",
    );
    sql.bind(scope.tenant().0).push(" AND booked_on <= ").bind(on);
    sql.push(
        " GROUP BY account_id, currency, invoice_id HAVING SUM(CASE WHEN debit = 'receivable' THEN amount_minor \
         WHEN credit = 'receivable' THEN 0 - amount_minor ELSE 0 END) <> 0) AS open \
         JOIN invoices i ON i.id = open.invoice_id AND i.seller_id = ",
    );
    sql.bind(scope.tenant().0);
    sql.push(" LEFT JOIN (SELECT invoice_id, SUM(amount_minor) AS total FROM disputes WHERE seller_id = ");
    sql.bind(scope.tenant().0).push(" AND opened_on <= ").bind(on);
    sql.push(" AND (ended_on IS NULL OR ended_on > ").bind(on);
    sql.push(") GROUP BY invoice_id) AS disputed ON disputed.invoice_id = open.invoice_id");
    sql.push(" GROUP BY open.account_id, open.currency, age");
    sql
}

fn unused(scope: &Scope<ViewBooks>, on: NaiveDate) -> Sql {
    let mut sql = Sql::new(scope.db().get_database_backend());
    sql.push(
        "SELECT account_id, currency, CAST(SUM(CASE WHEN credit IN ('unapplied', 'credit') THEN amount_minor \
         ELSE 0 END) - SUM(CASE WHEN debit IN ('unapplied', 'credit') THEN amount_minor ELSE 0 END) AS bigint) \
         FROM postings WHERE seller_id = ",
    );
    sql.bind(scope.tenant().0).push(" AND booked_on <= ").bind(on);
    sql.push(" GROUP BY account_id, currency");
    sql
}
