//! A payment beside the gateway that a program records (P12): what it says, and what it is told, now and as often as it
//! asks again under the same key.

use super::{SubmitLine, allocation::Current, offline::PutTo, offline::RecordPayment};
use crate::{
    ids::{AccountId, FormKey, InvoiceId, PaymentId},
    money::Money,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A payment to be recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramPayment {
    /// What came in, above zero.
    pub amount: Money,
    /// On which day.
    pub paid_on: NaiveDate,
    /// Check number or memo; the buyer sees it (P15).
    pub memo: Option<String>,
    /// What of it goes to which invoice; at least one, all of one account. The rest stays unapplied (V26).
    pub parts: Vec<ProgramPart>,
}

/// What of a payment goes to an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramPart {
    /// The invoice.
    pub invoice: InvoiceId,
    /// How much, in the payment's currency.
    pub amount: Money,
}

/// What was recorded. It is kept as it is here, so that the same question gets the same answer whatever became of the
/// payment meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedPayment {
    /// Which.
    pub payment: PaymentId,
    /// Number of its receipt.
    pub receipt: String,
    /// What came in.
    pub amount: Money,
    /// What of it was put to nothing.
    pub unapplied: Money,
    /// On which day.
    pub paid_on: NaiveDate,
    /// Check number or memo.
    pub memo: Option<String>,
    /// What each invoice got.
    pub parts: Vec<ProgramPart>,
}

impl ProgramPayment {
    /// The same as a form would say it whose invoices were drawn in this very moment: a program says what it pays, not what
    /// it saw. More than is open is refused all the same.
    pub fn as_seen(&self, payment: PaymentId, account: AccountId, current: &[Current]) -> RecordPayment {
        let payable = |invoice| {
            current
                .iter()
                .find(|now| now.invoice == invoice)
                .map(Current::payable)
        };
        let line = |part: &ProgramPart| SubmitLine {
            invoice: part.invoice,
            seen: payable(part.invoice).unwrap_or(part.amount),
            amount: part.amount,
        };
        RecordPayment {
            key: FormKey(payment.0),
            account,
            amount: self.amount,
            paid_on: self.paid_on,
            memo: self.memo.clone(),
            put: PutTo::Chosen,
            lines: self.parts.iter().map(line).collect(),
        }
    }
}
