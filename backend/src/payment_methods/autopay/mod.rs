//! Autopay: switched on for an account in a currency, it pays what falls due, with the card that the billing profile prefers
//! or else with the default one.
//!
//! [`due`] says what it pays and [`run`] pays it, [`outcome`] says what a payment that was made or refused means for it, [`letters`] tells who switched it on.
//! Its row is locked before anything else of a payment, so that it is decided once for a day however many nodes run.

mod due;
mod letters;
pub(crate) mod outcome;
pub(crate) mod run;
mod shares;
pub(crate) mod takes;
#[cfg(test)]
mod tests;

use super::read::expiry_of;
use crate::{
    Error,
    codes::{Stored, currency as known},
    scope::{Act, Scope, Tx, time_zone},
    transact::transact,
};
use chrono::NaiveDate;
use domain::{
    Currency, Refusal,
    access::PayInvoices,
    ids::{AccountId, TenantId},
    payment_methods::{
        Expiry,
        autopay::{AutopaySetting, AutopayState},
    },
};
use entity::{Uuid, account_currency, autopay, card, tenant};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

/// What is wanted of autopay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// Pay what falls due; also go on after a pause.
    On,
    /// Pay nothing by itself.
    Off,
}

/// Switches autopay of an account in one of its currencies.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::AutopayNeedsCard`] without a default card that is good; [`Error::SignIn`] when the actor
/// is no person; [`Error::Database`].
pub async fn switch(
    scope: &Scope<PayInvoices>,
    account: AccountId,
    currency: Currency,
    to: Switch,
) -> Result<(), Error> {
    scope.actor().user().ok_or(Error::SignIn)?;
    let of_account = scope
        .find::<account_currency::Entity>()
        .filter(account_currency::Column::AccountId.eq(account.0))
        .filter(account_currency::Column::Currency.eq(currency.code()))
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)?;
    let switched = transact!(scope, tx => {
        let row = lock(tx, of_account.seller_id, account.0, currency.code()).await?;
        match to {
            Switch::On => on(tx, &of_account, row).await,
            Switch::Off => off(tx, row).await,
        }
    });
    match switched {
        // A colleague switched it on at the same moment.
        Err(error) if error.is_duplicate() => Ok(()),
        switched => switched,
    }
}

async fn on(tx: &mut Tx, of: &account_currency::Model, row: Option<autopay::Model>) -> Result<(), Error> {
    let (seller, account) = (TenantId(of.seller_id), of.account_id);
    if row.as_ref().is_some_and(|row| row.is_on && row.paused.is_none()) {
        return Ok(());
    }
    let today = today(tx, of.seller_id).await?;
    let card = default_card(tx, of.seller_id, account).await?;
    let currency = known(&of.currency)?;
    let is_good = card.is_some_and(|card| {
        expiry_of(&card, today) != Expiry::Expired && card.kind.to_domain().pays(currency)
    });
    if !is_good {
        return Err(Refusal::AutopayNeedsCard.into());
    }
    let user = tx.actor().user().ok_or(Error::SignIn)?;
    let state = autopay::ActiveModel {
        seller_id: Set(of.seller_id),
        account_id: Set(account),
        currency: Set(of.currency.clone()),
        buyer_id: Set(of.buyer_id),
        is_on: Set(true),
        on_by: Set(user.0),
        on_by_name: Set(tx.actor().name().to_owned()),
        on_at: Set(tx.now()),
        failures: Set(0),
        failing_since: Set(None),
        next_on: Set(None),
        paused: Set(None),
    };
    match &row {
        Some(row) => change(tx, row, state).await?,
        None => {
            tx.insert(state).await?;
        }
    }
    let facts = serde_json::json!({ "currency": of.currency });
    tx.audit(Act::new(seller, "switch_on", "autopay", account).after(facts));
    Ok(())
}

async fn off(tx: &mut Tx, row: Option<autopay::Model>) -> Result<(), Error> {
    let Some(row) = row.filter(|row| row.is_on) else {
        return Ok(());
    };
    let state = autopay::ActiveModel {
        is_on: Set(false),
        ..Default::default()
    };
    change(tx, &row, state).await?;
    let facts = serde_json::json!({ "currency": row.currency });
    tx.audit(Act::new(TenantId(row.seller_id), "switch_off", "autopay", row.account_id).after(facts));
    Ok(())
}

