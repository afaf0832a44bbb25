//! Pays what is due: for each account, currency and card at most one payment a day, through the same reservation and the same
//! conversation with the gateway as a form.
//!
//! The key of the payment is made from account, currency, day, the number of refusals and a card that a profile prefers, so it is one however often the
//! job runs and on however many nodes (V29).

use super::{
    due::{due, own},
    letters, lock, outcome, party,
    shares::{self, Share},
    today,
};
use crate::{
    Backend, Error,
    codes::{Stored, currency as known, money},
    jobs::{Job, JobContext, Retry},
    payment_methods::{read::expiry_of, write::UNDECIDED},
    payments::{Payer, Reserved, charge, lock_invoices, reserve},
    rollups::payer,
    scope::{Scope, Tx},
    transact::transact,
};
use chrono::{NaiveDate, TimeDelta};
use domain::{
    access::PayInvoices,
    disputes::offered,
    ids::{CardId, FormKey, InvoiceId, TenantId, UserId},
    payment_methods::{
        Expiry,
        autopay::{EXPIRED, NO_CARD},
    },
    payments::{CardChoice, SubmitLine, SubmitPayment},
};
use entity::{Uuid, autopay, card, codes::TenantState, invoice, payment_attempt};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What it is called in the audit and in the queue.
pub(crate) const AUTOPAY: &str = "payment_methods.autopay";

/// How many settings are read at once.
const AT_ONCE: u64 = 200;

/// One round through all of autopay.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct PayDue {}

impl PayDue {
    /// Pause between two rounds: days begin at different hours in different places.
    pub(crate) const EVERY: TimeDelta = TimeDelta::hours(1);
}

impl Job for PayDue {
    const KIND: &'static str = AUTOPAY;
    const WORDS: &'static str = "Pay what is due by itself";
    const RETRY: Retry = Retry::RECURRING;

    async fn run(&self, context: &JobContext) -> Result<(), Error> {
        let paid = pay_due(context.backend()).await?;
        if paid > 0 {
            tracing::info!(paid, "payments of autopay begun");
        }
        Ok(())
    }
}

/// Begins all payments that are due. Returns how many it were.
///
/// # Errors
/// [`Error::Database`] when the settings cannot be read. What goes wrong with one of them is logged, the others are paid all
/// the same.
pub(crate) async fn pay_due(backend: &Backend) -> Result<u32, Error> {
    let mut begun = 0;
    let mut after: Option<autopay::Model> = None;
    loop {
        let rows = at_work(backend, after.as_ref()).await?;
        for row in &rows {
            match pay(backend, row).await {
                Ok(attempts) => begun += attempts,
                Err(error) => {
                    let cause = std::error::Error::source(&error);
                    tracing::error!(account = %row.account_id, %error, ?cause, "autopay left for the next round");
                }
            }
        }
        match rows.into_iter().last() {
            Some(last) => after = Some(last),
            None => return Ok(begun),
        }
    }
}

/// Settings that are on and not paused, after one of them.
#[expect(
    clippy::disallowed_methods,
    reason = "autopay is looked after for all tenants"
)]
async fn at_work(backend: &Backend, after: Option<&autopay::Model>) -> Result<Vec<autopay::Model>, Error> {
    use autopay::Column;
    let later = |row: &autopay::Model| {
        let same_seller = Column::SellerId.eq(row.seller_id);
        let same_account = Condition::all()
            .add(same_seller.clone())
            .add(Column::AccountId.eq(row.account_id));
        Condition::any()
            .add(Column::SellerId.gt(row.seller_id))
            .add(
                Condition::all()
                    .add(same_seller)
                    .add(Column::AccountId.gt(row.account_id)),
            )
            .add(same_account.add(Column::Currency.gt(&row.currency)))
    };
    let rows = autopay::Entity::find()
        // As text, so that SQLite finds the index of those at work.
        .filter(Expr::cust("is_on AND paused IS NULL"))
        .filter(after.map_or_else(Condition::all, later))
        .order_by_asc(Column::SellerId)
        .order_by_asc(Column::AccountId)
        .order_by_asc(Column::Currency)
        .limit(AT_ONCE)
        .all(backend.system().db())
        .await?;
    Ok(rows)
}

async fn pay(backend: &Backend, row: &autopay::Model) -> Result<u32, Error> {
    let scope: Scope<PayInvoices> = backend.job(TenantId(row.buyer_id), AUTOPAY).await?.permit()?;
    transact!(scope, tx => { warn(tx, row).await })?;
    let attempts = transact!(scope, tx => { hold(tx, row).await })?;
    for attempt in &attempts {
        charge(&scope, attempt).await?;
    }
    Ok(u32::try_from(attempts.len()).unwrap_or(u32::MAX))
}

/// Tells once of each card that it uses that the card expires soon.
async fn warn(tx: &mut Tx, row: &autopay::Model) -> Result<(), Error> {
    let today = today(tx, row.seller_id).await?;
    let cards = shares::of(tx, row, today).await?;
    for card in cards.into_iter().filter_map(|share| share.card) {
        if card.expiry_told_at.is_none() && expiry_of(&card, today) == Expiry::Soon {
            warn_of(tx, row, &card).await?;
        }
    }
    Ok(())
}

