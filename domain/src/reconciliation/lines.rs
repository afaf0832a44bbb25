//! One line of a vendor's bill.

use crate::{bank_files::plain_name, decimal::Quantity, invoices::codes::codes, money::Money};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a line bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LineKind {
    /// Seats of a subscription for the whole month: the only kind whose quantity is compared (V58).
    Recurring,
    /// A part of a month.
    Proration,
    /// Something that the vendor gives back.
    Credit,
    /// Something that is bought once.
    OneTime,
}

codes! {
    LineKind:
        Recurring = "recurring" "Recurring",
        Proration = "proration" "Proration",
        Credit = "credit" "Credit",
        OneTime = "one_time" "One-time";
}

impl LineKind {
    /// The kind that a vendor's word means.
    pub fn from_word(word: &str) -> Option<Self> {
        let plain: String = word
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        Some(match plain.as_str() {
            "recurring" | "subscription" | "license" | "licence" | "usage" | "renewal" | "monthly"
            | "annual" => Self::Recurring,
            "prorate" | "prorated" | "proration" | "prorata" => Self::Proration,
            "credit" | "refund" | "rebate" | "paymentcredit" | "servicecredit" | "invoicecredit"
            | "adjustment" => Self::Credit,
            "onetime" | "once" | "setup" | "activation" | "servicecharge" | "fee" => Self::OneTime,
            _ => return None,
        })
    }
}

/// For how long a subscription is bought, as far as it matters here (V56).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BilledTerm {
    /// From month to month: it goes on by itself.
    Monthly,
    /// To try it out.
    Trial,
    /// Everything else, such as a year, and lines that do not say it.
    Committed,
}

impl BilledTerm {
    /// The term that a vendor's words mean.
    pub fn read(words: Option<&str>) -> Self {
        let plain: String = words
            .unwrap_or_default()
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        match plain.as_str() {
            "monthly" | "month" | "1month" | "onemonth" | "p1m" | "monthtomonth" => Self::Monthly,
            other if other.contains("trial") => Self::Trial,
            _ => Self::Committed,
        }
    }
}

/// One line of a vendor's bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillLine {
    /// Line of the file, from 1.
    pub line: u64,
    /// What it bills.
    pub kind: LineKind,
    /// For whom, as the vendor calls them.
    pub company: String,
    /// By which id the vendor knows them.
    pub company_id: Option<String>,
    /// What, as the vendor calls it.
    pub product: String,
    /// The vendor's article number.
    pub sku: Option<String>,
    /// The vendor's id of the subscription.
    pub subscription: Option<String>,
    /// What else the vendor says about it.
    pub description: Option<String>,
    /// How many.
    pub quantity: Quantity,
    /// What the vendor wants for it.
    pub cost: Money,
    /// What the vendor proposes that the customer pays, if the bill says it.
    pub price: Option<Money>,
    /// For how long it is bought, in the vendor's words.
    pub term: Option<String>,
    /// The subscription was cancelled.
    pub cancelled: bool,
    /// Since when it runs.
    pub starts_on: Option<NaiveDate>,
    /// Until when.
    pub ends_on: Option<NaiveDate>,
}

impl BillLine {
    /// By what the company is known in every bill of its vendor: its id, or else its name.
    pub fn company_key(&self) -> String {
        key(self.company_id.as_deref(), &self.company)
    }

    /// By what the product is known in every bill of its vendor: its article number, or else its name.
    pub fn product_key(&self) -> String {
        key(self.sku.as_deref(), &self.product)
    }

    /// Its quantity is seats.
    pub const fn counts_seats(&self) -> bool {
        matches!(self.kind, LineKind::Recurring)
    }
}

/// An id and a name never make the same key.
fn key(id: Option<&str>, name: &str) -> String {
    match id.map(str::trim).filter(|id| !id.is_empty()) {
        Some(id) => format!("id:{}", id.to_lowercase()),
        None => format!("name:{}", plain_name(name)),
    }
}
