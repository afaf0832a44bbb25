//! What the gateway took, as it lists it.

use chrono::{DateTime, Utc};
use domain::{Money, ids::AttemptId};

/// A page of what was taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Charges {
    /// Charges whose money was taken.
    pub taken: Vec<GatewayCharge>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// Money that was taken, as the gateway lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayCharge {
    /// Its id at the gateway: of its intent, or its own where it has none.
    pub reference: String,
    /// When it was charged.
    pub made_at: DateTime<Utc>,
    /// The attempt that is noted on it.
    pub attempt: Option<AttemptId>,
    /// The gateway's customer.
    pub customer: Option<String>,
    /// How much was taken.
    pub amount: Money,
    /// What of it was given back.
    pub refunded: Money,
    /// What the gateway kept, once it knows.
    pub fee: Option<Money>,
    /// Whether a bank was debited; a card otherwise.
    pub is_debit: bool,
    /// Brand or bank, as the gateway writes it.
    pub brand: String,
    /// Last digits.
    pub last4: String,
    /// What was written on it.
    pub description: String,
}