async fn warn_of(tx: &mut Tx, row: &autopay::Model, card: &card::Model) -> Result<(), Error> {
    tx.update::<card::Entity>()
        .set(card::ActiveModel {
            expiry_told_at: Set(Some(tx.now())),
            ..Default::default()
        })
        .filter(card::Column::SellerId.eq(card.seller_id))
        .filter(card::Column::Id.eq(card.id))
        .exec(tx.db())
        .await?;
    letters::expires_soon(tx, row, card).await
}

/// Holds what is due for a payment, if there is anything and it is time.
async fn hold(tx: &mut Tx, row: &autopay::Model) -> Result<Vec<payment_attempt::Model>, Error> {
    let nothing = Ok(Vec::new());
    let Some(row) = lock(tx, row.seller_id, row.account_id, &row.currency).await? else {
        return nothing;
    };
    let today = today(tx, row.seller_id).await?;
    let waits = row.next_on.is_some_and(|on| on > today);
    if !row.is_on || row.paused.is_some() || waits || is_undecided(tx, &row).await? {
        return nothing;
    }
    // While one of the two is shut out no money moves by itself.
    for id in [row.seller_id, row.buyer_id] {
        if party(tx, id).await?.state != TenantState::Active {
            return nothing;
        }
    }
    for share in shares::of(tx, &row, today).await? {
        let attempts = hold_share(tx, &row, today, &share).await?;
        if !attempts.is_empty() {
            return Ok(attempts);
        }
    }
    nothing
}

/// Holds what is due of one card, if there is anything. What the other cards pay waits for the next round, which waits for
/// the outcome.
async fn hold_share(
    tx: &mut Tx,
    row: &autopay::Model,
    today: NaiveDate,
    share: &Share,
) -> Result<Vec<payment_attempt::Model>, Error> {
    let nothing = Ok(Vec::new());
    let card = share.card.as_ref();
    let due = due(tx, row, today, share).await?;
    if due.is_empty() {
        return nothing;
    }
    let currency = known(&row.currency)?;
    let pays = |card: &&card::Model| card.kind.to_domain().pays(currency);
    let good = card
        .filter(|card| expiry_of(card, today) != Expiry::Expired)
        .filter(pays);
    let Some(card) = good else {
        let code = if card.filter(pays).is_some() {
            EXPIRED
        } else {
            NO_CARD
        };
        outcome::note(tx, row, code).await?;
        letters::no_card(tx, row, code).await?;
        return nothing;
    };
    let lines = lines(tx, row, &due).await?;
    if lines.is_empty() {
        return nothing;
    }
    let form = SubmitPayment {
        key: key(row, today, share),
        lines,
        card: CardChoice::Saved(CardId(card.id)),
        save_card: false,
        make_default: false,
        email_receipt: true,
        uses: Vec::new(),
    };
    match reserve(tx, Payer::Autopay(UserId(row.on_by)), &form).await? {
        Reserved::Fresh(attempts) => Ok(attempts),
        Reserved::Known => nothing,
    }
}

/// Whether a payment of it has no outcome yet: then the next one waits.
async fn is_undecided(tx: &Tx, row: &autopay::Model) -> Result<bool, Error> {
    let attempt = own(tx, row)
        .filter(payment_attempt::Column::State.is_in(UNDECIDED))
        .limit(1)
        .one(tx.db())
        .await?;
    Ok(attempt.is_some())
}

/// What is open of each and not disputed, as it stands under the lock.
async fn lines(tx: &Tx, row: &autopay::Model, due: &[InvoiceId]) -> Result<Vec<SubmitLine>, Error> {
    let (locked, _) = lock_invoices(tx, due).await?;
    let mut lines = Vec::with_capacity(due.len());
    for id in due {
        // Since it was found a bill may have been issued or withdrawn, and it is another account's to pay (V40).
        let theirs = |invoice: &&invoice::Model| payer(invoice).0 == row.account_id;
        let Some(invoice) = locked.get(id).filter(theirs) else {
            continue;
        };
        let part = |minor| money(minor, &row.currency);
        let (open, pending) = (part(invoice.open_minor)?, part(invoice.reserved_minor)?);
        let amount = offered(open, pending, part(invoice.disputed_minor)?);
        if amount.is_positive() {
            lines.push(SubmitLine {
                invoice: *id,
                seen: open.checked_sub(pending)?,
                amount,
            });
        }
    }
    Ok(lines)
}

/// The key of a day's payment with a card.
fn key(row: &autopay::Model, today: NaiveDate, share: &Share) -> FormKey {
    let autopay::Model {
        seller_id,
        account_id,
        currency,
        on_at,
        failures,
        ..
    } = row;
    let on = on_at.timestamp_micros();
    let mut name = format!("autopay:{seller_id}:{account_id}:{currency}:{on}:{today}:{failures}");
    if let Some(card) = share.card.as_ref().filter(|_| share.is_preferred) {
        name.push_str(&format!(":{}", card.id));
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&Sha256::digest(name)[..16]);
    FormKey(Uuid::from_bytes(bytes))
}
