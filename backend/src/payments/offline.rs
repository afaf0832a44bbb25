//! Commands of money beside the gateway: record what came in (P12 to P16), put unapplied money to invoices, take it off
//! again (V26, V34).
//!
//! The payment is locked before the invoices, those in the order of their ids (V30), so two people who work on the same
//! money wait for each other and the second one sees what the first one did.

use super::{pot::Pot, reserve::lock_invoices};
use crate::{
    Error,
    ledger::{Books, Entry, Journal, Origin, Put, put},
    numbering::{self, Numbered},
    once, rollups,
    scope::{Act, Scope, Tx},
    transact::transact,
};
use chrono::NaiveDate;
use domain::{
    Money, Refusal,
    access::RecordPayments,
    ids::{AllocationId, InvoiceId, PaymentId, TenantId},
    ledger::{self, Book, EntryKind},
    payments::{
        allocation::{CheckedLine, Current},
        offline::{AllocatePayment, PutTo, RecordPayment, check_parts, check_record},
    },
};
use entity::{
    Uuid, account, allocation,
    codes::{Method, Stage},
    invoice, payment,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

/// Records a payment that came in beside the portal and puts it to the invoices that were chosen; the rest stays
/// unapplied on the account (V26). The payment's id is the form's key, so it is one however often the form is posted.
///
/// # Errors
/// [`Error::Invalid`] by field as [`check_record`] says, [`Error::NotFound`] for an account or an invoice of somebody
/// else, [`Refusal::FormBroken`] when another form came under the same key. Nothing was recorded then.
pub async fn record(scope: &Scope<RecordPayments>, record: &RecordPayment) -> Result<PaymentId, Error> {
    transact!(scope, tx => {
        record_in(tx, record).await?;
        Ok(PaymentId(record.key.0))
    })
}

/// The same within a transaction. Whether it was recorded now, and not by the same form before.
///
/// # Errors
/// As [`record`].
pub(crate) async fn record_in(tx: &mut Tx, record: &RecordPayment) -> Result<Recorded, Error> {
    let user = tx.actor().user().ok_or(Error::SignIn)?;
    if !once::take_key(tx, user, &format!("record:{}", record.key), record).await? {
        return Ok(Recorded::Before);
    }
    write(tx, record).await?;
    Ok(Recorded::Now)
}

/// Records it, whoever made sure that it is recorded once.
///
/// # Errors
/// As [`record`].
pub(crate) async fn write(tx: &mut Tx, record: &RecordPayment) -> Result<payment::Model, Error> {
    let id = PaymentId(record.key.0);
    let account = account(tx, record).await?;
    let current = lock_wanted(tx, record).await?;
    let checked = check_record(record, &current, tx.actor().today())?;
    let row = write_payment(tx, id, &account, record, &checked).await?;
    let puts = puts(tx, books(&row), Origin::Payment(row.id), &checked, row.paid_on);
    put(tx, &puts).await?;
    let facts = serde_json::json!({
        "receipt": row.receipt_number, "amount": record.amount, "memo": record.memo, "paid_on": record.paid_on,
    });
    let seller = tx.actor().tenant();
    tx.audit(Act::new(seller, "record", "payment", id.0).after(facts));
    note(tx, seller, id.0, &checked, "pay_offline");
    Ok(row)
}

/// Whether just this was recorded by the actor before. To be asked only when nothing is recorded afterwards.
///
/// # Errors
/// [`Refusal::FormBroken`] when something else was recorded under the key.
pub(crate) async fn was_recorded(tx: &Tx, record: &RecordPayment) -> Result<bool, Error> {
    let user = tx.actor().user().ok_or(Error::SignIn)?;
    Ok(!once::take_key(tx, user, &format!("record:{}", record.key), record).await?)
}

/// Whether a form did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recorded {
    /// It did.
    Now,
    /// It had done so before.
    Before,
}

