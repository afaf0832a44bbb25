//! The payment that a success brings, with everything that follows from it: its allocations, the invoices' new amounts,
//! the postings, the receipt's number, the audit and the mail, in the transaction that is given.

use super::{fees, receipt, recipient};
use crate::{
    Error,
    codes::{Stored, money, stage},
    ledger::{Books, Entry, Journal, Origin, Put, put},
    mail, new_id,
    numbering::{self, Numbered},
    ports::Intent,
    scope::{Act, Tx, time_zone},
};
use domain::{
    Money,
    ids::{InvoiceId, PaymentId, TenantId},
    ledger::{self, Book, EntryKind},
    payment_methods::MethodKind,
    payments::{
        self, ReceiptLine,
        allocation::{Applied, Debt, apply},
    },
};
use entity::{attempt_line, codes::Method, invoice, payment, payment_attempt};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// Writes the payment of an attempt that is decided just now, for what was reserved for it.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn write(
    tx: &mut Tx,
    attempt: &payment_attempt::Model,
    lines: &[attempt_line::Model],
    intent: &Intent,
) -> Result<payments::Receipt, Error> {
    let invoices = lock_invoices(tx, attempt, lines).await?;
    let applied = applied(attempt, lines, &invoices)?;
    let (seller, buyer) = receipt::tenants(tx, attempt.seller_id, attempt.buyer_id).await?;
    let paid_on = tx
        .now()
        .with_timezone(&time_zone(&seller.time_zone)?)
        .date_naive();
    let recipient = recipient::of(tx, attempt, lines).await?;
    let number = numbering::take(tx, TenantId(attempt.seller_id), Numbered::Receipt, paid_on).await?;
    let row = payment::ActiveModel {
        seller_id: Set(attempt.seller_id),
        id: Set(new_id()),
        account_id: Set(attempt.account_id),
        buyer_id: Set(attempt.buyer_id),
        attempt_id: Set(Some(attempt.id)),
        method: Set(if attempt.kind.to_domain().is_bank_debit() {
            Method::BankDebit
        } else {
            Method::Card
        }),
        brand: Set(Some(attempt.brand.clone().unwrap_or_default())),
        last4: Set(Some(attempt.last4.clone().unwrap_or_default())),
        currency: Set(attempt.currency.clone()),
        amount_minor: Set(attempt.amount_minor),
        unapplied_minor: Set(applied.unapplied.minor()),
        refunded_minor: Set(0),
        paid_on: Set(paid_on),
        receipt_number: Set(number),
        reference: Set(Some(intent.id.clone())),
        memo: Set(None),
        mailed_to: Set(recipient.clone()),
        import_id: Set(None),
        created_by: Set(attempt.created_by),
        created_by_name: Set(attempt.created_by_name.clone()),
        created_at: Set(tx.now()),
    };
    let payment = tx.insert(row).await?;
    let cash = cash(attempt.kind.to_domain());
    post(tx, &payment, lines, &applied, (cash, intent.fee)).await?;
    audit(tx, &payment, &applied);
    let lines = applied.lines.iter().map(|line| ReceiptLine {
        invoice: line.invoice,
        number: invoices
            .get(&line.invoice)
            .and_then(|row| row.number.clone())
            .unwrap_or_default(),
        amount: line.amount,
        open: Some(line.open),
    });
    let receipt = receipt::compose(&payment, lines.collect(), &seller, &buyer)?;
    if let Some(recipient) = payment.mailed_to.clone() {
        mail::write::queue_receipt(tx, &payment, &receipt, &buyer, recipient).await?;
    }
    Ok(receipt)
}

