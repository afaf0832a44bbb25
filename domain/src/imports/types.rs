//! One parsed invoice or credit note, before anybody knows whether it is right.
//!
//! A [`DraftDocument`] holds what the file says and nothing that was computed: stated totals are options, and
//! [`super::check()`] is the only way from here to numbers that may be stored.

use crate::{
    decimal::{Quantity, TaxRate, UnitPrice},
    invoices::TaxCategory,
    money::{Currency, Money},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One invoice or credit note of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftDocument {
    /// Invoice or credit note; both carry positive amounts.
    pub kind: DocumentKind,
    /// Its number in the seller's books, kept as it is (D18).
    pub number: String,
    /// Who was billed; at least one key is there.
    pub customer: CustomerKey,
    /// Name of the customer's billing profile; none is its default one.
    #[serde(default)]
    pub profile: Option<String>,
    /// The order it was made from.
    pub order_id: Option<String>,
    /// Invoices that a credit note names; none: it credits the account (V36).
    pub invoices: Vec<String>,
    /// Currency of all amounts but `tax_currency_total` (V3).
    pub currency: Currency,
    /// Day of issue.
    pub issue_date: NaiveDate,
    /// Day by which it is due, when the file says so.
    pub due_date: Option<NaiveDate>,
    /// Note on the document.
    pub note: Option<String>,
    /// At least one line, in file order.
    pub lines: Vec<DraftLine>,
    /// Discounts and charges on the document as a whole.
    pub adjustments: Vec<Adjustment>,
    /// Totals as the file states them; checked by V6 to V9.
    pub stated: StatedTotals,
    /// Already paid when the document was exported; becomes an opening payment (D18).
    pub prepaid: Money,
    /// Named cash rounding of the amount due (V9).
    pub rounding: Money,
    /// The tax total once more in the currency of the tax office, when that is another one.
    pub tax_currency_total: Option<Money>,
    /// First line of the file that belongs to it, from 1.
    pub first_line: u64,
    /// Last line of the file that belongs to it.
    pub last_line: u64,
}

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// Something is owed to the seller.
    Invoice,
    /// Something is given back.
    CreditNote,
}

impl DocumentKind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::CreditNote => "credit note",
        }
    }
}

/// By what the customer can be found; the server tries external id, tax id, e-mail, name in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CustomerKey {
    /// What the seller's books call the customer.
    pub external_id: Option<String>,
    /// VAT id or other tax id.
    pub tax_id: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Name.
    pub name: Option<String>,
}

impl CustomerKey {
    /// Nothing to find a customer by.
    pub fn is_empty(&self) -> bool {
        let Self {
            external_id,
            tax_id,
            email,
            name,
        } = self;
        [external_id, tax_id, email, name].iter().all(|key| key.is_none())
    }

    /// The most readable key, for messages.
    pub fn shown(&self) -> &str {
        let keys = [&self.name, &self.external_id, &self.tax_id, &self.email];
        keys.into_iter().flatten().next().map_or("", String::as_str)
    }
}

/// One line of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftLine {
    /// Where it begins in the file, from 1.
    pub source_line: u64,
    /// What was sold.
    pub description: String,
    /// The seller's code of the item.
    pub item_code: Option<String>,
    /// How many; negative for a return.
    pub quantity: Quantity,
    /// Unit of the quantity, as the file names it.
    pub unit: Option<String>,
    /// Price of `price_base` units, in major units, without tax.
    pub unit_price: UnitPrice,
    /// How many units the price is for, mostly 1; never zero.
    pub price_base: Quantity,
    /// Discount of the line in percent of quantity times price, zero if none.
    pub discount_percent: TaxRate,
    /// Discount of the line as an amount, after the percentage.
    pub discount: Money,
    /// Charge on the line.
    pub charge: Money,
    /// Net amount as the file states it (V6).
    pub stated_net: Option<Money>,
    /// Tax of the line as the file states it.
    pub stated_tax: Option<Money>,
    /// Its tax.
    pub tax: DraftTax,
}

/// Tax category and rate of a line, a discount or a charge (V8, V10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftTax {
    /// Category.
    pub category: TaxCategory,
    /// Rate in percent; zero for every category but the standard one.
    pub rate: TaxRate,
    /// Why no tax is due, when the file says so.
    pub reason: Option<String>,
}

/// Which way an [`Adjustment`] goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdjustmentKind {
    /// Taken off the sum of the lines.
    Discount,
    /// Added to it.
    Charge,
}

/// A discount or charge on the document as a whole (V7, V11).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// Where it stands in the file, from 1.
    pub source_line: u64,
    /// Discount or charge.
    pub kind: AdjustmentKind,
    /// What it is for.
    pub reason: Option<String>,
    /// How much, without tax.
    pub amount: Money,
    /// Which tax base it moves; none: all of them pro rata (V11).
    pub tax: Option<DraftTax>,
}

/// Totals as a file states them. What it does not state is computed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedTotals {
    /// Where they stand in the file, for messages; 0: with the document.
    pub line: u64,
    /// Sum of line nets (V6).
    pub lines: Option<Money>,
    /// Sum of document discounts.
    pub discounts: Option<Money>,
    /// Sum of document charges.
    pub charges: Option<Money>,
    /// Without tax (V7).
    pub net: Option<Money>,
    /// Tax (V8).
    pub tax: Option<Money>,
    /// With tax (V9).
    pub total: Option<Money>,
    /// To be paid (V9).
    pub due: Option<Money>,
    /// Tax by group (V8); empty: not stated.
    pub groups: Vec<StatedGroup>,
}

/// Tax of one group, as stated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedGroup {
    /// Where it stands in the file, from 1.
    pub source_line: u64,
    /// Category, rate and reason.
    pub tax: DraftTax,
    /// What it is computed on.
    pub base: Option<Money>,
    /// The tax.
    pub amount: Option<Money>,
}
