//! The words of money that goes back, which rules, storage and screens share.

use crate::{
    ids::{FormKey, InvoiceId, RefundId},
    invoices::codes::codes,
    money::Money,
    payments::{Method, SubmitLine},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most characters of the reason.
pub const REASON_MAX: u32 = 200;

/// Why money goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RefundKind {
    /// The seller gives it back.
    Refund,
    /// It never came: a cheque that was not honoured, a record that was wrong.
    Reversal,
    /// The payer's bank took it (V33).
    Chargeback,
}

/// Which way it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RefundWay {
    /// Through the gateway, to where it came from.
    Gateway,
    /// Beside the portal.
    ByHand,
}

/// What happens to the invoices that the money lay on (V32).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Then {
    /// They are open again by as much.
    Reopen,
    /// A credit note over as much takes the money's place.
    Credit,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RefundState {
    /// On its way to the gateway.
    Submitted,
    /// The gateway has it and the bank is thinking.
    Pending,
    /// The gateway did not answer.
    Unknown,
    /// The money is gone.
    Succeeded,
    /// Nothing went back.
    Failed,
    /// It was gone and came back: a chargeback that was won, or a refund that the bank could not deliver.
    Returned,
}

codes! {
    RefundKind:
        Refund = "refund" "Refund",
        Reversal = "reversal" "Reversed",
        Chargeback = "chargeback" "Chargeback";
    RefundWay:
        Gateway = "gateway" "To the card or bank account",
        ByHand = "by_hand" "Beside the portal";
    Then:
        Reopen = "reopen" "The invoices are open again",
        Credit = "credit" "A credit note takes its place";
    RefundState:
        Submitted = "submitted" "On its way",
        Pending = "pending" "At the bank",
        Unknown = "unknown" "Being looked up",
        Succeeded = "succeeded" "Done",
        Failed = "failed" "Failed",
        Returned = "returned" "Came back";
}

impl RefundState {
    /// It is not decided. While it is so, nothing else is done with the payment's money.
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Submitted | Self::Pending | Self::Unknown)
    }

    /// Whether this state may follow. Final states never go back; only
    /// money that was gone can come back.
    pub const fn may_become(self, next: Self) -> bool {
        match next {
            Self::Submitted => false,
            Self::Pending | Self::Unknown | Self::Succeeded | Self::Failed => self.is_under_way(),
            Self::Returned => matches!(self, Self::Succeeded),
        }
    }
}

/// Why a refund failed, from the code that is kept of it.
pub fn refund_failure(code: &str) -> &'static str {
    match code {
        "expired_or_canceled_card" => "the card has expired or was cancelled",
        "lost_or_stolen_card" => "the card was lost or stolen",
        "insufficient_funds" => "there is not enough money at the gateway",
        "not_received" => "it did not reach the gateway",
        "try_again_later" => "the gateway was asked too often",
        "no_charge" => "the gateway has no charge for it",
        _ => "the gateway refused it",
    }
}

/// Money that somebody wants to give back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiveBack {
    /// Key of the rendering (V29).
    pub key: FormKey,
    /// The payment or credit note.
    pub from: Uuid,
    /// Why.
    pub kind: RefundKind,
    /// Which way.
    pub way: RefundWay,
    /// What happens to the invoices.
    pub then: Then,
    /// What is said about it; the buyer sees it.
    pub reason: String,
    /// Of what is put to nothing.
    pub unapplied: Money,
    /// Of what lies on invoices.
    pub lines: Vec<SubmitLine>,
}

/// Money of a payment on an invoice, on the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundLine {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// What lies on it.
    pub amount: Money,
}

/// The page on which money is given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundForm {
    /// Key of this rendering.
    pub key: FormKey,
    /// The payment or credit note.
    pub from: Uuid,
    /// It is a credit note.
    pub is_credit: bool,
    /// Number of the receipt or of the credit note.
    pub number: String,
    /// Whose it is.
    pub name: String,
    /// When it came in or was issued.
    pub day: NaiveDate,
    /// The whole of it.
    pub amount: Money,
    /// What is put to nothing.
    pub unapplied: Money,
    /// What lies on invoices.
    pub lines: Vec<RefundLine>,
    /// The card or bank account that it would go back to.
    pub to: Option<Method>,
    /// It was recorded by hand, so that the record may be reversed.
    pub recorded: bool,
    /// One is under way, and nothing else can be done until it is decided.
    pub under_way: bool,
}

/// Money that went back, or is about to, on the paper that it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// Which.
    pub id: RefundId,
    /// Why it went.
    pub kind: RefundKind,
    /// How far it is.
    pub state: RefundState,
    /// Which way.
    pub way: RefundWay,
    /// How much.
    pub amount: Money,
    /// On which day it was asked for.
    pub asked_on: NaiveDate,
    /// What was said about it.
    pub reason: String,
    /// The gateway's word on a failure.
    pub failure: Option<String>,
}
