//! Changing the settings. They act on the next request of everybody.

use super::read::settings;
use crate::{
    Error, Scope, roles,
    scope::{Act, Tx},
    transact::transact,
};
use domain::{
    FieldErrors, Refusal,
    access::{ManageSettings, Side},
    people::RoleChoices,
    security::{RoleWord, SecurityForm, SecuritySettings},
};
use entity::{Json, security_setting};
use sea_orm::ActiveValue::Set;

/// Sets what the tenant asks of logins.
///
/// # Errors
/// [`Error::Invalid`] for a number outside of its bounds or a role that is not there; [`Error::Conflict`] when somebody
/// else does so at the same time; [`Error::Database`].
pub async fn change(scope: &Scope<ManageSettings>, form: &SecurityForm) -> Result<(), Error> {
    transact!(scope, tx => {
        let wanted = SecuritySettings::read(form)?;
        let choices = roles::read::of_tx(tx).await?;
        refuse_unknown(&choices, &wanted)?;
        let row = tx.lock::<security_setting::Entity>().one(tx.db()).await?;
        let before = row.as_ref().map(settings).unwrap_or_default();
        if before == wanted {
            return Ok(());
        }
        keep(tx, &wanted).await?;
        let tenant = tx.actor().tenant();
        let mut act = Act::new(tenant, "change_security", "tenant", tenant.0);
        act.before = Some(told(&choices, &before));
        tx.audit(act.after(told(&choices, &wanted)));
        Ok(())
    })
}

/// The roles of a tenant by their words.
fn known(choices: &RoleChoices) -> impl Iterator<Item = (RoleWord, &str)> {
    [Side::Seller, Side::Buyer].into_iter().flat_map(|side| {
        let roles = choices.on(side).iter();
        roles.map(move |role| (RoleWord::new(side, &role.code), role.name.as_str()))
    })
}

fn refuse_unknown(choices: &RoleChoices, wanted: &SecuritySettings) -> Result<(), FieldErrors> {
    let stranger = wanted
        .second_factor
        .iter()
        .find(|word| known(choices).all(|(known, _)| known != **word));
    match stranger {
        None => Ok(()),
        Some(word) => Err(FieldErrors::one(
            "second_factor",
            Refusal::UnknownChoice { text: word.text() },
        )),
    }
}

async fn keep(tx: &Tx, wanted: &SecuritySettings) -> Result<(), Error> {
    let SecuritySettings {
        second_factor: _,
        office_idle_minutes,
        idle_minutes,
        absolute_hours,
    } = wanted;
    let number = |set: &Option<u32>| set.and_then(|number| i32::try_from(number).ok());
    tx.delete::<security_setting::Entity>().exec(tx.db()).await?;
    let row = security_setting::ActiveModel {
        tenant_id: Set(tx.actor().tenant().0),
        second_factor: Set(wanted.second_factor_text()),
        office_idle_minutes: Set(number(office_idle_minutes)),
        idle_minutes: Set(number(idle_minutes)),
        absolute_hours: Set(number(absolute_hours)),
        changed_at: Set(tx.now()),
    };
    tx.insert(row).await.map_err(|error| {
        if error.is_duplicate() {
            Error::Conflict
        } else {
            error
        }
    })?;
    Ok(())
}

/// For the audit, with the names that people know.
fn told(choices: &RoleChoices, settings: &SecuritySettings) -> Json {
    let names: Vec<String> = known(choices)
        .filter(|(word, _)| settings.second_factor.contains(word))
        .map(|(word, name)| format!("{name} ({})", word.text()))
        .collect();
    serde_json::json!({
        "second_factor": names.join(", "),
        "office_idle_minutes": settings.office_idle_minutes,
        "idle_minutes": settings.idle_minutes,
        "absolute_hours": settings.absolute_hours,
    })
}
