//! What a payment of autopay that was made or refused means for it, written with the payment's own outcome.

use super::{change, letters, lock, today};
use crate::{
    Error,
    scope::{Act, Tx},
};
use domain::{
    ids::TenantId,
    payment_methods::autopay::{Next, next},
};
use entity::{autopay, payment_attempt};
use sea_orm::ActiveValue::Set;

/// The money came: earlier refusals are forgotten.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn succeeded(tx: &Tx, attempt: &payment_attempt::Model) -> Result<(), Error> {
    let Some(row) = of(tx, attempt).await? else {
        return Ok(());
    };
    if row.failures == 0 {
        return Ok(());
    }
    let state = autopay::ActiveModel {
        failures: Set(0),
        failing_since: Set(None),
        next_on: Set(None),
        ..Default::default()
    };
    change(tx, &row, state).await
}

/// It was refused: when it is tried again, or that it is not, and a mail to who switched it on.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn failed(tx: &mut Tx, attempt: &payment_attempt::Model, code: &str) -> Result<(), Error> {
    let Some(row) = of(tx, attempt).await? else {
        return Ok(());
    };
    let next = note(tx, &row, code).await?;
    letters::refused(tx, &row, attempt, code, next).await
}

/// Writes down a refusal. Returns what follows.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn note(tx: &mut Tx, row: &autopay::Model, code: &str) -> Result<Next, Error> {
    let today = today(tx, row.seller_id).await?;
    let since = row.failing_since.unwrap_or(today);
    let before = usize::try_from(row.failures).unwrap_or_default();
    let next = next(code, before, since, today);
    let (next_on, paused) = match next {
        Next::AskPayer => return Ok(next),
        Next::Retry(on) => (Some(on), None),
        Next::Pause => (None, Some(code.to_owned())),
    };
    let pauses = paused.is_some();
    let state = autopay::ActiveModel {
        failures: Set(row.failures + 1),
        failing_since: Set(Some(since)),
        next_on: Set(next_on),
        paused: Set(paused),
        ..Default::default()
    };
    change(tx, row, state).await?;
    if pauses {
        let facts = serde_json::json!({ "currency": row.currency, "code": code });
        tx.audit(Act::new(TenantId(row.seller_id), "pause", "autopay", row.account_id).after(facts));
    }
    Ok(next)
}

/// Autopay of one of its attempts, held; none when it was switched off, or on anew, since.
async fn of(tx: &Tx, attempt: &payment_attempt::Model) -> Result<Option<autopay::Model>, Error> {
    if !attempt.by_itself {
        return Ok(None);
    }
    let row = lock(tx, attempt.seller_id, attempt.account_id, &attempt.currency).await?;
    Ok(row.filter(|row| row.is_on && row.on_at <= attempt.created_at))
}
