//! Gives numbers to documents, from a counter row that is locked until the transaction ends (V21).
//!
//! A transaction that is rolled back gives its numbers back with it, so a series has neither gap nor twin.

use crate::{Error, scope::Tx};
use chrono::NaiveDate;
use domain::{
    ids::TenantId,
    invoices::numbering::{Counter, Series, Yearly},
};
use entity::number_counter;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::OnConflict};
use std::collections::BTreeMap;

/// Kinds of documents that are numbered; each has series of its own (V23).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbered {
    /// Invoices.
    Invoice,
    /// Credit notes.
    CreditNote,
    /// Receipts of payments.
    Receipt,
    /// Bills of parents over their subsidiaries' invoices.
    Rollup,
}

impl Numbered {
    const fn code(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::CreditNote => "credit_note",
            Self::Receipt => "receipt",
            Self::Rollup => "rollup",
        }
    }

    fn series(self) -> Series {
        let prefix = match self {
            Self::Invoice => "INV",
            Self::CreditNote => "CN",
            Self::Receipt => "REC",
            Self::Rollup => "ROL",
        };
        Series {
            prefix: prefix.to_owned(),
            yearly: Yearly::Restart,
            digits: 6,
        }
    }

    /// A receipt's date may lie before the last one's: money that came in is recorded, whatever the clock says.
    const fn keeps_date_order(self) -> bool {
        match self {
            Self::Invoice | Self::CreditNote | Self::Rollup => true,
            Self::Receipt => false,
        }
    }
}

/// Gives a number to one document.
///
/// # Errors
/// [`domain::Refusal::DateBeforeLast`] when it is dated before the last one of its series (V22); [`Error::Database`].
pub(crate) async fn take(
    tx: &Tx,
    seller: TenantId,
    kind: Numbered,
    issued: NaiveDate,
) -> Result<String, Error> {
    let numbers = take_all(tx, seller, kind, &[issued]).await?;
    numbers
        .into_iter()
        .next()
        .ok_or_else(|| Error::corrupt("a number is missing"))
}

/// Gives numbers to documents in the order given.
///
/// # Errors
/// As [`take`].
pub(crate) async fn take_all(
    tx: &Tx,
    seller: TenantId,
    kind: Numbered,
    issued: &[NaiveDate],
) -> Result<Vec<String>, Error> {
    let series = kind.series();
    let mut counters: BTreeMap<String, Counter> = BTreeMap::new();
    let mut numbers = Vec::with_capacity(issued.len());
    for date in issued {
        let name = series.counter_name(*date);
        let counter = match counters.get(&name) {
            Some(counter) => *counter,
            None => lock(tx, seller, kind, &name).await?,
        };
        let dated = match counter.last_date {
            Some(last) if !kind.keeps_date_order() => last.max(*date),
            Some(_) | None => *date,
        };
        let counter = counter.next(dated)?;
        numbers.push(series.number(*date, counter.last));
        counters.insert(name, counter);
    }
    for (name, counter) in counters {
        save(tx, seller, kind, name, counter).await?;
    }
    Ok(numbers)
}

/// Locks a counter, making it first when this is its first document.
#[expect(
    clippy::disallowed_methods,
    reason = "a buyer's payment takes a receipt number from its seller's counter"
)]
async fn lock(tx: &Tx, seller: TenantId, kind: Numbered, series: &str) -> Result<Counter, Error> {
    let fresh = number_counter::ActiveModel {
        seller_id: Set(seller.0),
        kind: Set(kind.code().to_owned()),
        series: Set(series.to_owned()),
        last: Set(0),
        last_date: Set(None),
    };
    number_counter::Entity::insert(fresh)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx.db())
        .await?;
    let row = number_counter::Entity::find_by_id((seller.0, kind.code().to_owned(), series.to_owned()))
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or_else(|| Error::corrupt("a counter is missing"))?;
    let last = u64::try_from(row.last).map_err(|_| Error::corrupt("a counter is negative"))?;
    Ok(Counter {
        last,
        last_date: row.last_date,
    })
}

#[expect(clippy::disallowed_methods, reason = "the row was locked by its whole key")]
async fn save(
    tx: &Tx,
    seller: TenantId,
    kind: Numbered,
    series: String,
    counter: Counter,
) -> Result<(), Error> {
    let last = i64::try_from(counter.last).map_err(|_| Error::corrupt("a counter is exhausted"))?;
    number_counter::Entity::update_many()
        .set(number_counter::ActiveModel {
            last: Set(last),
            last_date: Set(counter.last_date),
            ..Default::default()
        })
        .filter(number_counter::Column::SellerId.eq(seller.0))
        .filter(number_counter::Column::Kind.eq(kind.code()))
        .filter(number_counter::Column::Series.eq(series))
        .exec(tx.db())
        .await?;
    Ok(())
}
