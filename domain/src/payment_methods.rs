//! Saved cards: brand, last four digits, expiry and the gateway's token, nothing else (V35).

use crate::ids::CardId;
use serde::{Deserialize, Serialize};

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
