//! Commands: issue a bill of a parent, withdraw one, choose its invoices for a payment.
//!
//! Locks are taken in the order of everywhere else: who belongs to whom or the bill, then the invoices by their ids (V30), then the
//! counter of the numbers.

use super::{
    letters,
    read::{self, billable, children},
};
use crate::{
    Error,
    codes::money,
    invoices::write::note_currency,
    ledger::Books,
    numbering::{self, Numbered},
    once, payments,
    scope::{Act, Scope, Tx},
    transact::transact,
    workbench::Family,
};
use domain::{
    FieldErrors, Money, Refusal,
    access::{PayInvoices, VoidInvoices, WriteInvoices},
    ids::{DraftId, RollupId},
    invoices::VOID_REASON_MAX,
    rollups::{IssueRollup, MOST_INVOICES, voiding},
    text,
};
use entity::{Uuid, account, invoice, rollup, rollup_line};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};

/// What a bill is called in the audit.
const ROLLUP: &str = "rollup";

/// Issues a bill over what is open of a parent's subsidiaries from a period. Its id is the form's key, so it is one however often
/// the form is posted.
///
/// # Errors
/// [`Error::NotFound`]; at `due_date` [`Refusal::RangeReversed`] for a day that is over; [`Refusal::NothingToRollUp`];
/// [`Refusal::RollupMoved`] when the invoices are not those that were shown; [`Refusal::DateBeforeLast`] (V22);
/// [`Refusal::FormBroken`] when another form came under the same key. Nothing was issued then.
pub async fn issue(scope: &Scope<WriteInvoices>, wanted: &IssueRollup) -> Result<RollupId, Error> {
    let user = scope.actor().user().ok_or(Error::SignIn)?;
    let id = RollupId(wanted.key.0);
    if wanted.due_date < scope.actor().today() {
        return Err(FieldErrors::one("due_date", Refusal::RangeReversed).into());
    }
    transact!(scope, tx => {
        if !once::take_key(tx, user, &format!("rollup:{}", wanted.key), wanted).await? {
            return Ok(id);
        }
        issue_in(tx, wanted).await?;
        Ok(id)
    })
}

/// Issues it, whoever made sure that it is issued once.
///
/// # Errors
/// As [`issue`].
pub(crate) async fn issue_in(tx: &mut Tx, wanted: &IssueRollup) -> Result<(), Error> {
    let found = tx
        .find::<account::Entity>()
        .filter(account::Column::Id.eq(wanted.wanted.account.0))
        .one(tx.db())
        .await?;
    let parent = found.ok_or(Error::NotFound)?;
    // Nobody joins or leaves the family until it is billed.
    Family::lock(tx, &parent).await?;
    let invoices = lock_billable(tx, &parent, wanted).await?;
    write(tx, RollupId(wanted.key.0), &parent, wanted, &invoices).await
}

/// Withdraws a bill, for a reason that stands on it. It keeps its number; its invoices are their companies' to pay again, and may
/// be billed anew.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for the field `reason`; [`Refusal::Locked`] for one that is withdrawn, or while one of its
/// invoices is being paid.
pub async fn void(scope: &Scope<VoidInvoices>, id: RollupId, reason: &str) -> Result<(), Error> {
    let reason =
        text::needed(reason, VOID_REASON_MAX).map_err(|refusal| FieldErrors::one("reason", refusal))?;
    transact!(scope, tx => {
        let found = tx
            .lock::<rollup::Entity>()
            .filter(rollup::Column::Id.eq(id.0))
            .one(tx.db())
            .await?;
        let row = found.ok_or(Error::NotFound)?;
        let invoices = tx
            .lock::<invoice::Entity>()
            .filter(invoice::Column::RollupId.eq(id.0))
            .order_by_asc(invoice::Column::Id)
            .all(tx.db())
            .await?;
        let pending = invoices.iter().map(|invoice| invoice.reserved_minor).sum();
        voiding(row.voided_at.is_some(), money(pending, &row.currency)?).map_err(|why| Refusal::Locked {
            number: row.number.clone(),
            why,
        })?;
        let change = rollup::ActiveModel {
            voided_at: Set(Some(tx.now())),
            voided_on: Set(Some(tx.actor().today())),
            void_reason: Set(Some(reason.clone())),
            ..Default::default()
        };
        tx.update::<rollup::Entity>()
            .set(change)
            .filter(rollup::Column::SellerId.eq(row.seller_id))
            .filter(rollup::Column::Id.eq(row.id))
            .exec(tx.db())
            .await?;
        mark(tx, &invoices, None).await?;
        let seller = tx.actor().tenant();
        tx.audit(Act::new(seller, "void", ROLLUP, row.id).because(&reason));
        for invoice in &invoices {
            let facts = serde_json::json!({ "bill": row.number });
            tx.audit(Act::new(seller, "take_out", "invoice", invoice.id).after(facts));
        }
        letters::withdrawn(tx, &row, &reason).await
    })
}

/// Keeps what can be paid of a bill as the choice of a payment form.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::NothingChosen`] when nothing can be paid.
pub async fn choose(scope: &Scope<PayInvoices>, id: RollupId) -> Result<DraftId, Error> {
    let invoices = read::payable(scope, id).await?;
    payments::write::keep_choice(scope, &invoices).await
}

