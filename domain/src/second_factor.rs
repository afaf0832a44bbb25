//! The second factor: codes of six digits that an app on the phone shows for half a minute (TOTP, RFC 6238), and
//! recovery codes for the day on which the phone is gone.
//!
//! Here stand the numbers of the scheme, how a typed code is read, and how secrets are written for people and for
//! apps. Working a code out needs a hash and is the backend's.

use crate::address::query_string;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Digits of a code.
pub const DIGITS: usize = 6;
/// Seconds for which a code is shown.
pub const STEP: i64 = 30;
/// Codes before and after the present one that are taken too, since clocks differ.
pub const WINDOW: i64 = 1;
/// Random bytes of a secret: as many as the hash has (RFC 4226, R6).
pub const SECRET_BYTES: usize = 20;
/// Recovery codes that are given at once.
pub const RECOVERY_CODES: usize = 10;
/// Random bytes of a recovery code.
pub const RECOVERY_BYTES: usize = 10;
/// Letters and digits of a recovery code: five bits each.
pub const RECOVERY_LETTERS: usize = 16;
/// How long somebody who gave the right password may take to give the code.
pub const PENDING_KEPT: TimeDelta = TimeDelta::minutes(10);
/// How long a secret that is shown can be confirmed.
pub const SETUP_KEPT: TimeDelta = TimeDelta::hours(1);

/// The name under which apps list the code.
const ISSUER: &str = "Quittance";

/// The steps whose codes are taken at a moment, the earliest first.
pub fn steps(now: DateTime<Utc>) -> impl DoubleEndedIterator<Item = i64> {
    let present = now.timestamp().div_euclid(STEP);
    present - WINDOW..=present + WINDOW
}

/// What somebody typed as their second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// A code of the app, as a number below a million.
    Code(u32),
    /// A recovery code, as [`recovery_key`] writes it.
    Recovery(String),
}

impl Typed {
    /// Reads it, with or without the blanks and dashes that people put between groups; none when it can be neither.
    pub fn read(text: &str) -> Option<Self> {
        let key = recovery_key(text)?;
        if key.len() == DIGITS && key.bytes().all(|byte| byte.is_ascii_digit()) {
            return key.parse().ok().map(Self::Code);
        }
        let alphabet = |byte: u8| byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte);
        (key.len() == RECOVERY_LETTERS && key.bytes().all(alphabet)).then_some(Self::Recovery(key))
    }
}

/// The form of a recovery code that is hashed: capitals without anything between them. None when it is far too long.
pub fn recovery_key(text: &str) -> Option<String> {
    const LONGEST: usize = 64;
    (text.len() <= LONGEST).then(|| {
        text.chars()
            .filter(|letter| !letter.is_whitespace() && *letter != '-')
            .map(|letter| letter.to_ascii_uppercase())
            .collect()
    })
}

/// Letters in groups of four, so that people can copy them by hand.
pub fn in_groups(letters: &str, between: char) -> String {
    let mut text = String::with_capacity(letters.len() * 5 / 4);
    for (position, letter) in letters.chars().enumerate() {
        if position > 0 && position % 4 == 0 {
            text.push(between);
        }
        text.push(letter);
    }
    text
}

/// What the picture for the app says: for whom the secret is and how codes come of it (the key URI format).
pub fn uri(email: &str, secret: &str) -> String {
    let digits = DIGITS.to_string();
    let period = STEP.to_string();
    let query = query_string([
        ("secret", secret),
        ("issuer", ISSUER),
        ("algorithm", "SHA1"),
        ("digits", digits.as_str()),
        ("period", period.as_str()),
    ]);
    // The same escaping as in a query, and a label has no `=` in front.
    let label = query_string([("", email)]);
    format!(
        "otpauth://totp/{ISSUER}:{}?{query}",
        label.trim_start_matches('=')
    )
}

/// Somebody's own second factor as their page shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    /// Since when it is on; none when it is off.
    pub on_since: Option<DateTime<Utc>>,
    /// Recovery codes that were not used yet.
    pub recovery_left: u32,
    /// A secret that waits to be confirmed.
    pub setup: Option<Setup>,
    /// The tenant asks for one.
    pub required: bool,
}

/// A secret that waits to be confirmed by a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// The secret in groups of four.
    pub secret: String,
    /// The same for the app, as [`uri`] writes it.
    pub uri: String,
}

#[cfg(test)]
mod tests;
