//! What is wrong with a row or a document, typed, with the data that explains it.
//!
//! The server adds what only it can know (unknown customer, duplicate) in the same words, so that the preview shows
//! one list. [`Problem::message`] is the only place that turns a problem into a sentence. It is one file: one list and
//! its words.

use super::{fields::Field, types::CustomerKey, values::DateOrder, values::DecimalMark};
use crate::{
    credit_notes::sums::{Beyond, Measure},
    decimal::TaxRate,
    invoices::TaxCategory,
    money::{Currency, Money},
    refusal::NotPayable,
};
use serde::{Deserialize, Serialize};

/// One problem of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportIssue {
    /// Line of the file as an editor shows it, from 1.
    pub line: u64,
    /// Heading of the column, or the path of the XML element.
    pub column: Option<String>,
    /// What the column stands for.
    pub field: Option<Field>,
    /// What is wrong.
    pub problem: Problem,
}

impl ImportIssue {
    /// A problem of a line as a whole.
    pub fn at(line: u64, problem: Problem) -> Self {
        Self {
            line,
            column: None,
            field: None,
            problem,
        }
    }

    /// A problem of one field of a line.
    pub fn of(line: u64, field: Field, problem: Problem) -> Self {
        Self {
            line,
            column: None,
            field: Some(field),
            problem,
        }
    }

    /// Names the column.
    pub fn column(self, column: impl Into<String>) -> Self {
        Self {
            column: Some(column.into()),
            ..self
        }
    }
}

/// Which number of a document disagrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sum {
    /// Net of a line (V6).
    LineNet,
    /// Tax of a line.
    LineTax,
    /// Sum of the line nets (V6).
    Lines,
    /// Sum of the document discounts.
    Discounts,
    /// Sum of the document charges.
    Charges,
    /// Total without tax (V7).
    Net,
    /// Base of a tax group (V8).
    GroupBase,
    /// Tax of a tax group (V8).
    GroupTax,
    /// Tax total (V8).
    Tax,
    /// Total with tax (V9).
    Total,
    /// Amount due (V9).
    Due,
}

