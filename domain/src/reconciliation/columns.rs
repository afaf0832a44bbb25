//! The columns of a vendor's bill: which one is what, and a row of it as a line.
//!
//! As in the files of banks and in imports nothing is guessed: a text that does not fit is named with its line and column.

use super::{BillLine, LineKind};
use crate::{
    bank_files::RowProblem,
    decimal::{Quantity, UnitPrice},
    imports::{DateOrder, DecimalMark, date, decimal, labels},
    invoices::{codes::codes, totals::line_net},
    money::{Currency, Money},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest text of a line that is kept, in characters.
const LONGEST: usize = 200;

/// What a column of a vendor's bill can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BillField {
    /// Name of the customer; needed unless there is its id.
    Company,
    /// The vendor's id of the customer.
    CompanyId,
    /// Name of the product; needed unless there is its number.
    Product,
    /// The vendor's article number.
    Sku,
    /// The vendor's id of the subscription.
    Subscription,
    /// What else is said.
    Description,
    /// How many; needed.
    Quantity,
    /// Cost of one; needed unless there is the total.
    UnitCost,
    /// Cost of all.
    Cost,
    /// Price of one.
    UnitPrice,
    /// Price of all.
    Price,
    /// Currency.
    Currency,
    /// Recurring, proration, credit or one-time.
    Kind,
    /// Monthly, annual, trial.
    Term,
    /// Active or cancelled.
    Status,
    /// Since when the subscription runs.
    StartsOn,
    /// Until when.
    EndsOn,
}

codes! {
    BillField:
        Company = "company" "Company",
        CompanyId = "company_id" "Company ID",
        Product = "product" "Product",
        Sku = "sku" "SKU",
        Subscription = "subscription" "Subscription ID",
        Description = "description" "Description",
        Quantity = "quantity" "Quantity",
        UnitCost = "unit_cost" "Unit cost",
        Cost = "cost" "Total cost",
        UnitPrice = "unit_price" "Unit price",
        Price = "price" "Total price",
        Currency = "currency" "Currency",
        Kind = "kind" "Kind",
        Term = "term" "Billing term",
        Status = "status" "Status",
        StartsOn = "starts_on" "Start of the subscription",
        EndsOn = "ends_on" "End of the subscription";
}

/// Headings that need no asking, without case and punctuation. The end of a billing period is not the end of a
/// subscription, so it is not among them.
const WORDS: &[(&str, BillField)] = &[
    ("company", BillField::Company),
    ("companyname", BillField::Company),
    ("customer", BillField::Company),
    ("customername", BillField::Company),
    ("companyid", BillField::CompanyId),
    ("customerid", BillField::CompanyId),
    ("product", BillField::Product),
    ("productname", BillField::Product),
    ("sku", BillField::Sku),
    ("partnumber", BillField::Sku),
    ("subscriptionid", BillField::Subscription),
    ("subscription", BillField::Subscription),
    ("description", BillField::Description),
    ("details", BillField::Description),
    ("quantity", BillField::Quantity),
    ("qty", BillField::Quantity),
    ("cost", BillField::UnitCost),
    ("unitcost", BillField::UnitCost),
    ("partnercost", BillField::UnitCost),
    ("costtotal", BillField::Cost),
    ("totalcost", BillField::Cost),
    ("price", BillField::UnitPrice),
    ("unitprice", BillField::UnitPrice),
    ("pricetotal", BillField::Price),
    ("totalprice", BillField::Price),
    ("total", BillField::Price),
    ("currency", BillField::Currency),
    ("currencycode", BillField::Currency),
    ("kind", BillField::Kind),
    ("type", BillField::Kind),
    ("chargetype", BillField::Kind),
    ("term", BillField::Term),
    ("billingterm", BillField::Term),
    ("status", BillField::Status),
    ("startdate", BillField::StartsOn),
    ("start", BillField::StartsOn),
    ("enddate", BillField::EndsOn),
    ("end", BillField::EndsOn),
    ("expires", BillField::EndsOn),
    ("expirydate", BillField::EndsOn),
    ("renewaldate", BillField::EndsOn),
];

