//! The test cards, and what the gateway makes of the numbers it is given.
//!
//! Only the numbers of the table are accepted; any other is refused at once, so nobody pays with a real card here. A
//! number leaves this module as brand, last four digits and a keyed fingerprint, never as itself.

use chrono::{DateTime, Datelike};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::error::ApiError;

/// Why an issuer refuses a card.
#[derive(Debug)]
pub struct Decline {
    /// The API's error code.
    pub code: &'static str,
    /// The issuer's reason, where there is one.
    pub decline_code: Option<&'static str>,
    /// The parameter at fault, for wrong details.
    pub param: Option<&'static str>,
    /// A sentence for the payer.
    pub message: &'static str,
}

impl Decline {
    const fn issuer(decline_code: &'static str, message: &'static str) -> Self {
        Self {
            code: "card_declined",
            decline_code: Some(decline_code),
            param: None,
            message,
        }
    }

    /// What a bank says days after a debit was ordered.
    pub const fn later(code: &'static str, message: &'static str) -> Self {
        Self::detail(code, None, message)
    }

    const fn detail(code: &'static str, param: Option<&'static str>, message: &'static str) -> Self {
        Self {
            code,
            decline_code: None,
            param,
            message,
        }
    }
}

/// What a card does.
#[derive(Debug)]
pub enum Behaviour {
    /// Every charge succeeds.
    Works,
    /// It cannot be attached to a customer, nor charged.
    DeclinedAtAttach(Decline),
    /// It can be attached; each charge is refused.
    DeclinedAtCharge(Decline),
    /// Each payment asks the payer for 3-D Secure.
    NeedsAuthentication,
    /// Every charge succeeds, and the payer disputes it at once.
    Disputed,
}

/// One card of the table.
#[derive(Debug)]
pub struct TestCard {
    /// How a stored payment method refers to the card instead of by its number.
    pub name: &'static str,
    number: &'static str,
    brand: &'static str,
    /// What it does.
    pub behaviour: Behaviour,
}

const GENERIC: Decline = Decline::issuer("generic_decline", "Your card was declined.");
const NO_FUNDS: Decline = Decline::issuer("insufficient_funds", "Your card has insufficient funds.");
const LOST: Decline = Decline::issuer("lost_card", "Your card was declined.");
const EXPIRED: Decline = Decline::detail("expired_card", Some("exp_month"), "Your card has expired.");
const WRONG_CVC: Decline = Decline::detail(
    "incorrect_cvc",
    Some("cvc"),
    "Your card's security code is incorrect.",
);
const PROCESSING: Decline = Decline::detail(
    "processing_error",
    None,
    "An error occurred while processing your card. Try again in a little bit.",
);
const REAL_CARD: Decline = Decline::issuer(
    "test_mode_live_card",
    "Your card was declined. Your request was in test mode, but used a non test card.",
);
const BAD_NUMBER: Decline = Decline::detail(
    "incorrect_number",
    Some("number"),
    "Your card number is incorrect.",
);
const BAD_MONTH: Decline = Decline::detail(
    "invalid_expiry_month",
    Some("exp_month"),
    "Your card's expiration month is invalid.",
);
const BAD_YEAR: Decline = Decline::detail(
    "invalid_expiry_year",
    Some("exp_year"),
    "Your card's expiration year is invalid.",
);
const BAD_CVC: Decline = Decline::detail(
    "invalid_cvc",
    Some("cvc"),
    "Your card's security code is invalid.",
);

/// The refusal of a charge that would need the payer, who is not there.
pub const AUTHENTICATION_REQUIRED: Decline = Decline {
    code: "authentication_required",
    decline_code: Some("authentication_required"),
    param: None,
    message: "Your card was declined. This transaction requires authentication.",
};

/// The outcome of a challenge that the payer failed.
pub const AUTHENTICATION_FAILED: Decline = Decline::detail(
    "payment_intent_authentication_failure",
    None,
    "The provided PaymentMethod has failed authentication. You can provide a new PaymentMethod to fulfill this PaymentIntent.",
);

const fn card(
    name: &'static str,
    number: &'static str,
    brand: &'static str,
    behaviour: Behaviour,
) -> TestCard {
    TestCard {
        name,
        number,
        brand,
        behaviour,
    }
}

static CARDS: &[TestCard] = &[
    card("visa", "4242424242424242", "visa", Behaviour::Works),
    card("visa_debit", "4000056655665556", "visa", Behaviour::Works),
    card("mastercard", "5555555555554444", "mastercard", Behaviour::Works),
    card("amex", "378282246310005", "amex", Behaviour::Works),
    card(
        "declined",
        "4000000000000002",
        "visa",
        Behaviour::DeclinedAtAttach(GENERIC),
    ),
    card(
        "expired",
        "4000000000000069",
        "visa",
        Behaviour::DeclinedAtAttach(EXPIRED),
    ),
    card(
        "wrong_cvc",
        "4000000000000127",
        "visa",
        Behaviour::DeclinedAtAttach(WRONG_CVC),
    ),
    card(
        "declined_later",
        "4000000000000341",
        "visa",
        Behaviour::DeclinedAtCharge(GENERIC),
    ),
    card(
        "insufficient_funds",
        "4000000000009995",
        "visa",
        Behaviour::DeclinedAtCharge(NO_FUNDS),
    ),
    card(
        "lost",
        "4000000000009987",
        "visa",
        Behaviour::DeclinedAtCharge(LOST),
    ),
    card(
        "processing_error",
        "4000000000000119",
        "visa",
        Behaviour::DeclinedAtCharge(PROCESSING),
    ),
    card(
        "three_d_secure",
        "4000002760003184",
        "visa",
        Behaviour::NeedsAuthentication,
    ),
    card("disputed", "4000000000000259", "visa", Behaviour::Disputed),
];

