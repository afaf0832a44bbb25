//! Further addresses and tax identifiers of the tenant (T18). What documents print is in its settings.

use crate::{Error, Scope, new_id, scope::Act, scope::Tx, transact::transact};
use domain::{
    FieldErrors, Refusal,
    access::ManageSettings,
    ids::{AddressId, TaxIdId},
    tenants::{
        ADDRESSES_MAX, Address, AddressFields, AddressKind, AddressRow, Particulars, TAX_IDS_MAX, TaxId,
        TaxIdFields, TaxIdRow, TaxScheme,
    },
};
use entity::{Json, tenant, tenant_address, tenant_tax_id};
use sea_orm::{ActiveValue::Set, ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

/// All of them: addresses by name, numbers by country, and the main ones as documents print them.
///
/// # Errors
/// [`Error::Database`].
pub async fn find(scope: &Scope<ManageSettings>) -> Result<Particulars, Error> {
    let addresses = scope
        .find::<tenant_address::Entity>()
        .order_by_asc(tenant_address::Column::Name)
        .limit(u64::from(ADDRESSES_MAX))
        .all(scope.db())
        .await?;
    let tax_ids = scope
        .find::<tenant_tax_id::Entity>()
        .order_by_asc(tenant_tax_id::Column::Country)
        .order_by_asc(tenant_tax_id::Column::Scheme)
        .order_by_asc(tenant_tax_id::Column::Number)
        .limit(u64::from(TAX_IDS_MAX))
        .all(scope.db())
        .await?;
    Ok(Particulars {
        main: super::company::find(scope).await?.party,
        addresses: addresses.into_iter().map(address).collect::<Result<_, _>>()?,
        tax_ids: tax_ids.into_iter().map(tax_id).collect::<Result<_, _>>()?,
    })
}

/// Adds an address.
///
/// # Errors
/// [`Error::Invalid`] with what is wrong with each field, also when the name is taken; [`Refusal::TooMany`].
pub async fn add_address(scope: &Scope<ManageSettings>, fields: &AddressFields) -> Result<AddressId, Error> {
    let new = fields.read()?;
    let id = new_id();
    transact!(scope, tx => {
        lock(tx).await?;
        room(tx.find::<tenant_address::Entity>().count(tx.db()).await?, ADDRESSES_MAX)?;
        let Address { kind, name, street, city, postal_code, country } = new.clone();
        let row = tenant_address::ActiveModel {
            tenant_id: Set(tx.actor().tenant().0),
            id: Set(id),
            kind: Set(kind.code().to_owned()),
            name: Set(name.clone()),
            street: Set(street),
            city: Set(city),
            postal_code: Set(postal_code),
            country: Set(country),
            created_at: Set(tx.now()),
        };
        tx.insert(row).await.map_err(|error| taken(error, "name", &name))?;
        tx.audit(Act::new(tx.actor().tenant(), "create", "address", id).after(told(&new)));
        Ok(AddressId(id))
    })
}

/// Takes an address away.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn remove_address(scope: &Scope<ManageSettings>, id: AddressId) -> Result<(), Error> {
    transact!(scope, tx => {
        let of_it = tenant_address::Column::Id.eq(id.0);
        let row = tx.lock::<tenant_address::Entity>().filter(of_it.clone()).one(tx.db()).await?;
        let was = address(row.ok_or(Error::NotFound)?)?.address;
        tx.delete::<tenant_address::Entity>().filter(of_it).exec(tx.db()).await?;
        let mut act = Act::new(tx.actor().tenant(), "delete", "address", id.0);
        act.before = Some(told(&was));
        tx.audit(act);
        Ok(())
    })
}

/// Adds a tax identifier.
///
/// # Errors
/// [`Error::Invalid`] with what is wrong with each field, also when it is there already; [`Refusal::TooMany`].
pub async fn add_tax_id(scope: &Scope<ManageSettings>, fields: &TaxIdFields) -> Result<TaxIdId, Error> {
    let new = fields.read()?;
    let id = new_id();
    transact!(scope, tx => {
        lock(tx).await?;
        room(tx.find::<tenant_tax_id::Entity>().count(tx.db()).await?, TAX_IDS_MAX)?;
        let TaxId { scheme, country, number } = new.clone();
        let row = tenant_tax_id::ActiveModel {
            tenant_id: Set(tx.actor().tenant().0),
            id: Set(id),
            scheme: Set(scheme.code().to_owned()),
            country: Set(country),
            number: Set(number.clone()),
            created_at: Set(tx.now()),
        };
        tx.insert(row).await.map_err(|error| taken(error, "number", &number))?;
        tx.audit(Act::new(tx.actor().tenant(), "create", "tax_id", id).after(told_number(&new)));
        Ok(TaxIdId(id))
    })
}

/// Takes a tax identifier away.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn remove_tax_id(scope: &Scope<ManageSettings>, id: TaxIdId) -> Result<(), Error> {
    transact!(scope, tx => {
        let of_it = tenant_tax_id::Column::Id.eq(id.0);
        let row = tx.lock::<tenant_tax_id::Entity>().filter(of_it.clone()).one(tx.db()).await?;
        let was = tax_id(row.ok_or(Error::NotFound)?)?.tax_id;
        tx.delete::<tenant_tax_id::Entity>().filter(of_it).exec(tx.db()).await?;
        let mut act = Act::new(tx.actor().tenant(), "delete", "tax_id", id.0);
        act.before = Some(told_number(&was));
        tx.audit(act);
        Ok(())
    })
}

/// Locks the tenant's own row, so that two who add the last one do not both.
async fn lock(tx: &Tx) -> Result<(), Error> {
    tx.lock::<tenant::Entity>()
        .filter(tenant::Column::Id.eq(tx.actor().tenant().0))
        .one(tx.db())
        .await?
        .map(|_| ())
        .ok_or(Error::NotFound)
}

fn room(there_are: u64, at_most: u32) -> Result<(), Error> {
    if there_are >= u64::from(at_most) {
        return Err(Refusal::TooMany { at_most }.into());
    }
    Ok(())
}

fn taken(error: Error, field: &str, name: &str) -> Error {
    if error.is_duplicate() {
        let name = name.to_owned();
        FieldErrors::one(field, Refusal::NameTaken { name }).into()
    } else {
        error
    }
}

fn told(address: &Address) -> Json {
    json!({ "name": address.name, "kind": address.kind.code(), "city": address.city, "country": address.country })
}

fn told_number(tax_id: &TaxId) -> Json {
    json!({ "kind": tax_id.scheme.code(), "country": tax_id.country, "number": tax_id.number })
}

fn address(row: tenant_address::Model) -> Result<AddressRow, Error> {
    let tenant_address::Model {
        tenant_id: _,
        id,
        kind,
        name,
        street,
        city,
        postal_code,
        country,
        created_at: _,
    } = row;
    let kind = AddressKind::from_code(&kind).ok_or_else(|| Error::corrupt(format!("address {kind}")))?;
    Ok(AddressRow {
        id: AddressId(id),
        address: Address {
            kind,
            name,
            street,
            city,
            postal_code,
            country,
        },
    })
}

fn tax_id(row: tenant_tax_id::Model) -> Result<TaxIdRow, Error> {
    let tenant_tax_id::Model {
        tenant_id: _,
        id,
        scheme,
        country,
        number,
        created_at: _,
    } = row;
    let scheme = TaxScheme::from_code(&scheme).ok_or_else(|| Error::corrupt(format!("tax id {scheme}")))?;
    Ok(TaxIdRow {
        id: TaxIdId(id),
        tax_id: TaxId {
            scheme,
            country,
            number,
        },
    })
}