/// What the columns of a vendor's bill are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillColumns {
    /// Heading of the column of each field; see [`labels`] for headings that occur twice.
    pub columns: BTreeMap<BillField, String>,
    /// Date order.
    pub date_order: DateOrder,
    /// Decimal mark.
    pub decimal_mark: DecimalMark,
    /// Currency of rows that name none.
    pub currency: Option<Currency>,
}

impl BillColumns {
    /// What the headings say by themselves, for a seller who counts in a currency. A start that the page shows.
    pub fn suggest(header: &[String], currency: Currency) -> Self {
        let mut suggested = Self {
            currency: Some(currency),
            ..Self::default()
        };
        for (heading, label) in header.iter().zip(labels(header)) {
            let plain: String = heading
                .chars()
                .filter(|c| c.is_alphanumeric())
                .flat_map(char::to_lowercase)
                .collect();
            if let Some((_, field)) = WORDS.iter().find(|(word, _)| *word == plain) {
                suggested.columns.entry(*field).or_insert(label);
            }
        }
        suggested
    }

    /// What is missing, in words; nothing when a file can be read with it.
    pub fn missing(&self, header: &[String]) -> Option<String> {
        let labels = labels(header);
        if let Some(column) = self.columns.values().find(|column| !labels.contains(column)) {
            return Some(format!("The file has no column \u{201c}{column}\u{201d}."));
        }
        let has = |field| self.columns.contains_key(&field);
        let needed = [
            (
                has(BillField::Company) || has(BillField::CompanyId),
                "company or of its ID",
            ),
            (
                has(BillField::Product) || has(BillField::Sku),
                "product or of its SKU",
            ),
            (has(BillField::Quantity), "quantity"),
            (
                has(BillField::UnitCost) || has(BillField::Cost),
                "unit cost or of the total cost",
            ),
        ];
        if let Some((_, what)) = needed.iter().find(|(there, _)| !there) {
            return Some(format!("Choose the column of the {what}."));
        }
        let no_currency = !has(BillField::Currency) && self.currency.is_none();
        no_currency.then(|| "Choose the column of the currency, or a currency for all rows.".into())
    }

    /// Reads a row of a file with this heading.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn row(&self, header: &[String], line: u64, fields: &[String]) -> Result<BillLine, RowProblem> {
        let labels = labels(header);
        let row = Row {
            columns: self,
            labels: &labels,
            line,
            fields,
        };
        let quantity = row.quantity()?;
        let currency = row.currency()?;
        let missing = |field| row.wrong(field, "Nothing stands here.".to_owned());
        let amounts = [BillField::UnitCost, BillField::Cost];
        let cost = row.amount(amounts, quantity, currency)?;
        let cost = cost.ok_or_else(|| missing(BillField::Cost))?;
        let price = row.amount([BillField::UnitPrice, BillField::Price], quantity, currency)?;
        let (company, company_id) = (row.owned(BillField::Company), row.owned(BillField::CompanyId));
        let (product, sku) = (row.owned(BillField::Product), row.owned(BillField::Sku));
        let company = company.or_else(|| company_id.clone());
        let product = product.or_else(|| sku.clone());
        let kind = row.kind()?;
        // What is below zero is given back, whatever it is called.
        let gives_back = cost.is_negative() || quantity.scaled() < 0;
        let status = row.owned(BillField::Status).unwrap_or_default().to_lowercase();
        Ok(BillLine {
            line,
            kind: if gives_back { LineKind::Credit } else { kind },
            company: company.ok_or_else(|| missing(BillField::Company))?,
            company_id,
            product: product.ok_or_else(|| missing(BillField::Product))?,
            sku,
            subscription: row.owned(BillField::Subscription),
            description: row.owned(BillField::Description),
            quantity,
            cost,
            price,
            term: row.owned(BillField::Term),
            cancelled: ["cancel", "terminat", "expired", "inactive"]
                .iter()
                .any(|word| status.contains(word)),
            starts_on: row.day(BillField::StartsOn)?,
            ends_on: row.day(BillField::EndsOn)?,
        })
    }
}

