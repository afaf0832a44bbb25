//! The mapper: which column of a file means what, and in which style its values are written.
//!
//! A [`ColumnMap`] names columns by heading, not by place, so that a saved one still fits when a column moves. It is
//! stored as JSON; a field added here must have a serde default.

use super::{
    issues::{ImportIssue, Problem},
    settle::NegativeDocuments,
    types::DraftTax,
    values::{DateOrder, DecimalMark},
};
use crate::money::Currency;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident $own:literal $label:literal)+) => {
        /// What a column can stand for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Field { $($(#[$doc])* $name),+ }

        impl Field {
            /// All of them, in the order of the mapper and of our own layout.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Heading of the column in our own layout.
            pub fn own_heading(self) -> &'static str {
                match self { $(Self::$name => $own),+ }
            }

            /// Name in the mapper.
            pub fn label(self) -> &'static str {
                match self { $(Self::$name => $label),+ }
            }
        }
    };
}

fields! {
    /// What the row is: a line, or a discount, a charge or a tax group of the document. Empty: a line.
    RowKind "row" "Kind of row"
    /// Invoice or credit note. Empty: invoice.
    Kind "kind" "Kind of document"
    /// Number of the document; rows of one number stand together.
    Number "number" "Document number"
    /// What the seller's books call the customer.
    CustomerId "customer_id" "Customer id"
    /// VAT id or other tax id of the customer.
    CustomerTaxId "customer_tax_id" "Customer tax id"
    /// E-mail of the customer.
    CustomerEmail "customer_email" "Customer e-mail"
    /// Name of the customer.
    CustomerName "customer_name" "Customer name"
    /// Billing profile of the customer, by its name. Empty: its default one.
    Profile "profile" "Billing profile"
    /// Order that was billed.
    OrderId "order_id" "Order id"
    /// Invoices that a credit note credits, one a line within the field. Empty: the account.
    Invoices "credited_invoices" "Credited invoice"
    /// Currency code.
    Currency "currency" "Currency"
    /// Day of issue.
    IssueDate "issue_date" "Issue date"
    /// Day by which it is due.
    DueDate "due_date" "Due date"
    /// Payment terms as text such as "Net 30"; used when there is no due date.
    Terms "terms" "Payment terms"
    /// Note on the document.
    Note "note" "Note"
    /// What was sold; the reason of a discount or charge.
    Description "description" "Description"
    /// Code of the item.
    ItemCode "item_code" "Item code"
    /// How many. Empty: one.
    Quantity "quantity" "Quantity"
    /// Unit of the quantity.
    Unit "unit" "Unit"
    /// Price without tax.
    UnitPrice "unit_price" "Unit price"
    /// How many units the price is for. Empty: one.
    PriceBase "price_base" "Price for how many"
    /// Discount of the line in percent.
    DiscountPercent "discount_percent" "Line discount in percent"
    /// Discount of the line as an amount.
    Discount "discount" "Line discount"
    /// Charge on the line.
    Charge "charge" "Line charge"
    /// Net amount of the line; the amount of a discount or charge; the base of a tax group.
    LineNet "net" "Net amount"
    /// Tax of the line or of the tax group.
    LineTax "tax" "Tax amount"
    /// EN 16931 letter.
    TaxCategory "tax_category" "Tax category"
    /// Rate in percent.
    TaxRate "tax_rate" "Tax rate"
    /// A code that the mapping turns into category and rate.
    TaxCode "tax_code" "Tax code"
    /// Why no tax is due.
    TaxReason "tax_reason" "Tax exemption reason"
    /// Sum of line nets.
    TotalLines "total_lines" "Sum of lines"
    /// Sum of document discounts.
    TotalDiscounts "total_discounts" "Sum of discounts"
    /// Sum of document charges.
    TotalCharges "total_charges" "Sum of charges"
    /// Total without tax.
    TotalNet "total_net" "Total without tax"
    /// Tax total.
    TotalTax "total_tax" "Tax total"
    /// Total with tax.
    Total "total" "Total with tax"
    /// Already paid.
    Prepaid "prepaid" "Already paid"
    /// Cash rounding of the amount due.
    Rounding "rounding" "Rounding"
    /// Amount due.
    Due "due" "Amount due"
    /// Currency of the tax total in the tax office's currency.
    TaxCurrency "tax_currency" "Tax currency"
    /// The tax total in that currency.
    TaxCurrencyTotal "tax_currency_total" "Tax total in tax currency"
}

