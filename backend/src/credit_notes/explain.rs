//! Where the amounts of a credit note come from: the note, and all that moved its credit, by whom.

use super::read;
use crate::{
    Error,
    ledger::{Moves, Origin},
    scope::{Scope, SeesInvoices},
};
use domain::{
    credit_notes::explain::ExplainedCredit,
    ids::{AccountId, CreditNoteId},
};
use entity::credit_note;
use sea_orm::{ColumnTrait, QueryFilter};

/// A credit note and what moved its credit, as either side sees it.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Database`].
pub async fn find<P: SeesInvoices>(scope: &Scope<P>, id: CreditNoteId) -> Result<ExplainedCredit, Error> {
    let note = read::find(scope, id).await?;
    let row = scope
        .find::<credit_note::Entity>()
        .filter(credit_note::Column::Id.eq(id.0))
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)?;
    let moves = Moves::of(scope, row.seller_id, Origin::CreditNote(row.id), &row.currency).await?;
    Ok(ExplainedCredit {
        note,
        account: AccountId(row.account_id),
        outflows: moves.outflows,
    })
}