/// Whether autopay of an account is on in any currency.
pub(super) async fn is_on(tx: &Tx, seller: Uuid, account: Uuid) -> Result<bool, Error> {
    let row = tx
        .find::<autopay::Entity>()
        .filter(autopay::Column::SellerId.eq(seller))
        .filter(autopay::Column::AccountId.eq(account))
        .filter(autopay::Column::IsOn.eq(true))
        .limit(1)
        .one(tx.db())
        .await?;
    Ok(row.is_some())
}

/// The settings of all accounts, one for each account and currency, by account.
pub(super) async fn settings(
    scope: &Scope<PayInvoices>,
    time_zone_of: impl Fn(Uuid) -> Result<chrono_tz::Tz, Error>,
) -> Result<Vec<(Uuid, AutopaySetting)>, Error> {
    let currencies = scope
        .find::<account_currency::Entity>()
        .order_by_asc(account_currency::Column::AccountId)
        .order_by_asc(account_currency::Column::Currency)
        .all(scope.db())
        .await?;
    let rows = scope.find::<autopay::Entity>().all(scope.db()).await?;
    let mut settings = Vec::with_capacity(currencies.len());
    for of in currencies {
        let same = |row: &&autopay::Model| row.account_id == of.account_id && row.currency == of.currency;
        let state = match rows.iter().find(same) {
            Some(row) => state(row, time_zone_of(row.seller_id)?),
            None => AutopayState::Off,
        };
        let currency = known(&of.currency)?;
        settings.push((of.account_id, AutopaySetting { currency, state }));
    }
    Ok(settings)
}

fn state(row: &autopay::Model, zone: chrono_tz::Tz) -> AutopayState {
    match (row.is_on, &row.paused, row.next_on) {
        (false, _, _) => AutopayState::Off,
        (true, Some(code), _) => AutopayState::Paused {
            why: Refusal::Declined { code: code.clone() },
        },
        (true, None, Some(on)) => AutopayState::Retrying { on },
        (true, None, None) => AutopayState::On {
            by: row.on_by_name.clone(),
            since: row.on_at.with_timezone(&zone).date_naive(),
        },
    }
}

/// The row, held until the transaction ends.
async fn lock(tx: &Tx, seller: Uuid, account: Uuid, currency: &str) -> Result<Option<autopay::Model>, Error> {
    let row = tx
        .lock::<autopay::Entity>()
        .filter(autopay::Column::SellerId.eq(seller))
        .filter(autopay::Column::AccountId.eq(account))
        .filter(autopay::Column::Currency.eq(currency))
        .one(tx.db())
        .await?;
    Ok(row)
}

async fn change(tx: &Tx, row: &autopay::Model, to: autopay::ActiveModel) -> Result<(), Error> {
    tx.update::<autopay::Entity>()
        .set(to)
        .filter(autopay::Column::SellerId.eq(row.seller_id))
        .filter(autopay::Column::AccountId.eq(row.account_id))
        .filter(autopay::Column::Currency.eq(&row.currency))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// The default card, held until the transaction ends.
async fn default_card(tx: &Tx, seller: Uuid, account: Uuid) -> Result<Option<card::Model>, Error> {
    let card = tx
        .lock::<card::Entity>()
        .filter(card::Column::SellerId.eq(seller))
        .filter(card::Column::AccountId.eq(account))
        .filter(card::Column::IsDefault.eq(true))
        .filter(card::Column::RemovedAt.is_null())
        .one(tx.db())
        .await?;
    Ok(card)
}

/// The seller or the buyer of an account.
async fn party(tx: &Tx, id: Uuid) -> Result<tenant::Model, Error> {
    let row = tx
        .find::<tenant::Entity>()
        .filter(tenant::Column::Id.eq(id))
        .one(tx.db())
        .await?;
    row.ok_or(Error::NotFound)
}

/// Today where the seller is.
async fn today(tx: &Tx, seller: Uuid) -> Result<NaiveDate, Error> {
    let row = party(tx, seller).await?;
    Ok(tx.now().with_timezone(&time_zone(&row.time_zone)?).date_naive())
}
