//! The list of disputes over all invoices, the newest first: by day, and of one day by id.

use super::read::{credit_notes, stood};
use crate::{
    Error,
    by_day::{PART, after_part, in_parts, merged, part},
    codes::{Stored, money},
    counterparties::accounts_named,
    scope::{Scope, SeesInvoices},
};
use chrono::NaiveDate;
use domain::{
    access::Side,
    disputes::{DisputeQuery, DisputeRow, DisputeState},
    ids::{CreditNoteId, DisputeId, InvoiceId},
    list::{COUNTED_TO, Cursor, DEFAULT_PER_PAGE, MAX_PER_PAGE, Page, Position, Total},
};
use entity::{Uuid, account, codes, dispute, invoice};
use futures::Stream;
use sea_orm::{
    ColumnTrait, Condition, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Func, LikeExpr},
};
use std::collections::BTreeMap;

/// A page of disputes: of what the tenant issued, or of what it received.
///
/// # Errors
/// [`Error::Database`].
pub async fn list<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &DisputeQuery,
) -> Result<Page<DisputeRow>, Error> {
    list_by(scope, query, DEFAULT_PER_PAGE).await
}

/// The same with pages of so many rows, [`MAX_PER_PAGE`] at most.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_by<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &DisputeQuery,
    size: u16,
) -> Result<Page<DisputeRow>, Error> {
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

/// All disputes that match, newest first, read in parts.
pub fn stream<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &DisputeQuery,
) -> impl Stream<Item = Result<DisputeRow, Error>> + Send + 'static {
    let scope = scope.clone();
    in_parts(query.at(Position::First), move |query| {
        let scope = scope.clone();
        async move {
            let found = read(&scope, &query, PART).await?;
            let next = after_part(&found, cursor);
            let rows = shown(&scope, &query, found).await?;
            Ok((rows, next.map(|place| query.at(place))))
        }
    })
}

/// The rows at a place of the list, `limit` at most.
async fn read<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &DisputeQuery,
    limit: u64,
) -> Result<Vec<dispute::Model>, Error> {
    let mut parts = Vec::new();
    for rows in narrowed(scope, query) {
        parts.push(part(rows, BY, &query.position, limit).all(scope.db()).await?);
    }
    Ok(merged(parts, &query.position, limit, |row| {
        (row.opened_on, row.id)
    }))
}

pub(super) const BY: (dispute::Column, dispute::Column) = (dispute::Column::OpenedOn, dispute::Column::Id);

fn cursor(row: &dispute::Model) -> Cursor {
    Cursor::new(&row.opened_on.to_string(), row.id)
}

/// The list, one company at a time.
pub(super) fn narrowed<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &DisputeQuery,
) -> Vec<Select<dispute::Entity>> {
    let mut rows = scope.find::<dispute::Entity>();
    if let Some(number) = &query.number {
        let invoices = scope
            .find::<invoice::Entity>()
            .filter(invoice::Column::Number.eq(number.to_uppercase()))
            .select_only()
            .column(invoice::Column::Id);
        rows = rows.filter(dispute::Column::InvoiceId.in_subquery(invoices.into_query()));
    }
    if let Some(text) = &query.counterparty {
        rows = rows.filter(dispute::Column::AccountId.in_subquery(accounts_named(scope, text)));
    }
    if let Some(text) = &query.reason {
        let reason = Expr::expr(Func::lower(dispute::Column::Reason.into_expr()));
        rows = rows.filter(reason.like(part_of(text)));
    }
    if let Some(state) = query.state {
        rows = rows.filter(of_state(state, query.on));
    }
    if let Some(from) = query.from {
        rows = rows.filter(dispute::Column::OpenedOn.gte(from));
    }
    if let Some(to) = query.to {
        rows = rows.filter(dispute::Column::OpenedOn.lte(to));
    }
    if let Some(on) = query.on {
        rows = rows.filter(dispute::Column::OpenedOn.lte(on));
    }
    let sides = (dispute::Column::SellerId, dispute::Column::BuyerId);
    scope.by_company(rows, sides, query.company)
}

