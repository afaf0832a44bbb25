//! Withdrawing an invoice (V15, V18).

use crate::{ids::InvoiceId, money::Money, refusal::Locked};
use serde::{Deserialize, Serialize};

/// Most characters of the reason for withdrawing an invoice.
pub const VOID_REASON_MAX: u32 = 200;

/// The page on which an invoice is withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoidForm {
    /// Which.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// Whom it bills.
    pub buyer: String,
    /// How much.
    pub total: Money,
    /// Whether it can be, and if not, why.
    pub possible: Result<(), Locked>,
}
