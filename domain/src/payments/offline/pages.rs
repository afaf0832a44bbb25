//! What the pages of recorded payments show.

use crate::{
    ids::{AccountId, AllocationId, FormKey, InvoiceId, PaymentId},
    invoices::Status,
    money::{Currency, Money},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Customers that a search for a text in their names or external ids found (P12).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPayers {
    /// What was searched for.
    pub text: String,
    /// The first of them.
    pub payers: Vec<Payer>,
    /// There are more than are named.
    pub more: bool,
}

/// A customer that may have paid, in the answer to a search (P12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payer {
    /// Its account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// What the seller's own books call it.
    pub external_id: Option<String>,
    /// What it owes and has unapplied, by currency.
    pub balances: Vec<PayerBalance>,
}

/// What a customer owes and has unapplied in a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayerBalance {
    /// Open on invoices.
    pub open: Money,
    /// Money that is put to nothing.
    pub unapplied: Money,
}

/// An open invoice on the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenLine {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// When it is due.
    pub due_date: NaiveDate,
    /// The badge.
    pub status: Status,
    /// What can be paid now (V30).
    pub payable: Money,
    /// What of that gets money by a rule: what is not disputed (V28).
    pub offered: Money,
    /// What the form begins with: its part of a sum that was spread (V28).
    pub amount: Option<Money>,
}

/// Unapplied money of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnappliedPayment {
    /// The payment.
    pub payment: PaymentId,
    /// Its receipt's number.
    pub receipt: String,
    /// When it came in.
    pub paid_on: NaiveDate,
    /// What is left of it.
    pub unapplied: Money,
}

/// The page on which a payment is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordForm {
    /// Key of this rendering.
    pub key: FormKey,
    /// Who paid.
    pub payer: Payer,
    /// In which currency.
    pub currency: Currency,
    /// Today, where the seller is.
    pub today: NaiveDate,
    /// Its open invoices, oldest due first.
    pub lines: Vec<OpenLine>,
    /// It has more of them than the form shows.
    pub more: bool,
    /// Money of it that waits to be put somewhere.
    pub unapplied: Vec<UnappliedPayment>,
}

/// The page on which unapplied money is put to invoices and taken off them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllocateForm {
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
    /// What is left of it.
    pub unapplied: Money,
    /// Where the rest is, each with the allocation that stands.
    pub put: Vec<PutLine>,
    /// Open invoices of the same account and currency, oldest due first.
    pub lines: Vec<OpenLine>,
    /// There are more of them than the form shows.
    pub more: bool,
}

/// Money that is put to an invoice and could be taken off again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutLine {
    /// The allocation.
    pub allocation: AllocationId,
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// How much.
    pub amount: Money,
}
