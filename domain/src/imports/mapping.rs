//! One row of a file into typed values, by a [`ColumnMap`].
//!
//! A [`Row`] is read on its own; what it may leave out because the row above said it is settled by the assembler. All
//! problems of a row are collected: a user who mends a file wants to see them at once.

use super::{
    fields::{ColumnMap, Field, MissingColumns, SignRule, labels},
    issues::{ImportIssue, Problem},
    layouts::infer_tax,
    types::{CustomerKey, DocumentKind, DraftTax},
    values::{date, decimal, money, shortened},
    words::{
        Breaks, LONG_TEXT, SHORT_TEXT, bounded, category, days_of_terms, document_kind, percent, row_kind,
    },
};
use crate::{
    decimal::{Quantity, TaxRate},
    invoices::TaxCategory,
    money::{Currency, Money},
};
use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// What a row is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowKind {
    /// A line.
    #[default]
    Line,
    /// A discount on the document.
    Discount,
    /// A charge on the document.
    Charge,
    /// A stated tax group.
    Tax,
}

/// Values of a row; what the row leaves empty is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Line of the file.
    pub line: u64,
    /// What it is.
    pub row_kind: RowKind,
    /// Invoice or credit note.
    pub kind: Option<DocumentKind>,
    /// Document number.
    pub number: Option<String>,
    /// Customer; may be empty.
    pub customer: CustomerKey,
    /// Name of the billing profile.
    pub profile: Option<String>,
    /// Order.
    pub order_id: Option<String>,
    /// Credited invoices.
    pub invoices: Option<Vec<String>>,
    /// Currency, from the row, the document or the mapping.
    pub currency: Option<Currency>,
    /// Issue date.
    pub issue_date: Option<NaiveDate>,
    /// Due date.
    pub due_date: Option<NaiveDate>,
    /// Days from issue to due, by the terms.
    pub due_after: Option<Days>,
    /// Note.
    pub note: Option<String>,
    /// Description or reason.
    pub description: Option<String>,
    /// Item code.
    pub item_code: Option<String>,
    /// Quantity.
    pub quantity: Option<Quantity>,
    /// Unit.
    pub unit: Option<String>,
    /// Unit price, with all decimals that the file has.
    pub unit_price: Option<Decimal>,
    /// Price for how many.
    pub price_base: Option<Quantity>,
    /// Line discount in percent.
    pub discount_percent: Option<TaxRate>,
    /// Tax.
    pub tax: Option<DraftTax>,
    /// Amounts by field.
    pub amounts: BTreeMap<Field, Money>,
}

/// A mapping tied to the heading of one file.
#[derive(Clone, Debug)]
pub struct Mapper {
    map: ColumnMap,
    places: BTreeMap<Field, usize>,
    labels: Vec<String>,
}

/// Fields that hold an amount in the document's currency.
const AMOUNTS: &[Field] = &[
    Field::Discount,
    Field::Charge,
    Field::LineNet,
    Field::LineTax,
    Field::TotalLines,
    Field::TotalDiscounts,
    Field::TotalCharges,
    Field::TotalNet,
    Field::TotalTax,
    Field::Total,
    Field::Prepaid,
    Field::Rounding,
    Field::Due,
];

impl Mapper {
    /// Ties a mapping to a heading.
    ///
    /// # Errors
    /// See [`ColumnMap::places`].
    pub fn new(map: ColumnMap, line: u64, header: &[String]) -> Result<Self, MissingColumns> {
        let places = map.places(line, header)?;
        Ok(Self {
            map,
            places,
            labels: labels(header),
        })
    }

    /// The mapping.
    pub fn map(&self) -> &ColumnMap {
        &self.map
    }

