//! The job that reminds: for each seller whose day has begun, one letter for each account and currency.
//!
//! It runs every hour, since days begin at different hours in different places, and finds nothing more to do once a day's
//! letters are written. What autopay takes by itself is left to it.

use super::{
    letter::{self, Overdue},
    read::{of_row, overdue, sent},
};
use crate::{
    Backend, Error,
    alike::{exists, same},
    jobs::{Job, JobContext, Retry},
    payment_methods::autopay::takes::takes,
    rollups::{payer_in_sql, paying_company_in_sql, pays},
    scope::{Scope, Tx, time_zone},
    transact::transact,
};
use chrono::{NaiveDate, TimeDelta, Timelike};
use domain::{
    Refusal,
    access::SendMail,
    ids::TenantId,
    reminders::{FIRST_HOUR, ReminderRules, step_now},
};
use entity::{Uuid, codes::TenantState, invoice, reminder, reminder_setting, reminder_stop, rollup, tenant};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};

/// What it is called in the audit and in the queue.
const REMIND: &str = "reminders.send";
/// Accounts that are looked up together.
const AT_ONCE: u64 = 500;
/// Most letters that one round writes for a seller; the next round goes on.
const MOST_LETTERS: u32 = 2_000;
/// Most invoices of one letter; the rest is for the next round.
const MOST_IN_LETTER: u64 = 200;

/// One round through all sellers that send reminders.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct SendDue {}

impl SendDue {
    /// Pause between two rounds.
    pub(crate) const EVERY: TimeDelta = TimeDelta::hours(1);
}

impl Job for SendDue {
    const KIND: &'static str = REMIND;
    const WORDS: &'static str = "Send payment reminders";
    const RETRY: Retry = Retry::RECURRING;

    async fn run(&self, context: &JobContext) -> Result<(), Error> {
        let letters = send_due(context.backend()).await?;
        if letters > 0 {
            tracing::info!(letters, "payment reminders written");
        }
        Ok(())
    }
}

/// Writes all reminders that are due. Returns how many letters it were.
///
/// # Errors
/// [`Error::Database`] when the settings cannot be read. What goes wrong with one seller or account is logged, the others are
/// reminded all the same.
pub(super) async fn send_due(backend: &Backend) -> Result<u32, Error> {
    let mut letters = 0;
    for setting in switched_on(backend).await? {
        match of_seller(backend, &setting).await {
            Ok(written) => letters += written,
            Err(error) => {
                tracing::error!(seller = %setting.seller_id, %error, "reminders left for the next round");
            }
        }
    }
    Ok(letters)
}

#[expect(
    clippy::disallowed_methods,
    reason = "reminders are looked after for all tenants"
)]
async fn switched_on(backend: &Backend) -> Result<Vec<reminder_setting::Model>, Error> {
    let rows = reminder_setting::Entity::find()
        .filter(reminder_setting::Column::IsOn.eq(true))
        .order_by_asc(reminder_setting::Column::SellerId)
        .all(backend.system().db())
        .await?;
    Ok(rows)
}

async fn of_seller(backend: &Backend, setting: &reminder_setting::Model) -> Result<u32, Error> {
    let seller = backend.system().find_tenant(TenantId(setting.seller_id)).await?;
    let hour = backend.now().with_timezone(&time_zone(&seller.time_zone)?).hour();
    if seller.state != TenantState::Active || hour < FIRST_HOUR {
        return Ok(0);
    }
    let scope: Scope<SendMail> = backend.job(TenantId(seller.id), REMIND).await?.permit()?;
    let rules = of_row(setting)?;
    let mut letters = 0;
    let mut after = None;
    loop {
        let some = waiting(&scope, &rules, after).await?;
        for (account, currency) in &some {
            match of_account(&scope, &rules, *account, currency).await {
                Ok(written) => letters += u32::from(written),
                Err(error) => {
                    tracing::error!(%account, %error, "an account's reminder left for the next round");
                }
            }
        }
        after = some.last().cloned();
        if after.is_none() || letters >= MOST_LETTERS {
            return Ok(letters);
        }
    }
}