impl Sum {
    fn words(self) -> &'static str {
        match self {
            Self::LineNet => "The net amount of the line",
            Self::LineTax => "The tax of the line",
            Self::Lines => "The sum of the lines",
            Self::Discounts => "The sum of the discounts",
            Self::Charges => "The sum of the charges",
            Self::Net => "The total without tax",
            Self::GroupBase => "The base of the tax group",
            Self::GroupTax => "The tax of the tax group",
            Self::Tax => "The tax total",
            Self::Total => "The total with tax",
            Self::Due => "The amount due",
        }
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
// Without a tag inside: the compact form in which pages load it has no names to look at first.
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// The row has more or fewer fields than the heading.
    RaggedRow {
        /// Fields of the heading.
        expected: usize,
        /// Fields of the row.
        found: usize,
    },
    /// A column that the mapping names is not in the file.
    MissingColumn {
        /// Its heading.
        column: String,
    },
    /// No column is chosen for something that is needed.
    UnmappedField {
        /// What is needed, any of these.
        any_of: Vec<Field>,
    },
    /// A needed value is empty.
    MissingValue,
    /// A needed XML element is missing.
    MissingElement {
        /// Its name.
        name: String,
    },
    /// An element that may stand there once stands there several times.
    Repeated {
        /// Its name.
        name: String,
    },
    /// The text is longer than is kept.
    TextTooLong {
        /// Most characters.
        limit: usize,
    },
    /// The text holds control characters.
    ControlCharacter,
    /// The text is no number in the chosen style.
    NotANumber {
        /// The text.
        text: String,
        /// The chosen decimal mark.
        mark: DecimalMark,
    },
    /// More decimals than the currency or the column keeps.
    TooManyDecimals {
        /// The text.
        text: String,
        /// How many are kept.
        kept: u32,
    },
    /// A number beyond what can be kept.
    TooLarge {
        /// The text.
        text: String,
    },
    /// The text is no date in the chosen order.
    NotADate {
        /// The text.
        text: String,
        /// The chosen order.
        order: DateOrder,
    },
    /// A date that no calendar has, or far off.
    ImpossibleDate {
        /// The text.
        text: String,
    },
    /// No ISO 4217 code.
    UnknownCurrency {
        /// The text.
        text: String,
    },
    /// The row names no currency and there is no default.
    MissingCurrency,
    /// An amount names another currency than its document (V3).
    CurrencyDiffers {
        /// The amount's.
        found: String,
        /// The document's.
        document: Currency,
    },
    /// The mapping knows no rate for the code.
    UnknownTaxCode {
        /// The code.
        tax_code: String,
    },
    /// No EN 16931 category that is supported.
    UnknownTaxCategory {
        /// The text.
        text: String,
    },
    /// Neither the row nor the mapping says how it is taxed.
    MissingTax,
    /// A rate below 0 or above 100 %.
    RateOutOfRange {
        /// The text.
        text: String,
    },
    /// A category without tax has a rate (V10).
    RateWithoutTax {
        /// The category.
        category: TaxCategory,
        /// The rate.
        rate: TaxRate,
    },
    /// Neither invoice nor credit note.
    UnknownKind {
        /// The text.
        text: String,
    },
    /// The quantity that the price is for is zero.
    ZeroPriceBase,
    /// The quantity is zero, yet the line has an amount.
    ZeroQuantity,
    /// Neither a price nor an amount.
    NoPrice,
    /// Rows of one number disagree about the document.
    HeaderDiffers {
        /// As the document's first row has it.
        first: String,
        /// As this row has it.
        here: String,
    },
    /// A number that was finished comes back later in the file.
    NumberComesBack {
        /// The number.
        number: String,
    },
    /// A document without lines.
    NoLines,
    /// More lines than one document may have.
    TooManyLines {
        /// Most lines.
        limit: usize,
    },
    /// The file states a number that its lines do not give (V6 to V9).
    Differs {
        /// Which number.
        sum: Sum,
        /// What the file states.
        stated: Money,
        /// What the lines give.
        computed: Money,
    },
    /// The file states tax groups, but not this one (V8).
    GroupNotStated {
        /// Category.
        category: TaxCategory,
        /// Rate.
        rate: TaxRate,
        /// Its base, by the lines.
        computed: Money,
    },
    /// The document comes out below zero.
    NegativeTotal {
        /// Its total.
        total: Money,
    },
    /// The customer has no such billing profile in use.
    UnknownProfile {
        /// What was given.
        name: String,
    },
    /// No customer fits. Found by the server.
    UnknownCustomer {
        /// What was looked for.
        customer: CustomerKey,
    },
    /// Several customers fit. Found by the server.
    AmbiguousCustomer {
        /// What was looked for.
        customer: CustomerKey,
    },
    /// The number is in the books already (D18). Found by the server.
    AlreadyThere {
        /// The number.
        number: String,
    },
    /// The credit note names an invoice that is neither in the books nor in the file. Found by the server.
    UnknownInvoice {
        /// The invoice's number.
        number: String,
    },
    /// The credit note names an invoice that cannot be credited at all. Found by the server.
    NotCreditable {
        /// The invoice's number.
        number: String,
        /// Why.
        why: NotPayable,
    },
    /// Money of an invoice that the credit note names is on its way back, and a credit note follows it. Found by the server.
    CreditPromised {
        /// The invoice's number.
        number: String,
    },
    /// The credit note is more than what is left of the invoices that it names (V12). Found by the server.
    BeyondInvoices {
        /// Its number.
        number: String,
        /// Theirs.
        invoices: Vec<String>,
        /// In which respect.
        beyond: Beyond,
    },
}

