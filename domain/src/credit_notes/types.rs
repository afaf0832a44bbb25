//! The words of credit notes that rules, storage and screens share.

use super::{Due, Left, PayBack};
use crate::{
    ids::{CreditNoteId, DisputeId, FormKey, InvoiceId},
    invoices::{InvoiceLine, Totals, billed::Billed, codes::codes},
    money::Money,
    refunds::Refund,
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
    CreditAct:
        Preview = "preview" "Add it up",
        Issue = "issue" "Issue credit note";
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
    /// Net amounts by the positions of the invoice's lines and costs, where parts are credited.
    pub parts: Vec<(u32, Money)>,
    /// What of the rest is paid back at once.
    pub pay_back: Option<PayBack>,
}

impl CreditReason {
    /// As it stands on the document, with what is said beside it.
    pub fn text(self, note: &str) -> String {
        if note.is_empty() {
            self.label().to_owned()
        } else {
            format!("{}: {note}", self.label())
        }
    }
}

/// What a button of a form of a credit note does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CreditAct {
    /// It is added up and shown, and nothing happens.
    Preview,
    /// It is issued.
    Issue,
}

/// A line or a cost of an invoice on the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditLine {
    /// As it was issued.
    pub of: Billed,
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
    /// What is due of it.
    pub due: Due,
    /// What is left to credit, with tax.
    pub left: Money,
    /// The same by line and tax group.
    pub parts: Left,
    /// What can go back to the cards that it was paid with, and where to.
    pub cards: Option<PaidByCard>,
    /// Its lines and costs.
    pub lines: Vec<CreditLine>,
    /// The dispute that it is to answer.
    pub answers: Option<DisputeId>,
    /// Why it cannot be credited at all.
    pub refused: Option<NotPayable>,
}

/// Money on an invoice that can go back through the gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidByCard {
    /// How much.
    pub amount: Money,
    /// What it was paid with, as a person knows it, the last payment first.
    pub with: Vec<String>,
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
    /// The invoices that it credits: ids and numbers. One of a file may credit several.
    pub invoices: Vec<(InvoiceId, String)>,
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
    /// Paid out of it.
    pub refunded: Money,
    /// Left for the next invoices.
    pub remaining: Money,
    /// What of it was paid back or is about to be, the last first.
    pub back: Vec<Refund>,
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
    /// What of that took the place of money that went back to the customer.
    pub instead: Money,
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
