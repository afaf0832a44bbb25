//! Recording what came in: the one way from an entry to a payment.
//!
//! The entry is locked first and turns into a recorded one in the payment's transaction, only from a waiting one. The
//! payment has the entry's id, so that two of them cannot be even if all of that failed; only after one was reversed there can
//! be another one, with the id that follows.

use super::{
    candidates::{Found, Reads},
    stored, write,
};
use crate::{
    Error,
    payments::offline::{Recorded, record_in, was_recorded},
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    Refusal,
    access::RecordPayments,
    bank_files::{ChosenEntry, Confidence, Proposal, RecordedEntries, StatementEntry},
    ids::{BankEntryId, FormKey, PaymentId},
    payments::{
        SubmitLine,
        offline::{MEMO_MAX, PutTo, RecordPayment},
    },
};
use entity::{
    Uuid, bank_entry,
    codes::{BankEntryState, RefundKind, RefundState},
    payment, refund,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};
use std::collections::BTreeSet;

/// Entries that are recorded at once, at most.
pub const MOST_AT_ONCE: usize = 200;

/// Records a payment from an entry, with customer and invoices as a person chose them. Amount, currency and day are the
/// entry's.
///
/// # Errors
/// As [`crate::payments::offline::record`]; [`Error::NotFound`]; [`Refusal::BankEntryIs`] unless it waits;
/// [`Refusal::FormBroken`] when the form says another amount or day than the bank.
pub async fn record(
    scope: &Scope<RecordPayments>,
    entry: BankEntryId,
    typed: &RecordPayment,
) -> Result<PaymentId, Error> {
    transact!(scope, tx => {
        let row = write::lock(tx, entry).await?;
        let of_bank = stored(&row)?;
        if typed.amount != of_bank.amount || typed.paid_on != of_bank.booked_on {
            return Err(Refusal::FormBroken.into());
        }
        record_locked(tx, &row, typed).await
    })
}

