//! Autopay: what falls due is paid with the default card by itself, and what happens when that fails.
//!
//! A bank's no may be another one tomorrow, so it is tried again a few times; a no that will stay is not. A bank that wants
//! the payer is no refusal: the payer gets a mail, and autopay goes on with what falls due later.

use crate::{Currency, Refusal};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// So many days after the first failure it is tried again.
pub const RETRY_AFTER_DAYS: [u64; 3] = [1, 3, 5];

/// The code of a bank that wants the payer to confirm, off session.
pub const NEEDS_PAYER: &str = "authentication_required";
/// Code of our own: there was no default card on the day.
pub const NO_CARD: &str = "no_card";
/// The code of a card whose month is over.
pub const EXPIRED: &str = "expired_card";

/// Refusals that a second try does not change.
const FOR_GOOD: [&str; 14] = [
    NO_CARD,
    EXPIRED,
    "lost_card",
    "stolen_card",
    "pickup_card",
    "restricted_card",
    "invalid_account",
    "account_closed",
    "debit_not_authorized",
    "card_not_supported",
    "currency_not_supported",
    "stop_payment_order",
    "revocation_of_authorization",
    "revocation_of_all_authorizations",
];

/// Autopay of an account in a currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutopaySetting {
    /// The currency.
    pub currency: Currency,
    /// Where it stands.
    pub state: AutopayState,
}

/// Where autopay stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AutopayState {
    /// Nothing is paid by itself.
    Off,
    /// What falls due is paid.
    On {
        /// Who switched it on.
        by: String,
        /// On which day, where the seller is.
        since: NaiveDate,
    },
    /// The last payment was refused; it is tried again.
    Retrying {
        /// When.
        on: NaiveDate,
    },
    /// It was given up until somebody switches it on again.
    Paused {
        /// The reason.
        why: Refusal,
    },
}

/// What follows a payment of autopay that was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is tried again on a day.
    Retry(NaiveDate),
    /// The payer confirms it by hand; nothing is tried again.
    AskPayer,
    /// Autopay pauses.
    Pause,
}

/// What follows a refusal, after so many before it, the first of them on `since`. The next try is never on the same day.
pub fn next(code: &str, before: usize, since: NaiveDate, today: NaiveDate) -> Next {
    if code == NEEDS_PAYER {
        return Next::AskPayer;
    }
    if FOR_GOOD.contains(&code) {
        return Next::Pause;
    }
    let planned = RETRY_AFTER_DAYS
        .get(before)
        .and_then(|days| since.checked_add_days(Days::new(*days)));
    match (planned, today.succ_opt()) {
        (Some(planned), Some(tomorrow)) => Next::Retry(planned.max(tomorrow)),
        _ => Next::Pause,
    }
}
