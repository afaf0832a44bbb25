//! Giving money back.

use super::{credit, history, lines, money, settle};
use crate::{
    Error,
    ledger::{Entry, Journal},
    new_id, once,
    payments::Pot,
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    FieldErrors, Money, Refusal,
    access::RefundPayments,
    ids::{CreditNoteId, FormKey, InvoiceId, RefundId, TenantId},
    ledger::{self, Book, EntryKind, Source},
    payments::{SubmitLine, form::line_field},
    refunds::{GiveBack, RefundKind, RefundState, RefundWay, Then},
};
use entity::{Uuid, codes, credit_note, payment, refund};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};

use crate::codes::{Stored, is_through_gateway};

/// Gives money of a payment back, or what is left of a credit note. Through the gateway it is asked for first and done when
/// the gateway has said yes; beside the portal it is done at once. Its id is the form's key, so it is one however often
/// the form is posted.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] by field as [`domain::refunds::Refundable::check`] says, with
/// [`Refusal::MoreThanLeft`] for a line that no credit note could take the place of; [`Refusal::RefundUnderWay`];
/// [`Refusal::FormBroken`] when another form came under the same key. What became of it at the gateway stands in its state.
pub async fn give_back(scope: &Scope<RefundPayments>, wanted: &GiveBack) -> Result<RefundId, Error> {
    let user = scope.actor().user().ok_or(Error::SignIn)?;
    let id = RefundId(wanted.key.0);
    let asked = transact!(scope, tx => {
        if !once::take_key(tx, user, &format!("refund:{}", wanted.key), wanted).await? {
            return Ok(None);
        }
        match Pot::lock(tx, wanted.from).await? {
            Pot::Payment(payment) => of_payment(tx, &payment, wanted, None).await,
            Pot::CreditNote(note) => of_credit_note(tx, &note, wanted).await.map(|()| None),
        }
    })?;
    if let Some(asked) = asked {
        settle::ask(scope, &asked).await?;
    }
    Ok(id)
}

/// Credit of a credit note that is to take the place of money on an invoice once that is back at its payer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Instead {
    pub(crate) note: CreditNoteId,
    pub(crate) invoice: InvoiceId,
    pub(crate) amount: Money,
}

/// Writes down that the gateway is to be asked for money of a locked payment, whose place a credit note takes that was just
/// issued. When this is committed, it is asked with [`super::ask`].
///
/// # Errors
/// As [`give_back`].
pub(crate) async fn ask_instead(
    tx: &mut Tx,
    payment: &payment::Model,
    instead: Instead,
    reason: &str,
) -> Result<refund::Model, Error> {
    let Instead {
        note,
        invoice,
        amount,
    } = instead;
    let wanted = GiveBack {
        key: FormKey(new_id()),
        from: payment.id,
        kind: RefundKind::Refund,
        way: RefundWay::Gateway,
        then: Then::Credit,
        reason: reason.to_owned(),
        unapplied: Money::zero(amount.currency()),
        lines: vec![SubmitLine {
            invoice,
            seen: amount,
            amount,
        }],
    };
    let asked = of_payment(tx, payment, &wanted, Some(note)).await?;
    asked.ok_or(Error::Conflict)
}

/// Pays a part of a credit note that was just issued out beside the portal.
///
/// # Errors
/// [`Error::Conflict`] when there is not that much of it.
pub(crate) async fn pay_out(
    tx: &mut Tx,
    note: &credit_note::Model,
    amount: Money,
    reason: &str,
) -> Result<(), Error> {
    let wanted = GiveBack {
        key: FormKey(new_id()),
        from: note.id,
        kind: RefundKind::Refund,
        way: RefundWay::ByHand,
        then: Then::Reopen,
        reason: reason.to_owned(),
        unapplied: amount,
        lines: Vec::new(),
    };
    of_credit_note(tx, note, &wanted).await
}

/// Returns the refund when the gateway is to be asked. A credit note that was issued before may wait to take the money's place.
async fn of_payment(
    tx: &mut Tx,
    payment: &payment::Model,
    wanted: &GiveBack,
    waits: Option<CreditNoteId>,
) -> Result<Option<refund::Model>, Error> {
    let unknown = |field: &'static str, text: &str| {
        let text = text.to_owned();
        Error::Invalid(FieldErrors::one(field, Refusal::UnknownChoice { text }))
    };
    if wanted.kind == RefundKind::Reversal && is_through_gateway(payment.method) {
        return Err(unknown("kind", wanted.kind.label()));
    }
    let at_gateway = is_through_gateway(payment.method) && payment.reference.is_some();
    if wanted.way == RefundWay::Gateway && !at_gateway {
        return Err(unknown("way", wanted.way.label()));
    }
    let there = money::refundable(tx, payment).await?;
    let amount = there.check(wanted)?;
    let lines: Vec<_> = match wanted.kind {
        RefundKind::Reversal => Vec::new(),
        RefundKind::Refund | RefundKind::Chargeback => wanted
            .lines
            .iter()
            .map(|line| (line.invoice, line.amount))
            .collect(),
    };
    if wanted.then == Then::Credit && waits.is_none() {
        for (index, (invoice, part)) in lines.iter().enumerate() {
            let fits = credit::check(tx, *invoice, *part).await;
            if let Err(Error::Refused(refusal)) = fits {
                return Err(FieldErrors::one(line_field(index, "amount"), refusal).into());
            }
            fits?;
        }
    }
    let at_gateway = wanted.way == RefundWay::Gateway;
    let state = if at_gateway {
        RefundState::Submitted
    } else {
        RefundState::Succeeded
    };
    let of = Of {
        books: (payment.seller_id, payment.account_id, payment.buyer_id),
        payment: Some(payment.id),
        credit_note: None,
    };
    let row = insert(tx, row(tx, &of, wanted, amount, state)).await?;
    let rows = lines
        .iter()
        .map(|(invoice, part)| lines::row(&row, *invoice, *part, waits));
    tx.insert_all(rows.collect()).await?;
    let seller = TenantId(payment.seller_id);
    let facts = serde_json::json!({
        "payment": payment.receipt_number, "amount": amount, "way": wanted.way.code(), "then": wanted.then.code(),
    });
    let action = if at_gateway { "ask" } else { wanted.kind.code() };
    tx.audit(
        Act::new(seller, action, "refund", row.id)
            .after(facts)
            .because(&wanted.reason),
    );
    if at_gateway {
        return Ok(Some(row));
    }
    money::give(tx, &row, payment).await?;
    history::went(tx, &row, payment);
    Ok(None)
}

