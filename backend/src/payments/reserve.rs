//! The first step of a payment: the form's key is taken, the invoices are locked and judged, and the attempts stand
//! with their reservations before the gateway hears of anything (V29 to V31).
//!
//! All of it is one transaction, so a form is accepted as a whole or leaves nothing behind.

use super::on_account;
use crate::{
    Error,
    codes::{Stored, money, stage},
    invoices::balance::{self, Change},
    new_id, once, rollups,
    scope::{Act, Tx},
};
use domain::{
    FieldErrors, Refusal,
    ids::{AccountId, InvoiceId, TenantId, UserId},
    payment_methods::MethodKind,
    payments::{
        CardChoice, SubmitPayment,
        allocation::{Current, Group, check_lines, group_by_account_currency},
        form::line_field,
    },
};
use entity::{
    Uuid, account, attempt_line, card,
    codes::{self, AttemptState},
    invoice, payment_attempt,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// Who pays, for whom the attempts stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Payer {
    /// Somebody who posted a form.
    Person(UserId),
    /// Autopay, on behalf of who switched it on.
    Autopay(UserId),
}

impl Payer {
    fn user(self) -> UserId {
        match self {
            Self::Person(user) | Self::Autopay(user) => user,
        }
    }

    fn is_autopay(self) -> bool {
        matches!(self, Self::Autopay(_))
    }

    /// What it is called in histories.
    fn name(self, tx: &Tx) -> String {
        match self {
            Self::Person(_) => tx.actor().name().to_owned(),
            Self::Autopay(_) => "Autopay".to_owned(),
        }
    }
}

/// What became of a posted form.
pub(crate) enum Reserved {
    /// These attempts were written and are to be charged.
    Fresh(Vec<payment_attempt::Model>),
    /// The same form was posted before; its attempts stand (V29).
    Known,
}

/// The card or bank account that all payments of a form are made with.
struct ChosenCard {
    token: String,
    saved: Option<card::Model>,
}

impl ChosenCard {
    /// What it is. Bank accounts are saved before they pay.
    fn kind(&self) -> codes::MethodKind {
        self.saved
            .as_ref()
            .map_or(codes::MethodKind::Card, |card| card.kind)
    }
}

/// Takes the key, checks the lines against the locked invoices, puts to them what lies on the account where the payer
/// wants that, and writes attempts and reservations for the rest.
///
/// # Errors
/// [`Refusal::OnAccountMoved`] when what lies on the account is not what the payer saw;
/// [`Error::NotFound`] for an invoice of somebody else; [`Error::Invalid`] by line for whatever
/// [`check_lines`] says, and for the card; [`Refusal::FormBroken`] when another form came under the same key.
pub(crate) async fn reserve(tx: &mut Tx, payer: Payer, form: &SubmitPayment) -> Result<Reserved, Error> {
    if !take_key(tx, payer, form).await? {
        return Ok(Reserved::Known);
    }
    let saved = lock_card(tx, &form.card).await?;
    let pots = on_account::lock(tx, &form.uses).await?;
    let chosen: Vec<InvoiceId> = form.lines.iter().map(|line| line.invoice).collect();
    let (_, current) = lock_invoices(tx, &chosen).await?;
    let checked = check_lines(&form.lines, &current)?;
    let groups = group_by_account_currency(form.key, checked)?;
    let accounts = accounts(tx, &groups).await?;
    refuse_others_bills(form, &current, &accounts)?;
    let mut to_charge = Vec::with_capacity(groups.len());
    for group in groups {
        let account = account_of(&accounts, &group)?;
        to_charge.extend(on_account::use_first(tx, form.key, account, &group, &pots).await?);
    }
    if to_charge.is_empty() {
        return Ok(Reserved::Fresh(Vec::new()));
    }
    let card = chosen_card(form, saved, &to_charge)?;
    let mut attempts = Vec::with_capacity(to_charge.len());
    for group in &to_charge {
        let account = account_of(&accounts, group)?;
        attempts.push(write_attempt(tx, payer, form, group, account, &card).await?);
    }
    Ok(Reserved::Fresh(attempts))
}

fn account_of<'a>(
    accounts: &'a BTreeMap<Uuid, account::Model>,
    group: &Group,
) -> Result<&'a account::Model, Error> {
    accounts
        .get(&group.account.0)
        .ok_or_else(|| Error::corrupt("an invoice without account"))
}

