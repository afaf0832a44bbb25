//! Saved cards: brand, last four digits, expiry and the gateway's token, nothing else (V35). With the default one of an
//! account autopay pays what falls due ([`autopay`]).

pub mod autopay;
#[cfg(test)]
mod tests;

use crate::{
    ids::{AccountId, CardId, TenantId},
    payment_methods::autopay::AutopaySetting,
    payments::{GatewayForm, form::read_token},
    refusal::FieldErrors,
};
use chrono::{Months, NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

/// A card is said to expire soon during its last so many days.
pub const SOON: TimeDelta = TimeDelta::weeks(6);

/// A saved card as people see it. The token stays on the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedCard {
    /// Its id.
    pub id: CardId,
    /// Brand, as the gateway writes it: `visa`.
    pub brand: String,
    /// Last four digits.
    pub last4: String,
    /// Month of expiry, 1 to 12.
    pub exp_month: u8,
    /// Year of expiry, four digits.
    pub exp_year: u16,
    /// Used when nothing else is chosen.
    pub is_default: bool,
}

/// Whether a card is still good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expiry {
    /// For longer than [`SOON`].
    Good,
    /// Its last day is no further away than [`SOON`].
    Soon,
    /// Its last day is over.
    Expired,
}

impl SavedCard {
    /// Whether it is still good on a day.
    pub fn expiry(&self, today: NaiveDate) -> Expiry {
        expiry(self.exp_month, self.exp_year, today)
    }
}

/// Whether a card is still good on a day: it is until the last day of its month. What is no month counts as over.
pub fn expiry(month: u8, year: u16, today: NaiveDate) -> Expiry {
    let first = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), 1);
    let last = first
        .and_then(|first| first.checked_add_months(Months::new(1)))
        .and_then(|next| next.pred_opt());
    match last {
        Some(last) if last - today > SOON => Expiry::Good,
        Some(last) if last >= today => Expiry::Soon,
        Some(_) | None => Expiry::Expired,
    }
}

/// The cards of one account, and what autopay does there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountMethods {
    /// The trading account.
    pub account: AccountId,
    /// Who is paid.
    pub seller: TenantId,
    /// Its name.
    pub seller_name: String,
    /// Today where the seller is: by that day cards expire and invoices fall due.
    pub today: NaiveDate,
    /// The default first, then the newest.
    pub cards: Vec<SavedCard>,
    /// One for each currency that the account has invoices in.
    pub autopay: Vec<AutopaySetting>,
}

/// The page on which a card is added without paying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMethod {
    /// The trading account.
    pub account: AccountId,
    /// Whose gateway keeps the card.
    pub seller_name: String,
    /// The account has no card yet, so this one becomes the default.
    pub is_first: bool,
    /// What the browser needs to show the card fields.
    pub gateway: GatewayForm,
}

/// What that page posts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardFields {
    /// The gateway's token. Never shown again.
    #[serde(default)]
    pub token: String,
    /// Present when ticked.
    #[serde(default)]
    pub make_default: Option<String>,
}

impl CardFields {
    /// The token of the card that was entered.
    ///
    /// # Errors
    /// Under `card`: [`Refusal::NoCard`](crate::Refusal::NoCard) when none was entered,
    /// [`Refusal::FormBroken`](crate::Refusal::FormBroken) when it was tampered with.
    pub fn read_token(&self) -> Result<String, FieldErrors> {
        read_token(&self.token).map_err(|refusal| FieldErrors::one("card", refusal))
    }

    /// What may be kept to show the form again: everything but the token (M2, D12).
    #[must_use]
    pub fn without_token(self) -> Self {
        Self {
            token: String::new(),
            ..self
        }
    }
}
