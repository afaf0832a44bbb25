//! Issuing and withdrawing credit notes.
//!
//! The invoice is locked before it is read, so that what is left of it is read once and for all: two credit notes at once
//! cannot both take the last of it (V12).

use super::{
    left::{Rows, left},
    pay_back,
    read::refused,
    rows::{Note, due},
};
use crate::{
    Error,
    codes::money,
    disputes,
    ledger::{Books, Entry, Journal},
    once, refunds,
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    FieldErrors, Money, Refusal,
    access::IssueCreditNotes,
    credit_notes::{Credited, Due, HowMuch, IssueCredit, PayBack, Split},
    ids::{CreditNoteId, DisputeId, InvoiceId, TenantId},
    ledger::{self, EntryKind, Posting},
    text,
};
use entity::{codes::CreditNoteStage, credit_note, invoice};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};

/// Most characters of the reason for withdrawing a credit note.
const REASON_MAX: u32 = 200;

/// Issues a credit note over an invoice. It lowers what is still due; only the rest is paid back or stays as credit of the
/// account (V37). Its id is the form's key, so it is one however often the form is posted. What became of money that goes back
/// through the gateway stands with the credit note.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] by field as [`domain::credit_notes::Left::parts`] says, and for `back` as
/// [`Split::at_issue`] says; [`Refusal::NothingToCredit`],
/// [`Refusal::NotPayable`] for a draft or a void invoice, [`Refusal::MoreThanLeft`] when somebody credited meanwhile,
/// [`Refusal::RefundUnderWay`] while another credit over it is promised, or money of a payment that is to go back is on its
/// way already, [`Refusal::DateBeforeLast`] (V22); [`Error::Forbidden`] when something is paid back by who may not.
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
    let back = credit.pay_back.as_ref();
    let refunder = pay_back::permitted(scope, back)?;
    let asked = transact!(scope, tx => {
        if !once::take_key(tx, user, &format!("credit:{}", credit.key), &(credit, dispute)).await? {
            return Ok(Vec::new());
        }
        let paid = pay_back::lock(tx, credit.invoice, back).await?;
        let note = issue_in(tx, id, credit, dispute).await?;
        match back {
            Some(back) => pay_back::pay(tx, &note, back, &paid).await,
            None => Ok(Vec::new()),
        }
    })?;
    pay_back::ask(refunder.as_ref(), &asked).await?;
    Ok(id)
}

/// Issues one in the given transaction, for a form whose key was taken; what it pays back is still to be paid.
///
/// # Errors
/// As [`issue`] and [`answer`].
pub(crate) async fn issue_in(
    tx: &mut Tx,
    id: CreditNoteId,
    credit: &IssueCredit,
    dispute: Option<DisputeId>,
) -> Result<credit_note::Model, Error> {
    let invoice = lock_invoice(tx, credit.invoice).await?;
    let credited = credited(tx, &invoice, credit).await?;
    check_rest(&credited, due(&invoice)?, credit.pay_back.as_ref())?;
    let reason = credit.reason.text(&credit.note);
    let note = Note::over(id, &invoice, reason, &credited)?.write(tx).await?;
    if let Some(dispute) = dispute {
        disputes::write::credit(tx, dispute, credit.invoice, id, &credit.note).await?;
    }
    Ok(note)
}

/// What is credited of a locked invoice.
async fn credited(tx: &Tx, invoice: &invoice::Model, credit: &IssueCredit) -> Result<Credited, Error> {
    if let Some(why) = refused(invoice) {
        let number = invoice.number.clone().unwrap_or_default();
        return Err(Refusal::NotPayable { number, why }.into());
    }
    if refunds::is_credit_promised(tx, credit.invoice).await? {
        return Err(Refusal::RefundUnderWay.into());
    }
    let left = left(invoice, &Rows::in_transaction(tx), tx.db()).await?;
    // The writer saw another amount: somebody credited in between.
    if credit.how_much == HowMuch::Everything && left.total()? != credit.seen {
        return Err(Refusal::MoreThanLeft { left: left.total()? }.into());
    }
    Ok(match credit.how_much {
        HowMuch::Everything => left.everything()?,
        HowMuch::Parts => left.parts(&credit.parts)?,
    })
}

/// Refuses to pay more back than what is left over of a credit note.
///
/// # Errors
/// For the field `back`, as [`Split::at_issue`] says.
pub(super) fn check_rest(credited: &Credited, due: Due, back: Option<&PayBack>) -> Result<Split, Error> {
    let total = credited.totals.total;
    let amount = back.map_or(Money::zero(total.currency()), |back| back.amount);
    Split::at_issue(total, due, amount).map_err(|refusal| FieldErrors::one("back", refusal).into())
}

/// Withdraws a credit note of which nothing was used (V39). It keeps its number, and a dispute that it answered waits again.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for the field `reason`; [`Refusal::CreditUsed`]; [`Refusal::RefundUnderWay`] while it is
/// to take the place of money that is on its way back; [`Error::Conflict`] when it is void already.
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
        if refunds::is_promised(tx, note.id).await? {
            return Err(Refusal::RefundUnderWay.into());
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
        disputes::reopen(tx, &note, &reason).await
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