/// Records entries as they were proposed, each in a transaction of its own: one that fails takes none with it. What is
/// proposed must still be what was seen, and more than an amount.
///
/// # Errors
/// [`Refusal::NothingChosen`]; [`Refusal::FormBroken`] for more than [`MOST_AT_ONCE`]; [`Error::NotFound`] for an entry of
/// somebody else; [`Error::Database`].
pub async fn record_proposed(
    scope: &Scope<RecordPayments>,
    chosen: &[ChosenEntry],
) -> Result<RecordedEntries, Error> {
    if chosen.is_empty() {
        return Err(Refusal::NothingChosen.into());
    }
    if chosen.len() > MOST_AT_ONCE {
        return Err(Refusal::FormBroken.into());
    }
    let mut done = RecordedEntries::default();
    for one in chosen {
        match record_one(scope, one).await {
            Ok(_) => done.recorded += 1,
            Err(Error::Refused(why)) => done.failed.push((one.entry, why)),
            Err(Error::Invalid(errors)) => {
                let why = errors.iter().next().map(|(_, why)| why.clone());
                done.failed.push((one.entry, why.unwrap_or(Refusal::FormBroken)));
            }
            // Somebody was faster.
            Err(Error::Conflict) => done.failed.push((one.entry, Refusal::ProposalMoved)),
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

async fn record_one(scope: &Scope<RecordPayments>, chosen: &ChosenEntry) -> Result<PaymentId, Error> {
    transact!(scope, tx => {
        let row = write::lock(tx, chosen.entry).await?;
        write::expect(&row, BankEntryState::Waiting)?;
        let entry = stored(&row)?;
        let found = Found::load(&*tx, std::slice::from_ref(&entry)).await?;
        let proposal = found.propose(&entry)?;
        let wanted = as_proposed(chosen, &entry, &proposal)?;
        record_locked(tx, &row, &wanted).await
    })
}

fn as_proposed(
    chosen: &ChosenEntry,
    entry: &StatementEntry,
    proposal: &Proposal,
) -> Result<RecordPayment, Error> {
    let account = match proposal.confidence {
        Confidence::Certain | Confidence::Likely => proposal.account,
        Confidence::AmountOnly | Confidence::None => None,
    };
    let account = account.filter(|_| proposal.token() == chosen.seen);
    let account = account.ok_or(Refusal::ProposalMoved)?;
    let lines: Vec<SubmitLine> = proposal
        .lines
        .iter()
        .map(|line| SubmitLine {
            invoice: line.invoice,
            seen: line.payable,
            amount: line.amount,
        })
        .collect();
    Ok(RecordPayment {
        // The entry's own is put in its place.
        key: FormKey(chosen.entry.0),
        account,
        amount: entry.amount,
        paid_on: entry.booked_on,
        memo: memo(entry),
        put: if lines.is_empty() {
            PutTo::Nothing
        } else {
            PutTo::Chosen
        },
        lines,
    })
}

async fn record_locked(
    tx: &mut Tx,
    row: &bank_entry::Model,
    wanted: &RecordPayment,
) -> Result<PaymentId, Error> {
    let id = match row.payment_id {
        Some(id) => id,
        None => next_id(tx, row).await?,
    };
    let payment = PaymentId(id);
    let wanted = &RecordPayment {
        key: FormKey(id),
        ..wanted.clone()
    };
    if row.state == BankEntryState::Recorded {
        match was_recorded(tx, wanted).await {
            // The same form was posted twice (V29).
            Ok(true) => return Ok(payment),
            Ok(false) | Err(Error::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    write::expect(row, BankEntryState::Waiting)?;
    if record_in(tx, wanted).await? == Recorded::Before {
        return Err(Error::Conflict);
    }
    let recorded = bank_entry::ActiveModel {
        state: Set(BankEntryState::Recorded),
        payment_id: Set(Some(payment.0)),
        ..Default::default()
    };
    write::change(tx, row, recorded).await?;
    let seller = tx.actor().tenant();
    let facts = serde_json::json!({ "payment": payment, "amount": wanted.amount });
    tx.audit(Act::new(seller, "record", "bank_entry", row.id).after(facts));
    Ok(payment)
}

/// The id of the payment that a waiting entry becomes: its own, and after each one that was reversed the id that follows.
async fn next_id(tx: &Tx, row: &bank_entry::Model) -> Result<Uuid, Error> {
    let mut id = row.id;
    loop {
        let there = tx.find::<payment::Entity>().filter(payment::Column::Id.eq(id));
        if there.one(tx.db()).await?.is_none() {
            return Ok(id);
        }
        if !reversed(tx, [id]).await?.contains(&id) {
            return Err(Error::Conflict);
        }
        id = Uuid::from_u128(id.as_u128().wrapping_add(1));
    }
}

/// Which of some payments were reversed: none of their money is here any more.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn reversed(
    reads: &(impl Reads + Sync),
    payments: impl IntoIterator<Item = Uuid>,
) -> Result<BTreeSet<Uuid>, Error> {
    let rows = reads
        .rows::<refund::Entity>()
        .filter(refund::Column::PaymentId.is_in(payments))
        .filter(refund::Column::Kind.eq(RefundKind::Reversal))
        .filter(refund::Column::State.eq(RefundState::Succeeded))
        .all(reads.connection())
        .await?;
    Ok(rows.into_iter().filter_map(|row| row.payment_id).collect())
}

/// What the receipt says: the payer's own words.
pub(super) fn memo(entry: &StatementEntry) -> Option<String> {
    let texts = if entry.text.is_empty() {
        &entry.references
    } else {
        &entry.text
    };
    let text = texts.join(" ");
    let short: String = text.chars().take(MEMO_MAX as usize).collect();
    // Two harmless lines may make up a card's number together.
    let short = domain::text::without_card_numbers(&short);
    Some(short.trim().to_owned()).filter(|text| !text.is_empty())
}
