//! What the workbench shows: unused money and credit, open invoices, what a rule would do, and what was done before.
//!
//! All lists are bounded and say when there is more, the oldest first: a customer's page costs the same whatever it has
//! paid and owed before.

use crate::{
    Error,
    codes::{Stored, currency, money},
    new_id,
    payments::payers::{payers, with_balances},
    scope::Scope,
};
use domain::{
    access::RecordPayments,
    ids::{AccountId, FormKey, PlanId},
    payments::{
        allocation::{Owed, Planned, Unused, plan},
        offline::FoundPayers,
    },
    workbench::{DebtLine, OpenedWorkbench, PlanRow, Workbench, WorkbenchQuery},
};
use entity::{Uuid, account, allocation_plan, credit_note, payment};
use family::{Family, currencies, likely};
use lists::{Source, debts, remaining, sources, unapplied};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeSet;

mod detail;
mod family;
mod lists;

pub use detail::detail;

/// Customers that an answer names.
const MOST_FOUND: usize = 20;
/// Payments or credit notes that are looked at for those whose money waits longest.
const MOST_WAITING: u64 = 200;
/// Plans on the page.
const MOST_HISTORY: usize = 20;

/// Opens the workbench: of an account, or the search for one.
///
/// # Errors
/// [`Error::NotFound`] for an account of somebody else.
pub async fn open(scope: &Scope<RecordPayments>, query: &WorkbenchQuery) -> Result<OpenedWorkbench, Error> {
    if let (None, Some(of)) = (query.account, query.of) {
        let begun = beginning_with(scope, of, query).await?;
        return Ok(OpenedWorkbench::Bench(Box::new(begun)));
    }
    let Some(account) = query.account else {
        let text = query.search.trim();
        let found = if text.is_empty() {
            waiting(scope).await?
        } else {
            payers(scope, text).await?
        };
        return Ok(OpenedWorkbench::Search(found));
    };
    let bench = bench(scope, account, query).await?;
    Ok(OpenedWorkbench::Bench(Box::new(bench)))
}

/// The workbench of whom a payment or credit note is, with nothing but that ticked.
async fn beginning_with(
    scope: &Scope<RecordPayments>,
    of: Uuid,
    query: &WorkbenchQuery,
) -> Result<Workbench, Error> {
    let payment = scope
        .find::<payment::Entity>()
        .filter(payment::Column::Id.eq(of))
        .one(scope.db())
        .await?;
    let note = scope
        .find::<credit_note::Entity>()
        .filter(credit_note::Column::Id.eq(of))
        .one(scope.db())
        .await?;
    let found = payment
        .map(|row| (row.account_id, row.currency))
        .or(note.map(|row| (row.account_id, row.currency)));
    let (account, code) = found.ok_or(Error::NotFound)?;
    let query = WorkbenchQuery {
        currency: Some(currency(&code)?),
        from: Some(vec![of]),
        ..query.clone()
    };
    bench(scope, AccountId(account), &query).await
}

/// Whose money or credit waits longest.
async fn waiting(scope: &Scope<RecordPayments>) -> Result<FoundPayers, Error> {
    let payments: Vec<Uuid> = scope
        .find::<payment::Entity>()
        .filter(unapplied())
        .order_by_asc(payment::Column::PaidOn)
        .order_by_asc(payment::Column::Id)
        .limit(MOST_WAITING)
        .select_only()
        .column(payment::Column::AccountId)
        .into_tuple()
        .all(scope.db())
        .await?;
    let notes: Vec<Uuid> = scope
        .find::<credit_note::Entity>()
        .filter(remaining())
        .order_by_asc(credit_note::Column::IssueDate)
        .order_by_asc(credit_note::Column::Id)
        .limit(MOST_WAITING)
        .select_only()
        .column(credit_note::Column::AccountId)
        .into_tuple()
        .all(scope.db())
        .await?;
    let mut seen = BTreeSet::new();
    let mut order: Vec<Uuid> = payments
        .into_iter()
        .chain(notes)
        .filter(|id| seen.insert(*id))
        .collect();
    let more = order.len() > MOST_FOUND;
    order.truncate(MOST_FOUND);
    let accounts = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.is_in(order.iter().copied()))
        .all(scope.db())
        .await?;
    let mut found = with_balances(scope, accounts).await?;
    found.sort_by_key(|payer| order.iter().position(|id| *id == payer.account.0));
    Ok(FoundPayers {
        text: String::new(),
        payers: found,
        more,
    })
}

async fn bench(
    scope: &Scope<RecordPayments>,
    id: AccountId,
    query: &WorkbenchQuery,
) -> Result<Workbench, Error> {
    let family = Family::of(scope, id).await?;
    let currencies = currencies(scope, &family).await?;
    let currency = match query.currency {
        Some(currency) => currency,
        None => likely(scope, &family, &currencies).await?,
    };
    let (found, more_sources) = sources(scope, &family, currency).await?;
    let (debts, more_debts) = debts(scope, &family, currency).await?;
    let ticked = |source: &Source| {
        query
            .from
            .as_ref()
            .is_none_or(|from| from.contains(&source.unused.from))
    };
    let used: Vec<Unused> = found
        .iter()
        .filter(|source| ticked(source))
        .map(|source| source.unused.clone())
        .collect();
    let owed: Vec<Owed> = debts.iter().map(|(_, owed)| owed.clone()).collect();
    let Planned { total, parts, rest } = plan(query.rule, currency, id, &used, &owed)?;
    let line = |(line, owed): (DebtLine, Owed)| DebtLine {
        amount: parts.get(&owed.open.invoice).copied(),
        ..line
    };
    let (history, more_history) = history(scope, &family).await?;
    Ok(Workbench {
        key: FormKey(new_id()),
        account: id,
        name: family.own().buyer_name.clone(),
        external_id: family.own().external_id.clone(),
        currency,
        currencies,
        rule: query.rule,
        sources: found
            .into_iter()
            .map(|source| {
                let is_ticked = ticked(&source);
                source.line(&family, is_ticked)
            })
            .collect(),
        more_sources,
        debts: debts.into_iter().map(line).collect(),
        more_debts,
        total,
        rest,
        history,
        more_history,
    })
}

/// What was put to invoices on these companies' pages, the last first, and whether there is more.
async fn history(scope: &Scope<RecordPayments>, family: &Family) -> Result<(Vec<PlanRow>, bool), Error> {
    let mut rows = scope
        .find::<allocation_plan::Entity>()
        .filter(allocation_plan::Column::AccountId.is_in(family.ids()))
        .order_by_desc(allocation_plan::Column::CreatedAt)
        .order_by_desc(allocation_plan::Column::Id)
        .limit(u64::try_from(MOST_HISTORY).unwrap_or_default() + 1)
        .all(scope.db())
        .await?;
    let more = rows.len() > MOST_HISTORY;
    rows.truncate(MOST_HISTORY);
    let rows = rows.into_iter().map(shown).collect::<Result<_, _>>()?;
    Ok((rows, more))
}

/// A plan in a list.
fn shown(row: allocation_plan::Model) -> Result<PlanRow, Error> {
    Ok(PlanRow {
        id: PlanId(row.id),
        at: row.created_at,
        by: row.created_by_name,
        rule: row.rule.to_domain(),
        amount: money(row.amount_minor, &row.currency)?,
        undone: row.undone_at.zip(row.undone_by_name),
    })
}