/// Accounts and currencies in which something waits to be reminded of, after one of them: the accounts that pay, so a parent's
/// for what is in its bill (V41). Those that cannot be written to wait as well, so what follows them must be reached.
pub(super) async fn waiting(
    scope: &Scope<SendMail>,
    rules: &ReminderRules,
    after: Option<(Uuid, String)>,
) -> Result<Vec<(Uuid, String)>, Error> {
    let of_payer = Expr::col((reminder_stop::Entity, reminder_stop::Column::AccountId)).eq(payer_in_sql());
    let stopped = scope.find::<reminder_stop::Entity>().filter(of_payer);
    let of_seller = [(reminder_stop::Column::SellerId, invoice::Column::SellerId)];
    let active = scope
        .find::<tenant::Entity>()
        .filter(tenant::Column::State.eq(TenantState::Active))
        .select_only()
        .column(tenant::Column::Id);
    let later = after.map(|(account, currency)| {
        let same = Condition::all()
            .add(payer_in_sql().eq(account))
            .add(invoice::Column::Currency.gt(currency));
        Condition::any().add(payer_in_sql().gt(account)).add(same)
    });
    let pairs = scope
        .find::<invoice::Entity>()
        .filter(Condition::all().add_option(later))
        .filter(due(rules, scope.today(), (&scope.find(), &scope.find())))
        .filter(belong(stopped, of_seller).not())
        .filter(paying_company_in_sql().in_subquery(active.into_query()))
        .select_only()
        .expr(payer_in_sql())
        .column(invoice::Column::Currency)
        .distinct()
        .order_by_asc(payer_in_sql())
        .order_by_asc(invoice::Column::Currency)
        .limit(AT_ONCE)
        .into_tuple()
        .all(scope.db())
        .await?;
    Ok(pairs)
}

/// Writes to one account, if there still is something to write about. Returns whether it did.
async fn of_account(
    scope: &Scope<SendMail>,
    rules: &ReminderRules,
    account: Uuid,
    currency: &str,
) -> Result<bool, Error> {
    let written = transact!(scope, tx => { remind(tx, rules, account, currency).await });
    match written {
        // Another node was quicker.
        Err(error) if error.is_duplicate() => Ok(false),
        Err(Error::Refused(Refusal::NobodyToRemind)) => {
            tracing::info!(%account, "nobody to write a payment reminder to");
            Ok(false)
        }
        written => written,
    }
}

async fn remind(tx: &mut Tx, rules: &ReminderRules, account: Uuid, currency: &str) -> Result<bool, Error> {
    let (seller, today) = (tx.actor().tenant().0, tx.actor().today());
    let taken = takes(tx, seller, account, currency, today).await?;
    let invoices = tx
        .lock::<invoice::Entity>()
        .filter(pays(account))
        .filter(invoice::Column::Currency.eq(currency))
        .filter(invoice::Column::Id.is_not_in(taken))
        .filter(due(rules, today, (&tx.find(), &tx.find())))
        .order_by_asc(invoice::Column::Id)
        .limit(MOST_IN_LETTER)
        .all(tx.db())
        .await?;
    // Asked for once more, now that nobody else can write about them.
    let sent = sent(tx.find(), tx.db(), &invoices).await?;
    let mut letter = Vec::new();
    for invoice in invoices {
        let before = sent.get(&invoice.id).map(Vec::as_slice).unwrap_or_default();
        let step = step_now(rules.reached(invoice.due_date, today), today, before);
        if step.is_some() {
            letter.extend(Overdue::of(invoice, step)?);
        }
    }
    let Some(last) = letter.iter().filter_map(Overdue::step).max() else {
        return Ok(false);
    };
    letter::send(tx, letter, rules.words(last)).await?;
    Ok(true)
}

/// What an invoice must fulfil to be reminded of on a day: it is in the window of a step, was not reminded of it or of a
/// later one nor today, and something of it is asked for. What is in a bill is not asked for before that is due too (V41).
fn due(
    rules: &ReminderRules,
    today: NaiveDate,
    (reminders, bills): (&Select<reminder::Entity>, &Select<rollup::Entity>),
) -> Condition {
    let mut steps = Condition::any();
    for window in rules.windows(today) {
        let said = Condition::any()
            .add(reminder::Column::Step.gte(window.step))
            .add(reminder::Column::SentOn.gte(today));
        let of_invoice = [
            (reminder::Column::SellerId, invoice::Column::SellerId),
            (reminder::Column::InvoiceId, invoice::Column::Id),
        ];
        let mut inside = Condition::all().add(invoice::Column::DueDate.lte(window.until));
        if let Some(after) = window.after {
            inside = inside.add(invoice::Column::DueDate.gt(after));
        }
        steps = steps.add(inside.add(belong(reminders.clone().filter(said), of_invoice).not()));
    }
    let not_asked = Expr::col((invoice::Entity, invoice::Column::ReservedMinor))
        .add(Expr::col((invoice::Entity, invoice::Column::DisputedMinor)));
    let not_due = bills.clone().filter(rollup::Column::DueDate.gte(today));
    let of_bill = [
        (rollup::Column::SellerId, invoice::Column::SellerId),
        (rollup::Column::Id, invoice::Column::RollupId),
    ];
    overdue(today)
        .add(belong(not_due, of_bill).not())
        .add(Expr::col((invoice::Entity, invoice::Column::OpenMinor)).gt(not_asked))
        .add(steps)
}

/// Whether rows of a table belong to an invoice.
fn belong<E: EntityTrait, const N: usize>(rows: Select<E>, by: [(E::Column, invoice::Column); N]) -> Expr {
    exists(
        by.into_iter()
            .fold(rows, |rows, (own, of_invoice)| rows.filter(same(own, of_invoice))),
    )
}
