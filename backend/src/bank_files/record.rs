//! Recording what came in: the one way from an entry to a payment.
//!
//! The entry is locked first and turns into a recorded one in the payment's transaction, only from a waiting one. The
//! payment has the entry's id, so that two of them cannot be even if all of that failed.

use super::{candidates::Found, stored, write};
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
use entity::{bank_entry, codes::BankEntryState};
use sea_orm::ActiveValue::Set;

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
    let wanted = RecordPayment {
        key: FormKey(entry.0),
        ..typed.clone()
    };
    transact!(scope, tx => {
        let row = write::lock(tx, entry).await?;
        let of_bank = stored(&row)?;
        if wanted.amount != of_bank.amount || wanted.paid_on != of_bank.booked_on {
            return Err(Refusal::FormBroken.into());
        }
        record_locked(tx, &row, &wanted).await
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
    let payment = PaymentId(wanted.key.0);
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