/// Whether the key is new. It may be older than what is remembered of it, or come from a colleague's form.
async fn take_key(tx: &Tx, payer: Payer, form: &SubmitPayment) -> Result<bool, Error> {
    let (user, name) = (payer.user(), format!("pay:{}", form.key));
    let is_new = match payer {
        Payer::Person(_) => once::take_key(tx, user, &name, form).await?,
        // What is due may have changed since the first run of the day; the day's payment is made all the same.
        Payer::Autopay(_) => once::take_key(tx, user, &name, &form.key).await?,
    };
    if !is_new {
        return Ok(false);
    }
    let attempt = tx
        .find::<payment_attempt::Entity>()
        .filter(payment_attempt::Column::FormKey.eq(form.key.0))
        .one(tx.db())
        .await?;
    let before = match attempt {
        Some(attempt) => Some(attempt.created_by),
        None => on_account::user_of(tx, form.key).await?,
    };
    match before {
        None => Ok(true),
        Some(by) if by == Some(user.0) => Ok(false),
        Some(_) => Err(Refusal::FormBroken.into()),
    }
}

/// Locks invoices in the order of their ids (V30).
///
/// # Errors
/// [`Error::NotFound`] for one of somebody else.
pub(crate) async fn lock_invoices(
    tx: &Tx,
    wanted: &[InvoiceId],
) -> Result<(BTreeMap<InvoiceId, invoice::Model>, Vec<Current>), Error> {
    if wanted.is_empty() {
        return Ok((BTreeMap::new(), Vec::new()));
    }
    let rows = tx
        .invoices_to_pay()
        .filter(invoice::Column::Id.is_in(wanted.iter().map(|id| id.0)))
        .order_by_asc(invoice::Column::Id)
        .lock_exclusive()
        .all(tx.db())
        .await?;
    let found: BTreeMap<_, _> = rows.into_iter().map(|row| (InvoiceId(row.id), row)).collect();
    if !wanted.iter().all(|id| found.contains_key(id)) {
        return Err(Error::NotFound);
    }
    let current = found.values().map(as_current).collect::<Result<Vec<_>, _>>()?;
    Ok((found, current))
}

fn as_current(row: &invoice::Model) -> Result<Current, Error> {
    Ok(Current {
        invoice: InvoiceId(row.id),
        account: rollups::payer(row),
        rollup: row.rollup_number.clone(),
        number: row.number.clone().unwrap_or_default(),
        stage: stage(row.stage),
        open: money(row.open_minor, &row.currency)?,
        pending: money(row.reserved_minor, &row.currency)?,
        disputed: money(row.disputed_minor, &row.currency)?,
    })
}

