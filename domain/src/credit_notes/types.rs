//! The words of credit notes that rules, storage and screens share.

use crate::{
    ids::{CreditNoteId, DisputeId, FormKey, InvoiceId},
    invoices::{InvoiceLine, Totals, codes::codes},
    money::Money,
    refusal::NotPayable,
    tenants::Party,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Why something is credited (C2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CreditReason {
    /// It came back.
    Return,
    /// It became cheaper afterwards.
    Discount,
    /// The invoice was wrong.
    Correction,
}

/// How much is credited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HowMuch {
    /// All that is left.
    Everything,
    /// Parts of lines.
    Parts,
}

codes! {
    CreditReason:
        Return = "return" "Return",
        Discount = "discount" "Discount",
        Correction = "correction" "Correction of the invoice";
    HowMuch:
        Everything = "everything" "Everything that is left",
        Parts = "parts" "Parts of lines";
}

/// Most characters of what is said beside the reason.
pub const NOTE_MAX: u32 = 200;

/// A credit note to be issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueCredit {
    /// Key of the rendering (V29).
    pub key: FormKey,
    /// The invoice.
    pub invoice: InvoiceId,
    /// What was left of it when the form was shown.
    pub seen: Money,
    /// Why.
    pub reason: CreditReason,
    /// What is said beside the reason.
    pub note: String,
    /// How much.
    pub how_much: HowMuch,
    /// Net amounts by the positions of the invoice's lines, where parts are credited.
    pub parts: Vec<(u32, Money)>,
}

impl IssueCredit {
    /// As it stands on the document.
    pub fn reason_text(&self) -> String {
        if self.note.is_empty() {
            self.reason.label().to_owned()
        } else {
            format!("{}: {}", self.reason.label(), self.note)
        }
    }
}

/// A line of an invoice on the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditLine {
    /// The line as it was issued.
    pub line: InvoiceLine,
    /// What is left of its net.
    pub left: Money,
    /// What of it the dispute that is to be answered asks for.
    pub asked: Option<Money>,
}

/// The page on which a credit note is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditForm {
    /// Key of this rendering.
    pub key: FormKey,
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// Whom it bills.
    pub buyer: String,
    /// What was billed.
    pub total: Money,
    /// What is open, less what is being paid right now.
    pub open: Money,
    /// What is left to credit, with tax.
    pub left: Money,
    /// Its lines.
    pub lines: Vec<CreditLine>,
    /// The dispute that it is to answer.
    pub answers: Option<DisputeId>,
    /// Why it cannot be credited at all.
    pub refused: Option<NotPayable>,
}

/// A credit note as a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditNote {
    /// Which.
    pub id: CreditNoteId,
    /// Its number.
    pub number: String,
    /// When it was issued.
    pub issue_date: NaiveDate,
    /// It was withdrawn.
    pub void: bool,
    /// Why.
    pub reason: String,
    /// The invoice that it credits: id and number.
    pub invoice: Option<(InvoiceId, String)>,
    /// The seller.
    pub seller: Party,
    /// The buyer.
    pub buyer: Party,
    /// Its lines.
    pub lines: Vec<InvoiceLine>,
    /// What they add up to.
    pub totals: Totals,
    /// Put to invoices.
    pub applied: Vec<CreditPut>,
    /// Given back.
    pub refunded: Money,
    /// Left for the next invoices.
    pub remaining: Money,
}

/// What of a credit note is on an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditPut {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// How much.
    pub amount: Money,
    /// The reader sees the invoice. Of a subsidiary's it may know the number alone (V27).
    pub reached: bool,
}

/// A credit note in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditNoteRow {
    /// Which.
    pub id: CreditNoteId,
    /// Its number.
    pub number: String,
    /// The other side.
    pub counterparty: String,
    /// Which of the companies that the viewer sees received it; none where they see one only.
    pub company: Option<String>,
    /// Why.
    pub reason: String,
    /// When it was issued.
    pub issue_date: NaiveDate,
    /// It was withdrawn.
    pub void: bool,
    /// How much.
    pub total: Money,
    /// What of it is put to nothing.
    pub remaining: Money,
}
