//! What a company says of itself, as a form has it and as it is kept (T18).

use super::{Party, country};
use crate::{
    locale::Locale,
    money::Currency,
    people,
    refusal::{FieldErrors, Refusal},
    text::{line, needed},
};
use serde::{Deserialize, Serialize};

/// The accent colours of the style sheet; the first one is everybody's until they choose.
pub const ACCENTS: [(&str, &str); 8] = [
    ("indigo", "Indigo"),
    ("blue", "Blue"),
    ("teal", "Teal"),
    ("green", "Green"),
    ("plum", "Plum"),
    ("rose", "Rose"),
    ("copper", "Copper"),
    ("slate", "Slate"),
];
/// Most characters of a street.
const STREET_MAX: u32 = 200;
/// Most characters of a town, a postal code and a phone number, and of what the seller calls a customer.
const SHORT_MAX: u32 = 64;

/// A company as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// As documents print it from now on.
    pub party: Party,
    /// How amounts and dates are written for its people.
    pub locale: Locale,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// The currency it thinks in.
    pub currency: Currency,
    /// One of [`ACCENTS`].
    pub accent: String,
    /// Whom its customers call.
    pub support_phone: Option<String>,
}

/// The same as a form has it, every field as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompanyFields {
    /// Legal name.
    pub name: String,
    /// Street and number.
    pub street: String,
    /// Town.
    pub city: String,
    /// Postal code.
    pub postal_code: String,
    /// ISO 3166 code.
    pub country: String,
    /// VAT or other tax id.
    pub tax_id: String,
    /// BCP 47 tag.
    pub locale: String,
    /// IANA name.
    pub time_zone: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Word of the colour.
    pub accent: String,
    /// Phone number for questions.
    pub support_phone: String,
    /// Address for questions about bills.
    pub billing_email: String,
}

impl Company {
    /// As a form shows it.
    pub fn fields(&self) -> CompanyFields {
        let Party {
            name,
            street,
            city,
            postal_code,
            country,
            tax_id,
            email,
        } = self.party.clone();
        CompanyFields {
            name,
            street,
            city,
            postal_code,
            country,
            tax_id: tax_id.unwrap_or_default(),
            locale: self.locale.code().to_owned(),
            time_zone: self.time_zone.clone(),
            currency: self.currency.code().to_owned(),
            accent: self.accent.clone(),
            support_phone: self.support_phone.clone().unwrap_or_default(),
            billing_email: email.unwrap_or_default(),
        }
    }
}

impl CompanyFields {
    /// Reads the form. Which time zones there are is the caller's knowledge.
    ///
    /// # Errors
    /// What is wrong with each field.
    pub fn read(&self, is_zone: impl Fn(&str) -> bool) -> Result<Company, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut keep = |field: &str, read: Result<String, Refusal>| {
            read.map_err(|refusal| errors.add(field, refusal))
                .unwrap_or_default()
        };
        let party = Party {
            name: keep("name", people::name(&self.name)),
            street: keep("street", needed(&self.street, STREET_MAX)),
            city: keep("city", needed(&self.city, SHORT_MAX)),
            postal_code: keep("postal_code", line(&self.postal_code, SHORT_MAX)),
            country: keep("country", choice(&self.country, |code| country(code).is_some())),
            tax_id: some(keep("tax_id", line(&self.tax_id, SHORT_MAX))),
            email: some(keep("billing_email", email_or_none(&self.billing_email))),
        };
        let time_zone = keep("time_zone", choice(&self.time_zone, is_zone));
        let is_accent = |word: &str| ACCENTS.iter().any(|(known, _)| *known == word);
        let accent = keep("accent", choice(&self.accent, is_accent));
        let support_phone = some(keep("support_phone", phone(&self.support_phone)));
        let locale = Locale::from_code(&self.locale);
        if locale.is_none() {
            errors.add("locale", unknown(&self.locale));
        }
        let currency: Option<Currency> = self.currency.parse().ok();
        if currency.is_none() {
            errors.add("currency", unknown(&self.currency));
        }
        match (locale, currency) {
            (Some(locale), Some(currency)) => errors.unless(Company {
                party,
                locale,
                time_zone,
                currency,
                accent,
                support_phone,
            }),
            _ => Err(errors),
        }
    }
}

/// Reads what a seller calls a customer in its own books; empty is nothing.
///
/// # Errors
/// [`Refusal::TooLong`].
pub fn external_id(text: &str) -> Result<Option<String>, Refusal> {
    line(text, SHORT_MAX).map(some)
}

/// Reads days until an invoice is due: 0 to 365.
///
/// # Errors
/// [`Refusal::NotDays`].
pub fn terms_days(text: &str) -> Result<i32, Refusal> {
    let days = text.trim().parse::<i32>().ok();
    days.filter(|days| (0..=365).contains(days))
        .ok_or(Refusal::NotDays { at_most: 365 })
}

fn choice(text: &str, is_one: impl Fn(&str) -> bool) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::Missing);
    }
    if is_one(text) {
        Ok(text.to_owned())
    } else {
        Err(unknown(text))
    }
}

/// Reads a telephone number; it may be empty.
///
/// # Errors
/// [`Refusal::NotAPhone`]; as [`line`].
pub(crate) fn phone(text: &str) -> Result<String, Refusal> {
    let text = line(text, SHORT_MAX)?;
    let fits = text.chars().all(|c| c.is_ascii_digit() || "+-/(). ".contains(c));
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if text.is_empty() || (fits && (3..=20).contains(&digits)) {
        Ok(text)
    } else {
        Err(Refusal::NotAPhone { text })
    }
}

fn email_or_none(text: &str) -> Result<String, Refusal> {
    if text.trim().is_empty() {
        Ok(String::new())
    } else {
        people::email(text)
    }
}

fn unknown(text: &str) -> Refusal {
    Refusal::UnknownChoice {
        text: text.trim().chars().take(60).collect(),
    }
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}
