//! Further addresses and tax identifiers: each tenant's own, each once, never more than there can be.

use crate::{
    Error,
    scope::Scope,
    tenants::particulars::{add_address, add_tax_id, find, remove_address, remove_tax_id},
    testing::World,
};
use domain::{
    Refusal,
    access::ManageSettings,
    ids::{AddressId, TaxIdId},
    tenants::{ADDRESSES_MAX, AddressFields, AddressKind, TaxIdFields, TaxScheme},
};

fn warehouse(name: &str) -> AddressFields {
    AddressFields {
        kind: "delivery".to_owned(),
        name: name.to_owned(),
        street: "4 Quay".to_owned(),
        city: "Bergen".to_owned(),
        postal_code: "5003".to_owned(),
        country: "NO".to_owned(),
    }
}

fn vat(country: &str, number: &str) -> TaxIdFields {
    TaxIdFields {
        scheme: "vat".to_owned(),
        country: country.to_owned(),
        number: number.to_owned(),
    }
}

fn at(outcome: Result<impl Sized, Error>, field: &str) -> Option<Refusal> {
    match outcome {
        Err(Error::Invalid(errors)) => errors.get(field).cloned(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was done"),
    }
}

#[tokio::test]
async fn a_company_has_more_addresses_and_numbers_beside_those_that_documents_print() {
    let world = World::new().await;
    let scope: Scope<ManageSettings> = world.acme().scope();
    let id = add_address(&scope, &warehouse("North")).await.unwrap();
    add_address(&scope, &warehouse("East")).await.unwrap();
    let number = add_tax_id(&scope, &vat("DE", "de 136 695 976")).await.unwrap();
    let found = find(&scope).await.unwrap();
    assert_eq!(found.main.street, "1 Main Street");
    let names: Vec<_> = found
        .addresses
        .iter()
        .map(|row| row.address.name.as_str())
        .collect();
    assert_eq!(names, ["East", "North"]);
    assert_eq!(found.addresses[0].address.kind, AddressKind::Delivery);
    assert_eq!(found.tax_ids[0].tax_id.scheme, TaxScheme::Vat);
    assert_eq!(found.tax_ids[0].tax_id.number, "DE136695976");
    // Each once.
    assert!(matches!(
        at(add_address(&scope, &warehouse("North")).await, "name"),
        Some(Refusal::NameTaken { .. })
    ));
    assert!(matches!(
        at(add_tax_id(&scope, &vat("DE", "DE136695976")).await, "number"),
        Some(Refusal::NameTaken { .. })
    ));
    assert!(matches!(
        at(add_tax_id(&scope, &vat("DE", "DE136695977")).await, "number"),
        Some(Refusal::TaxNumberUnfit { .. })
    ));
    // Another company sees none of it, and takes nothing away.
    let other: Scope<ManageSettings> = world.borealis().scope();
    let theirs = find(&other).await.unwrap();
    assert!(theirs.addresses.is_empty() && theirs.tax_ids.is_empty());
    assert!(matches!(remove_address(&other, id).await, Err(Error::NotFound)));
    assert!(matches!(
        remove_tax_id(&other, number).await,
        Err(Error::NotFound)
    ));
    remove_address(&scope, id).await.unwrap();
    remove_tax_id(&scope, number).await.unwrap();
    let left = find(&scope).await.unwrap();
    assert_eq!((left.addresses.len(), left.tax_ids.len()), (1, 0));
    for gone in [
        remove_address(&scope, id).await,
        remove_address(&scope, AddressId(number.0)).await,
        remove_tax_id(&scope, TaxIdId(id.0)).await,
    ] {
        assert!(matches!(gone, Err(Error::NotFound)));
    }
}

#[tokio::test]
async fn of_two_who_add_the_last_address_one_is_refused() {
    let world = World::new().await;
    let scope: Scope<ManageSettings> = world.acme().scope();
    for number in 1..ADDRESSES_MAX {
        add_address(&scope, &warehouse(&format!("Depot {number}")))
            .await
            .unwrap();
    }
    let (last, very_last) = (warehouse("Last"), warehouse("Very last"));
    let (one, other) = tokio::join!(add_address(&scope, &last), add_address(&scope, &very_last));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    let wrong = one.err().or(other.err()).unwrap();
    assert!(
        matches!(wrong, Error::Refused(Refusal::TooMany { .. })),
        "{wrong:?}"
    );
}
