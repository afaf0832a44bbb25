//! Further tax identifiers of a company (T18). The one of its settings is the main one, which documents print.
//!
//! A VAT number of the EU and its neighbours must look as its country writes it, with the right check digit where the rule
//! is public and settled; whether it is registered, only the authorities know. Any other number is bounded in length
//! and characters.

mod shapes;

use super::{AddressRow, Party, addresses::choice, country};
use crate::{
    ids::TaxIdId,
    invoices::codes::codes,
    refusal::{FieldErrors, Refusal},
    text::has_card_number,
};
use serde::{Deserialize, Serialize};

use shapes::shape;

/// Most further tax identifiers of a company.
pub const TAX_IDS_MAX: u32 = 50;

/// What a company keeps beside what its documents print.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Particulars {
    /// The main address and tax id, as documents print them.
    pub main: Party,
    /// Further addresses, by name.
    pub addresses: Vec<AddressRow>,
    /// Further tax identifiers, by country.
    pub tax_ids: Vec<TaxIdRow>,
}

/// What kind of number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaxScheme {
    /// Value-added tax, or a sales tax of that kind.
    Vat,
    /// The country's own tax number.
    National,
    /// The EU's one-stop shop.
    OneStopShop,
    /// The company register.
    Register,
}

codes! {
    TaxScheme:
        Vat = "vat" "VAT number",
        National = "national" "Tax number",
        OneStopShop = "one_stop_shop" "EU one-stop shop",
        Register = "register" "Company register";
}

/// A tax identifier as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxId {
    /// What kind.
    pub scheme: TaxScheme,
    /// ISO 3166 two-letter code of the country that gave it.
    pub country: String,
    /// The number, in capitals and without spaces; a VAT number has its country's letters.
    pub number: String,
}

/// The same in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxIdRow {
    /// Which.
    pub id: TaxIdId,
    /// The identifier.
    pub tax_id: TaxId,
}

/// The same as a form has it, every field as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TaxIdFields {
    /// Word of its kind.
    pub scheme: String,
    /// ISO 3166 code.
    #[serde(rename = "tax_country")]
    pub country: String,
    /// The number.
    pub number: String,
}

impl TaxIdFields {
    /// Reads the form.
    ///
    /// # Errors
    /// What is wrong with each field, by the names of the page.
    pub fn read(&self) -> Result<TaxId, FieldErrors> {
        let mut errors = FieldErrors::default();
        let scheme = TaxScheme::from_code(&self.scheme);
        if scheme.is_none() {
            errors.add("scheme", choice(&self.scheme));
        }
        if country(&self.country).is_none() {
            errors.add("tax_country", choice(&self.country));
        }
        let scheme = scheme.unwrap_or(TaxScheme::National);
        let number = number(scheme, &self.country, &self.number);
        let number = number.map_err(|refusal| errors.add("number", refusal));
        errors.unless(TaxId {
            scheme,
            country: self.country.clone(),
            number: number.unwrap_or_default(),
        })
    }
}

/// Reads a number of a kind and a country, and writes it the one way it is kept.
///
/// # Errors
/// [`Refusal::Missing`]; [`Refusal::TaxNumberUnfit`] with what the country's look like; [`Refusal::CardNumber`] where that is not
/// known.
pub fn number(scheme: TaxScheme, country: &str, typed: &str) -> Result<String, Refusal> {
    let compact: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '/'))
        .flat_map(char::to_uppercase)
        .collect();
    if compact.is_empty() {
        return Err(Refusal::Missing);
    }
    let unfit = |like: &str| {
        Err(Refusal::TaxNumberUnfit {
            number: typed.trim().chars().take(40).collect(),
            like: like.to_owned(),
        })
    };
    match (scheme, shape(country)) {
        (TaxScheme::Vat, Some(shape)) => {
            let rest = compact.strip_prefix(shape.letters).unwrap_or(&compact);
            if shape.fits(rest) {
                Ok(format!("{}{rest}", shape.letters))
            } else {
                unfit(shape.like)
            }
        }
        (TaxScheme::OneStopShop, _) => {
            let digits = compact.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            let letters = compact.len() - digits.len();
            let fits = digits.len() >= 9 && digits.len() <= 12 && digits.bytes().all(|b| b.is_ascii_digit());
            if fits && letters == 2 {
                Ok(compact)
            } else {
                unfit("two letters and 9 to 12 digits")
            }
        }
        (TaxScheme::Vat, None) | (TaxScheme::National | TaxScheme::Register, _) => {
            let fits = (3..=20).contains(&compact.len())
                && compact.bytes().all(|b| b.is_ascii_alphanumeric())
                && compact.bytes().any(|b| b.is_ascii_digit());
            if !fits {
                unfit("3 to 20 letters and digits")
            } else if has_card_number(&compact) {
                Err(Refusal::CardNumber)
            } else {
                Ok(compact)
            }
        }
    }
}

#[cfg(test)]
mod tests;
