//! Commands of the comparison: ask for one, settle what it found, record a charge as a payment.

use super::{CompareGateway, findings};
use crate::{
    Error,
    codes::Stored,
    gateway_events::LookAgain,
    ledger::{Books, Entry, Journal},
    numbering::{self, Numbered},
    once,
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    FieldErrors, Money,
    access::RecordPayments,
    gateway::{NOTE_MAX, RecordCharge},
    ids::{FindingId, FormKey, PaymentId},
    ledger::{self, Book, EntryKind},
    text,
};
use entity::{
    account,
    codes::{FindingState, Method},
    gateway_finding, payment,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};

/// What is noted on a payment that was recorded so.
const MEMO: &str = "Charged at the payment gateway";

/// Has the seller compared now; nothing when a comparison waits or runs.
///
/// # Errors
/// [`Error::Database`].
pub async fn compare_now(scope: &Scope<RecordPayments>, key: FormKey) -> Result<(), Error> {
    let user = scope.actor().user().ok_or(Error::SignIn)?;
    transact!(scope, tx => {
        if !once::take_key(tx, user, &format!("compare:{key}"), &key).await? {
            return Ok(());
        }
        let seller = tx.actor().tenant();
        CompareGateway { seller }.plan(tx).await?;
        tx.audit(Act::new(seller, "compare", "gateway", seller.0));
        Ok(())
    })
}

/// Settles a finding with a note.
///
/// # Errors
/// [`Error::Invalid`] for the note; [`Error::NotFound`]; [`Error::Conflict`] when it is not open any more.
pub async fn settle(scope: &Scope<RecordPayments>, id: FindingId, note: &str) -> Result<(), Error> {
    let note = text::needed(note, NOTE_MAX).map_err(|refusal| FieldErrors::one("note", refusal))?;
    transact!(scope, tx => {
        let row = lock(tx, id).await?;
        let settled = gateway_finding::ActiveModel {
            note: Set(Some(note.clone())),
            ..findings::ended(tx, FindingState::Settled)
        };
        findings::change(tx, &row, settled, "settle").await
    })
}

/// Records a charge that was never asked for here as a payment of a customer, with the gateway's reference and put to
/// nothing yet. The payment's id is the form's key.
///
/// # Errors
/// [`Error::NotFound`] for a finding or an account of somebody else; [`Error::Conflict`] when it is not open any more, is no
/// charge to be recorded, or stands in the payments already; [`domain::Refusal::FormBroken`] when another form came under
/// the same key.
pub async fn record(scope: &Scope<RecordPayments>, wanted: &RecordCharge) -> Result<PaymentId, Error> {
    let user = scope.actor().user().ok_or(Error::SignIn)?;
    let recorded = transact!(scope, tx => {
        if !once::take_key(tx, user, &format!("charge:{}", wanted.key), wanted).await? {
            return Ok(());
        }
        let row = lock(tx, wanted.finding).await?;
        let account = tx
            .find::<account::Entity>()
            .filter(account::Column::Id.eq(wanted.account.0))
            .one(tx.db())
            .await?
            .ok_or(Error::NotFound)?;
        let payment = write_payment(tx, wanted, &row, &account).await?;
        let recorded = gateway_finding::ActiveModel {
            account_id: Set(Some(account.id)),
            payment_id: Set(Some(payment.id)),
            ..findings::ended(tx, FindingState::Recorded)
        };
        findings::change(tx, &row, recorded, "record").await?;
        let (seller, reference) = (tx.actor().tenant(), row.reference.clone());
        LookAgain { seller, reference }.plan(tx).await?;
        let facts = serde_json::json!({
            "receipt": payment.receipt_number, "reference": payment.reference, "amount_minor": payment.amount_minor,
            "currency": payment.currency,
        });
        tx.audit(Act::new(tx.actor().tenant(), "record", "payment", payment.id).after(facts));
        Ok(())
    });
    match recorded {
        // The reference stands in another payment by now.
        Err(error) if error.is_duplicate() => Err(Error::Conflict),
        recorded => recorded.map(|()| PaymentId(wanted.key.0)),
    }
}

/// An open finding, locked.
async fn lock(tx: &Tx, id: FindingId) -> Result<gateway_finding::Model, Error> {
    let row = tx
        .lock::<gateway_finding::Entity>()
        .filter(gateway_finding::Column::Id.eq(id.0))
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)?;
    if row.state == FindingState::Open {
        Ok(row)
    } else {
        Err(Error::Conflict)
    }
}

async fn write_payment(
    tx: &Tx,
    wanted: &RecordCharge,
    charge: &gateway_finding::Model,
    account: &account::Model,
) -> Result<payment::Model, Error> {
    let taken = charge.there_minor.zip(charge.there_currency.as_deref());
    let (minor, currency) = taken
        .filter(|_| charge.kind.to_domain().is_recordable())
        .ok_or(Error::Conflict)?;
    let paid_on = tx.actor().day(charge.happened_at);
    let number = numbering::take(tx, tx.actor().tenant(), Numbered::Receipt, paid_on).await?;
    let row = payment::ActiveModel {
        seller_id: Set(account.seller_id),
        id: Set(wanted.key.0),
        account_id: Set(account.id),
        buyer_id: Set(account.buyer_id),
        attempt_id: Set(None),
        method: Set(charge.method),
        brand: Set(Some(charge.brand.clone())),
        last4: Set(Some(charge.last4.clone())),
        currency: Set(currency.to_owned()),
        amount_minor: Set(minor),
        unapplied_minor: Set(minor),
        refunded_minor: Set(0),
        paid_on: Set(paid_on),
        receipt_number: Set(number),
        reference: Set(Some(charge.reference.clone())),
        memo: Set(Some(MEMO.to_owned())),
        mailed_to: Set(None),
        import_id: Set(None),
        // Whoever records it did not pay it; the audit says who did record it.
        created_by: Set(None),
        created_by_name: Set(account.buyer_name.clone()),
        created_at: Set(tx.now()),
    };
    let row = tx.insert(row).await?;
    let books = Books {
        seller: row.seller_id,
        account: row.account_id,
        buyer: row.buyer_id,
    };
    let cash = match charge.method {
        Method::BankDebit => Book::DebitCash,
        Method::Card | Method::Offline | Method::Opening => Book::CardCash,
    };
    let amount: Money = crate::codes::money(minor, currency)?;
    let entry = Entry::new(books, EntryKind::Receive, row.id, paid_on, tx.now()).payment(row.id);
    let mut journal = Journal::default();
    journal.book(&entry, &ledger::received(cash, amount)?);
    journal.write(tx).await?;
    Ok(row)
}
