//! What an entry of a bank's file is held against.

use crate::{
    ids::{AccountId, InvoiceId},
    money::Money,
};
use chrono::NaiveDate;

/// An invoice that could be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenInvoice {
    /// The invoice.
    pub invoice: InvoiceId,
    /// The account that pays it.
    pub account: AccountId,
    /// Its number.
    pub number: String,
    /// The number of the parent's bill with which it is paid.
    pub rollup: Option<String>,
    /// When it is due.
    pub due: NaiveDate,
    /// What can be paid on it now; nothing for one that is settled.
    pub payable: Money,
    /// What of that gets money by a rule: what is not disputed (V28).
    pub offered: Money,
}

/// A customer that could have paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCustomer {
    /// Its account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// What the seller's books call it.
    pub external_id: Option<String>,
}

/// A payment that is recorded already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedPayment {
    /// Whose it is.
    pub account: AccountId,
    /// Its receipt.
    pub receipt: String,
    /// On which day it came in.
    pub day: NaiveDate,
    /// How much.
    pub amount: Money,
}

/// What an entry is held against.
#[derive(Clone, Copy, Debug)]
pub struct Candidates<'a> {
    /// Invoices whose number may stand in it, whose amount is its amount, or that are open on a customer that may have
    /// paid. More than that does no harm.
    pub invoices: &'a [OpenInvoice],
    /// The seller's customers.
    pub customers: &'a [KnownCustomer],
    /// Accounts for which money from the entry's bank account was recorded before.
    pub paid_from_here: &'a [AccountId],
    /// What was recorded otherwise than from a bank's file.
    pub recorded: &'a [RecordedPayment],
}