/// The pattern of what has a text in it, in whatever case; signs that stand for others in a pattern are signs.
fn part_of(text: &str) -> LikeExpr {
    const ESCAPE: char = '!';
    let mut pattern = String::from("%");
    for character in text.to_lowercase().chars() {
        if matches!(character, ESCAPE | '%' | '_') {
            pattern.push(ESCAPE);
        }
        pattern.push(character);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape(ESCAPE)
}

/// Those that are in a state, or were at the end of a day: what ended later waited then.
fn of_state(state: DisputeState, on: Option<NaiveDate>) -> Condition {
    let is = dispute::Column::State.eq(codes::DisputeState::from_domain(state));
    let Some(on) = on else {
        return Condition::all().add(is);
    };
    match state {
        DisputeState::Open => Condition::any().add(is).add(dispute::Column::EndedOn.gt(on)),
        DisputeState::Credited | DisputeState::Refused | DisputeState::Withdrawn => {
            Condition::all().add(is).add(dispute::Column::EndedOn.lte(on))
        }
    }
}

/// Rows with names and numbers.
async fn shown<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &DisputeQuery,
    found: Vec<dispute::Model>,
) -> Result<Vec<DisputeRow>, Error> {
    let found: Vec<dispute::Model> = match query.on {
        Some(on) => found.into_iter().map(|row| stood(row, on)).collect(),
        None => found,
    };
    let notes = credit_notes(scope, &found).await?;
    let names = Names {
        side: P::SIDE,
        several: scope.sees_several(),
        numbers: numbers(scope, &found).await?,
        accounts: accounts(scope, &found).await?,
        notes,
    };
    found.iter().map(|row| names.row(row)).collect()
}

/// What the rows of a page are called.
struct Names {
    side: Side,
    several: bool,
    /// Of invoices.
    numbers: BTreeMap<Uuid, String>,
    accounts: BTreeMap<Uuid, account::Model>,
    /// Numbers of credit notes.
    notes: BTreeMap<Uuid, String>,
}

impl Names {
    fn row(&self, row: &dispute::Model) -> Result<DisputeRow, Error> {
        let account = self.accounts.get(&row.account_id);
        let account = account.ok_or_else(|| Error::corrupt("a dispute without account"))?;
        let credit_note = row.credit_note_id.map(|id| {
            let number = self.notes.get(&id).cloned().unwrap_or_default();
            (CreditNoteId(id), number)
        });
        Ok(DisputeRow {
            id: DisputeId(row.id),
            invoice: InvoiceId(row.invoice_id),
            number: self.numbers.get(&row.invoice_id).cloned().unwrap_or_default(),
            // The names as the trading account has them.
            counterparty: match self.side {
                Side::Seller => account.buyer_name.clone(),
                Side::Buyer => account.seller_name.clone(),
            },
            company: self.several.then(|| account.buyer_name.clone()),
            state: row.state.to_domain(),
            amount: money(row.amount_minor, &row.currency)?,
            reason: row.reason.clone(),
            opened_on: row.opened_on,
            by: row.created_by_name.clone(),
            ended_on: row.ended_on,
            credit_note,
            answer: row.answer.clone().unwrap_or_default(),
        })
    }
}

async fn accounts<P: SeesInvoices>(
    scope: &Scope<P>,
    of: &[dispute::Model],
) -> Result<BTreeMap<Uuid, account::Model>, Error> {
    let rows = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.is_in(of.iter().map(|row| row.account_id)))
        .all(scope.db())
        .await?;
    Ok(rows.into_iter().map(|account| (account.id, account)).collect())
}

async fn numbers<P: SeesInvoices>(
    scope: &Scope<P>,
    of: &[dispute::Model],
) -> Result<BTreeMap<Uuid, String>, Error> {
    let rows: Vec<(Uuid, Option<String>)> = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::Id.is_in(of.iter().map(|row| row.invoice_id)))
        .select_only()
        .column(invoice::Column::Id)
        .column(invoice::Column::Number)
        .into_tuple()
        .all(scope.db())
        .await?;
    let named = |(id, number): (Uuid, Option<String>)| (id, number.unwrap_or_default());
    Ok(rows.into_iter().map(named).collect())
}