/// What is left of a credit note is paid out beside the portal (V36).
async fn of_credit_note(tx: &mut Tx, note: &credit_note::Model, wanted: &GiveBack) -> Result<(), Error> {
    let amount = wanted.unapplied;
    let available = Money::new(note.remaining_minor, amount.currency());
    let refused = if amount.currency().code() != note.currency || !wanted.lines.is_empty() {
        Some(Refusal::FormBroken)
    } else if !amount.is_positive() {
        Some(Refusal::NotPositive {
            number: String::new(),
        })
    } else if amount.minor() > available.minor() {
        Some(Refusal::MoreThanAvailable { available })
    } else {
        None
    };
    if let Some(refusal) = refused {
        return Err(FieldErrors::one("unapplied", refusal).into());
    }
    if wanted.way == RefundWay::Gateway || wanted.kind != RefundKind::Refund {
        let text = wanted.way.label().to_owned();
        return Err(FieldErrors::one("way", Refusal::UnknownChoice { text }).into());
    }
    let of = Of {
        books: (note.seller_id, note.account_id, note.buyer_id),
        payment: None,
        credit_note: Some(note.id),
    };
    let row = insert(tx, row(tx, &of, wanted, amount, RefundState::Succeeded)).await?;
    let left = |column: credit_note::Column, by: i64| Expr::col(column).add(by);
    let remaining = left(credit_note::Column::RemainingMinor, -amount.minor());
    let changed = tx
        .update::<credit_note::Entity>()
        .col_expr(credit_note::Column::RemainingMinor, remaining.clone())
        .col_expr(
            credit_note::Column::RefundedMinor,
            left(credit_note::Column::RefundedMinor, amount.minor()),
        )
        .filter(credit_note::Column::SellerId.eq(note.seller_id))
        .filter(credit_note::Column::Id.eq(note.id))
        .filter(remaining.gte(0))
        .exec(tx.db())
        .await?;
    if changed.rows_affected != 1 {
        return Err(Error::Conflict);
    }
    let mut journal = Journal::default();
    let today = tx.actor().today();
    let entry =
        Entry::new(money::books(&row), EntryKind::Refund, row.id, today, tx.now()).credit_note(note.id);
    journal.book(
        &entry,
        &ledger::refunded(Source::CreditNote, Book::OfflineCash, amount)?,
    );
    journal.write(tx).await?;
    let facts = serde_json::json!({ "credit_note": note.number, "amount": amount });
    tx.audit(
        Act::new(TenantId(note.seller_id), "refund", "credit_note", note.id)
            .after(facts)
            .because(&wanted.reason),
    );
    Ok(())
}

async fn insert(tx: &Tx, row: refund::ActiveModel) -> Result<refund::Model, Error> {
    match tx.insert(row).await {
        // The key is older than what is remembered of it, or a colleague's.
        Err(error) if error.is_duplicate() => Err(Refusal::FormBroken.into()),
        inserted => inserted,
    }
}

/// Whose and of what.
struct Of {
    books: (Uuid, Uuid, Uuid),
    payment: Option<Uuid>,
    credit_note: Option<Uuid>,
}

fn row(tx: &Tx, of: &Of, wanted: &GiveBack, amount: Money, state: RefundState) -> refund::ActiveModel {
    let (seller, account, buyer) = of.books;
    refund::ActiveModel {
        seller_id: Set(seller),
        id: Set(wanted.key.0),
        account_id: Set(account),
        buyer_id: Set(buyer),
        payment_id: Set(of.payment),
        credit_note_id: Set(of.credit_note),
        kind: Set(codes::RefundKind::from_domain(wanted.kind)),
        way: Set(codes::RefundWay::from_domain(wanted.way)),
        follow: Set(codes::RefundThen::from_domain(wanted.then)),
        state: Set(codes::RefundState::from_domain(state)),
        currency: Set(amount.currency().code().to_owned()),
        amount_minor: Set(amount.minor()),
        reason: Set(wanted.reason.clone()),
        gateway_id: Set(None),
        failure_code: Set(None),
        asked_on: Set(tx.actor().today()),
        created_by: Set(tx.actor().user().map(|user| user.0)),
        created_by_name: Set(tx.actor().name().to_owned()),
        created_at: Set(tx.now()),
        resolved_at: Set((!state.is_under_way()).then(|| tx.now())),
        lease_until: Set(None),
    }
}