/// Puts unapplied money of a payment, or what is left of a credit note, to invoices of its account.
///
/// # Errors
/// As [`record`]; [`Refusal::MoreThanAvailable`] under the empty name when it is more than is unapplied.
pub async fn allocate(scope: &Scope<RecordPayments>, wanted: &AllocatePayment) -> Result<(), Error> {
    let user = scope.actor().user().ok_or(Error::SignIn)?;
    transact!(scope, tx => {
        if !once::take_key(tx, user, &format!("allocate:{}", wanted.key), wanted).await? {
            return Ok(());
        }
        let pot = Pot::lock(tx, wanted.from).await?;
        let chosen: Vec<InvoiceId> = wanted.lines.iter().map(|line| line.invoice).collect();
        let (_, current) = lock_invoices(tx, &chosen).await?;
        let available = pot.unused()?;
        let checked = check_parts(pot.books().account.into(), available, &wanted.lines, &current)?;
        let sum = Money::sum(available.currency(), checked.iter().map(|line| line.amount))?;
        pot.change_unused(tx, -sum.minor()).await?;
        // Putting money somewhere is an act of today; when the money came in does not change.
        let puts = puts(tx, pot.books(), pot.origin(), &checked, tx.actor().today());
        put(tx, &puts).await?;
        let seller = tx.actor().tenant();
        note(tx, seller, pot.id(), &checked, "apply");
        Ok(())
    })
}

/// Takes money or credit off an invoice again, so that it is unused. What it was put to is open again by as much (V34).
/// Returns the payment or credit note.
///
/// # Errors
/// [`Error::NotFound`] for an allocation of somebody else; [`Error::Conflict`] when it was taken off already.
pub async fn take_off(scope: &Scope<RecordPayments>, id: AllocationId) -> Result<Uuid, Error> {
    transact!(scope, tx => {
        let found = tx
            .find::<allocation::Entity>()
            .filter(allocation::Column::Id.eq(id.0))
            .filter(allocation::Column::AmountMinor.gt(0))
            .one(tx.db())
            .await?;
        let standing = found.ok_or(Error::NotFound)?;
        let source = standing.payment_id.or(standing.credit_note_id);
        let pot = Pot::lock(tx, source.ok_or(Error::NotFound)?).await?;
        let taken = tx
            .find::<allocation::Entity>()
            .filter(allocation::Column::ReversalOf.eq(id.0))
            .one(tx.db())
            .await?;
        if taken.is_some() {
            return Err(Error::Conflict);
        }
        pot.change_unused(tx, standing.amount_minor).await?;
        let amount = Money::new(standing.amount_minor, pot.unused()?.currency());
        let back = Put {
            books: pot.books(),
            from: pot.origin(),
            invoice: InvoiceId(standing.invoice_id),
            amount: amount.checked_neg()?,
            reverses: Some(id.0),
            freed: 0,
            day: tx.actor().today(),
            at: tx.now(),
        };
        put(tx, &[back]).await?;
        let facts = serde_json::json!({ "from": pot.id(), "amount": amount });
        let seller = tx.actor().tenant();
        tx.audit(Act::new(seller, "unpay", "invoice", standing.invoice_id).after(facts));
        Ok(pot.id())
    })
}

/// The invoices that the money may go to, locked, with the days on which they are due.
async fn lock_wanted(tx: &Tx, record: &RecordPayment) -> Result<Vec<(Current, NaiveDate)>, Error> {
    let wanted: Vec<InvoiceId> = match record.put {
        PutTo::Nothing => Vec::new(),
        PutTo::Chosen => record.lines.iter().map(|line| line.invoice).collect(),
        PutTo::Oldest => oldest(tx, record).await?,
    };
    let (rows, current) = lock_invoices(tx, &wanted).await?;
    let due = |now: Current| {
        let row = rows.get(&now.invoice)?;
        Some((now, row.due_date))
    };
    Ok(current.into_iter().filter_map(due).collect())
}

