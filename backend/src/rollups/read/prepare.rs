//! What a new bill of a parent would hold, before it is issued.

use crate::{
    Error,
    codes::{currency, money},
    new_id,
    scope::Scope,
};
use chrono::{Datelike, Months, NaiveDate};
use domain::{
    Currency, FieldErrors, Money, Refusal,
    access::WriteInvoices,
    ids::{AccountId, FormKey, InvoiceId},
    rollups::{MOST_INVOICES, NewRollup, Preview, RollupFields, RollupLine, Wanted, blocks},
};
use entity::{Uuid, account, account_currency, codes::Stage, invoice, subsidiary};
use sea_orm::{
    ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Parents that the page offers.
const MOST_PARENTS: u64 = 500;

/// The page on which a bill is prepared, with what it would hold once that is asked for. Nothing asked for is last month.
///
/// # Errors
/// [`Error::NotFound`] for an account of somebody else. What is wrong with a field stands in the answer.
pub async fn prepare(scope: &Scope<WriteInvoices>, fields: RollupFields) -> Result<NewRollup, Error> {
    let mut page = NewRollup {
        parents: parents(scope).await?,
        currencies: currencies(scope).await?,
        fields,
        errors: FieldErrors::default(),
        preview: None,
    };
    if page.fields.account.trim().is_empty() {
        page.fields = last_month(scope.actor().today(), page.fields);
        return Ok(page);
    }
    match page.fields.wanted() {
        Ok(wanted) => match preview(scope, &wanted).await? {
            Some(preview) => page.preview = Some(preview),
            None => page.errors = FieldErrors::one("", Refusal::NothingToRollUp),
        },
        Err(errors) => page.errors = errors,
    }
    Ok(page)
}

/// The subsidiaries of a parent, whose invoices its bill may hold.
pub(in crate::rollups) fn children(
    rows: Select<subsidiary::Entity>,
    parent: Uuid,
) -> Select<subsidiary::Entity> {
    rows.filter(subsidiary::Column::ParentId.eq(parent))
        .select_only()
        .column(subsidiary::Column::BuyerId)
}

/// What a bill may hold of some invoices: issued in its period, open, and in no other bill (V40), in the order of their ids (V30).
pub(in crate::rollups) fn billable(
    rows: Select<invoice::Entity>,
    wanted: &Wanted,
) -> Select<invoice::Entity> {
    rows.filter(invoice::Column::Stage.is_in([Stage::Open, Stage::PartlyPaid]))
        .filter(invoice::Column::RollupId.is_null())
        .filter(invoice::Column::Currency.eq(wanted.currency.code()))
        .filter(invoice::Column::IssueDate.gte(wanted.period.from))
        .filter(invoice::Column::IssueDate.lte(wanted.period.to))
        .filter(Expr::col(invoice::Column::OpenMinor).gt(0))
        .order_by_asc(invoice::Column::Id)
}

async fn preview(scope: &Scope<WriteInvoices>, wanted: &Wanted) -> Result<Option<Preview>, Error> {
    let found = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.eq(wanted.account.0))
        .one(scope.db())
        .await?;
    let account = found.ok_or(Error::NotFound)?;
    let below = children(scope.find(), account.buyer_id).into_query();
    let rows = billable(scope.find(), wanted).filter(invoice::Column::BuyerId.in_subquery(below));
    // What is being paid right now waits for the next bill: its payment has another payer.
    let being_paid = rows.clone().filter(invoice::Column::ReservedMinor.gt(0));
    let being_paid = being_paid.count(scope.db()).await?;
    let mut found = rows
        .filter(invoice::Column::ReservedMinor.eq(0))
        .limit(u64::try_from(MOST_INVOICES).unwrap_or_default() + 1)
        .all(scope.db())
        .await?;
    let more = found.len() > MOST_INVOICES;
    found.truncate(MOST_INVOICES);
    let today = scope.actor().today();
    if found.is_empty() {
        return Ok(None);
    }
    let lines = found.iter().map(line).collect::<Result<Vec<_>, _>>()?;
    Ok(Some(Preview {
        key: FormKey(new_id()),
        buyer: account.buyer_name,
        total: Money::sum(wanted.currency, lines.iter().map(|line| line.amount))?,
        shown: mark_of(&found),
        blocks: blocks(lines)?,
        due_date: found.iter().map(|row| row.due_date).fold(today, Ord::max),
        being_paid,
        more,
    }))
}

/// A mark that is another one for other invoices, or when something else is open of them. In the order of their ids.
pub(in crate::rollups) fn mark_of(invoices: &[invoice::Model]) -> String {
    let mut hash = Sha256::new();
    for row in invoices {
        hash.update(row.id.as_bytes());
        hash.update(row.open_minor.to_be_bytes());
    }
    let bytes = hash.finalize();
    bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn line(row: &invoice::Model) -> Result<RollupLine, Error> {
    let open = money(row.open_minor, &row.currency)?;
    Ok(RollupLine {
        invoice: InvoiceId(row.id),
        number: row.number.clone().unwrap_or_default(),
        company: row.buyer_name.clone(),
        issue_date: row.issue_date.unwrap_or(row.due_date),
        due_date: row.due_date,
        amount: open,
        open,
        reached: true,
    })
}

/// Customers that have subsidiaries, by name.
async fn parents(scope: &Scope<WriteInvoices>) -> Result<Vec<(AccountId, String)>, Error> {
    let parents = scope
        .find::<subsidiary::Entity>()
        .select_only()
        .column(subsidiary::Column::ParentId)
        .into_query();
    let rows = scope
        .find::<account::Entity>()
        .filter(account::Column::BuyerId.in_subquery(parents))
        .order_by_asc(account::Column::BuyerSearch)
        .order_by_asc(account::Column::Id)
        .limit(MOST_PARENTS)
        .all(scope.db())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (AccountId(row.id), row.buyer_name))
        .collect())
}

/// Currencies in which subsidiaries were ever billed.
async fn currencies(scope: &Scope<WriteInvoices>) -> Result<Vec<Currency>, Error> {
    let below = scope
        .find::<subsidiary::Entity>()
        .select_only()
        .column(subsidiary::Column::BuyerId)
        .into_query();
    let codes: Vec<String> = scope
        .find::<account_currency::Entity>()
        .filter(account_currency::Column::BuyerId.in_subquery(below))
        .select_only()
        .column(account_currency::Column::Currency)
        .distinct()
        .into_tuple()
        .all(scope.db())
        .await?;
    let codes: BTreeSet<String> = codes.into_iter().collect();
    codes.iter().map(|code| currency(code)).collect()
}

/// What the form begins with: the month before this one.
fn last_month(today: NaiveDate, fields: RollupFields) -> RollupFields {
    let this = today.with_day(1).unwrap_or(today);
    let from = this.checked_sub_months(Months::new(1)).unwrap_or(this);
    let to = this.pred_opt().unwrap_or(this);
    let or = |typed: String, day: NaiveDate| if typed.is_empty() { day.to_string() } else { typed };
    RollupFields {
        period_from: or(fields.period_from, from),
        period_to: or(fields.period_to, to),
        ..fields
    }
}
