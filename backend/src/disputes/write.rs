//! Opening disputes and ending them.
//!
//! The invoice is locked first: what is disputed of it is kept there, and two disputes at once cannot be more than is open.

use super::{letters, read::Rows};
use crate::{
    Error,
    codes::Stored,
    credit_notes::write::lock_invoice,
    once,
    scope::{Act, Scope, Tx, time_zone},
    transact::transact,
};
use chrono::NaiveDate;
use domain::{
    FieldErrors, Money, Refusal,
    access::{AnswerDisputes, DisputeInvoices},
    disputes::{Disputable, DisputeState, OpenDispute, REASON_MAX},
    ids::{CreditNoteId, DisputeId, InvoiceId, TenantId},
    text,
};
use entity::{Uuid, codes, dispute, dispute_part, invoice, tenant, user};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};

/// Says what of an invoice is not owed. Its id is the form's key, so it is one however often the form is posted.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] by field as [`domain::disputes::Disputable::check`] says; what
/// [`domain::disputes::Disputable::possible`] says; [`Refusal::FormBroken`] when another form came under the same key.
pub async fn open(scope: &Scope<DisputeInvoices>, wanted: &OpenDispute) -> Result<DisputeId, Error> {
    let user = scope.actor().user().ok_or(Error::SignIn)?;
    let id = DisputeId(wanted.key.0);
    transact!(scope, tx => {
        if !once::take_key(tx, user, &format!("dispute:{}", wanted.key), wanted).await? {
            return Ok(id);
        }
        open_in(tx, wanted).await
    })
}

/// The same in the given transaction, for a form whose key was taken.
///
/// # Errors
/// As [`open`].
pub(crate) async fn open_in(tx: &mut Tx, wanted: &OpenDispute) -> Result<DisputeId, Error> {
    let invoice = lock_invoice(tx, wanted.invoice).await?;
    let it = disputable(tx, &invoice).await?;
    it.possible(invoice.number.as_deref().unwrap_or_default())?;
    let new = New {
        id: wanted.key.0,
        reason: &wanted.reason,
        amount: it.check(&wanted.parts)?,
        parts: &wanted.parts,
        by: tx.actor().user().map(|user| user.0),
        by_name: tx.actor().name().to_owned(),
        mailed_to: own_address(tx).await?,
        reopens: None,
    };
    let row = insert(tx, &invoice, &new, &it).await?;
    let facts = serde_json::json!({ "dispute": row.id, "amount": new.amount });
    let act = Act::new(TenantId(invoice.seller_id), "dispute", "invoice", invoice.id);
    tx.audit(act.after(facts).because(&wanted.reason));
    let seller = party(tx, invoice.seller_id).await?;
    letters::opened(tx, &seller, &invoice, &row).await?;
    Ok(DisputeId(row.id))
}

/// What can be disputed of a locked invoice.
pub(super) async fn disputable(tx: &Tx, invoice: &invoice::Model) -> Result<Disputable, Error> {
    let rows = Rows::in_transaction(tx);
    let all = rows.disputes(invoice, tx.db()).await?;
    let parts = rows.parts(&all, tx.db()).await?;
    rows.disputable(invoice, &all, &parts, tx.db()).await
}

/// Takes a dispute back: its part is owed like the rest.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::DisputeEnded`].
pub async fn withdraw(scope: &Scope<DisputeInvoices>, id: DisputeId) -> Result<(), Error> {
    transact!(scope, tx => {
        let (invoice, row) = lock(tx, id).await?;
        let end = End { state: DisputeState::Withdrawn, words: "", credit_note: None };
        finish(tx, &invoice, &row, &end).await
    })
}

