//! What documents were worth at the end of a day, by what was booked on them until then. It costs what is booked on the
//! documents that are asked for; the rest of the books is not looked at.

use crate::{Error, codes::Stored, scope::Scope};
use chrono::NaiveDate;
use domain::{
    access::Permit,
    ledger::{Book, EntryKind},
};
use entity::posting::{self, Column};
use sea_orm::{
    ColumnTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What was booked on a document until the end of a day, in minor units.
#[derive(Clone, Debug, Default)]
pub(crate) struct Moved(Vec<(EntryKind, Book, i64)>);

impl Moved {
    /// What is in a book of it, counted so that what came in on the left is above zero.
    pub(crate) fn balance(&self, book: Book) -> i64 {
        self.by(book, |_| true)
    }

    /// What acts of some kinds did to a book.
    pub(crate) fn by(&self, book: Book, kinds: impl Fn(EntryKind) -> bool) -> i64 {
        let of_it = self.0.iter().filter(|(kind, of, _)| *of == book && kinds(*kind));
        of_it.map(|(_, _, amount)| amount).sum()
    }

    /// An act of this kind is booked on it.
    pub(crate) fn any(&self, kind: EntryKind) -> bool {
        self.0.iter().any(|(of, _, _)| *of == kind)
    }
}

/// What a posting moves into a book, above zero what comes in on the left; to be summed up.
pub(crate) fn of_book(book: Book) -> Expr {
    let amount = || Expr::col((posting::Entity, Column::AmountMinor));
    Expr::case(Column::Debit.eq(book.code()), amount())
        .case(Column::Credit.eq(book.code()), Expr::val(0).sub(amount()))
        .finally(0)
        .into()
}

/// What was booked on some documents until the end of a day; `of` is the column that names them.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn moved<P: Permit>(
    scope: &Scope<P>,
    of: Column,
    ids: impl IntoIterator<Item = Uuid>,
    on: NaiveDate,
) -> Result<BTreeMap<Uuid, Moved>, Error> {
    let postings = scope
        .find::<posting::Entity>()
        .filter(of.is_in(ids))
        .filter(Column::BookedOn.lte(on))
        .all(scope.db())
        .await?;
    let mut all: BTreeMap<Uuid, Moved> = BTreeMap::new();
    for row in postings {
        let document = match of {
            Column::InvoiceId => row.invoice_id,
            Column::PaymentId => row.payment_id,
            _ => row.credit_note_id,
        };
        let Some(document) = document else { continue };
        let (kind, moved) = (row.kind.to_domain(), &mut all.entry(document).or_default().0);
        moved.push((kind, row.debit.to_domain(), row.amount_minor));
        moved.push((kind, row.credit.to_domain(), -row.amount_minor));
    }
    Ok(all)
}
