//! Entries that are set aside, and that wait again.

use super::{
    record::reversed,
    write::{change, expect, lock},
};
use crate::{
    Error,
    scope::{Act, Scope},
    transact::transact,
};
use domain::{FieldErrors, access::RecordPayments, bank_files::ASIDE_MAX, ids::BankEntryId, text};
use entity::{bank_entry, codes::BankEntryState};
use sea_orm::ActiveValue::Set;

/// Sets an entry aside that is no payment of a customer, and says why.
///
/// # Errors
/// [`Error::Invalid`] for the reason; [`Error::NotFound`]; [`domain::Refusal::BankEntryIs`] unless it waits.
pub async fn set_aside(scope: &Scope<RecordPayments>, entry: BankEntryId, reason: &str) -> Result<(), Error> {
    let reason = text::needed(reason, ASIDE_MAX).map_err(|refusal| FieldErrors::one("reason", refusal))?;
    transact!(scope, tx => {
        let row = lock(tx, entry).await?;
        expect(&row, BankEntryState::Waiting)?;
        let aside = bank_entry::ActiveModel {
            state: Set(BankEntryState::Aside),
            reason: Set(Some(reason.clone())),
            ..Default::default()
        };
        change(tx, &row, aside).await?;
        let seller = tx.actor().tenant();
        let facts = serde_json::json!({ "reason": reason });
        tx.audit(Act::new(seller, "set_aside", "bank_entry", entry.0).after(facts));
        Ok(())
    })
}

/// Lets an entry wait again that was set aside, or whose payment was reversed.
///
/// # Errors
/// [`Error::NotFound`]; [`domain::Refusal::BankEntryIs`] when it is neither.
pub async fn take_up(scope: &Scope<RecordPayments>, entry: BankEntryId) -> Result<(), Error> {
    transact!(scope, tx => {
        let row = lock(tx, entry).await?;
        if reversed(&*tx, row.payment_id).await?.is_empty() {
            expect(&row, BankEntryState::Aside)?;
        }
        let waiting = bank_entry::ActiveModel {
            state: Set(BankEntryState::Waiting),
            reason: Set(None),
            payment_id: Set(None),
            ..Default::default()
        };
        change(tx, &row, waiting).await?;
        let seller = tx.actor().tenant();
        let facts = serde_json::json!({ "reversed": row.payment_id });
        tx.audit(Act::new(seller, "take_up", "bank_entry", entry.0).after(facts));
        Ok(())
    })
}
