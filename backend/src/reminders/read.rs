//! What a seller wants of reminders, and the page of an account.

use super::letter::asked;
use crate::{Error, Scope, codes::money, new_id, rollups::pays};
use chrono::NaiveDate;
use domain::{
    access::SendMail,
    ids::{AccountId, FormKey, InvoiceId},
    reminders::{AccountReminders, OverdueInvoice, Reminded, ReminderRules, Stopped, may_send},
};
use entity::{Uuid, account, codes::Stage, invoice, reminder, reminder_setting, reminder_stop};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::BTreeMap;

/// Most overdue invoices that the page of an account shows, the longest overdue first.
const MOST_SHOWN: u64 = 200;

/// What the seller wants; off where it never said.
///
/// # Errors
/// [`Error::Database`].
pub async fn rules(scope: &Scope<SendMail>) -> Result<ReminderRules, Error> {
    let row = scope.find::<reminder_setting::Entity>().one(scope.db()).await?;
    row.as_ref()
        .map(of_row)
        .transpose()
        .map(Option::unwrap_or_default)
}

/// The rules out of their row.
pub(super) fn of_row(row: &reminder_setting::Model) -> Result<ReminderRules, Error> {
    Ok(serde_json::from_value(row.content.clone())?)
}

/// What is overdue on an account, and when each was reminded of.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Database`].
pub async fn of_account(scope: &Scope<SendMail>, id: AccountId) -> Result<AccountReminders, Error> {
    let account = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.eq(id.0))
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)?;
    let stop = scope
        .find::<reminder_stop::Entity>()
        .filter(reminder_stop::Column::AccountId.eq(id.0))
        .one(scope.db())
        .await?;
    let today = scope.today();
    let rows = scope
        .find::<invoice::Entity>()
        .filter(pays(id.0))
        .filter(overdue(today))
        .order_by_asc(invoice::Column::DueDate)
        .order_by_asc(invoice::Column::Id)
        .limit(MOST_SHOWN)
        .all(scope.db())
        .await?;
    let sent = sent(scope.find(), scope.db(), &rows).await?;
    let shown = |row: invoice::Model| shown(row, &sent, today);
    Ok(AccountReminders {
        account: id,
        with: account.buyer_name,
        key: FormKey(new_id()),
        is_on: rules(scope).await?.is_on,
        stopped: stop.map(|stop| Stopped {
            by: stop.stopped_by_name,
            at: stop.stopped_at,
            reason: stop.reason,
        }),
        invoices: rows.into_iter().map(shown).collect::<Result<_, Error>>()?,
    })
}

fn shown(
    row: invoice::Model,
    sent: &BTreeMap<Uuid, Vec<Reminded>>,
    today: NaiveDate,
) -> Result<OverdueInvoice, Error> {
    let before = sent.get(&row.id).map(Vec::as_slice).unwrap_or_default();
    let asked = asked(&row)?;
    Ok(OverdueInvoice {
        id: InvoiceId(row.id),
        due: row.due_date,
        asked,
        disputed: money(row.disputed_minor, &row.currency)?,
        last: before.last().copied(),
        may_send: asked.is_positive() && may_send(today, before),
        number: row.number.unwrap_or_default(),
    })
}

/// What an invoice must fulfil to be overdue (V19).
pub(super) fn overdue(today: NaiveDate) -> Condition {
    Condition::all()
        .add(invoice::Column::Stage.is_in([Stage::Open, Stage::PartlyPaid]))
        .add(invoice::Column::DueDate.lt(today))
}

/// What was sent about each of some invoices, the last reminder last. `reminders` are those that may be seen.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn sent(
    reminders: Select<reminder::Entity>,
    db: &impl ConnectionTrait,
    about: &[invoice::Model],
) -> Result<BTreeMap<Uuid, Vec<Reminded>>, Error> {
    let rows = reminders
        .filter(reminder::Column::InvoiceId.is_in(about.iter().map(|invoice| invoice.id)))
        .order_by_asc(reminder::Column::SentOn)
        .all(db)
        .await?;
    let mut sent: BTreeMap<Uuid, Vec<Reminded>> = BTreeMap::new();
    for row in rows {
        sent.entry(row.invoice_id).or_default().push(Reminded {
            on: row.sent_on,
            step: row.step.and_then(|step| u32::try_from(step).ok()),
        });
    }
    Ok(sent)
}