    /// The number of a row, before anything else of it is read.
    pub fn number<'a>(&self, fields: &'a [String]) -> Option<&'a str> {
        self.text(fields, Field::Number)
    }

    /// Reads a row. `open` is the currency of the document that the row continues, if it does.
    pub fn row(&self, line: u64, fields: &[String], open: Option<Currency>) -> (Row, Vec<ImportIssue>) {
        let mut read = Reading {
            mapper: self,
            line,
            fields,
            issues: Vec::new(),
        };
        let row = read.row(open);
        (row, read.issues)
    }

    /// Adds the heading of the field's column to an issue.
    pub fn name_column(&self, issue: ImportIssue) -> ImportIssue {
        match issue.field.and_then(|field| self.places.get(&field)) {
            Some(place) => issue.column(self.labels[*place].clone()),
            None => issue,
        }
    }

    /// The trimmed text of a field, none when empty or not mapped. Our own exports guard texts that a spreadsheet
    /// would take for a formula with an apostrophe; it is taken off again.
    fn text<'a>(&self, fields: &'a [String], field: Field) -> Option<&'a str> {
        let text = fields.get(*self.places.get(&field)?)?;
        let unguarded = text
            .strip_prefix('\'')
            .filter(|rest| rest.starts_with(super::own::GUARDED));
        Some(unguarded.unwrap_or(text).trim()).filter(|text| !text.is_empty())
    }
}

/// One row being read.
struct Reading<'a> {
    mapper: &'a Mapper,
    line: u64,
    fields: &'a [String],
    issues: Vec<ImportIssue>,
}

