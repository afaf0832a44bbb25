//! What a seller wants of reminders, letters that somebody sends by hand, and accounts to which none are sent by themselves.

use super::{
    letter::{self, Overdue},
    read::{of_row, overdue, sent},
};
use crate::{
    Error, once,
    rollups::pays,
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    FieldErrors, Refusal,
    access::SendMail,
    ids::AccountId,
    reminders::{ByHand, ReminderFields, WORDS_MAX, may_send, words},
    text,
};
use entity::{account, invoice, reminder_setting, reminder_stop};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// Sets what the seller wants.
///
/// # Errors
/// [`Error::Invalid`] as [`ReminderFields::read`] says; [`Error::Database`].
pub async fn change(scope: &Scope<SendMail>, form: &ReminderFields) -> Result<(), Error> {
    let wanted = form.read()?;
    transact!(scope, tx => {
        let row = tx.lock::<reminder_setting::Entity>().one(tx.db()).await?;
        let before = row.as_ref().map(of_row).transpose()?.unwrap_or_default();
        if before == wanted {
            return Ok(());
        }
        let seller = tx.actor().tenant();
        tx.delete::<reminder_setting::Entity>().exec(tx.db()).await?;
        let row = reminder_setting::ActiveModel {
            seller_id: Set(seller.0),
            is_on: Set(wanted.is_on),
            content: Set(serde_json::to_value(&wanted)?),
            changed_at: Set(tx.now()),
        };
        match tx.insert(row).await {
            // A colleague saved the first ones at the same moment.
            Err(error) if error.is_duplicate() => return Err(Error::Conflict),
            inserted => inserted?,
        };
        let mut act = Act::new(seller, "change_reminders", "tenant", seller.0);
        act.before = Some(serde_json::to_value(&before)?);
        tx.audit(act.after(serde_json::to_value(&wanted)?));
        Ok(())
    })
}

/// Sends reminders of invoices of an account by hand: one letter for each currency. What cannot be reminded of today is left
/// out. Done once, however often the form is posted.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for the field `words`; [`Refusal::NothingToRemind`] when nothing is left;
/// [`Refusal::NobodyToRemind`]; [`Refusal::FormBroken`] when another form came under the same key.
pub async fn send(scope: &Scope<SendMail>, wanted: &ByHand) -> Result<(), Error> {
    let user = scope.actor().user().ok_or(Error::SignIn)?;
    let own = words(&wanted.words).map_err(|why| FieldErrors::one("words", why))?;
    let sent = transact!(scope, tx => {
        known(tx, wanted.account).await?;
        if !once::take_key(tx, user, &format!("remind:{}", wanted.key), wanted).await? {
            return Ok(());
        }
        let letters = possible(tx, wanted).await?;
        if letters.is_empty() {
            return Err(Refusal::NothingToRemind.into());
        }
        for (_, letter) in letters {
            letter::send(tx, letter, &own).await?;
        }
        Ok(())
    });
    match sent {
        // The job or a colleague wrote about one of them at the same moment.
        Err(error) if error.is_duplicate() => Err(Refusal::NothingToRemind.into()),
        sent => sent,
    }
}

/// What of the chosen invoices can be reminded of now, by currency.
async fn possible(tx: &Tx, wanted: &ByHand) -> Result<BTreeMap<String, Vec<Overdue>>, Error> {
    let today = tx.actor().today();
    let invoices = tx
        .lock::<invoice::Entity>()
        .filter(pays(wanted.account.0))
        .filter(invoice::Column::Id.is_in(wanted.invoices.iter().map(|id| id.0)))
        .filter(overdue(today))
        .order_by_asc(invoice::Column::Id)
        .all(tx.db())
        .await?;
    let sent = sent(tx.find(), tx.db(), &invoices).await?;
    let mut letters: BTreeMap<String, Vec<Overdue>> = BTreeMap::new();
    for invoice in invoices {
        let before = sent.get(&invoice.id).map(Vec::as_slice).unwrap_or_default();
        if !may_send(today, before) {
            continue;
        }
        if let Some(one) = Overdue::of(invoice, None)? {
            letters.entry(one.currency().to_owned()).or_default().push(one);
        }
    }
    Ok(letters)
}

/// From now on nothing is sent to an account by itself.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for the field `reason`; [`Error::Database`].
pub async fn stop(scope: &Scope<SendMail>, account: AccountId, reason: &str) -> Result<(), Error> {
    let reason = text::needed(reason, WORDS_MAX).map_err(|why| FieldErrors::one("reason", why))?;
    let stopped = transact!(scope, tx => {
        known(tx, account).await?;
        if stop_of(tx, account).await?.is_some() {
            return Ok(());
        }
        let seller = tx.actor().tenant();
        tx.insert(reminder_stop::ActiveModel {
            seller_id: Set(seller.0),
            account_id: Set(account.0),
            reason: Set(reason.clone()),
            stopped_by_name: Set(tx.actor().name().to_owned()),
            stopped_at: Set(tx.now()),
        })
        .await?;
        tx.audit(Act::new(seller, "stop_reminders", "account", account.0).because(&reason));
        Ok(())
    });
    match stopped {
        // A colleague stopped it at the same moment.
        Err(error) if error.is_duplicate() => Ok(()),
        stopped => stopped,
    }
}

/// Reminders are sent to an account by themselves again.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Database`].
pub async fn resume(scope: &Scope<SendMail>, account: AccountId) -> Result<(), Error> {
    transact!(scope, tx => {
        known(tx, account).await?;
        if stop_of(tx, account).await?.is_none() {
            return Ok(());
        }
        tx.delete::<reminder_stop::Entity>()
            .filter(reminder_stop::Column::AccountId.eq(account.0))
            .exec(tx.db())
            .await?;
        tx.audit(Act::new(tx.actor().tenant(), "resume_reminders", "account", account.0));
        Ok(())
    })
}

async fn stop_of(tx: &Tx, account: AccountId) -> Result<Option<reminder_stop::Model>, Error> {
    let row = tx
        .lock::<reminder_stop::Entity>()
        .filter(reminder_stop::Column::AccountId.eq(account.0))
        .one(tx.db())
        .await?;
    Ok(row)
}

/// The account is one of the seller's.
async fn known(tx: &Tx, id: AccountId) -> Result<(), Error> {
    let account = tx
        .find::<account::Entity>()
        .filter(account::Column::Id.eq(id.0))
        .one(tx.db())
        .await?;
    account.map(|_| ()).ok_or(Error::NotFound)
}
