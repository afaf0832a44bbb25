//! Issuing and withdrawing credit notes.
//!
//! The invoice is locked first, so that what is left of it is read once and for all: two credit notes at once cannot
//! both take the last of it (V12).

use super::read::{Rows, left, refused};
use crate::{
    Error,
    codes::{Stored, money},
    disputes,
    ledger::{Books, Entry, Journal, Origin, Put, put},
    numbering::{self, Numbered},
    once, refunds,
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    FieldErrors, Money, Refusal,
    access::IssueCreditNotes,
    credit_notes::{Credited, HowMuch, IssueCredit},
    ids::{CreditNoteId, DisputeId, InvoiceId, TenantId},
    invoices::{InvoiceLine, Totals},
    ledger::{self, EntryKind, Posting},
    text,
};
use entity::{
    Uuid,
    codes::{self, CreditNoteStage},
    credit_note, credit_note_line, credit_note_tax, invoice,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};

/// Most characters of the reason for withdrawing a credit note.
const REASON_MAX: u32 = 200;

/// Issues a credit note over an invoice. It lowers what is still due; only the rest stays as credit of the account (V37).
/// Its id is the form's key, so it is one however often the form is posted.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] by field as [`domain::credit_notes::Left::parts`] says; [`Refusal::NothingToCredit`],
/// [`Refusal::NotPayable`] for a draft or a void invoice, [`Refusal::MoreThanLeft`] when somebody credited meanwhile,
/// [`Refusal::RefundUnderWay`] while another credit over it is promised,
/// [`Refusal::DateBeforeLast`] (V22).
pub async fn issue(scope: &Scope<IssueCreditNotes>, credit: &IssueCredit) -> Result<CreditNoteId, Error> {
    issue_for(scope, credit, None).await
}

/// Issues a credit note that answers a dispute of the invoice: both or neither.
///
/// # Errors
/// As [`issue`]; [`Error::NotFound`] when it is no dispute of the invoice; [`Refusal::DisputeEnded`].
pub async fn answer(
    scope: &Scope<IssueCreditNotes>,
    credit: &IssueCredit,
    dispute: DisputeId,
) -> Result<CreditNoteId, Error> {
    issue_for(scope, credit, Some(dispute)).await
}

async fn issue_for(
    scope: &Scope<IssueCreditNotes>,
    credit: &IssueCredit,
    dispute: Option<DisputeId>,
) -> Result<CreditNoteId, Error> {
    let user = scope.actor().user().ok_or(Error::SignIn)?;
    let id = CreditNoteId(credit.key.0);
    transact!(scope, tx => {
        if !once::take_key(tx, user, &format!("credit:{}", credit.key), &(credit, dispute)).await? {
            return Ok(id);
        }
        let invoice = lock_invoice(tx, credit.invoice).await?;
        let number = || invoice.number.clone().unwrap_or_default();
        if let Some(why) = refused(&invoice) {
            return Err(Refusal::NotPayable { number: number(), why }.into());
        }
        if refunds::is_credit_promised(tx, credit.invoice).await? {
            return Err(Refusal::RefundUnderWay.into());
        }
        let left = left(&invoice, &Rows::in_transaction(tx), tx.db()).await?;
        // The writer saw another amount: somebody credited in between.
        if credit.how_much == HowMuch::Everything && left.total()? != credit.seen {
            return Err(Refusal::MoreThanLeft { left: left.total()? }.into());
        }
        let credited = match credit.how_much {
            HowMuch::Everything => left.everything()?,
            HowMuch::Parts => left.parts(&credit.parts)?,
        };
        write(tx, id, &invoice, credit, &credited).await?;
        if let Some(dispute) = dispute {
            disputes::write::credit(tx, dispute, credit.invoice, id, &credit.note).await?;
        }
        Ok(id)
    })
}

/// Withdraws a credit note of which nothing was used (V39). It keeps its number.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for the field `reason`; [`Refusal::CreditUsed`]; [`Error::Conflict`] when it is
/// void already.
pub async fn void(scope: &Scope<IssueCreditNotes>, id: CreditNoteId, reason: &str) -> Result<(), Error> {
    let reason = text::needed(reason, REASON_MAX).map_err(|refusal| FieldErrors::one("reason", refusal))?;
    transact!(scope, tx => {
        let found = tx
            .lock::<credit_note::Entity>()
            .filter(credit_note::Column::Id.eq(id.0))
            .one(tx.db())
            .await?;
        let note = found.ok_or(Error::NotFound)?;
        if note.stage == CreditNoteStage::Void {
            return Err(Error::Conflict);
        }
        if note.remaining_minor != note.total_minor {
            return Err(Refusal::CreditUsed.into());
        }
        let change = credit_note::ActiveModel {
            stage: Set(CreditNoteStage::Void),
            remaining_minor: Set(0),
            ..Default::default()
        };
        tx.update::<credit_note::Entity>()
            .set(change)
            .filter(credit_note::Column::SellerId.eq(note.seller_id))
            .filter(credit_note::Column::Id.eq(note.id))
            .exec(tx.db())
            .await?;
        let amount = |minor| money(minor, &note.currency);
        let issued = ledger::credited(
            amount(note.net_minor)?,
            amount(note.tax_minor)?,
            amount(note.rounding_minor)?,
        )?;
        let back: Vec<Posting> = issued.iter().map(|posting| posting.reversed()).collect();
        let books = Books {
            seller: note.seller_id,
            account: note.account_id,
            buyer: note.buyer_id,
        };
        let entry = Entry::new(books, EntryKind::Void, note.id, tx.actor().today(), tx.now());
        let mut journal = Journal::default();
        journal.book(&entry.credit_note(note.id), &back);
        journal.write(tx).await?;
        let seller = TenantId(note.seller_id);
        tx.audit(Act::new(seller, "void", "credit_note", note.id).because(&reason));
        Ok(())
    })
}

