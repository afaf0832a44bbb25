//! Records money and credit of the demo data as the payment core would have left it: payments with receipts and
//! allocations, credit notes, and the invoices' balances in step (V24, V25).

use crate::{
    Error,
    codes::Stored,
    invoices::{self, write::AccountFacts},
    ledger::{Entry, Journal, Origin, Put, put},
    new_id,
    numbering::{self, Numbered},
    scope::{Act, Tx},
};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::{
    Money,
    ids::InvoiceId,
    invoices::{
        InvoiceLine,
        totals::{Line, WholeDocument, totals},
    },
    ledger::{self, Book, EntryKind},
};
use entity::{
    codes::{self, CreditNoteStage, Method, Stage},
    credit_note, credit_note_line, credit_note_tax, invoice, payment,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};

/// Money that came in.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) amount: Money,
    pub(crate) paid_on: NaiveDate,
    pub(crate) card: Option<(&'static str, String)>,
    pub(crate) memo: Option<String>,
    pub(crate) lines: Vec<(InvoiceId, Money)>,
}

#[cfg(any(test, feature = "testing"))]
impl Received {
    /// Recorded by hand.
    pub(crate) fn offline(amount: Money, paid_on: NaiveDate, lines: Vec<(InvoiceId, Money)>) -> Self {
        Self {
            amount,
            paid_on,
            card: None,
            memo: None,
            lines,
        }
    }
}

/// Credit for lines of an invoice.
#[derive(Clone, Debug)]
pub(crate) struct Credit {
    pub(crate) invoice: InvoiceId,
    pub(crate) date: NaiveDate,
    pub(crate) reason: String,
    pub(crate) lines: Vec<InvoiceLine>,
}

/// Records payments of one account, in the order given.
///
/// # Errors
/// [`Error::Conflict`] when a line is more than what is open; [`Error::Database`].
pub(crate) async fn record(tx: &mut Tx, facts: &AccountFacts, all: &[Received]) -> Result<(), Error> {
    let dates: Vec<NaiveDate> = all.iter().map(|received| received.paid_on).collect();
    let numbers = numbering::take_all(tx, facts.seller, Numbered::Receipt, &dates).await?;
    let mut payments = Vec::with_capacity(all.len());
    let mut puts = Vec::with_capacity(all.len());
    let mut journal = Journal::default();
    for (received, receipt) in all.iter().zip(numbers) {
        let id = new_id();
        let applied = Money::sum(
            received.amount.currency(),
            received.lines.iter().map(|(_, amount)| *amount),
        )?;
        let unapplied = received.amount.checked_sub(applied)?;
        let at = moment(tx, received.paid_on);
        payments.push(payment_row(tx, facts, received, id, receipt, unapplied));
        let action = if received.card.is_some() {
            "pay"
        } else {
            "pay_offline"
        };
        let cash = if received.card.is_some() {
            Book::CardCash
        } else {
            Book::OfflineCash
        };
        let entry = Entry::new(facts.books(), EntryKind::Receive, id, received.paid_on, at).payment(id);
        journal.book(&entry, &ledger::received(cash, received.amount)?);
        for (invoice, amount) in &received.lines {
            let from = Origin::Payment(id);
            puts.push(put_to(facts, from, *invoice, *amount, received.paid_on, at));
            tx.audit(Act::new(facts.seller, action, "invoice", invoice.0).at(at));
        }
    }
    tx.insert_all(payments).await?;
    journal.write(tx).await?;
    put(tx, &puts).await
}

fn payment_row(
    tx: &Tx,
    facts: &AccountFacts,
    received: &Received,
    id: entity::Uuid,
    receipt: String,
    unapplied: Money,
) -> payment::ActiveModel {
    let (brand, last4) = received.card.clone().unzip();
    payment::ActiveModel {
        seller_id: Set(facts.seller.0),
        id: Set(id),
        account_id: Set(facts.account.0),
        buyer_id: Set(facts.buyer.0),
        attempt_id: Set(None),
        method: Set(if received.card.is_some() {
            Method::Card
        } else {
            Method::Offline
        }),
        brand: Set(brand.map(str::to_owned)),
        last4: Set(last4),
        currency: Set(received.amount.currency().code().to_owned()),
        amount_minor: Set(received.amount.minor()),
        unapplied_minor: Set(unapplied.minor()),
        refunded_minor: Set(0),
        paid_on: Set(received.paid_on),
        receipt_number: Set(receipt),
        reference: Set(None),
        memo: Set(received.memo.clone()),
        mailed_to: Set(None),
        import_id: Set(None),
        created_by: Set(tx.actor().user().map(|user| user.0)),
        created_by_name: Set(tx.actor().name().to_owned()),
        created_at: Set(moment(tx, received.paid_on)),
    }
}

