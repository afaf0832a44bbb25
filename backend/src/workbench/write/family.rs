//! Whose money and invoices one act may hold, a plan or a bill of a parent: those of a customer and of its subsidiaries, as they are when it is saved.

use crate::{Error, scope::Tx};
use domain::Refusal;
use entity::{Uuid, account, subsidiary, tenant};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use std::collections::BTreeSet;

/// The buyers of a customer's family.
pub(crate) struct Family(BTreeSet<Uuid>);

impl Family {
    /// A customer with its subsidiaries, and keeps it so until the transaction ends: whoever changes a family locks the
    /// seller's own row. The lock lets others through who only refer to the seller.
    pub(crate) async fn lock(tx: &Tx, parent: &account::Model) -> Result<Self, Error> {
        tx.find::<tenant::Entity>()
            .filter(tenant::Column::Id.eq(parent.seller_id))
            .lock_shared()
            .one(tx.db())
            .await?
            .ok_or(Error::NotFound)?;
        let below: Vec<Uuid> = tx
            .find::<subsidiary::Entity>()
            .filter(subsidiary::Column::ParentId.eq(parent.buyer_id))
            .select_only()
            .column(subsidiary::Column::BuyerId)
            .into_tuple()
            .all(tx.db())
            .await?;
        Ok(Self(below.into_iter().chain([parent.buyer_id]).collect()))
    }

    /// Refuses who does not belong to it.
    ///
    /// # Errors
    /// [`Refusal::NotOfFamily`].
    pub(super) fn has(&self, mut buyers: impl Iterator<Item = Uuid>) -> Result<(), Error> {
        if buyers.all(|buyer| self.0.contains(&buyer)) {
            Ok(())
        } else {
            Err(Refusal::NotOfFamily.into())
        }
    }
}