/// What is due first of what the account pays in the payment's currency, and is to get money by itself.
async fn oldest(tx: &Tx, record: &RecordPayment) -> Result<Vec<InvoiceId>, Error> {
    const MOST: usize = 500;
    let mut found = Vec::new();
    for rows in rollups::paid_by(&tx.find(), record.account) {
        let some: Vec<(NaiveDate, Uuid)> =
            rows.filter(invoice::Column::Stage.is_in([Stage::Open, Stage::PartlyPaid]))
                .filter(invoice::Column::Currency.eq(record.amount.currency().code()))
                .filter(Expr::col(invoice::Column::OpenMinor).gt(
                    Expr::col(invoice::Column::ReservedMinor).add(Expr::col(invoice::Column::DisputedMinor)),
                ))
                .order_by_asc(invoice::Column::DueDate)
                .order_by_asc(invoice::Column::Id)
                .limit(u64::try_from(MOST).unwrap_or_default())
                .select_only()
                .column(invoice::Column::DueDate)
                .column(invoice::Column::Id)
                .into_tuple()
                .all(tx.db())
                .await?;
        found.extend(some);
    }
    found.sort_unstable();
    found.truncate(MOST);
    Ok(found.into_iter().map(|(_, id)| InvoiceId(id)).collect())
}

async fn account(tx: &Tx, record: &RecordPayment) -> Result<account::Model, Error> {
    let found = tx
        .find::<account::Entity>()
        .filter(account::Column::Id.eq(record.account.0))
        .one(tx.db())
        .await?;
    found.ok_or(Error::NotFound)
}

async fn write_payment(
    tx: &Tx,
    id: PaymentId,
    account: &account::Model,
    record: &RecordPayment,
    checked: &[CheckedLine],
) -> Result<payment::Model, Error> {
    let seller = tx.actor().tenant();
    let applied = Money::sum(record.amount.currency(), checked.iter().map(|line| line.amount))?;
    let number = numbering::take(tx, seller, Numbered::Receipt, record.paid_on).await?;
    let row = payment::ActiveModel {
        seller_id: Set(account.seller_id),
        id: Set(id.0),
        account_id: Set(account.id),
        buyer_id: Set(account.buyer_id),
        attempt_id: Set(None),
        method: Set(Method::Offline),
        brand: Set(None),
        last4: Set(None),
        currency: Set(record.amount.currency().code().to_owned()),
        amount_minor: Set(record.amount.minor()),
        unapplied_minor: Set(record.amount.checked_sub(applied)?.minor()),
        refunded_minor: Set(0),
        paid_on: Set(record.paid_on),
        receipt_number: Set(number),
        reference: Set(None),
        memo: Set(record.memo.clone()),
        mailed_to: Set(None),
        import_id: Set(None),
        created_by: Set(tx.actor().user().map(|user| user.0)),
        created_by_name: Set(tx.actor().name().to_owned()),
        created_at: Set(tx.now()),
    };
    let row = match tx.insert(row).await {
        // The key is older than what is remembered of it.
        Err(error) if error.is_duplicate() => return Err(Refusal::FormBroken.into()),
        inserted => inserted?,
    };
    let mut journal = Journal::default();
    let entry = Entry::new(books(&row), EntryKind::Receive, row.id, row.paid_on, tx.now()).payment(row.id);
    journal.book(&entry, &ledger::received(Book::OfflineCash, record.amount)?);
    journal.write(tx).await?;
    Ok(row)
}

const fn books(payment: &payment::Model) -> Books {
    Books {
        seller: payment.seller_id,
        account: payment.account_id,
        buyer: payment.buyer_id,
    }
}

/// What lines of one source put to their invoices.
pub(crate) fn puts(tx: &Tx, books: Books, from: Origin, checked: &[CheckedLine], day: NaiveDate) -> Vec<Put> {
    let put = |line: &CheckedLine| Put {
        books,
        from,
        invoice: line.invoice,
        amount: line.amount,
        reverses: None,
        freed: 0,
        day,
        at: tx.now(),
    };
    checked.iter().map(put).collect()
}

/// Writes into the history of each invoice what was put to it.
pub(crate) fn note(tx: &mut Tx, seller: TenantId, from: Uuid, checked: &[CheckedLine], action: &'static str) {
    for line in checked {
        let facts = serde_json::json!({ "from": from, "amount": line.amount });
        tx.audit(Act::new(seller, action, "invoice", line.invoice.0).after(facts));
    }
}
