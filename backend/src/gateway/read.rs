//! What the pages of the comparison show.

use super::COMPARE;
use crate::{
    Error,
    codes::{Stored, money},
    new_id,
    payments::payers,
    scope::Scope,
};
use domain::{
    Money,
    access::RecordPayments,
    gateway::{Compared, Finding, FindingPage},
    ids::{AccountId, FindingId, FormKey, PaymentId},
};
use entity::{
    Uuid, account,
    codes::{FindingState, JobState},
    gateway_comparison, gateway_finding, job, payment,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::BTreeMap;

/// Findings that are shown of those that are open.
const MOST_OPEN: usize = 100;
/// Findings that are shown of those that ended.
const MOST_ENDED: u64 = 20;

/// When the seller was last compared, what differs, and what ended lately.
///
/// # Errors
/// [`Error::Database`].
pub async fn compared(scope: &Scope<RecordPayments>) -> Result<Compared, Error> {
    let run = scope.find::<gateway_comparison::Entity>().one(scope.db()).await?;
    let last = run.and_then(|run| Some((run.finished_at?, run.counted)));
    let limit = u64::try_from(MOST_OPEN + 1).unwrap_or(u64::MAX);
    let mut open = findings(scope)
        .filter(gateway_finding::Column::State.eq(FindingState::Open))
        .order_by_asc(gateway_finding::Column::HappenedAt)
        .order_by_asc(gateway_finding::Column::Id)
        .limit(limit)
        .all(scope.db())
        .await?;
    let more = open.len() > MOST_OPEN;
    open.truncate(MOST_OPEN);
    let ended = findings(scope)
        .filter(gateway_finding::Column::State.ne(FindingState::Open))
        .order_by_desc(gateway_finding::Column::EndedAt)
        .order_by_desc(gateway_finding::Column::Id)
        .limit(MOST_ENDED)
        .all(scope.db())
        .await?;
    Ok(Compared {
        key: FormKey(new_id()),
        last: last.map(|(at, counted)| (at, u64::try_from(counted).unwrap_or_default())),
        is_under_way: is_under_way(scope).await?,
        open: shown(scope, open).await?,
        more,
        ended: shown(scope, ended).await?,
    })
}

/// One finding, with the customers whose name has a text in it, if it can be recorded; without a text the one whom the
/// gateway names.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn finding(
    scope: &Scope<RecordPayments>,
    id: FindingId,
    search: &str,
) -> Result<FindingPage, Error> {
    let row = findings(scope)
        .filter(gateway_finding::Column::Id.eq(id.0))
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)?;
    let is_offered = row.state == FindingState::Open && row.kind.to_domain().is_recordable();
    let mut found = shown(scope, vec![row]).await?;
    let finding = found.pop().ok_or(Error::NotFound)?;
    let named = finding.account.as_ref().map(|(_, name)| name.as_str());
    let payers = match (is_offered, search.trim(), named) {
        (false, ..) => None,
        (true, "", named) => Some(payers::payers(scope, named.unwrap_or_default()).await?),
        (true, text, _) => Some(payers::payers(scope, text).await?),
    };
    Ok(FindingPage {
        key: FormKey(new_id()),
        finding,
        payers,
    })
}

fn findings(scope: &Scope<RecordPayments>) -> Select<gateway_finding::Entity> {
    scope.find()
}

async fn is_under_way(scope: &Scope<RecordPayments>) -> Result<bool, Error> {
    let waiting = scope
        .find::<job::Entity>()
        .filter(job::Column::Kind.eq(COMPARE))
        .filter(job::Column::State.is_in([JobState::Queued, JobState::Running]))
        .one(scope.db())
        .await?;
    Ok(waiting.is_some())
}

/// Rows with the names of customers and the numbers of payments.
async fn shown(
    scope: &Scope<RecordPayments>,
    rows: Vec<gateway_finding::Model>,
) -> Result<Vec<Finding>, Error> {
    let accounts = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.is_in(rows.iter().filter_map(|row| row.account_id)))
        .all(scope.db())
        .await?;
    let accounts: BTreeMap<Uuid, String> = accounts.into_iter().map(|row| (row.id, row.buyer_name)).collect();
    let payments = scope
        .find::<payment::Entity>()
        .filter(payment::Column::Id.is_in(rows.iter().filter_map(|row| row.payment_id)))
        .all(scope.db())
        .await?;
    let payments: BTreeMap<Uuid, String> = payments
        .into_iter()
        .map(|row| (row.id, row.receipt_number))
        .collect();
    rows.into_iter()
        .map(|row| one(row, &accounts, &payments))
        .collect()
}

fn one(
    row: gateway_finding::Model,
    accounts: &BTreeMap<Uuid, String>,
    payments: &BTreeMap<Uuid, String>,
) -> Result<Finding, Error> {
    let gateway_finding::Model {
        seller_id: _,
        id,
        kind,
        state,
        reference,
        happened_at,
        there_currency,
        there_minor,
        here_currency,
        here_minor,
        method: _,
        brand,
        last4,
        description,
        account_id,
        payment_id,
        note,
        found_at: _,
        ended_at,
        ended_by_name,
    } = row;
    let named =
        |id: Option<Uuid>, names: &BTreeMap<Uuid, String>| id.zip(id.and_then(|id| names.get(&id).cloned()));
    Ok(Finding {
        id: FindingId(id),
        kind: kind.to_domain(),
        state: state.to_domain(),
        reference,
        happened_at,
        there: amount(there_minor, there_currency.as_deref())?,
        here: amount(here_minor, here_currency.as_deref())?,
        by: format!("{brand} {last4}").trim().to_owned(),
        description,
        account: named(account_id, accounts).map(|(id, name)| (AccountId(id), name)),
        payment: named(payment_id, payments).map(|(id, number)| (PaymentId(id), number)),
        note,
        ended: ended_by_name.zip(ended_at),
    })
}

fn amount(minor: Option<i64>, currency: Option<&str>) -> Result<Option<Money>, Error> {
    minor
        .zip(currency)
        .map(|(minor, currency)| money(minor, currency))
        .transpose()
}
