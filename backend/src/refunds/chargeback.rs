//! Chargebacks: the payer's bank takes money back, and may have to return it (V33).

use super::{history, letters, money, outcome};
use crate::{
    Error,
    codes::Stored,
    ledger::{Entry, Journal, cash_of},
    payments::debits,
    ports::{DisputeState, GatewayDispute},
    scope::{Scope, Tx},
    transact::transact,
};
use domain::{
    Money, Refusal,
    access::RefundPayments,
    ledger::{self, EntryKind},
    refunds::{RefundKind, RefundState},
};
use entity::{codes::Method, payment, refund};
use sea_orm::{ColumnTrait, QueryFilter};

/// Writes how a dispute stands now; of a question of the bank, which takes no money, the seller is told once. Repeatable, and the same whatever was told of it before: one that is won at once is
/// written as taken and returned.
///
/// # Errors
/// [`Error::Conflict`] while money is on its way back and the bank took more than what else is there: whoever asks comes again
/// when that is decided. [`Error::Database`].
pub(crate) async fn note(
    scope: &Scope<RefundPayments>,
    payment: &payment::Model,
    dispute: &GatewayDispute,
) -> Result<(), Error> {
    if dispute.state == DisputeState::InquiryAnswered {
        return Ok(());
    }
    transact!(scope, tx => {
        let payment = money::lock_payment(tx, payment.id).await?;
        if dispute.state == DisputeState::Inquiry {
            return letters::asked(tx, &payment, dispute).await;
        }
        let known = tx
            .find::<refund::Entity>()
            .filter(refund::Column::GatewayId.eq(dispute.id.as_str()))
            .one(tx.db())
            .await?;
        let row = match known {
            Some(row) => Some(row),
            None => take(tx, &payment, dispute).await?,
        };
        let Some(row) = row else { return Ok(()) };
        if dispute.state == DisputeState::Won && row.state.to_domain() == RefundState::Succeeded {
            outcome::returned(tx, &row).await?;
        }
        Ok(())
    })
}

/// None when nothing of the payment is there any more.
async fn take(
    tx: &mut Tx,
    payment: &payment::Model,
    dispute: &GatewayDispute,
) -> Result<Option<refund::Model>, Error> {
    let there = money::unpromised(tx, payment).await?;
    if dispute.amount.currency() != there.currency() {
        return Err(Refusal::MixedCurrencies {
            one: dispute.amount.currency(),
            other: there.currency(),
        }
        .into());
    }
    // A bank may take what was given back before; more than is there cannot leave the payment.
    let amount = dispute.amount.min(there)?;
    if amount != dispute.amount && money::is_under_way(tx, payment.id).await? {
        // A gateway refuses to give back what is disputed, so what is promised may well stay for the bank to take.
        return Err(Error::Conflict);
    }
    if amount != dispute.amount {
        tracing::error!(payment = %payment.id, dispute = dispute.id, "a bank took more than is left of the payment");
    }
    if !amount.is_positive() {
        return Ok(None);
    }
    let row = money::learned(
        tx,
        payment,
        RefundKind::Chargeback,
        (&dispute.id, amount),
        &dispute.reason,
    );
    let row = tx.insert(row).await?;
    let lost = money::give(tx, &row, payment).await?;
    post_fee(tx, &row, payment, dispute.fee).await?;
    history::went(tx, &row, payment);
    // Of one that is won at once only that is told.
    if dispute.state != DisputeState::Won {
        letters::taken(tx, payment, &row, &lost).await?;
    }
    if payment.method == Method::BankDebit {
        // A cardholder disputes a payment themselves; a debit is returned without their doing.
        debits::tell_returned(tx, payment).await?;
    }
    Ok(Some(row))
}

/// What the gateway takes for a dispute is the seller's expense, whoever wins it.
async fn post_fee(
    tx: &Tx,
    refund: &refund::Model,
    payment: &payment::Model,
    fee: Money,
) -> Result<(), Error> {
    if !fee.is_positive() {
        return Ok(());
    }
    let today = tx.actor().today();
    let entry = Entry::new(money::books(refund), EntryKind::Fee, refund.id, today, tx.now());
    let mut journal = Journal::default();
    journal.book(&entry, &ledger::fee(cash_of(tx, payment).await?, fee)?);
    journal.write(tx).await
}