impl Problem {
    /// One or two English sentences: what is wrong and, where that is not plain, what to do.
    pub fn message(&self) -> String {
        match self {
            Self::RaggedRow { expected, found } => {
                format!("The row has {found} fields, the heading has {expected}.")
            }
            Self::MissingColumn { column } => format!("The file has no column \u{201c}{column}\u{201d}."),
            Self::UnmappedField { any_of } => {
                let names: Vec<_> = any_of.iter().map(|field| field.label()).collect();
                format!("No column is chosen for {}.", names.join(" or "))
            }
            Self::MissingValue => "A value is needed here.".into(),
            Self::MissingElement { name } => format!("The element {name} is missing."),
            Self::Repeated { name } => format!("The element {name} may stand here only once."),
            Self::TextTooLong { limit } => format!("The text is longer than {limit} characters."),
            Self::ControlCharacter => "The text holds control characters.".into(),
            Self::NotANumber { text, mark } => {
                format!(
                    "\u{201c}{text}\u{201d} is not a number with a decimal {}.",
                    mark.word()
                )
            }
            Self::TooManyDecimals { text, kept } => {
                format!("\u{201c}{text}\u{201d} has more than {kept} decimals.")
            }
            Self::TooLarge { text } => format!("\u{201c}{text}\u{201d} is too large."),
            Self::NotADate { text, order } => {
                format!(
                    "\u{201c}{text}\u{201d} is not a date in the order {}.",
                    order.words()
                )
            }
            Self::ImpossibleDate { text } => {
                format!("There is no date \u{201c}{text}\u{201d} between 1900 and 2199.")
            }
            Self::UnknownCurrency { text } => {
                format!("\u{201c}{text}\u{201d} is not a currency code of ISO 4217.")
            }
            Self::MissingCurrency => "No currency is given: fill the column or choose a default.".into(),
            Self::CurrencyDiffers { found, document } => {
                format!("The amount is in {found}, the document in {document}.")
            }
            Self::UnknownTaxCode { tax_code } => {
                format!("The tax code \u{201c}{tax_code}\u{201d} has no rate yet: add it to the mapping.")
            }
            Self::UnknownTaxCategory { text } => {
                format!("\u{201c}{text}\u{201d} is not a tax category (S, Z, E, AE, K, G or O).")
            }
            Self::MissingTax => "No tax is given: choose a tax column or a default tax.".into(),
            Self::RateOutOfRange { text } => format!("\u{201c}{text}\u{201d} is not a rate from 0 to 100 %."),
            Self::RateWithoutTax { category, rate } => {
                format!("The tax category {category:?} has no tax, but the rate is {rate} %.")
            }
            Self::UnknownKind { text } => {
                format!("\u{201c}{text}\u{201d} is neither an invoice nor a credit note.")
            }
            Self::ZeroPriceBase => "The quantity that the price is for must not be zero.".into(),
            Self::ZeroQuantity => "The quantity is zero, but the line has an amount.".into(),
            Self::NoPrice => "The line has neither a price nor an amount.".into(),
            Self::HeaderDiffers { first, here } => {
                format!(
                    "The rows of this document disagree: \u{201c}{first}\u{201d} before, \u{201c}{here}\u{201d} here."
                )
            }
            Self::NumberComesBack { number } => format!(
                "The number {number} was used further up. Rows of one document must stand together, and each number may occur once."
            ),
            Self::NoLines => "The document has no lines.".into(),
            Self::TooManyLines { limit } => format!("The document has more than {limit} lines."),
            Self::Differs {
                sum,
                stated,
                computed,
            } => {
                format!(
                    "{} is {} in the file, but the lines give {}.",
                    sum.words(),
                    shown(*stated),
                    shown(*computed)
                )
            }
            Self::GroupNotStated {
                category,
                rate,
                computed,
            } => format!(
                "The file states tax groups, but none for {category:?} {rate} %, where the lines give {}.",
                shown(*computed)
            ),
            Self::NegativeTotal { total } => {
                format!(
                    "The total is {}: a document must not be below zero.",
                    shown(*total)
                )
            }
            Self::UnknownProfile { name } => format!("The customer has no billing profile “{name}”."),
            Self::UnknownCustomer { customer } => format!("There is no customer {}.", customer.shown()),
            Self::AmbiguousCustomer { customer } => {
                format!(
                    "Several customers fit {}: map a column that tells them apart.",
                    customer.shown()
                )
            }
            Self::AlreadyThere { number } => format!("The number {number} is in the books already."),
            Self::UnknownInvoice { number } => format!("There is no invoice {number} to credit."),
            Self::NotCreditable { number, why } => {
                let what = match why {
                    NotPayable::Draft => "is a draft",
                    NotPayable::Void => "was withdrawn",
                    NotPayable::WrittenOff => "was written off",
                    NotPayable::Paid | NotPayable::Pending => "is paid",
                };
                format!("The invoice {number} {what}, so it cannot be credited.")
            }
            Self::CreditPromised { number } => format!(
                "Money of the invoice {number} is on its way back and will be followed by a credit note. Wait until that is decided."
            ),
            Self::BeyondInvoices {
                number,
                invoices,
                beyond,
            } => too_much(number, &invoices.join(", "), beyond),
        }
    }
}

/// What a credit note has too much of, and the way out that there is.
fn too_much(number: &str, invoices: &str, beyond: &Beyond) -> String {
    let (credited, left) = (shown(beyond.credited), shown(beyond.left));
    let more = match beyond.measure {
        Measure::Total => {
            format!("The credit note {number} is {credited}, but {left} is left of {invoices}.")
        }
        Measure::Base(category, rate) => format!(
            "The credit note {number} has {credited} without tax at {category:?} {rate} %, but {left} is left of that of {invoices}."
        ),
        Measure::Tax(category, rate) => format!(
            "The credit note {number} has {credited} tax at {category:?} {rate} %, but {left} is left of that of {invoices}."
        ),
    };
    format!("{more} One that names no invoice credits the account.")
}

/// An amount in a message: plain digits with a point, so that it can be searched for in the file.
fn shown(amount: Money) -> String {
    format!("{} {}", amount.to_decimal(), amount.currency())
}
