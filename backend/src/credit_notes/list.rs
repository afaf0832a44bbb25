//! The list of credit notes (C3), the newest first: by day, and of one day by id.

use crate::{
    Error,
    by_day::{merged, part},
    codes::money,
    counterparties::accounts_named,
    ledger::as_of::moved,
    scope::{Scope, SeesInvoices},
};
use chrono::NaiveDate;
use domain::{
    access::Side,
    credit_notes::CreditNoteRow,
    ids::{CreditNoteId, TenantId},
    ledger::{Book, EntryKind},
    list::{COUNTED_TO, Cursor, DEFAULT_PER_PAGE, MAX_PER_PAGE, Page, Position, Total},
};
use entity::{Uuid, account, codes::CreditNoteStage, credit_note, posting};
use sea_orm::{ColumnTrait, Condition, PaginatorTrait, QueryFilter, QuerySelect};

/// What the list is narrowed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Narrowed<'a> {
    /// A number as a whole, or part of the other side's name.
    pub search: Option<&'a str>,
    /// What one of the viewer's companies received.
    pub company: Option<TenantId>,
    /// As it was at the end of this day: without what was issued later, and with what was unused by then.
    pub on: Option<NaiveDate>,
}

/// A page of credit notes, the newest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn list<P: SeesInvoices>(
    scope: &Scope<P>,
    narrowed: Narrowed<'_>,
    position: &Position,
) -> Result<Page<CreditNoteRow>, Error> {
    list_by(scope, narrowed, position, DEFAULT_PER_PAGE).await
}

/// The same with pages of so many rows, [`MAX_PER_PAGE`] at most.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_by<P: SeesInvoices>(
    scope: &Scope<P>,
    narrowed: Narrowed<'_>,
    position: &Position,
    size: u16,
) -> Result<Page<CreditNoteRow>, Error> {
    let Narrowed { search, company, on } = narrowed;
    let size = size.clamp(1, MAX_PER_PAGE);
    let mut rows = scope.find::<credit_note::Entity>();
    if let Some(text) = search {
        rows = rows.filter(
            Condition::any()
                .add(credit_note::Column::Number.eq(text.to_uppercase()))
                .add(credit_note::Column::AccountId.in_subquery(accounts_named(scope, text))),
        );
    }
    if let Some(on) = on {
        rows = rows.filter(credit_note::Column::IssueDate.lte(on));
    }
    let by = (credit_note::Column::IssueDate, credit_note::Column::Id);
    let limit = u64::from(size) + 1;
    let (mut parts, mut count) = (Vec::new(), 0);
    for rows in scope.by_company(
        rows,
        (credit_note::Column::SellerId, credit_note::Column::BuyerId),
        company,
    ) {
        parts.push(part(rows.clone(), by, position, limit).all(scope.db()).await?);
        count += rows.limit(COUNTED_TO + 1).count(scope.db()).await?;
    }
    let found = merged(parts, position, limit, |row| (row.issue_date, row.id));
    let total = Total::counted(count);
    let mut page = Page::of(found, usize::from(size), position, total, |row| {
        Cursor::new(&row.issue_date.to_string(), row.id)
    });
    if let Some(on) = on {
        as_of(scope, &mut page.rows, on).await?;
    }
    let accounts = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.is_in(page.rows.iter().map(|row| row.account_id)))
        .all(scope.db())
        .await?;
    let name = |id: Uuid| {
        let found = accounts.iter().find(|account| account.id == id);
        let name = found.map(|account| match P::SIDE {
            Side::Seller => account.buyer_name.clone(),
            Side::Buyer => account.seller_name.clone(),
        });
        name.unwrap_or_default()
    };
    let several = scope.sees_several();
    let company = |id: Uuid| {
        let found = accounts
            .iter()
            .find(|account| account.id == id)
            .filter(|_| several);
        found.map(|account| account.buyer_name.clone())
    };
    let mut rows = Vec::with_capacity(page.rows.len());
    for note in &page.rows {
        rows.push(CreditNoteRow {
            id: CreditNoteId(note.id),
            counterparty: name(note.account_id),
            company: company(note.account_id),
            issue_date: note.issue_date,
            void: note.stage == CreditNoteStage::Void,
            total: money(note.total_minor, &note.currency)?,
            remaining: money(note.remaining_minor, &note.currency)?,
            number: note.number.clone(),
            reason: note.reason.clone(),
        });
    }
    Ok(page.with(rows))
}

/// Takes back what became of credit notes after a day.
async fn as_of<P: SeesInvoices>(
    scope: &Scope<P>,
    found: &mut [credit_note::Model],
    on: NaiveDate,
) -> Result<(), Error> {
    let ids = found.iter().map(|row| row.id);
    let moved = moved(scope, posting::Column::CreditNoteId, ids, on).await?;
    for row in found {
        let Some(moved) = moved.get(&row.id) else { continue };
        // What is left is owed to the customer: it stands on the right.
        row.remaining_minor = -moved.balance(Book::Credit);
        if !moved.any(EntryKind::Void) {
            row.stage = CreditNoteStage::Issued;
        }
    }
    Ok(())
}