/// A row that is being read.
struct Row<'a> {
    columns: &'a BillColumns,
    labels: &'a [String],
    line: u64,
    fields: &'a [String],
}

impl Row<'_> {
    fn text(&self, field: BillField) -> Option<&str> {
        let column = self.columns.columns.get(&field)?;
        let place = self.labels.iter().position(|label| label == column)?;
        let text = self.fields.get(place)?.trim();
        Some(text).filter(|text| !text.is_empty())
    }

    fn owned(&self, field: BillField) -> Option<String> {
        let clean = |c: char| if c.is_control() { ' ' } else { c };
        self.text(field)
            .map(|text| text.chars().map(clean).take(LONGEST).collect())
    }

    fn wrong(&self, field: BillField, what: String) -> RowProblem {
        RowProblem {
            line: self.line,
            column: self.columns.columns.get(&field).cloned(),
            what,
        }
    }

    fn quantity(&self) -> Result<Quantity, RowProblem> {
        let field = BillField::Quantity;
        let text = self.text(field);
        let text = text.ok_or_else(|| self.wrong(field, "Nothing stands here.".to_owned()))?;
        let (value, _) = decimal(text, self.columns.decimal_mark)
            .map_err(|problem| self.wrong(field, problem.message()))?;
        Quantity::from_decimal(value).map_err(|_| self.wrong(field, "It has too many digits.".to_owned()))
    }

    fn currency(&self) -> Result<Currency, RowProblem> {
        let field = BillField::Currency;
        match self.text(field) {
            Some(code) => code.parse().map_err(|_| {
                let code: String = code.chars().take(20).collect();
                self.wrong(field, format!("{code} is no currency."))
            }),
            None => {
                let missing = || self.wrong(field, "The currency is missing.".to_owned());
                self.columns.currency.ok_or_else(missing)
            }
        }
    }

    fn kind(&self) -> Result<LineKind, RowProblem> {
        match self.text(BillField::Kind) {
            Some(word) => LineKind::from_word(word).ok_or_else(|| {
                let word: String = word.chars().take(40).collect();
                let what = format!("\u{201c}{word}\u{201d} is not recurring, proration, credit or one-time.");
                self.wrong(BillField::Kind, what)
            }),
            None => Ok(LineKind::Recurring),
        }
    }

    fn day(&self, field: BillField) -> Result<Option<chrono::NaiveDate>, RowProblem> {
        let read = self.text(field).map(|text| date(text, self.columns.date_order));
        read.transpose()
            .map_err(|problem| self.wrong(field, problem.message()))
    }

    /// The total where the row has one, or else the quantity at the price of one; rounded once.
    fn amount(
        &self,
        [of_one, of_all]: [BillField; 2],
        quantity: Quantity,
        currency: Currency,
    ) -> Result<Option<Money>, RowProblem> {
        let field = if self.text(of_all).is_some() {
            of_all
        } else {
            of_one
        };
        let Some(text) = self.text(field) else {
            return Ok(None);
        };
        let wrong = |what: &str| self.wrong(field, what.to_owned());
        let (value, sign) = decimal(text, self.columns.decimal_mark)
            .map_err(|problem| self.wrong(field, problem.message()))?;
        let other = sign.and_then(|sign| sign.parse::<Currency>().ok());
        if other.is_some_and(|other| other != currency) {
            return Err(wrong("It is in another currency than its row."));
        }
        let too_large = |_| wrong("It is too large.");
        if field == of_all {
            return Money::round_half_away(value, currency)
                .map(Some)
                .map_err(too_large);
        }
        let price = UnitPrice::from_decimal(value).map_err(|_| wrong("It has too many digits."))?;
        line_net(quantity, price, Money::zero(currency))
            .map(Some)
            .map_err(too_large)
    }
}