/// Writes credit notes and applies them to their invoices, in the order given, which must be that of their dates.
///
/// # Errors
/// [`Error::Conflict`] when one is more than what is open; [`Error::Database`].
pub(crate) async fn credit(tx: &mut Tx, all: &[(&AccountFacts, Credit)]) -> Result<(), Error> {
    let (mut notes, mut lines, mut taxes, mut puts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut journal = Journal::default();
    for (facts, credit) in all {
        let Some(first) = credit.lines.first() else {
            continue;
        };
        let currency = first.net.currency();
        let added: Vec<Line> = credit.lines.iter().map(Line::from).collect();
        let sums = totals(currency, &added, &WholeDocument::plain(currency))?;
        if !sums.total.is_positive() {
            continue;
        }
        let number = numbering::take(tx, facts.seller, Numbered::CreditNote, credit.date).await?;
        let id = new_id();
        let at = moment(tx, credit.date);
        let entry = Entry::new(facts.books(), EntryKind::Credit, id, credit.date, at).credit_note(id);
        journal.book(&entry, &ledger::credited(sums.net, sums.tax, sums.rounding)?);
        notes.push(credit_note::ActiveModel {
            seller_id: Set(facts.seller.0),
            id: Set(id),
            account_id: Set(facts.account.0),
            buyer_id: Set(facts.buyer.0),
            invoice_id: Set(Some(credit.invoice.0)),
            stage: Set(CreditNoteStage::Issued),
            number: Set(number),
            reason: Set(credit.reason.clone()),
            currency: Set(currency.code().to_owned()),
            issue_date: Set(credit.date),
            lines_minor: Set(sums.lines.minor()),
            discount_minor: Set(sums.discount.minor()),
            charge_minor: Set(sums.charge.minor()),
            net_minor: Set(sums.net.minor()),
            tax_minor: Set(sums.tax.minor()),
            rounding_minor: Set(sums.rounding.minor()),
            total_minor: Set(sums.total.minor()),
            applied_minor: Set(sums.total.minor()),
            refunded_minor: Set(0),
            remaining_minor: Set(0),
            parties: Set(None),
            import_id: Set(None),
            created_by: Set(tx.actor().user().map(|user| user.0)),
            created_by_name: Set(tx.actor().name().to_owned()),
            created_at: Set(at),
        });
        lines.extend(credit.lines.iter().map(|line| credit_line(facts, id, line)));
        taxes.extend(sums.taxes.iter().map(|group| credit_note_tax::ActiveModel {
            seller_id: Set(facts.seller.0),
            credit_note_id: Set(id),
            category: Set(codes::TaxCategory::from_domain(group.category)),
            rate: Set(group.rate.scaled()),
            base_minor: Set(group.base.minor()),
            tax_minor: Set(group.tax.minor()),
            reason: Set(group.reason.clone()),
        }));
        let from = Origin::CreditNote(id);
        puts.push(put_to(facts, from, credit.invoice, sums.total, credit.date, at));
        tx.audit(Act::new(facts.seller, "credit", "invoice", credit.invoice.0).at(at));
    }
    tx.insert_all(notes).await?;
    tx.insert_all(lines).await?;
    tx.insert_all(taxes).await?;
    journal.write(tx).await?;
    put(tx, &puts).await
}

/// Withdraws an invoice on which nothing hangs; it keeps its number (V15, V18).
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn void(
    tx: &mut Tx,
    facts: &AccountFacts,
    id: InvoiceId,
    issued: NaiveDate,
) -> Result<(), Error> {
    let at = moment(tx, issued);
    let change = invoice::ActiveModel {
        stage: Set(Stage::Void),
        open_minor: Set(0),
        voided_at: Set(Some(at)),
        ..Default::default()
    };
    let row = update_invoice(tx, facts, id, change).await?;
    invoices::void::post(tx, &row, issued, at).await?;
    tx.audit(Act::new(facts.seller, "void", "invoice", id.0).at(at));
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "demo data is written for all sellers, by the whole key"
)]
async fn update_invoice(
    tx: &Tx,
    facts: &AccountFacts,
    id: InvoiceId,
    change: invoice::ActiveModel,
) -> Result<invoice::Model, Error> {
    use sea_orm::EntityTrait;
    let changed = invoice::Entity::update_many()
        .set(change)
        .filter(invoice::Column::SellerId.eq(facts.seller.0))
        .filter(invoice::Column::Id.eq(id.0))
        .exec_with_returning(tx.db())
        .await?;
    changed.into_iter().next().ok_or(Error::NotFound)
}

/// When something of a day happened: now if it is today's, else in the middle of that day.
fn moment(tx: &Tx, day: NaiveDate) -> DateTime<Utc> {
    let now = tx.now();
    (day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(14)).min(now)
}

fn put_to(
    facts: &AccountFacts,
    from: Origin,
    invoice: InvoiceId,
    amount: Money,
    day: NaiveDate,
    at: DateTime<Utc>,
) -> Put {
    Put {
        books: facts.books(),
        from,
        invoice,
        amount,
        reverses: None,
        freed: 0,
        day,
        at,
    }
}

fn credit_line(facts: &AccountFacts, id: entity::Uuid, line: &InvoiceLine) -> credit_note_line::ActiveModel {
    credit_note_line::ActiveModel {
        seller_id: Set(facts.seller.0),
        credit_note_id: Set(id),
        position: Set(i32::try_from(line.position).unwrap_or(i32::MAX)),
        item_code: Set(line.item_code.clone()),
        description: Set(line.description.clone()),
        quantity: Set(line.quantity.scaled()),
        unit_price: Set(line.unit_price.scaled()),
        discount_minor: Set(line.discount.minor()),
        net_minor: Set(line.net.minor()),
        tax_category: Set(codes::TaxCategory::from_domain(line.tax_category)),
        tax_rate: Set(line.tax_rate.scaled()),
        // The demo credits lines as they were billed.
        invoice_position: Set(i32::try_from(line.position).ok()),
    }
}