async fn accounts(tx: &Tx, groups: &[Group]) -> Result<BTreeMap<Uuid, account::Model>, Error> {
    let ids = groups.iter().map(|group| group.account.0);
    let rows = tx
        .find::<account::Entity>()
        .filter(account::Column::Id.is_in(ids))
        .all(tx.db())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// What stands in a bill of a parent is paid by the parent's people alone, who see its account (V40).
fn refuse_others_bills(
    form: &SubmitPayment,
    current: &[Current],
    seen: &BTreeMap<Uuid, account::Model>,
) -> Result<(), Error> {
    let mut errors = FieldErrors::default();
    for (index, line) in form.lines.iter().enumerate() {
        let now = current.iter().find(|now| now.invoice == line.invoice);
        let hidden = now.filter(|now| !seen.contains_key(&now.account.0));
        if let Some((now, rollup)) = hidden.and_then(|now| Some((now, now.rollup.clone()?))) {
            let number = now.number.clone();
            errors.add(
                line_field(index, "amount"),
                Refusal::PaidWithRollup { number, rollup },
            );
        }
    }
    Ok(errors.unless(())?)
}

/// A saved card belongs to one account, and a new one's token to one seller's gateway (D5): neither can pay another
/// account.
/// The saved card or bank account that was chosen, locked, so that it is not removed before the attempt stands. Before the
/// invoices, as autopay does.
async fn lock_card(tx: &Tx, choice: &CardChoice) -> Result<Option<card::Model>, Error> {
    let CardChoice::Saved(id) = choice else {
        return Ok(None);
    };
    let card = tx
        .lock::<card::Entity>()
        .filter(card::Column::Id.eq(id.0))
        .filter(card::Column::RemovedAt.is_null())
        .one(tx.db())
        .await?;
    Ok(card)
}

fn chosen_card(
    form: &SubmitPayment,
    saved: Option<card::Model>,
    groups: &[Group],
) -> Result<ChosenCard, Error> {
    let refused = |refusal| Error::Invalid(FieldErrors::one("card", refusal));
    let accounts: Vec<AccountId> = groups.iter().map(|group| group.account).collect();
    let one_account = accounts.windows(2).all(|pair| pair[0] == pair[1]);
    match &form.card {
        CardChoice::Token(token) if token.is_empty() => Err(refused(Refusal::NoCard)),
        CardChoice::Token(token) if one_account => Ok(ChosenCard {
            token: token.clone(),
            saved: None,
        }),
        CardChoice::Token(_) => Err(refused(Refusal::UnknownCard)),
        CardChoice::Saved(_) => {
            let card = saved.filter(|card| accounts.iter().all(|account| account.0 == card.account_id));
            // A bank account pays in one currency.
            let card = card.filter(|card| {
                let kind: MethodKind = card.kind.to_domain();
                groups.iter().all(|group| kind.pays(group.currency))
            });
            let card = card.ok_or_else(|| refused(Refusal::UnknownCard))?;
            Ok(ChosenCard {
                token: card.gateway_token.clone(),
                saved: Some(card),
            })
        }
    }
}

async fn write_attempt(
    tx: &mut Tx,
    payer: Payer,
    form: &SubmitPayment,
    group: &Group,
    account: &account::Model,
    card: &ChosenCard,
) -> Result<payment_attempt::Model, Error> {
    let id = new_id();
    let seller = TenantId(account.seller_id);
    let row = payment_attempt::ActiveModel {
        seller_id: Set(account.seller_id),
        id: Set(id),
        account_id: Set(account.id),
        buyer_id: Set(account.buyer_id),
        state: Set(AttemptState::Submitted),
        form_key: Set(form.key.0),
        idempotency_key: Set(group.key.clone()),
        currency: Set(group.currency.code().to_owned()),
        amount_minor: Set(group.total.minor()),
        gateway_customer: Set(account.gateway_customer.clone()),
        gateway_intent: Set(None),
        gateway_method: Set(Some(card.token.clone())),
        client_secret: Set(None),
        card_id: Set(card.saved.as_ref().map(|card| card.id)),
        brand: Set(card.saved.as_ref().map(|card| card.brand.clone())),
        last4: Set(card.saved.as_ref().map(|card| card.last4.clone())),
        save_card: Set(form.save_card && card.saved.is_none()),
        make_default: Set(form.make_default),
        email_receipt: Set(form.email_receipt),
        failure_code: Set(None),
        created_by: Set(Some(payer.user().0)),
        created_by_name: Set(payer.name(tx)),
        created_at: Set(tx.now()),
        submitted_at: Set(tx.now()),
        resolved_at: Set(None),
        lease_until: Set(None),
        lease_token: Set(0),
        by_itself: Set(payer.is_autopay()),
        kind: Set(card.kind()),
        look_up_at: Set(None),
    };
    let attempt = tx.insert(row).await?;
    let seen: BTreeMap<InvoiceId, i64> = form
        .lines
        .iter()
        .map(|line| (line.invoice, line.seen.minor()))
        .collect();
    let lines = group.lines.iter().map(|line| attempt_line::ActiveModel {
        seller_id: Set(account.seller_id),
        attempt_id: Set(id),
        invoice_id: Set(line.invoice.0),
        amount_minor: Set(line.amount.minor()),
        seen_minor: Set(seen.get(&line.invoice).copied().unwrap_or_default()),
    });
    tx.insert_all(lines.collect()).await?;
    for line in &group.lines {
        let held = Change {
            reserved: line.amount.minor(),
            ..Change::default()
        };
        balance::change(tx, seller, line.invoice, held).await?;
    }
    let facts = serde_json::json!({ "amount": group.total, "invoices": group.lines.len() });
    tx.audit(Act::new(seller, "submit", "payment_attempt", id).after(facts));
    Ok(attempt)
}