/// An invoice, locked.
pub(crate) async fn lock_invoice(tx: &Tx, id: InvoiceId) -> Result<invoice::Model, Error> {
    let found = tx
        .lock::<invoice::Entity>()
        .filter(invoice::Column::Id.eq(id.0))
        .one(tx.db())
        .await?;
    found.ok_or(Error::NotFound)
}

/// Writes a credit note that was added up.
pub(crate) async fn write(
    tx: &mut Tx,
    id: CreditNoteId,
    invoice: &invoice::Model,
    credit: &IssueCredit,
    credited: &Credited,
) -> Result<(), Error> {
    let today = tx.actor().today();
    let seller = TenantId(invoice.seller_id);
    let total = credited.totals.total;
    // What is being paid right now is not there to be credited (V31).
    let due = (invoice.open_minor - invoice.reserved_minor).max(0);
    let applied = Money::new(total.minor().min(due), total.currency());
    let number = numbering::take(tx, seller, Numbered::CreditNote, today).await?;
    let row = row(tx, id, invoice, credit, &credited.totals, applied, number.clone());
    match tx.insert(row).await {
        // The key is older than what is remembered of it.
        Err(error) if error.is_duplicate() => return Err(Refusal::FormBroken.into()),
        inserted => inserted?,
    };
    let lines = credited
        .lines
        .iter()
        .map(|(of, line)| line_row(seller, id.0, *of, line));
    tx.insert_all(lines.collect()).await?;
    let taxes = credited
        .totals
        .taxes
        .iter()
        .map(|group| credit_note_tax::ActiveModel {
            seller_id: Set(seller.0),
            credit_note_id: Set(id.0),
            category: Set(codes::TaxCategory::from_domain(group.category)),
            rate: Set(group.rate.scaled()),
            base_minor: Set(group.base.minor()),
            tax_minor: Set(group.tax.minor()),
            reason: Set(group.reason.clone()),
        });
    tx.insert_all(taxes.collect()).await?;
    let books = Books {
        seller: invoice.seller_id,
        account: invoice.account_id,
        buyer: invoice.buyer_id,
    };
    let Totals {
        net, tax, rounding, ..
    } = credited.totals;
    let mut journal = Journal::default();
    let entry = Entry::new(books, EntryKind::Credit, id.0, today, tx.now()).credit_note(id.0);
    journal.book(&entry, &ledger::credited(net, tax, rounding)?);
    journal.write(tx).await?;
    if applied.is_positive() {
        let to_invoice = Put {
            books,
            from: Origin::CreditNote(id.0),
            invoice: InvoiceId(invoice.id),
            amount: applied,
            reverses: None,
            freed: 0,
            day: today,
            at: tx.now(),
        };
        put(tx, &[to_invoice]).await?;
        let facts = serde_json::json!({ "credit_note": id, "amount": applied });
        tx.audit(Act::new(seller, "credit", "invoice", invoice.id).after(facts));
    }
    let facts = serde_json::json!({ "number": number, "total": total, "applied": applied });
    tx.audit(
        Act::new(seller, "issue", "credit_note", id.0)
            .after(facts)
            .because(&credit.reason_text()),
    );
    Ok(())
}

fn row(
    tx: &Tx,
    id: CreditNoteId,
    invoice: &invoice::Model,
    credit: &IssueCredit,
    totals: &Totals,
    applied: Money,
    number: String,
) -> credit_note::ActiveModel {
    credit_note::ActiveModel {
        seller_id: Set(invoice.seller_id),
        id: Set(id.0),
        account_id: Set(invoice.account_id),
        buyer_id: Set(invoice.buyer_id),
        invoice_id: Set(Some(invoice.id)),
        stage: Set(CreditNoteStage::Issued),
        number: Set(number),
        reason: Set(credit.reason_text()),
        currency: Set(invoice.currency.clone()),
        issue_date: Set(tx.actor().today()),
        lines_minor: Set(totals.lines.minor()),
        discount_minor: Set(totals.discount.minor()),
        charge_minor: Set(totals.charge.minor()),
        net_minor: Set(totals.net.minor()),
        tax_minor: Set(totals.tax.minor()),
        rounding_minor: Set(totals.rounding.minor()),
        total_minor: Set(totals.total.minor()),
        applied_minor: Set(applied.minor()),
        refunded_minor: Set(0),
        remaining_minor: Set(totals.total.minor() - applied.minor()),
        import_id: Set(None),
        created_by: Set(tx.actor().user().map(|user| user.0)),
        created_by_name: Set(tx.actor().name().to_owned()),
        created_at: Set(tx.now()),
    }
}

fn line_row(
    seller: TenantId,
    credit_note: Uuid,
    of: Option<u32>,
    line: &InvoiceLine,
) -> credit_note_line::ActiveModel {
    let position = |position: u32| i32::try_from(position).unwrap_or(i32::MAX);
    credit_note_line::ActiveModel {
        seller_id: Set(seller.0),
        credit_note_id: Set(credit_note),
        position: Set(position(line.position)),
        item_code: Set(line.item_code.clone()),
        description: Set(line.description.clone()),
        quantity: Set(line.quantity.scaled()),
        unit_price: Set(line.unit_price.scaled()),
        discount_minor: Set(line.discount.minor()),
        net_minor: Set(line.net.minor()),
        tax_category: Set(codes::TaxCategory::from_domain(line.tax_category)),
        tax_rate: Set(line.tax_rate.scaled()),
        invoice_position: Set(of.map(position)),
    }
}
