//! In which book of cash a payment lies. What was posted tells it, not the way it was paid: bank debits once went to the
//! book of cards, and what leaves them must leave that book.

use crate::{Error, codes::Stored, scope::Tx};
use domain::ledger::Book;
use entity::{codes::EntryKind, payment, posting};
use sea_orm::{ColumnTrait, QueryFilter};

/// The book to which a payment was posted when it came in.
///
/// # Errors
/// [`Error::Corrupt`] when it never was; [`Error::Database`].
pub(crate) async fn cash_of(tx: &Tx, payment: &payment::Model) -> Result<Book, Error> {
    let posted = tx
        .find::<posting::Entity>()
        .filter(posting::Column::SellerId.eq(payment.seller_id))
        .filter(posting::Column::SourceId.eq(payment.id))
        .filter(posting::Column::Kind.eq(EntryKind::Receive))
        .one(tx.db())
        .await?;
    match posted {
        Some(posting) => Ok(posting.debit.to_domain()),
        None => Err(Error::corrupt(format!(
            "payment {} is not in the books",
            payment.id
        ))),
    }
}
