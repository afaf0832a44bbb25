//! The same proof for one seller, by its own people.

use super::{TOLD, all, rules::Rule};
use crate::{
    Error, Scope,
    database::{Pool, Sql},
    ledger::names::Names,
};
use domain::{
    access::ViewBooks,
    books::{Difference, Proof, Proofs, SeriesProof},
};
use entity::{
    allocation, codes::FindingState, credit_note, gateway_finding, invoice, number_counter, payment, posting,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, PaginatorTrait, QueryFilter, QueryOrder};
use std::time::Instant;
use uuid::Uuid;

/// Tables that a rule of documents looks at. Each has its seller.
const OF_SELLER: [&str; 26] = [
    "accounts",
    "account_currencies",
    "invoices",
    "invoice_lines",
    "invoice_costs",
    "invoice_taxes",
    "invoice_parties",
    "write_offs",
    "reminders",
    "disputes",
    "dispute_parts",
    "payments",
    "payment_attempts",
    "attempt_lines",
    "allocations",
    "allocation_plans",
    "credit_notes",
    "credit_note_lines",
    "credit_note_parts",
    "credit_note_taxes",
    "postings",
    "number_counters",
    "imports",
    "cards",
    "gateway_checks",
    "gateway_findings",
];

/// Computes everything of a seller anew and compares: amounts of documents with their parts, with allocations and with
/// the books, numbers with their series, what points somewhere with what is there. Reads only.
///
/// # Errors
/// [`Error::Database`].
pub async fn prove(scope: &Scope<ViewBooks>) -> Result<Proofs, Error> {
    let began = Instant::now();
    let mut proofs: Vec<Proof> = Vec::new();
    for rule in all() {
        let what = in_words(rule);
        let differences = differences(scope, rule).await?;
        match proofs.iter_mut().find(|proof| proof.what == what) {
            Some(known) => known.differences.extend(differences),
            None => proofs.push(Proof {
                what,
                rule: rule.rule.to_owned(),
                differences,
            }),
        }
    }
    proofs.sort_by_key(|proof| proof.differences.is_empty());
    let db = scope.db();
    let counted = [
        ("Invoices", scope.find::<invoice::Entity>().count(db).await?),
        ("Payments", scope.find::<payment::Entity>().count(db).await?),
        (
            "Credit notes",
            scope.find::<credit_note::Entity>().count(db).await?,
        ),
        ("Allocations", scope.find::<allocation::Entity>().count(db).await?),
        ("Postings", scope.find::<posting::Entity>().count(db).await?),
        ("Open differences with the gateway", open_findings(scope).await?),
    ];
    let series = scope
        .find::<number_counter::Entity>()
        .order_by_asc(number_counter::Column::Kind)
        .order_by_asc(number_counter::Column::Series)
        .all(db)
        .await?;
    let series = series.into_iter().map(|row| SeriesProof {
        kind: row.kind,
        series: row.series,
        given: row.last,
    });
    Ok(Proofs {
        counted: counted.map(|(what, count)| (what.to_owned(), count)).to_vec(),
        proofs,
        series: series.collect(),
        milliseconds: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}

/// What the payment gateway says otherwise, and nobody has settled.
async fn open_findings(scope: &Scope<ViewBooks>) -> Result<u64, Error> {
    let open = scope
        .find::<gateway_finding::Entity>()
        .filter(gateway_finding::Column::State.eq(FindingState::Open));
    Ok(open.count(scope.db()).await?)
}

/// What is compared, as people say it: they know no tables.
fn in_words(rule: &Rule) -> String {
    if rule.check.starts_with("orphan ") {
        "what a row belongs to".to_owned()
    } else {
        rule.check.replace('_', " ")
    }
}

async fn differences(scope: &Scope<ViewBooks>, rule: &Rule) -> Result<Vec<Difference>, Error> {
    let mut sql = Sql::new(scope.db().get_database_backend());
    narrow(&mut sql, rule, scope.tenant().0);
    sql.push("SELECT id, CAST(found AS bigint), CAST(wanted AS bigint) FROM (")
        .push(rule.statement)
        .push(") AS broken WHERE tenant = ")
        .bind(scope.tenant().0)
        .push(&format!(" LIMIT {TOLD}"));
    let mut found = read(scope.db(), sql).await?;
    if !found.is_empty() {
        let ids: Vec<Uuid> = found.iter().map(|one| one.id).collect();
        let names = Names::of_any(scope, &ids).await?;
        for one in &mut found {
            one.named = names.any(one.id);
        }
    }
    Ok(found)
}

/// What a rule reads is narrowed to the seller's rows: on PostgreSQL row security does so, on SQLite each table that the
/// rule names is put in the place of the whole one.
fn narrow(sql: &mut Sql, rule: &Rule, seller: Uuid) {
    if sql.backend() != DbBackend::Sqlite {
        return;
    }
    let named = |table: &&&str| {
        let mut words = rule
            .statement
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        words.any(|word| word == **table)
    };
    for (place, table) in OF_SELLER.iter().filter(named).enumerate() {
        sql.push(if place == 0 { "WITH " } else { ", " });
        sql.push(&format!(
            "{table} AS (SELECT * FROM main.{table} WHERE seller_id = "
        ));
        sql.bind(seller).push(")");
    }
    sql.push(" ");
}

#[expect(
    clippy::disallowed_methods,
    reason = "each statement is narrowed to the seller, twice"
)]
async fn read(db: &Pool, sql: Sql) -> Result<Vec<Difference>, Error> {
    let rows = db.query_all_raw(sql.statement()).await?;
    rows.iter()
        .map(|row| {
            Ok(Difference {
                id: row.try_get_by_index(0)?,
                named: None,
                found: row.try_get_by_index(1)?,
                wanted: row.try_get_by_index(2)?,
            })
        })
        .collect()
}