/// Says no to a dispute, for a reason that the buyer sees.
///
/// # Errors
/// As [`withdraw`], and [`Error::Invalid`] for the field `answer`.
pub async fn refuse(scope: &Scope<AnswerDisputes>, id: DisputeId, answer: &str) -> Result<(), Error> {
    let words = text::needed(answer, REASON_MAX).map_err(|refusal| FieldErrors::one("answer", refusal))?;
    transact!(scope, tx => {
        let (invoice, row) = lock(tx, id).await?;
        let end = End { state: DisputeState::Refused, words: &words, credit_note: None };
        finish(tx, &invoice, &row, &end).await
    })
}

/// Ends a dispute by a credit note over its invoice, in the transaction that issues it.
///
/// # Errors
/// [`Error::NotFound`] when it is no dispute of that invoice; [`Refusal::DisputeEnded`].
pub(crate) async fn credit(
    tx: &mut Tx,
    id: DisputeId,
    over: InvoiceId,
    note: CreditNoteId,
    words: &str,
) -> Result<(), Error> {
    let (invoice, row) = lock(tx, id).await?;
    if invoice.id != over.0 {
        return Err(Error::NotFound);
    }
    let end = End {
        state: DisputeState::Credited,
        words,
        credit_note: Some(note),
    };
    finish(tx, &invoice, &row, &end).await
}

/// The invoice of a dispute and then the dispute, both locked.
async fn lock(tx: &Tx, id: DisputeId) -> Result<(invoice::Model, dispute::Model), Error> {
    let found = tx
        .find::<dispute::Entity>()
        .filter(dispute::Column::Id.eq(id.0))
        .one(tx.db())
        .await?;
    let of = InvoiceId(found.ok_or(Error::NotFound)?.invoice_id);
    let invoice = lock_invoice(tx, of).await?;
    let row = tx
        .lock::<dispute::Entity>()
        .filter(dispute::Column::Id.eq(id.0))
        .one(tx.db())
        .await?;
    Ok((invoice, row.ok_or(Error::NotFound)?))
}

/// A dispute that was judged.
pub(super) struct New<'a> {
    pub(super) id: Uuid,
    pub(super) reason: &'a str,
    /// All parts together.
    pub(super) amount: Money,
    pub(super) parts: &'a [(u32, Money)],
    /// Who disputes, and where the answer goes.
    pub(super) by: Option<Uuid>,
    pub(super) by_name: String,
    pub(super) mailed_to: Option<String>,
    /// The one that it continues.
    pub(super) reopens: Option<Uuid>,
}

/// Writes a dispute of a locked invoice, and keeps on the invoice that more of it is disputed.
pub(super) async fn insert(
    tx: &mut Tx,
    invoice: &invoice::Model,
    new: &New<'_>,
    of: &Disputable,
) -> Result<dispute::Model, Error> {
    let seller = party(tx, invoice.seller_id).await?;
    let row = dispute::ActiveModel {
        seller_id: Set(invoice.seller_id),
        id: Set(new.id),
        account_id: Set(invoice.account_id),
        buyer_id: Set(invoice.buyer_id),
        invoice_id: Set(invoice.id),
        state: Set(codes::DisputeState::Open),
        currency: Set(invoice.currency.clone()),
        amount_minor: Set(new.amount.minor()),
        reason: Set(new.reason.to_owned()),
        opened_on: Set(today(tx, &seller)?),
        mailed_to: Set(new.mailed_to.clone()),
        created_by: Set(new.by),
        created_by_name: Set(new.by_name.clone()),
        created_at: Set(tx.now()),
        answer: Set(None),
        credit_note_id: Set(None),
        ended_on: Set(None),
        ended_by_name: Set(None),
        ended_at: Set(None),
        reopens: Set(new.reopens),
    };
    let row = match tx.insert(row).await {
        // The key is older than what is remembered of it.
        Err(error) if error.is_duplicate() => return Err(Refusal::FormBroken.into()),
        inserted => inserted?,
    };
    let names = |position: u32| {
        let line = of.lines.iter().find(|line| line.position == position);
        line.map(|line| line.description.clone()).unwrap_or_default()
    };
    let parts = new
        .parts
        .iter()
        .map(|(position, amount)| dispute_part::ActiveModel {
            seller_id: Set(invoice.seller_id),
            dispute_id: Set(row.id),
            position: Set(i32::try_from(*position).unwrap_or(i32::MAX)),
            description: Set(names(*position)),
            amount_minor: Set(amount.minor()),
        });
    tx.insert_all(parts.collect()).await?;
    move_disputed(tx, invoice, new.amount.minor()).await?;
    Ok(row)
}