/// Sets of fields of which a file must have one each.
const NEEDED: &[&[Field]] = &[
    &[Field::Number],
    &[
        Field::CustomerName,
        Field::CustomerId,
        Field::CustomerTaxId,
        Field::CustomerEmail,
    ],
    &[Field::IssueDate],
    &[Field::UnitPrice, Field::LineNet],
];

impl Field {
    /// Whether a file cannot be read without this column.
    pub fn required(self) -> bool {
        NEEDED.iter().any(|any_of| *any_of == [self])
    }
}

/// Layouts that are recognised by their heading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// The invoice import file of QuickBooks Online.
    QuickBooks,
    /// The sales invoice file of Xero.
    Xero,
    /// Our own: every heading is a [`Field::own_heading`].
    Quittance,
    /// Any other; the columns are chosen by hand.
    #[default]
    Unknown,
}

/// How a file writes signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignRule {
    /// As they are.
    #[default]
    AsWritten,
    /// Quantities of sales are negative, amounts are not: NetSuite's saved searches.
    QuantitiesReversed,
    /// Quantities and amounts of sales are negative, prices are not: ledger exports.
    AllReversed,
}

/// A saved mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnMap {
    /// The layout it was made for.
    pub layout: Layout,
    /// Heading of the column of each field; see [`labels`] for headings that occur twice.
    pub columns: BTreeMap<Field, String>,
    /// Date order.
    pub date_order: DateOrder,
    /// Decimal mark.
    pub decimal_mark: DecimalMark,
    /// Currency of rows that name none.
    pub default_currency: Option<Currency>,
    /// Tax of rows that name none.
    pub default_tax: Option<DraftTax>,
    /// What the tax codes of the file mean.
    pub tax_codes: BTreeMap<String, DraftTax>,
    /// Signs.
    pub signs: SignRule,
    /// What becomes of documents below zero.
    pub negative_documents: NegativeDocuments,
}

/// Why a mapping does not fit a file: one issue each, all on the line of the heading.
pub type MissingColumns = Vec<ImportIssue>;

impl ColumnMap {
    /// What is needed and has no column yet.
    pub fn unmapped(&self) -> Vec<Problem> {
        NEEDED
            .iter()
            .filter(|any_of| !any_of.iter().any(|field| self.columns.contains_key(field)))
            .map(|any_of| Problem::UnmappedField {
                any_of: any_of.to_vec(),
            })
            .collect()
    }

    /// Finds the columns in a heading: the place of each mapped field.
    ///
    /// # Errors
    /// An issue for each column that is missing and each needed field that is not mapped.
    pub fn places(&self, line: u64, header: &[String]) -> Result<BTreeMap<Field, usize>, MissingColumns> {
        let labels = labels(header);
        let mut issues: Vec<_> = self
            .unmapped()
            .into_iter()
            .map(|p| ImportIssue::at(line, p))
            .collect();
        let mut places = BTreeMap::new();
        for (field, column) in &self.columns {
            match labels.iter().position(|label| label == column) {
                Some(place) => {
                    places.insert(*field, place);
                }
                None => {
                    let problem = Problem::MissingColumn {
                        column: column.clone(),
                    };
                    issues.push(ImportIssue::of(line, *field, problem).column(column.clone()));
                }
            }
        }
        if issues.is_empty() {
            Ok(places)
        } else {
            Err(issues)
        }
    }
}

/// Headings made unique and readable: trimmed, `Name (2)` for the second `Name`, `Column 3` for an empty one.
pub fn labels(header: &[String]) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let named = header
        .iter()
        .enumerate()
        .map(|(place, heading)| match heading.trim() {
            "" => format!("Column {}", place + 1),
            heading => heading.to_owned(),
        });
    named
        .map(|heading| {
            let times = seen.entry(heading.clone()).or_default();
            *times += 1;
            if *times == 1 {
                heading
            } else {
                format!("{heading} ({times})")
            }
        })
        .collect()
}
