//! The page of one invoice: the document with what lowered it, what happened to it and what may be done next.

use super::{Cost, InvoiceLine, InvoiceRow, Totals};
use crate::{
    access::Side,
    ids::{AttemptId, CreditNoteId, PaymentId},
    money::Money,
    refunds::{RefundKind, RefundWay},
    refusal::{Locked, NotPayable},
    rollups::BilledWith,
    tenants::Party,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What lowered an invoice's open amount, or tried to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// What it was.
    pub kind: SettlementKind,
    /// On which day, in the seller's time zone.
    pub date: NaiveDate,
    /// How much of it went to this invoice; below zero what went back.
    pub amount: Money,
    /// Receipt number, credit note number or the gateway's reference.
    pub reference: Option<String>,
    /// Check number or other comment, shown to the buyer (P15).
    pub memo: Option<String>,
}

/// Kinds of [`Settlement`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SettlementKind {
    /// By card; `brand` and `last4` are all that is kept of it (V35).
    Card {
        /// The payment.
        payment: PaymentId,
        /// Brand.
        brand: String,
        /// Last four digits.
        last4: String,
    },
    /// Recorded by hand, or paid before the invoice came here.
    Offline {
        /// The payment.
        payment: PaymentId,
    },
    /// Credit.
    CreditNote {
        /// The credit note.
        credit_note: CreditNoteId,
    },
    /// Paid or credited by the parent, whose document the reader does not reach (V27).
    Company {
        /// What the parent was called then.
        name: String,
    },
    /// Money of a payment that went back, below zero (V32, V33).
    WentBack {
        /// The payment.
        payment: PaymentId,
        /// Why it went.
        why: RefundKind,
        /// Which way it went.
        way: RefundWay,
    },
    /// Of money that had gone, what came back and is on the invoice again.
    CameBack {
        /// The payment.
        payment: PaymentId,
        /// Why it had gone.
        why: RefundKind,
    },
    /// Still being confirmed by the bank; does not lower what is open yet (V31).
    Pending {
        /// The attempt.
        attempt: AttemptId,
    },
    /// Tried and refused.
    Failed {
        /// The attempt.
        attempt: AttemptId,
    },
}

/// Something that happened to a document, from the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happening {
    /// When.
    pub at: DateTime<Utc>,
    /// Who: a person's name, `Import`, `System` or the command line's operator.
    pub who: String,
    /// What, as a short sentence.
    pub what: String,
}

/// An invoice says that it was changed after it was issued (V17).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Which revision it is now; the invoice as it was issued was 1.
    pub revision: u32,
    /// The seller's day on which it came.
    pub on: NaiveDate,
}

/// The invoice page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceDetail {
    /// What the grid shows.
    pub row: InvoiceRow,
    /// Which side the viewer is on.
    pub side: Side,
    /// The seller as printed.
    pub seller: Party,
    /// The buyer as printed.
    pub buyer: Party,
    /// What it says of its billing profile (I16): heading and text of each.
    pub profile: Vec<(String, String)>,
    /// The lines.
    pub lines: Vec<InvoiceLine>,
    /// Its costs as a whole; they make up the charge.
    pub costs: Vec<Cost>,
    /// What they add up to.
    pub totals: Totals,
    /// Paid so far.
    pub paid: Money,
    /// Credited so far.
    pub credited: Money,
    /// Given up as it stands now.
    pub written_off: Money,
    /// Payments and credits, newest first.
    pub settlements: Vec<Settlement>,
    /// What happened to it, newest first.
    pub history: Vec<Happening>,
    /// Note on the document.
    pub note: Option<String>,
    /// Which revision it is, if it was changed after it was issued.
    pub changed: Option<Changed>,
    /// A part of it is or was disputed.
    pub was_disputed: bool,
    /// The bill of its parent with which it is paid (V40).
    pub billed_with: Option<BilledWith>,
    /// What may be done next, and for what may not, why.
    pub can_pay: Result<(), NotPayable>,
    /// Whether it can be withdrawn, and if not, why.
    pub can_void: Result<(), Locked>,
    /// Whether what is open can be written off.
    pub can_write_off: bool,
}
