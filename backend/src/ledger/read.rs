//! The books on any day, by summing what was booked until then. A report and no list: it costs what the seller's books
//! hold.

use super::as_of::moved;
use crate::{
    Error, Scope,
    codes::currency,
    database::{Pool, Sql},
    invoices::then::{disputed_then, due_otherwise},
};
use chrono::NaiveDate;
use domain::{
    Currency, Money,
    access::ViewBooks,
    books::{Age, BookBalance, Books, CustomerBalance, Owed},
    ids::AccountId,
    ledger::Book,
};
use entity::{account, posting};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, TryGetableMany};
use std::{cmp::Reverse, collections::BTreeMap};
use uuid::Uuid;

/// Customers that are shown in each currency.
const MOST_CUSTOMERS: usize = 200;
/// Invoices that are looked at together.
const AT_ONCE: usize = 500;

/// The books as they were at the end of a day; a day to come is today.
///
/// # Errors
/// [`Error::Database`].
pub async fn books(scope: &Scope<ViewBooks>, on: Option<NaiveDate>) -> Result<Books, Error> {
    let today = scope.today();
    let on = on.unwrap_or(today).min(today);
    let owed = owed(scope, on).await?;
    let (customers, more) = largest(scope, &owed).await?;
    Ok(Books {
        on,
        today,
        books: balances(scope, on).await?,
        customers,
        together: together(&owed),
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
async fn owed(scope: &Scope<ViewBooks>, on: NaiveDate) -> Result<BTreeMap<(Currency, Uuid), Sums>, Error> {
    let mut all: BTreeMap<(Currency, Uuid), Sums> = BTreeMap::new();
    for (account, code, age, sum, disputed) in
        rows::<(Uuid, String, String, i64, i64)>(scope.db(), open_by_age(scope, on)).await?
    {
        let age = Age::from_code(&age).ok_or_else(|| Error::corrupt(format!("age {age}")))?;
        let sums = all.entry((currency(&code)?, account)).or_default();
        sums.ages[place(age)] += sum - disputed;
        sums.disputed += disputed;
    }
    for (account, code, sum) in rows::<(Uuid, String, i64)>(scope.db(), unused(scope, on)).await? {
        all.entry((currency(&code)?, account)).or_default().unused += sum;
    }
    as_due_then(scope, on, &mut all).await?;
    all.retain(|_, sums| sums.is_anything());
    Ok(all)
}

/// Invoices that are due on another day by now go to the age that they had that day.
async fn as_due_then(
    scope: &Scope<ViewBooks>,
    on: NaiveDate,
    all: &mut BTreeMap<(Currency, Uuid), Sums>,
) -> Result<(), Error> {
    for some in due_otherwise(scope, on).await?.chunks(AT_ONCE) {
        let ids = || some.iter().map(|(row, _)| row.id);
        let moved = moved(scope, posting::Column::InvoiceId, ids(), on).await?;
        let disputed = disputed_then(scope, ids(), on).await?;
        for (row, due) in some {
            let open = moved
                .get(&row.id)
                .map_or(0, |moved| moved.balance(Book::Receivable));
            let apart = disputed.get(&row.id).copied().unwrap_or_default();
            let aged = open - Ord::min(apart, open);
            let sums = all.entry((currency(&row.currency)?, row.account_id)).or_default();
            sums.ages[place(Age::of(row.due_date, on))] -= aged;
            sums.ages[place(Age::of(*due, on))] += aged;
        }
    }
    Ok(())
}

/// Those who owe most in each currency, with their names, and how many others there are.
async fn largest(
    scope: &Scope<ViewBooks>,
    owed: &BTreeMap<(Currency, Uuid), Sums>,
) -> Result<(Vec<CustomerBalance>, u64), Error> {
    let mut by_currency: BTreeMap<Currency, Vec<(Uuid, &Sums)>> = BTreeMap::new();
    for ((currency, account), sums) in owed {
        by_currency.entry(*currency).or_default().push((*account, sums));
    }
    let mut shown = Vec::new();
    for (currency, mut all) in by_currency {
        all.sort_by_key(|(account, sums)| (Reverse(sums.open()), *account));
        all.truncate(MOST_CUSTOMERS);
        let names = names(scope, all.iter().map(|(account, _)| *account)).await?;
        shown.extend(all.into_iter().map(|(account, sums)| CustomerBalance {
            account: AccountId(account),
            name: names.get(&account).cloned().unwrap_or_default(),
            owed: sums.of(currency),
        }));
    }
    let more = u64::try_from(owed.len() - shown.len()).unwrap_or(u64::MAX);
    Ok((shown, more))
}

async fn names(
    scope: &Scope<ViewBooks>,
    accounts: impl Iterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, String>, Error> {
    let rows = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.is_in(accounts))
        .all(scope.db())
        .await?;
    Ok(rows
        .into_iter()
        .map(|account| (account.id, account.buyer_name))
        .collect())
}

/// What all of them owe, those that are not shown too.
fn together(owed: &BTreeMap<(Currency, Uuid), Sums>) -> Vec<Owed> {
    let mut by_currency: BTreeMap<Currency, Sums> = BTreeMap::new();
    for ((currency, _), sums) in owed {
        by_currency.entry(*currency).or_default().add(sums);
    }
    let all = by_currency.iter();
    all.map(|(currency, sums)| sums.of(*currency)).collect()
}

/// Where an age stands among all.
fn place(age: Age) -> usize {
    let found = Age::ALL.iter().position(|one| *one == age);
    found.unwrap_or_default()
}

/// What is owed and lies unused in a currency, in minor units.
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

    fn add(&mut self, other: &Self) {
        for (sum, more) in self.ages.iter_mut().zip(other.ages) {
            *sum += more;
        }
        self.disputed += other.disputed;
        self.unused += other.unused;
    }

    fn of(&self, currency: Currency) -> Owed {
        Owed {
            ages: self.ages.map(|sum| Money::new(sum, currency)),
            disputed: Money::new(self.disputed, currency),
            unused: Money::new(self.unused, currency),
        }
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