impl Reading<'_> {
    fn row(&mut self, open: Option<Currency>) -> Row {
        let map = &self.mapper.map;
        let currency = self.parsed(Field::Currency, |text| {
            text.parse::<Currency>().map_err(|_| Problem::UnknownCurrency {
                text: shortened(text),
            })
        });
        let currency = currency.or(open).or(map.default_currency);
        let (order, mark) = (map.date_order, map.decimal_mark);
        let mut row = Row {
            line: self.line,
            row_kind: self.parsed(Field::RowKind, row_kind).unwrap_or_default(),
            kind: self.parsed(Field::Kind, document_kind),
            number: self.short(Field::Number),
            customer: CustomerKey {
                external_id: self.short(Field::CustomerId),
                tax_id: self.short(Field::CustomerTaxId),
                email: self.short(Field::CustomerEmail),
                name: self.short(Field::CustomerName),
            },
            profile: self.short(Field::Profile),
            order_id: self.short(Field::OrderId),
            invoices: self
                .long(Field::Invoices)
                .map(|list| list.lines().map(|n| n.trim().to_owned()).collect()),
            currency,
            issue_date: self.parsed(Field::IssueDate, |text| date(text, order)),
            due_date: self.parsed(Field::DueDate, |text| date(text, order)),
            due_after: self
                .mapper
                .text(self.fields, Field::Terms)
                .and_then(days_of_terms),
            note: self.long(Field::Note),
            description: self.long(Field::Description),
            item_code: self.short(Field::ItemCode),
            quantity: self.quantity(Field::Quantity),
            unit: self.short(Field::Unit),
            unit_price: self.parsed(Field::UnitPrice, |text| {
                decimal(text, mark).map(|(price, _)| price)
            }),
            price_base: self.quantity(Field::PriceBase),
            discount_percent: self.percent(Field::DiscountPercent),
            tax: self.tax(),
            amounts: BTreeMap::new(),
        };
        // A document's discount that names no tax is shared among all groups (V11), so the default is for lines only.
        if row.row_kind == RowKind::Line && row.tax.is_none() && !self.has_text_of_tax() {
            row.tax.clone_from(&map.default_tax);
        }
        self.amounts(&mut row);
        self.signs(&mut row);
        row
    }

    /// Amounts need the currency first: it says how many decimals they may have (V1).
    fn amounts(&mut self, row: &mut Row) {
        let mark = self.mapper.map.decimal_mark;
        let Some(currency) = row.currency else {
            if self.mapper.text(self.fields, Field::Currency).is_none() {
                self.issue(Field::Currency, Problem::MissingCurrency);
            }
            return;
        };
        for field in AMOUNTS {
            if let Some(amount) = self.parsed(*field, |text| money(text, mark, currency)) {
                row.amounts.insert(*field, amount);
            }
        }
        let tax_currency = self.parsed(Field::TaxCurrency, |text| {
            text.parse::<Currency>().map_err(|_| Problem::UnknownCurrency {
                text: shortened(text),
            })
        });
        let in_tax_currency = tax_currency.unwrap_or(currency);
        if let Some(total) = self.parsed(Field::TaxCurrencyTotal, |text| money(text, mark, in_tax_currency)) {
            row.amounts.insert(Field::TaxCurrencyTotal, total);
        }
    }

    fn signs(&mut self, row: &mut Row) {
        let reversed = match self.mapper.map.signs {
            SignRule::AsWritten => return,
            SignRule::QuantitiesReversed | SignRule::AllReversed => row
                .quantity
                .map(|quantity| Quantity::from_scaled(quantity.scaled().saturating_neg())),
        };
        row.quantity = reversed;
        if self.mapper.map.signs == SignRule::AllReversed {
            for (field, amount) in &mut row.amounts {
                match amount.checked_neg() {
                    Ok(opposite) => *amount = opposite,
                    Err(_) => {
                        let problem = Problem::TooLarge {
                            text: amount.to_decimal().to_string(),
                        };
                        self.issues.push(ImportIssue::of(self.line, *field, problem));
                    }
                }
            }
        }
    }

    /// A code of the mapping first, then category and rate of the row, then what the code says by itself.
    fn tax(&mut self) -> Option<DraftTax> {
        let map = &self.mapper.map;
        let reason = self.long(Field::TaxReason);
        let code = self.mapper.text(self.fields, Field::TaxCode);
        if let Some(known) = code.and_then(|code| map.tax_codes.get(code)) {
            return Some(DraftTax {
                reason: reason.or_else(|| known.reason.clone()),
                ..known.clone()
            });
        }
        let category = self.parsed(Field::TaxCategory, |text| {
            category(text).ok_or_else(|| Problem::UnknownTaxCategory {
                text: shortened(text),
            })
        });
        let rate = self.percent(Field::TaxRate);
        let zero = TaxRate::from_scaled(0);
        let tax = match (category, rate) {
            (None, None) => match code {
                Some(code) => {
                    let inferred = infer_tax(code);
                    if inferred.is_none() {
                        self.issue(
                            Field::TaxCode,
                            Problem::UnknownTaxCode {
                                tax_code: shortened(code),
                            },
                        );
                    }
                    return inferred;
                }
                None => return None,
            },
            (Some(category), rate) => DraftTax {
                category,
                rate: rate.unwrap_or(zero),
                reason,
            },
            (None, Some(rate)) => {
                let category = if rate == zero {
                    TaxCategory::Z
                } else {
                    TaxCategory::S
                };
                DraftTax {
                    category,
                    rate,
                    reason,
                }
            }
        };
        if tax.category != TaxCategory::S && tax.rate != zero {
            self.issue(
                Field::TaxRate,
                Problem::RateWithoutTax {
                    category: tax.category,
                    rate: tax.rate,
                },
            );
        }
        Some(tax)
    }

    /// The row says something about its tax, right or wrong.
    fn has_text_of_tax(&self) -> bool {
        let said = |field| self.mapper.text(self.fields, field).is_some();
        said(Field::TaxCode) || said(Field::TaxCategory) || said(Field::TaxRate)
    }

    fn percent(&mut self, field: Field) -> Option<TaxRate> {
        let mark = self.mapper.map.decimal_mark;
        self.parsed(field, |text| percent(text, mark))
    }

    fn quantity(&mut self, field: Field) -> Option<Quantity> {
        let mark = self.mapper.map.decimal_mark;
        self.parsed(field, |text| {
            let (value, _) = decimal(text, mark)?;
            if value.scale() > Quantity::SCALE {
                return Err(Problem::TooManyDecimals {
                    text: shortened(text),
                    kept: Quantity::SCALE,
                });
            }
            Quantity::from_decimal(value).map_err(|_| Problem::TooLarge {
                text: shortened(text),
            })
        })
    }

    fn short(&mut self, field: Field) -> Option<String> {
        self.parsed(field, |text| bounded(text, SHORT_TEXT, Breaks::Refused))
    }

    fn long(&mut self, field: Field) -> Option<String> {
        self.parsed(field, |text| bounded(text, LONG_TEXT, Breaks::Kept))
    }

    fn parsed<T>(&mut self, field: Field, parse: impl Fn(&str) -> Result<T, Problem>) -> Option<T> {
        let text = self.mapper.text(self.fields, field)?;
        match parse(text) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.issue(field, problem);
                None
            }
        }
    }

    fn issue(&mut self, field: Field, problem: Problem) {
        self.issues.push(
            self.mapper
                .name_column(ImportIssue::of(self.line, field, problem)),
        );
    }
}
