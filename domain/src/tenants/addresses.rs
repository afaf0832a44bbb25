//! Further addresses of a company (T18). The one of its settings is the main one, which documents print.

use super::country;
use crate::{
    ids::AddressId,
    invoices::codes::codes,
    refusal::{FieldErrors, Refusal},
    text::{line, needed},
};
use serde::{Deserialize, Serialize};

/// Most further addresses of a company.
pub const ADDRESSES_MAX: u32 = 50;

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AddressKind {
    /// Where the company is registered.
    Registered,
    /// Where bills go.
    Billing,
    /// Where goods go.
    Delivery,
    /// Anything else.
    Other,
}

codes! {
    AddressKind:
        Registered = "registered" "Registered office",
        Billing = "billing" "Billing",
        Delivery = "delivery" "Delivery",
        Other = "other" "Other";
}

/// An address as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// What it is for.
    pub kind: AddressKind,
    /// What the company calls it, unique among its addresses.
    pub name: String,
    /// Street and number.
    pub street: String,
    /// Town.
    pub city: String,
    /// Postal code; may be empty.
    pub postal_code: String,
    /// ISO 3166 two-letter code.
    pub country: String,
}

/// The same in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressRow {
    /// Which.
    pub id: AddressId,
    /// The address.
    pub address: Address,
}

/// The same as a form has it, every field as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AddressFields {
    /// Word of what it is for.
    pub kind: String,
    /// What the company calls it.
    pub name: String,
    /// Street and number.
    pub street: String,
    /// Town.
    pub city: String,
    /// Postal code.
    pub postal_code: String,
    /// ISO 3166 code.
    pub country: String,
}

impl AddressFields {
    /// Reads the form.
    ///
    /// # Errors
    /// What is wrong with each field, by the names of the page.
    pub fn read(&self) -> Result<Address, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut keep = |field: &str, read: Result<String, Refusal>| {
            read.map_err(|refusal| errors.add(field, refusal))
                .unwrap_or_default()
        };
        let known = match country(&self.country) {
            Some(_) => Ok(self.country.clone()),
            None => Err(choice(&self.country)),
        };
        let (name, street) = (
            keep("name", needed(&self.name, 64)),
            keep("street", needed(&self.street, 200)),
        );
        let (city, postal_code) = (
            keep("city", needed(&self.city, 64)),
            keep("postal_code", line(&self.postal_code, 64)),
        );
        let country = keep("country", known);
        let kind = AddressKind::from_code(&self.kind);
        if kind.is_none() {
            errors.add("kind", choice(&self.kind));
        }
        let kind = kind.unwrap_or(AddressKind::Other);
        errors.unless(Address {
            kind,
            name,
            street,
            city,
            postal_code,
            country,
        })
    }
}

pub(super) fn choice(text: &str) -> Refusal {
    match text.trim() {
        "" => Refusal::Missing,
        text => Refusal::UnknownChoice {
            text: text.chars().take(60).collect(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> AddressFields {
        AddressFields {
            kind: "delivery".to_owned(),
            name: " Warehouse  north ".to_owned(),
            street: "4 Quay".to_owned(),
            city: "Bergen".to_owned(),
            postal_code: String::new(),
            country: "NO".to_owned(),
        }
    }

    #[test]
    fn an_address_is_read_as_it_is_kept() {
        let address = typed().read().unwrap();
        assert_eq!(
            (address.kind, address.name.as_str()),
            (AddressKind::Delivery, "Warehouse north")
        );
        assert_eq!(address.postal_code, "");
    }

    #[test]
    fn what_is_missing_or_unknown_is_said_at_its_field() {
        let errors = AddressFields::default().read().unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["city", "country", "kind", "name", "street"]);
        let strange = AddressFields {
            kind: "holiday".to_owned(),
            country: "XX".to_owned(),
            street: "4111 1111 1111 1111".to_owned(),
            ..typed()
        };
        let errors = strange.read().unwrap_err();
        assert!(matches!(errors.get("kind"), Some(Refusal::UnknownChoice { .. })));
        assert!(matches!(
            errors.get("country"),
            Some(Refusal::UnknownChoice { .. })
        ));
        assert_eq!(errors.get("street"), Some(&Refusal::CardNumber));
    }
}