/// The card that a stored name stands for.
pub fn by_name(name: &str) -> Option<&'static TestCard> {
    CARDS.iter().find(|card| card.name == name)
}

/// What may be kept and shown of a card.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CardView {
    /// `visa`, `mastercard` …
    pub brand: String,
    /// The last four digits.
    pub last4: String,
    /// 1 to 12.
    pub exp_month: u32,
    /// Four digits.
    pub exp_year: i32,
    /// The same for the same number; says nothing about it without the key.
    pub fingerprint: String,
    /// Always `credit`.
    pub funding: String,
}

/// The details as the payer typed them. Never stored, never logged: it has no `Debug`.
pub struct Details {
    /// With or without spaces.
    pub number: String,
    /// 1 to 12.
    pub exp_month: i64,
    /// Two or four digits.
    pub exp_year: i64,
    /// Three digits, four with American Express.
    pub cvc: Option<String>,
}

impl Details {
    /// Checks the details and forgets the number.
    ///
    /// # Errors
    /// A card error with the code of the first wrong field, or the refusal of a number that is no test card.
    pub fn accept(self, now: i64, key: &str) -> Result<(&'static TestCard, CardView), ApiError> {
        let number: String = self.number.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if number.len() < 12 || !passes_luhn(&number) {
            return Err(ApiError::declined(&BAD_NUMBER));
        }
        let card = CARDS.iter().find(|card| card.number == number);
        let card = card.ok_or_else(|| ApiError::declined(&REAL_CARD))?;
        let (exp_month, exp_year) = check_expiry(self.exp_month, self.exp_year, now)?;
        let cvc_length = if card.brand == "amex" { 4 } else { 3 };
        if let Some(cvc) = &self.cvc
            && (cvc.len() != cvc_length || !cvc.bytes().all(|b| b.is_ascii_digit()))
        {
            return Err(ApiError::declined(&BAD_CVC));
        }
        let view = CardView {
            brand: card.brand.to_owned(),
            last4: number[number.len() - 4..].to_owned(),
            exp_month,
            exp_year,
            fingerprint: fingerprint(&number, key),
            funding: "credit".to_owned(),
        };
        Ok((card, view))
    }
}

/// Month and year of an expiry that has not passed; a year of two digits is one of this century.
///
/// # Errors
/// A card error with the code of the wrong part.
pub fn check_expiry(month: i64, year: i64, now: i64) -> Result<(u32, i32), ApiError> {
    let year = if (0..100).contains(&year) {
        2000 + year
    } else {
        year
    };
    let today = DateTime::from_timestamp(now, 0).unwrap_or_default();
    let this_year = i64::from(today.year());
    if !(this_year..=this_year + 50).contains(&year) {
        return Err(ApiError::declined(&BAD_YEAR));
    }
    let past = year == this_year && month < i64::from(today.month());
    match (u32::try_from(month), i32::try_from(year)) {
        (Ok(month @ 1..=12), Ok(year)) if !past => Ok((month, year)),
        _ => Err(ApiError::declined(&BAD_MONTH)),
    }
}

/// Keyed, because a bare hash of sixteen digits is undone by trying.
fn fingerprint(number: &str, key: &str) -> String {
    let digest = keyed_hash(key, &[b"card", number.as_bytes()]);
    digest[..16].to_owned()
}

/// A hexadecimal HMAC over parts, each with its length so that parts cannot run into each other.
pub fn keyed_hash(key: &str, parts: &[&[u8]]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn passes_luhn(number: &str) -> bool {
    let mut sum = 0;
    for (place, byte) in number.bytes().rev().enumerate() {
        if !byte.is_ascii_digit() {
            return false;
        }
        let digit = u32::from(byte - b'0') * if place % 2 == 1 { 2 } else { 1 };
        sum += digit / 10 + digit % 10;
    }
    sum % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_card_passes_the_checksum_and_has_its_own_name() {
        for card in CARDS {
            assert!(passes_luhn(card.number), "{}", card.name);
            assert!(std::ptr::eq(by_name(card.name).unwrap(), card), "{}", card.name);
        }
    }

    #[test]
    fn a_card_is_good_to_the_end_of_its_month() {
        let mid_june_2026 = 1_781_500_000;
        assert!(check_expiry(6, 26, mid_june_2026).is_ok());
        assert!(check_expiry(5, 2026, mid_june_2026).is_err());
        assert!(check_expiry(12, 2025, mid_june_2026).is_err());
        assert!(check_expiry(13, 2030, mid_june_2026).is_err());
    }
}
