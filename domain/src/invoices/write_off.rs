//! Giving up what is open of an invoice, and hoping for it again: the invoice stands, what was paid of it stays paid.

use crate::{ids::InvoiceId, money::Money, refusal::Locked};
use serde::{Deserialize, Serialize};

/// Most characters of the reason for a write-off or for taking it back.
pub const WRITE_OFF_REASON_MAX: u32 = 200;

/// The page on which an invoice is written off, or a write-off taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteOffForm {
    /// Which.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// Whom it bills.
    pub buyer: String,
    /// What is open of it.
    pub open: Money,
    /// What of it is written off now.
    pub written_off: Money,
    /// Whether what is open can be written off, and if not, why.
    pub possible: Result<(), Locked>,
}