/// How a dispute ends.
struct End<'a> {
    state: DisputeState,
    words: &'a str,
    credit_note: Option<CreditNoteId>,
}

impl End<'_> {
    /// The word of the audit.
    const fn action(&self) -> &'static str {
        match self.state {
            DisputeState::Open => "dispute",
            DisputeState::Credited => "credit_dispute",
            DisputeState::Refused => "refuse_dispute",
            DisputeState::Withdrawn => "withdraw_dispute",
        }
    }
}

async fn finish(
    tx: &mut Tx,
    invoice: &invoice::Model,
    row: &dispute::Model,
    end: &End<'_>,
) -> Result<(), Error> {
    if row.state != codes::DisputeState::Open {
        return Err(Refusal::DisputeEnded {
            state: row.state.to_domain(),
        }
        .into());
    }
    let seller = party(tx, row.seller_id).await?;
    let change = dispute::ActiveModel {
        state: Set(codes::DisputeState::from_domain(end.state)),
        answer: Set(Some(end.words.to_owned())),
        credit_note_id: Set(end.credit_note.map(|note| note.0)),
        ended_on: Set(Some(today(tx, &seller)?)),
        ended_by_name: Set(Some(tx.actor().name().to_owned())),
        ended_at: Set(Some(tx.now())),
        ..Default::default()
    };
    tx.update::<dispute::Entity>()
        .set(change)
        .filter(dispute::Column::SellerId.eq(row.seller_id))
        .filter(dispute::Column::Id.eq(row.id))
        .exec(tx.db())
        .await?;
    move_disputed(tx, invoice, -row.amount_minor).await?;
    let facts = serde_json::json!({ "dispute": row.id, "credit_note": end.credit_note });
    let act = Act::new(TenantId(row.seller_id), end.action(), "invoice", row.invoice_id);
    tx.audit(act.after(facts).because(end.words));
    letters::ended(tx, &seller, invoice, row, end.state, end.words).await
}

/// Keeps what of an invoice waits for an answer. The row is locked by the caller; what it says of money may have changed
/// since it was read, in the same transaction, so only this is written.
async fn move_disputed(tx: &Tx, invoice: &invoice::Model, by: i64) -> Result<(), Error> {
    let change = invoice::ActiveModel {
        disputed_minor: Set(invoice.disputed_minor + by),
        version: Set(invoice.version + 1),
        ..Default::default()
    };
    tx.update::<invoice::Entity>()
        .set(change)
        .filter(invoice::Column::SellerId.eq(invoice.seller_id))
        .filter(invoice::Column::Id.eq(invoice.id))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// A side of the trade.
pub(super) async fn party(tx: &Tx, id: Uuid) -> Result<tenant::Model, Error> {
    let found = tx
        .find::<tenant::Entity>()
        .filter(tenant::Column::Id.eq(id))
        .one(tx.db())
        .await?;
    found.ok_or(Error::NotFound)
}

/// Today where the seller is: its books go by days.
fn today(tx: &Tx, seller: &tenant::Model) -> Result<NaiveDate, Error> {
    let zone = time_zone(&seller.time_zone)?;
    Ok(tx.now().with_timezone(&zone).date_naive())
}

/// Where the answer goes: the seller's side sees none of the buyer's people.
async fn own_address(tx: &Tx) -> Result<Option<String>, Error> {
    let Some(user) = tx.actor().user() else {
        return Ok(None);
    };
    let person = tx
        .find::<user::Entity>()
        .filter(user::Column::Id.eq(user.0))
        .one(tx.db())
        .await?;
    Ok(person.map(|person| person.email))
}