/// The invoices that the bill holds, locked in the order of their ids, if they are those that were shown.
async fn lock_billable(
    tx: &Tx,
    parent: &account::Model,
    wanted: &IssueRollup,
) -> Result<Vec<invoice::Model>, Error> {
    let below = children(tx.find(), parent.buyer_id).into_query();
    let invoices = billable(tx.lock(), &wanted.wanted)
        .filter(invoice::Column::BuyerId.in_subquery(below))
        .filter(invoice::Column::ReservedMinor.eq(0))
        .limit(u64::try_from(MOST_INVOICES).unwrap_or_default())
        .all(tx.db())
        .await?;
    if invoices.is_empty() {
        return Err(Refusal::NothingToRollUp.into());
    }
    let now = total(wanted, &invoices)?;
    if now != wanted.seen || read::mark_of(&invoices) != wanted.shown {
        return Err(Refusal::RollupMoved {
            seen: wanted.seen,
            now,
        }
        .into());
    }
    Ok(invoices)
}

fn total(wanted: &IssueRollup, invoices: &[invoice::Model]) -> Result<Money, Error> {
    let currency = wanted.wanted.currency;
    let open = invoices.iter().map(|row| Money::new(row.open_minor, currency));
    Ok(Money::sum(currency, open)?)
}

async fn write(
    tx: &mut Tx,
    id: RollupId,
    parent: &account::Model,
    wanted: &IssueRollup,
    invoices: &[invoice::Model],
) -> Result<(), Error> {
    let (seller, today) = (tx.actor().tenant(), tx.actor().today());
    let total = total(wanted, invoices)?;
    let number = numbering::take(tx, seller, Numbered::Rollup, today).await?;
    let row = match tx.insert(head(tx, id, parent, wanted, number, total)).await {
        // The key is older than what is remembered of it.
        Err(error) if error.is_duplicate() => return Err(Refusal::FormBroken.into()),
        inserted => inserted?,
    };
    let books = Books {
        seller: parent.seller_id,
        account: parent.id,
        buyer: parent.buyer_id,
    };
    // From now on the parent pays in it, also by itself, though it may have no invoice of its own in it.
    note_currency(tx, books, total.currency()).await?;
    tx.insert_all(invoices.iter().map(|invoice| line(id, invoice)).collect())
        .await?;
    mark(tx, invoices, Some(&row)).await?;
    let facts = serde_json::json!({
        "number": row.number, "parent": row.buyer_name, "amount": total, "invoices": invoices.len(),
    });
    tx.audit(Act::new(seller, "issue", ROLLUP, row.id).after(facts));
    for invoice in invoices {
        let facts = serde_json::json!({ "bill": row.number, "payer": row.buyer_name });
        tx.audit(Act::new(seller, "roll_up", "invoice", invoice.id).after(facts));
    }
    letters::issued(tx, &row, invoices).await
}

/// All of a bill but its lines.
fn head(
    tx: &Tx,
    id: RollupId,
    parent: &account::Model,
    wanted: &IssueRollup,
    number: String,
    total: Money,
) -> rollup::ActiveModel {
    let period = wanted.wanted.period;
    rollup::ActiveModel {
        seller_id: Set(parent.seller_id),
        id: Set(id.0),
        account_id: Set(parent.id),
        buyer_id: Set(parent.buyer_id),
        number: Set(number),
        currency: Set(total.currency().code().to_owned()),
        period_from: Set(period.from),
        period_to: Set(period.to),
        issue_date: Set(tx.actor().today()),
        due_date: Set(wanted.due_date),
        total_minor: Set(total.minor()),
        seller_name: Set(parent.seller_name.clone()),
        buyer_name: Set(parent.buyer_name.clone()),
        created_by: Set(tx.actor().user().map(|user| user.0)),
        created_by_name: Set(tx.actor().name().to_owned()),
        created_at: Set(tx.now()),
        voided_at: Set(None),
        voided_on: Set(None),
        void_reason: Set(None),
    }
}

fn line(id: RollupId, invoice: &invoice::Model) -> rollup_line::ActiveModel {
    rollup_line::ActiveModel {
        seller_id: Set(invoice.seller_id),
        rollup_id: Set(id.0),
        invoice_id: Set(invoice.id),
        company: Set(invoice.buyer_name.clone()),
        number: Set(invoice.number.clone().unwrap_or_default()),
        issue_date: Set(invoice.issue_date.unwrap_or(invoice.due_date)),
        due_date: Set(invoice.due_date),
        amount_minor: Set(invoice.open_minor),
    }
}

/// Writes into locked invoices in which bill they stand from now on.
async fn mark(tx: &Tx, invoices: &[invoice::Model], bill: Option<&rollup::Model>) -> Result<(), Error> {
    let change = invoice::ActiveModel {
        rollup_id: Set(bill.map(|bill| bill.id)),
        rollup_account_id: Set(bill.map(|bill| bill.account_id)),
        rollup_buyer_id: Set(bill.map(|bill| bill.buyer_id)),
        rollup_number: Set(bill.map(|bill| bill.number.clone())),
        rollup_payer: Set(bill.map(|bill| bill.buyer_name.clone())),
        ..Default::default()
    };
    let ids: Vec<Uuid> = invoices.iter().map(|invoice| invoice.id).collect();
    let changed = tx
        .update::<invoice::Entity>()
        .set(change)
        .col_expr(
            invoice::Column::Version,
            Expr::col(invoice::Column::Version).add(1),
        )
        .filter(invoice::Column::Id.is_in(ids))
        .exec(tx.db())
        .await?;
    if usize::try_from(changed.rows_affected).ok() == Some(invoices.len()) {
        Ok(())
    } else {
        Err(Error::Conflict)
    }
}
