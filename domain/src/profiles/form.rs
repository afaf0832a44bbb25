//! The form of a billing profile as a browser posts it.

use super::{CONTACTS_MAX, Contact, Place, Profile};
use crate::{
    people,
    refusal::{FieldErrors, Refusal},
    tenants::{country, phone},
    text::{line, needed},
};
use serde::{Deserialize, Serialize};

/// Most characters of a street.
const STREET_MAX: u32 = 200;
/// Most characters of anything else.
const SHORT_MAX: u32 = 64;

/// An address as typed. One that is all empty is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlaceFields {
    /// Street and number.
    pub street: String,
    /// Town.
    pub city: String,
    /// Postal code.
    pub postal_code: String,
    /// ISO 3166 code.
    pub country: String,
}

/// A contact as typed. One that is all empty is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactFields {
    /// Their name.
    pub name: String,
    /// Their mail address.
    pub email: String,
    /// Their number.
    pub phone: String,
}

/// A profile as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProfileFields {
    /// What it is called.
    pub name: String,
    /// Where invoices are made out to.
    pub billing: PlaceFields,
    /// Where goods go.
    pub shipping: PlaceFields,
    /// Whom to ask.
    pub contacts: Vec<ContactFields>,
    /// What the customer wants to find on its invoices.
    pub order_reference: String,
}

/// Name of a field of one of the two addresses.
pub fn place_field(place: &str, field: &str) -> String {
    format!("{place}[{field}]")
}

/// Name of a field of a contact.
pub fn contact_field(index: usize, field: &str) -> String {
    format!("contacts[{index}][{field}]")
}

impl ProfileFields {
    /// Reads the form.
    ///
    /// # Errors
    /// What is wrong with each field, by the names of the page.
    pub fn read(&self) -> Result<Profile, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = keep(&mut errors, "name", needed(&self.name, SHORT_MAX));
        let billing = self.billing.read("billing", &mut errors);
        let shipping = self.shipping.read("shipping", &mut errors);
        let reference = keep(
            &mut errors,
            "order_reference",
            line(&self.order_reference, SHORT_MAX),
        );
        if self.contacts.len() > CONTACTS_MAX {
            errors.add("", Refusal::FormBroken);
        }
        let mut contacts = Vec::new();
        for (index, contact) in self.contacts.iter().enumerate().take(CONTACTS_MAX) {
            contacts.extend(contact.read(index, &mut errors));
        }
        errors.unless(Profile {
            name,
            billing,
            shipping,
            contacts,
            order_reference: some(reference),
        })
    }
}

impl PlaceFields {
    fn read(&self, place: &str, errors: &mut FieldErrors) -> Option<Place> {
        let Self {
            street,
            city,
            postal_code,
            country: code,
        } = self;
        if [street, city, postal_code, code]
            .iter()
            .all(|text| text.trim().is_empty())
        {
            return None;
        }
        let known = match (code.trim(), country(code.trim())) {
            ("", _) => Err(Refusal::Missing),
            (code, Some(_)) => Ok(code.to_owned()),
            (code, None) => Err(Refusal::UnknownChoice {
                text: code.chars().take(60).collect(),
            }),
        };
        let mut field = |name: &str, read| keep(errors, &place_field(place, name), read);
        Some(Place {
            street: field("street", needed(street, STREET_MAX)),
            city: field("city", needed(city, SHORT_MAX)),
            postal_code: field("postal_code", line(postal_code, SHORT_MAX)),
            country: field("country", known),
        })
    }
}

impl ContactFields {
    fn read(&self, index: usize, errors: &mut FieldErrors) -> Option<Contact> {
        let Self {
            name,
            email,
            phone: number,
        } = self;
        if [name, email, number].iter().all(|text| text.trim().is_empty()) {
            return None;
        }
        let address = if email.trim().is_empty() {
            Ok(String::new())
        } else {
            people::email(email)
        };
        let mut field = |name: &str, read| keep(errors, &contact_field(index, name), read);
        Some(Contact {
            name: field("name", people::name(name)),
            email: some(field("email", address)),
            phone: some(field("phone", phone(number))),
        })
    }
}

fn keep(errors: &mut FieldErrors, field: &str, read: Result<String, Refusal>) -> String {
    read.map_err(|refusal| errors.add(field, refusal))
        .unwrap_or_default()
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}