/// Locks the invoices in the order of their ids (V30).
async fn lock_invoices(
    tx: &Tx,
    attempt: &payment_attempt::Model,
    lines: &[attempt_line::Model],
) -> Result<BTreeMap<InvoiceId, invoice::Model>, Error> {
    let rows = tx
        .invoices_to_pay()
        .filter(invoice::Column::SellerId.eq(attempt.seller_id))
        .filter(invoice::Column::Id.is_in(lines.iter().map(|line| line.invoice_id)))
        .order_by_asc(invoice::Column::Id)
        .lock_exclusive()
        .all(tx.db())
        .await?;
    Ok(rows.into_iter().map(|row| (InvoiceId(row.id), row)).collect())
}

fn applied(
    attempt: &payment_attempt::Model,
    lines: &[attempt_line::Model],
    invoices: &BTreeMap<InvoiceId, invoice::Model>,
) -> Result<Applied, Error> {
    let amount = |minor| money(minor, &attempt.currency);
    let mut debts = Vec::with_capacity(invoices.len());
    for (id, row) in invoices {
        debts.push(Debt {
            invoice: *id,
            stage: stage(row.stage),
            total: money(row.total_minor, &row.currency)?,
            paid: money(row.paid_minor, &row.currency)?,
            credited: money(row.credited_minor, &row.currency)?,
            written_off: money(row.written_off_minor, &row.currency)?,
        });
    }
    let mut wanted = Vec::with_capacity(lines.len());
    for line in lines {
        wanted.push((InvoiceId(line.invoice_id), amount(line.amount_minor)?));
    }
    Ok(apply(amount(attempt.amount_minor)?, &wanted, &debts)?)
}

/// The money comes in, and goes to the invoices for which it was held. One that was settled meanwhile gets none of it,
/// and what was held is let go.
async fn post(
    tx: &Tx,
    payment: &payment::Model,
    lines: &[attempt_line::Model],
    applied: &Applied,
    (cash, fee): (Book, Option<Money>),
) -> Result<(), Error> {
    let books = Books {
        seller: payment.seller_id,
        account: payment.account_id,
        buyer: payment.buyer_id,
    };
    let amount = money(payment.amount_minor, &payment.currency)?;
    let entry = Entry::new(books, EntryKind::Receive, payment.id, payment.paid_on, tx.now());
    let mut journal = Journal::default();
    journal.book(&entry.payment(payment.id), &ledger::received(cash, amount)?);
    if let Some(fee) = fee {
        fees::book(tx, &mut journal, payment, (cash, fee), payment.paid_on)?;
    }
    journal.write(tx).await?;
    let parts: BTreeMap<InvoiceId, Money> = applied
        .lines
        .iter()
        .map(|line| (line.invoice, line.amount))
        .collect();
    let puts = lines.iter().map(|line| {
        let invoice = InvoiceId(line.invoice_id);
        Put {
            books,
            from: Origin::Payment(payment.id),
            invoice,
            amount: parts
                .get(&invoice)
                .copied()
                .unwrap_or(Money::zero(amount.currency())),
            reverses: None,
            freed: line.amount_minor,
            day: payment.paid_on,
            at: tx.now(),
        }
    });
    put(tx, &puts.collect::<Vec<_>>()).await
}

fn audit(tx: &mut Tx, payment: &payment::Model, applied: &Applied) {
    let seller = TenantId(payment.seller_id);
    let id = PaymentId(payment.id);
    let facts = serde_json::json!({
        "receipt": payment.receipt_number,
        "attempt": payment.attempt_id,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
    });
    tx.audit(Act::new(seller, "receive", "payment", payment.id).after(facts));
    for line in &applied.lines {
        let facts = serde_json::json!({ "payment": id, "amount": line.amount, "open": line.open });
        tx.audit(Act::new(seller, "pay", "invoice", line.invoice.0).after(facts));
    }
}

/// The book of what the gateway takes in this way.
const fn cash(kind: MethodKind) -> Book {
    match kind {
        MethodKind::Card => Book::CardCash,
        MethodKind::UsBankAccount | MethodKind::SepaDebit => Book::DebitCash,
    }
}
