//! What a tenant asks of its people's logins: which roles need a second factor, and how long a session lasts.
//!
//! Whoever changes money or people is asked for more: an administrator's or Finance's session ends after a shorter
//! pause than that of others. What the tenant left open is as the portal's operator set it.

use crate::{
    FieldErrors, Refusal,
    access::{BuyerRole, Roles, SellerRole, Side},
    people::RoleChoices,
};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// Fewest and most minutes of a pause after which a session ends.
pub const IDLE_MINUTES: (u32, u32) = (5, 720);
/// Fewest and most hours after which a session ends however much it is used.
pub const ABSOLUTE_HOURS: (u32, u32) = (1, 24);
/// The longest pause of an administrator or Finance where nobody set another one.
const OFFICE_IDLE: TimeDelta = TimeDelta::minutes(30);

/// How long a session lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// It ends when it was not used for this long.
    pub idle: TimeDelta,
    /// It ends this long after the login.
    pub absolute: TimeDelta,
}

/// A role by its side and its word there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoleWord {
    /// The side's word, as [`Side::code`] has it.
    side: String,
    /// The role's word.
    code: String,
}

impl RoleWord {
    /// A role of a side.
    pub fn new(side: Side, code: &str) -> Self {
        Self {
            side: side.code().to_owned(),
            code: code.to_owned(),
        }
    }

    /// Reads `issued:admin`; none when it is no such thing.
    pub fn read(text: &str) -> Option<Self> {
        let (side, code) = text.split_once(':')?;
        let fits =
            !code.is_empty() && code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
        fits.then_some(Self::new(Side::from_code(side)?, code))
    }

    /// What [`Self::read`] reads.
    pub fn text(&self) -> String {
        format!("{}:{}", self.side, self.code)
    }
}

/// What a tenant set. What is none is as the portal's operator set it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecuritySettings {
    /// Roles that need a second factor.
    pub second_factor: Vec<RoleWord>,
    /// Minutes of a pause after which a session of an administrator or Finance ends.
    pub office_idle_minutes: Option<u32>,
    /// Minutes of a pause after which any other session ends.
    pub idle_minutes: Option<u32>,
    /// Hours after the login when a session ends.
    pub absolute_hours: Option<u32>,
}

impl SecuritySettings {
    /// Whether somebody with a role on either side, named by their words, needs a second factor.
    pub fn asks_for_second_factor(&self, seller: Option<&str>, buyer: Option<&str>) -> bool {
        let needs = |side: Side, code: Option<&str>| {
            code.is_some_and(|code| {
                self.second_factor
                    .iter()
                    .any(|role| role.side == side.code() && role.code == code)
            })
        };
        needs(Side::Seller, seller) || needs(Side::Buyer, buyer)
    }

    /// How long a session of somebody with these roles lasts; a role of the tenant's own counts as the one that it
    /// began as.
    pub fn limits(&self, otherwise: Limits, roles: Roles) -> Limits {
        let minutes = |set: Option<u32>| set.map(|minutes| TimeDelta::minutes(i64::from(minutes)));
        let idle = minutes(self.idle_minutes).unwrap_or(otherwise.idle);
        let absolute = self
            .absolute_hours
            .map(|hours| TimeDelta::hours(i64::from(hours)));
        Limits {
            idle: if is_office(roles) {
                minutes(self.office_idle_minutes).unwrap_or_else(|| idle.min(OFFICE_IDLE))
            } else {
                idle
            },
            absolute: absolute.unwrap_or(otherwise.absolute),
        }
    }

    /// The roles as they are stored: words with a blank between them.
    pub fn second_factor_text(&self) -> String {
        let words: Vec<String> = self.second_factor.iter().map(RoleWord::text).collect();
        words.join(" ")
    }

    /// Reads what [`Self::second_factor_text`] wrote. Words that this release does not know ask for nothing.
    pub fn second_factor_from(text: &str) -> Vec<RoleWord> {
        text.split_whitespace().filter_map(RoleWord::read).collect()
    }

    /// Reads the form: what was typed for each number, and the words of the roles that are ticked.
    ///
    /// # Errors
    /// [`Refusal::OutOfRange`] at the field; [`Refusal::UnknownChoice`] for a word that is no role.
    pub fn read(form: &SecurityForm) -> Result<Self, FieldErrors> {
        let SecurityForm {
            office_idle_minutes,
            idle_minutes,
            absolute_hours,
            second_factor,
        } = form;
        let mut errors = FieldErrors::default();
        let mut number = |field: &str, text: &str, bounds| match number(text, bounds) {
            Ok(number) => number,
            Err(refusal) => {
                errors.add(field, refusal);
                None
            }
        };
        let mut read = Self {
            office_idle_minutes: number("office_idle_minutes", office_idle_minutes, IDLE_MINUTES),
            idle_minutes: number("idle_minutes", idle_minutes, IDLE_MINUTES),
            absolute_hours: number("absolute_hours", absolute_hours, ABSOLUTE_HOURS),
            second_factor: Vec::with_capacity(second_factor.len()),
        };
        for word in second_factor {
            match RoleWord::read(word) {
                Some(role) => read.second_factor.push(role),
                None => errors.add(
                    "second_factor",
                    Refusal::UnknownChoice {
                        text: word.chars().take(60).collect(),
                    },
                ),
            }
        }
        read.second_factor.sort_unstable();
        read.second_factor.dedup();
        errors.unless(read)
    }
}

/// The settings as their page shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Security {
    /// What the tenant set.
    pub settings: SecuritySettings,
    /// Its roles.
    pub roles: RoleChoices,
    /// What holds where it set nothing: minutes of an administrator's or Finance's pause, minutes of others' pause, and
    /// hours after the login.
    pub otherwise: (i64, i64, i64),
}

/// The settings as a form posts them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityForm {
    /// Minutes, or empty.
    pub office_idle_minutes: String,
    /// Minutes, or empty.
    pub idle_minutes: String,
    /// Hours, or empty.
    pub absolute_hours: String,
    /// Words of roles.
    pub second_factor: Vec<String>,
}

/// Reads a number within bounds; empty text is none.
fn number(text: &str, (from, to): (u32, u32)) -> Result<Option<u32>, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(number) if (from..=to).contains(&number) => Ok(Some(number)),
        Ok(_) | Err(_) => Err(Refusal::OutOfRange { from, to }),
    }
}

/// Finance, or an administrator of either side.
const fn is_office(roles: Roles) -> bool {
    matches!(roles.seller, Some(SellerRole::Finance | SellerRole::Admin))
        || matches!(roles.buyer, Some(BuyerRole::Admin))
}

#[cfg(test)]
mod tests;
