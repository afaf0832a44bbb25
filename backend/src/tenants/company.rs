//! What a tenant says of itself: its settings.

use super::{below::read::company, write::buyer_search};
use crate::{
    Error, Scope,
    invoices::search_key,
    scope::{Act, Tx},
    transact::transact,
};
use domain::{
    access::ManageSettings,
    tenants::{Company, CompanyFields, Party},
};
use entity::{account, tenant};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};

/// Whether there is a time zone of this name.
pub fn is_zone(name: &str) -> bool {
    name.parse::<chrono_tz::Tz>().is_ok()
}

/// Names of the time zones that a form offers: those of places.
pub fn zones() -> Vec<&'static str> {
    const OLD: [&str; 9] = [
        "Etc/", "US/", "Canada/", "Mexico/", "Brazil/", "Chile/", "SystemV/", "posix/", "right/",
    ];
    let mut names: Vec<&str> = chrono_tz::TZ_VARIANTS
        .iter()
        .map(|zone| zone.name())
        .filter(|name| name.contains('/') && !OLD.iter().any(|old| name.starts_with(old)))
        .chain(["UTC"])
        .collect();
    names.sort_unstable();
    names
}

/// The tenant's settings.
///
/// # Errors
/// [`Error::Database`].
pub async fn find(scope: &Scope<ManageSettings>) -> Result<Company, Error> {
    let own = scope
        .find::<tenant::Entity>()
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)?;
    company(&own)
}

/// Changes the tenant's settings. Documents that were issued keep what they say (V17).
///
/// # Errors
/// [`Error::Invalid`] with what is wrong with each field.
pub async fn change(scope: &Scope<ManageSettings>, fields: &CompanyFields) -> Result<(), Error> {
    let new = fields.read(is_zone)?;
    transact!(scope, tx => {
        let own = tx
            .lock::<tenant::Entity>()
            .one(tx.db())
            .await?
            .ok_or(Error::NotFound)?;
        let before = company(&own)?;
        if before == new {
            return Ok(());
        }
        tx.update::<tenant::Entity>().set(columns(&new)).exec(tx.db()).await?;
        if before.party.name != new.party.name {
            rename(tx, &new.party.name).await?;
        }
        let (was, is) = differences(&before, &new);
        let mut act = Act::new(tx.actor().tenant(), "change_settings", "tenant", own.id).after(is);
        act.before = Some(was);
        tx.audit(act);
        Ok(())
    })
}

/// What a tenant's row holds of it.
pub(super) fn columns(company: &Company) -> tenant::ActiveModel {
    let Company {
        party,
        locale,
        time_zone,
        currency,
        accent,
        support_phone,
    } = company.clone();
    let Party {
        name,
        street,
        city,
        postal_code,
        country,
        tax_id,
        email,
    } = party;
    tenant::ActiveModel {
        name: Set(name),
        street: Set(street),
        city: Set(city),
        postal_code: Set(postal_code),
        country: Set(country),
        tax_id: Set(tax_id),
        billing_email: Set(email),
        locale: Set(locale.code().to_owned()),
        time_zone: Set(time_zone),
        currency: Set(currency.code().to_owned()),
        accent: Set(accent),
        support_phone: Set(support_phone),
        ..Default::default()
    }
}

/// Writes a new name beside the accounts, where lists look for it.
async fn rename(tx: &Tx, name: &str) -> Result<(), Error> {
    let me = tx.actor().tenant().0;
    tx.update::<account::Entity>()
        .set(account::ActiveModel {
            seller_name: Set(name.to_owned()),
            seller_search: Set(search_key(name)),
            ..Default::default()
        })
        .filter(account::Column::SellerId.eq(me))
        .exec(tx.db())
        .await?;
    let bought = tx
        .lock::<account::Entity>()
        .filter(account::Column::BuyerId.eq(me))
        .all(tx.db())
        .await?;
    for account in bought {
        tx.update::<account::Entity>()
            .set(account::ActiveModel {
                buyer_name: Set(name.to_owned()),
                buyer_search: Set(buyer_search(name, account.external_id.as_deref())),
                ..Default::default()
            })
            .filter(account::Column::SellerId.eq(account.seller_id))
            .filter(account::Column::Id.eq(account.id))
            .exec(tx.db())
            .await?;
    }
    Ok(())
}

/// What changed, before and after.
fn differences(before: &Company, after: &Company) -> (entity::Json, entity::Json) {
    let object = |company: &Company| match serde_json::to_value(company.fields()) {
        Ok(entity::Json::Object(map)) => map,
        Ok(_) | Err(_) => serde_json::Map::new(),
    };
    let (mut was, mut is) = (object(before), object(after));
    let same: Vec<String> = was
        .iter()
        .filter(|(name, value)| is.get(*name) == Some(*value))
        .map(|(name, _)| name.clone())
        .collect();
    for name in same {
        was.remove(&name);
        is.remove(&name);
    }
    (entity::Json::Object(was), entity::Json::Object(is))
}
