//! What can be chosen in the grid: filters and invoices.

use crate::{
    ids::InvoiceId,
    money::{Currency, Money},
};
use serde::{Deserialize, Serialize};

/// What a filter form offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterChoices {
    /// Currencies that occur.
    pub currencies: Vec<Currency>,
    /// Names of the other sides, if they are few; none when they are many and have to be typed.
    pub counterparties: Vec<String>,
}

/// One invoice of a selection, as the sticky bar and the payment page need it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selectable {
    /// Its id.
    pub id: InvoiceId,
    /// Its number.
    pub number: String,
    /// What is offered to be paid now: open, not being paid and not disputed.
    pub payable: Money,
}
