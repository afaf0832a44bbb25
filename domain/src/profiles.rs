//! Billing profiles (B1, B2): how a customer wants to be billed for one of its purposes.
//!
//! A trading account has one or more of them, one is its default, and each invoice is bound to exactly one. What a profile
//! leaves empty is taken from the company's own particulars when an invoice is issued; the invoice keeps what it was then
//! (V17).

mod form;
#[cfg(test)]
mod tests;

pub use form::{ContactFields, PlaceFields, ProfileFields, contact_field, place_field};

use crate::{
    ids::{AccountId, CardId, FormKey, ProfileId, TenantId},
    tenants::{Party, country},
};
use serde::{Deserialize, Serialize};

/// What the first profile of an account is called until somebody renames it.
pub const FIRST_NAME: &str = "Main";
/// Most profiles of an account, the archived ones not counted.
pub const PROFILES_MAX: u32 = 50;
/// Most contact people of a profile.
pub const CONTACTS_MAX: usize = 3;

/// Where something goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Street and number.
    pub street: String,
    /// Town.
    pub city: String,
    /// Postal code; may be empty.
    pub postal_code: String,
    /// ISO 3166 two-letter code.
    pub country: String,
}

impl Place {
    /// On one line, with the country's name.
    pub fn line(&self) -> String {
        let town = format!("{} {}", self.postal_code, self.city);
        let at_home = country(&self.country).unwrap_or(&self.country);
        let parts = [self.street.trim(), town.trim(), at_home];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(", ")
    }
}

/// Somebody to ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Their name.
    pub name: String,
    /// Where mail for them goes.
    pub email: Option<String>,
    /// Their number.
    pub phone: Option<String>,
}

impl Contact {
    /// On one line.
    pub fn line(&self) -> String {
        let parts = [Some(&self.name), self.email.as_ref(), self.phone.as_ref()];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        parts.join(", ")
    }
}

/// What a profile says, and what an invoice keeps of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// What it is called, unique among those of its account that are in use.
    pub name: String,
    /// Where invoices are made out to; the company's own address without it.
    pub billing: Option<Place>,
    /// Where goods go.
    pub shipping: Option<Place>,
    /// Whom to ask; mail about the invoices goes to the first one who has an address.
    pub contacts: Vec<Contact>,
    /// What the customer wants to find on its invoices, such as the number of its order.
    pub order_reference: Option<String>,
}

impl Profile {
    /// The one that an account begins with: it says nothing of its own.
    pub fn first() -> Self {
        Self {
            name: FIRST_NAME.to_owned(),
            ..Self::default()
        }
    }

    /// Where mail about its invoices goes, if it says so.
    pub fn email(&self) -> Option<&str> {
        self.contacts.iter().find_map(|contact| contact.email.as_deref())
    }

    /// The buyer as a document of this profile prints it.
    pub fn printed(&self, company: &Party) -> Party {
        let mut party = company.clone();
        if let Some(Place {
            street,
            city,
            postal_code,
            country,
        }) = self.billing.clone()
        {
            (party.street, party.city) = (street, city);
            (party.postal_code, party.country) = (postal_code, country);
        }
        if let Some(email) = self.email() {
            party.email = Some(email.to_owned());
        }
        party
    }

    /// Heading and text of what an invoice says of it beside the buyer's address.
    pub fn facts(&self) -> Vec<(String, String)> {
        let mut facts = vec![("Billing profile".to_owned(), self.name.clone())];
        let mut fact = |heading: &str, text: String| facts.push((heading.to_owned(), text));
        if let Some(reference) = &self.order_reference {
            fact("Your reference", reference.clone());
        }
        if let Some(place) = &self.shipping {
            fact("Ship to", place.line());
        }
        for contact in &self.contacts {
            fact("Contact", contact.line());
        }
        facts
    }
}

/// What a profile is in its account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// New invoices are bound to it unless another one is chosen.
    Default,
    /// It can be chosen.
    InUse,
    /// It is kept for the invoices that are bound to it, and cannot be chosen any more.
    Archived,
}

/// A profile in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileRow {
    /// Which.
    pub id: ProfileId,
    /// What it says.
    pub profile: Profile,
    /// What it is in its account.
    pub standing: Standing,
}

/// The profiles of one account, the default first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountProfiles {
    /// Key of this rendering, for a new profile.
    pub key: FormKey,
    /// The account.
    pub account: AccountId,
    /// The customer.
    pub buyer: TenantId,
    /// Name of the other side: the customer for the seller, the seller for the customer.
    pub with: String,
    /// The profiles.
    pub profiles: Vec<ProfileRow>,
}

/// A card that can be preferred.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferable {
    /// Which.
    pub id: CardId,
    /// What it is called.
    pub name: String,
}

/// A profile on its own page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileDetail {
    /// Itself.
    pub row: ProfileRow,
    /// The customer.
    pub buyer: TenantId,
    /// Name of the other side.
    pub with: String,
    /// The card that autopay uses for its invoices; only its owner is told.
    pub card: Option<CardId>,
    /// The cards among which its owner chooses; nobody else is told.
    pub cards: Vec<Preferable>,
}
