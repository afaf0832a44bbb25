//! What unused money or credit lies in: a payment or a credit note, for whoever puts it to invoices or takes it off.

use crate::{
    Error,
    codes::money,
    ledger::{Books, Origin},
    refunds,
    scope::Tx,
};
use domain::{Money, Refusal, payments::allocation::Unused};
use entity::{Uuid, codes::CreditNoteStage, credit_note, payment};
use sea_orm::{
    ColumnTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};

/// A payment or a credit note.
#[derive(Clone, Debug)]
pub(crate) enum Pot {
    /// Money.
    Payment(payment::Model),
    /// Credit that stands.
    CreditNote(credit_note::Model),
}

impl Pot {
    /// Locks what has an id.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for a credit note that was withdrawn; [`Refusal::RefundUnderWay`].
    pub(crate) async fn lock(tx: &Tx, id: Uuid) -> Result<Self, Error> {
        let payment = tx
            .lock::<payment::Entity>()
            .filter(payment::Column::Id.eq(id))
            .one(tx.db())
            .await?;
        if let Some(payment) = payment {
            if refunds::is_under_way(tx, payment.id).await? {
                return Err(Refusal::RefundUnderWay.into());
            }
            return Ok(Self::Payment(payment));
        }
        let note = tx
            .lock::<credit_note::Entity>()
            .filter(credit_note::Column::Id.eq(id))
            .filter(credit_note::Column::Stage.eq(CreditNoteStage::Issued))
            .one(tx.db())
            .await?;
        let note = note.ok_or(Error::NotFound)?;
        if refunds::is_promised(tx, note.id).await? {
            return Err(Refusal::RefundUnderWay.into());
        }
        Ok(Self::CreditNote(note))
    }

    /// Whose it is.
    pub(crate) const fn books(&self) -> Books {
        match self {
            Self::Payment(row) => Books {
                seller: row.seller_id,
                account: row.account_id,
                buyer: row.buyer_id,
            },
            Self::CreditNote(row) => Books {
                seller: row.seller_id,
                account: row.account_id,
                buyer: row.buyer_id,
            },
        }
    }

    /// As allocations name it.
    pub(crate) const fn origin(&self) -> Origin {
        match self {
            Self::Payment(row) => Origin::Payment(row.id),
            Self::CreditNote(row) => Origin::CreditNote(row.id),
        }
    }

    /// Its id.
    pub(crate) const fn id(&self) -> Uuid {
        match self {
            Self::Payment(row) => row.id,
            Self::CreditNote(row) => row.id,
        }
    }

    /// What is put to nothing.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for a currency that there is not.
    pub(crate) fn unused(&self) -> Result<Money, Error> {
        match self {
            Self::Payment(row) => money(row.unapplied_minor, &row.currency),
            Self::CreditNote(row) => money(row.remaining_minor, &row.currency),
        }
    }

    /// As rules draw from it.
    ///
    /// # Errors
    /// As [`Self::unused`].
    pub(crate) fn source(&self) -> Result<Unused, Error> {
        let (number, day) = match self {
            Self::Payment(row) => (&row.receipt_number, row.paid_on),
            Self::CreditNote(row) => (&row.number, row.issue_date),
        };
        Ok(Unused {
            from: self.id(),
            account: self.books().account.into(),
            number: number.clone(),
            day,
            amount: self.unused()?,
        })
    }

    /// Changes what is put to nothing. The guard is the database's: what is locked here cannot have changed, and still it
    /// is asked.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it would become less than nothing.
    pub(crate) async fn change_unused(&self, tx: &Tx, by: i64) -> Result<(), Error> {
        let changed = match self {
            Self::Payment(row) => {
                let unapplied = || Expr::col(payment::Column::UnappliedMinor).add(by);
                tx.update::<payment::Entity>()
                    .col_expr(payment::Column::UnappliedMinor, unapplied())
                    .filter(payment::Column::SellerId.eq(row.seller_id))
                    .filter(payment::Column::Id.eq(row.id))
                    .filter(unapplied().gte(0))
                    .exec(tx.db())
                    .await?
            }
            Self::CreditNote(row) => {
                let remaining = || Expr::col(credit_note::Column::RemainingMinor).add(by);
                let applied = || Expr::col(credit_note::Column::AppliedMinor).sub(by);
                tx.update::<credit_note::Entity>()
                    .col_expr(credit_note::Column::RemainingMinor, remaining())
                    .col_expr(credit_note::Column::AppliedMinor, applied())
                    .filter(credit_note::Column::SellerId.eq(row.seller_id))
                    .filter(credit_note::Column::Id.eq(row.id))
                    .filter(remaining().gte(0))
                    .filter(applied().gte(0))
                    .exec(tx.db())
                    .await?
            }
        };
        if changed.rows_affected == 1 {
            Ok(())
        } else {
            Err(Error::Conflict)
        }
    }
}
