//! Cards and bank accounts on their way to be saved, as the gateway tells them.

use chrono::{DateTime, Utc};
use domain::payment_methods::MethodKind;

/// A card or bank account on its way to be saved, as the gateway tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// Its id at the gateway.
    pub id: String,
    /// Whose it will be.
    pub customer: String,
    /// What it is.
    pub kind: MethodKind,
    /// Where it stands.
    pub state: SetupState,
    /// What the browser needs to enter it; good for nothing else.
    pub client_secret: Option<String>,
    /// What the owner of a bank account allowed.
    pub mandate: Option<GatewayMandate>,
}

/// How far a [`Setup`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupState {
    /// Not entered yet, or the bank wants the payer first.
    Open,
    /// Refused, with the code; another one may be entered.
    Refused(String),
    /// It can be saved: its token.
    Done(String),
    /// Given up.
    Canceled,
}

/// What the owner of a bank account allowed the seller to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayMandate {
    /// What bank and payer quote.
    pub reference: String,
    /// When it was given.
    pub given_at: DateTime<Utc>,
}
