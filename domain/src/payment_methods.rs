//! Saved cards and bank accounts: brand or bank, last four digits, expiry and the gateway's token, nothing else (V35). With
//! the default one of an account autopay pays what falls due ([`autopay`]).

pub mod autopay;
mod change;
pub mod kind;
#[cfg(test)]
mod tests;

pub use change::{CardChange, ChangeFields, Changeable};
pub use kind::MethodKind;

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

/// A saved card or bank account as people see it. The token stays on the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedCard {
    /// Its id.
    pub id: CardId,
    /// What it is.
    pub kind: MethodKind,
    /// Brand, as the gateway writes it: `visa`. Name of the bank where it is an account.
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
    /// Whether it is still good on a day. A bank account is until its owner withdraws the mandate.
    pub fn expiry(&self, today: NaiveDate) -> Expiry {
        if self.kind.is_bank_debit() {
            Expiry::Good
        } else {
            expiry(self.exp_month, self.exp_year, today)
        }
    }
}

/// What the owner of a bank account allowed the seller to do, as far as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mandate {
    /// The bank account.
    pub card: CardId,
    /// What banks and payer quote.
    pub reference: String,
    /// When it was given, where the seller is.
    pub given_on: NaiveDate,
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
    /// Of those that are bank accounts.
    pub mandates: Vec<Mandate>,
    /// One for each currency that the account has invoices in.
    pub autopay: Vec<AutopaySetting>,
}

/// The page on which a card or bank account is added to an account without paying: what can be added there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMethod {
    /// The trading account.
    pub account: AccountId,
    /// Whose gateway keeps it.
    pub seller_name: String,
    /// Cards, and the bank accounts that pay in one of the account's currencies.
    pub kinds: Vec<MethodKind>,
}

/// The page on which it is entered, into the gateway's own fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodEntry {
    /// What is entered.
    pub kind: MethodKind,
    /// The trading account.
    pub account: AccountId,
    /// Whose gateway keeps it, and who may debit it.
    pub seller_name: String,
    /// Who the mandate of a bank account is given by, unless somebody else is typed.
    pub holder: String,
    /// Where the bank's notices go.
    pub email: String,
    /// The account has nothing saved yet, so this becomes the default.
    pub is_first: bool,
    /// It was entered already, and only has to be kept.
    pub is_entered: bool,
    /// Good for entering it, for nothing else.
    pub client_secret: String,
    /// What the browser needs to show the gateway's fields.
    pub gateway: GatewayForm,
}

/// What that page posts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodFields {
    /// The gateway's id of what was entered: how it came out is asked there.
    #[serde(default)]
    pub setup: String,
    /// Present when ticked.
    #[serde(default)]
    pub make_default: Option<String>,
}

impl MethodFields {
    /// The id of what was entered.
    ///
    /// # Errors
    /// Under `card`: [`Refusal::NoCard`](crate::Refusal::NoCard) when there is none,
    /// [`Refusal::FormBroken`](crate::Refusal::FormBroken) when it was tampered with.
    pub fn read_setup(&self) -> Result<String, FieldErrors> {
        read_token(&self.setup).map_err(|refusal| FieldErrors::one("card", refusal))
    }
}
