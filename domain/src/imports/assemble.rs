//! Rows into documents, one at a time.
//!
//! Consecutive rows of one kind and number are one document. Memory is one open document and eight bytes for each
//! number seen, so that a number that comes back is found in a file of any length.

use super::{
    fields::{ColumnMap, Field, MissingColumns},
    issues::{ImportIssue, Problem},
    mapping::{Mapper, Row, RowKind},
    row_parts::{adjustment_of, group_of, line_of},
    settle::settle_sign,
    types::{Adjustment, AdjustmentKind, CustomerKey, DocumentKind, DraftDocument, DraftLine, StatedTotals},
    values::shortened,
};
use crate::money::{Currency, Money};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// What one document may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most lines, discounts, charges and tax groups of a document together.
    pub rows_per_document: usize,
}

impl Default for Limits {
    /// 10,000 rows a document.
    fn default() -> Self {
        Self {
            rows_per_document: 10_000,
        }
    }
}

/// What comes out of the assembler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assembled {
    /// A document without problems so far; [`super::check()`] comes next.
    Document(Box<DraftDocument>),
    /// Something is wrong; the file cannot be imported, but the rest of it is read.
    Issue(ImportIssue),
    /// A document that had issues and is left out.
    Broken {
        /// Its number, if it has one.
        number: Option<String>,
        /// First line.
        first_line: u64,
        /// Last line.
        last_line: u64,
    },
}

/// Collects rows into documents.
#[derive(Debug)]
pub struct Assembler {
    mapper: Mapper,
    limits: Limits,
    open: Option<Open>,
    seen: BTreeSet<u64>,
}

/// The document whose rows are coming in.
#[derive(Debug, Default)]
struct Open {
    number: Option<String>,
    kind: Option<DocumentKind>,
    customer: CustomerKey,
    profile: Option<String>,
    order_id: Option<String>,
    invoices: Option<Vec<String>>,
    currency: Option<Currency>,
    issue_date: Option<NaiveDate>,
    due_date: Option<NaiveDate>,
    due_by_terms: Option<NaiveDate>,
    note: Option<String>,
    lines: Vec<DraftLine>,
    adjustments: Vec<Adjustment>,
    stated: StatedTotals,
    prepaid: Option<Money>,
    rounding: Option<Money>,
    tax_currency_total: Option<Money>,
    first_line: u64,
    last_line: u64,
    rows: usize,
    broken: bool,
}

impl Assembler {
    /// Begins a file.
    ///
    /// # Errors
    /// See [`ColumnMap::places`].
    pub fn new(map: ColumnMap, limits: Limits, line: u64, header: &[String]) -> Result<Self, MissingColumns> {
        Ok(Self {
            mapper: Mapper::new(map, line, header)?,
            limits,
            open: None,
            seen: BTreeSet::new(),
        })
    }

    /// Takes the next row; what it finishes or finds wrong goes to `out`.
    pub fn push(&mut self, line: u64, fields: &[String], out: &mut impl FnMut(Assembled)) {
        let number = self.mapper.number(fields);
        let same_number = self.open.as_ref().filter(|open| open.number.as_deref() == number);
        let (row, issues) = self
            .mapper
            .row(line, fields, same_number.and_then(|open| open.currency));
        let continues =
            same_number.is_some_and(|open| row.kind.is_none() || row.kind == Some(open.kind_or_invoice()));
        if !continues {
            self.close(out);
            self.open = Some(Open {
                first_line: line,
                ..Open::default()
            });
        }
        let Some(mut open) = self.open.take() else { return };
        let mut found = issues;
        if !continues && number.is_none() {
            found.push(ImportIssue::of(line, Field::Number, Problem::MissingValue));
        }
        if let Some(number) = number.filter(|_| !continues) {
            let kind = row.kind.unwrap_or(DocumentKind::Invoice);
            if !self.seen.insert(fingerprint(kind, number)) {
                let problem = Problem::NumberComesBack {
                    number: shortened(number),
                };
                found.push(ImportIssue::of(line, Field::Number, problem));
            }
        }
        open.take(row, number, self.limits, &mut found);
        open.broken |= !found.is_empty();
        found
            .into_iter()
            .for_each(|issue| out(Assembled::Issue(self.mapper.name_column(issue))));
        self.open = Some(open);
    }

    /// A row could not be read at all: the document it belongs to is broken.
    pub fn spoil(&mut self, line: u64) {
        if let Some(open) = &mut self.open {
            open.broken = true;
            open.last_line = line;
        }
    }

    /// Ends the file.
    pub fn finish(mut self, out: &mut impl FnMut(Assembled)) {
        self.close(out);
    }

    fn close(&mut self, out: &mut impl FnMut(Assembled)) {
        let Some(open) = self.open.take() else { return };
        let (number, first_line, last_line) = (open.number.clone(), open.first_line, open.last_line);
        let broken = open.broken;
        match open.document() {
            Ok(document) if !broken => {
                out(Assembled::Document(Box::new(settle_sign(
                    document,
                    self.mapper.map().negative_documents,
                ))));
            }
            Ok(_) => out(Assembled::Broken {
                number,
                first_line,
                last_line,
            }),
            Err(issues) => {
                // The rows of a broken document may be the reason for what is missing: said once is enough.
                if !broken {
                    issues
                        .into_iter()
                        .for_each(|issue| out(Assembled::Issue(self.mapper.name_column(issue))));
                }
                out(Assembled::Broken {
                    number,
                    first_line,
                    last_line,
                });
            }
        }
    }
}

impl Open {
    fn kind_or_invoice(&self) -> DocumentKind {
        self.kind.unwrap_or(DocumentKind::Invoice)
    }

    fn take(&mut self, row: Row, number: Option<&str>, limits: Limits, issues: &mut Vec<ImportIssue>) {
        self.last_line = row.line;
        self.number = self.number.take().or_else(|| number.map(str::to_owned));
        self.rows += 1;
        if self.rows > limits.rows_per_document {
            // Told once; the rows beyond are counted and dropped.
            if self.rows == limits.rows_per_document + 1 {
                let limit = limits.rows_per_document;
                issues.push(ImportIssue::at(row.line, Problem::TooManyLines { limit }));
            }
            return;
        }
        let line = row.line;
        let amount = |field| row.amounts.get(&field).copied();
        let mut same = Same { line, issues };
        same.or_set(&mut self.kind, row.kind, Field::Kind);
        let CustomerKey {
            external_id,
            tax_id,
            email,
            name,
        } = &row.customer;
        same.or_set(
            &mut self.customer.external_id,
            external_id.clone(),
            Field::CustomerId,
        );
        same.or_set(&mut self.customer.tax_id, tax_id.clone(), Field::CustomerTaxId);
        same.or_set(&mut self.customer.email, email.clone(), Field::CustomerEmail);
        same.or_set(&mut self.customer.name, name.clone(), Field::CustomerName);
        same.or_set(&mut self.profile, row.profile.clone(), Field::Profile);
        same.or_set(&mut self.order_id, row.order_id.clone(), Field::OrderId);
        same.or_set(&mut self.invoices, row.invoices.clone(), Field::Invoices);
        same.or_set(&mut self.currency, row.currency, Field::Currency);
        same.or_set(&mut self.issue_date, row.issue_date, Field::IssueDate);
        same.or_set(&mut self.due_date, row.due_date, Field::DueDate);
        let by_terms = self
            .issue_date
            .zip(row.due_after)
            .and_then(|(day, days)| day.checked_add_days(days));
        same.or_set(&mut self.due_by_terms, by_terms, Field::Terms);
        same.or_set(&mut self.note, row.note.clone(), Field::Note);
        same.or_set(
            &mut self.stated.lines,
            amount(Field::TotalLines),
            Field::TotalLines,
        );
        same.or_set(
            &mut self.stated.discounts,
            amount(Field::TotalDiscounts),
            Field::TotalDiscounts,
        );
        same.or_set(
            &mut self.stated.charges,
            amount(Field::TotalCharges),
            Field::TotalCharges,
        );
        same.or_set(&mut self.stated.net, amount(Field::TotalNet), Field::TotalNet);
        same.or_set(&mut self.stated.tax, amount(Field::TotalTax), Field::TotalTax);
        same.or_set(&mut self.stated.total, amount(Field::Total), Field::Total);
        same.or_set(&mut self.stated.due, amount(Field::Due), Field::Due);
        same.or_set(&mut self.prepaid, amount(Field::Prepaid), Field::Prepaid);
        same.or_set(&mut self.rounding, amount(Field::Rounding), Field::Rounding);
        same.or_set(
            &mut self.tax_currency_total,
            amount(Field::TaxCurrencyTotal),
            Field::TaxCurrencyTotal,
        );
        match row.row_kind {
            RowKind::Line => self.lines.extend(line_of(row, issues)),
            RowKind::Discount => {
                self.adjustments
                    .extend(adjustment_of(row, AdjustmentKind::Discount, issues))
            }
            RowKind::Charge => self
                .adjustments
                .extend(adjustment_of(row, AdjustmentKind::Charge, issues)),
            RowKind::Tax => self.stated.groups.extend(group_of(row, issues)),
        }
    }

    /// The finished document, or what it lacks.
    fn document(self) -> Result<DraftDocument, Vec<ImportIssue>> {
        let kind = self.kind_or_invoice();
        let mut issues = Vec::new();
        let mut lacks = |field| issues.push(ImportIssue::of(self.first_line, field, Problem::MissingValue));
        if self.issue_date.is_none() {
            lacks(Field::IssueDate);
        }
        if self.customer.is_empty() {
            lacks(Field::CustomerName);
        }
        if self.lines.is_empty() {
            issues.push(ImportIssue::at(self.first_line, Problem::NoLines));
        }
        let (Some(number), Some(currency), Some(issue_date), true) =
            (self.number, self.currency, self.issue_date, issues.is_empty())
        else {
            return Err(issues);
        };
        Ok(DraftDocument {
            kind,
            number,
            customer: self.customer,
            profile: self.profile,
            order_id: self.order_id,
            invoices: self.invoices.unwrap_or_default(),
            currency,
            issue_date,
            due_date: self.due_date.or(self.due_by_terms),
            note: self.note,
            lines: self.lines,
            adjustments: self.adjustments,
            stated: self.stated,
            prepaid: self.prepaid.unwrap_or(Money::zero(currency)),
            rounding: self.rounding.unwrap_or(Money::zero(currency)),
            tax_currency_total: self.tax_currency_total,
            first_line: self.first_line,
            last_line: self.last_line,
        })
    }
}

/// Rows of one document say the same, or nothing.
struct Same<'a> {
    line: u64,
    issues: &'a mut Vec<ImportIssue>,
}

impl Same<'_> {
    fn or_set<T: PartialEq + Shown>(&mut self, known: &mut Option<T>, here: Option<T>, field: Field) {
        match (&*known, here) {
            (None, here) => *known = here,
            (Some(first), Some(here)) if *first != here => {
                let problem = Problem::HeaderDiffers {
                    first: shortened(&first.shown()),
                    here: shortened(&here.shown()),
                };
                self.issues.push(ImportIssue::of(self.line, field, problem));
            }
            (Some(_), _) => {}
        }
    }
}

/// A value in a message.
trait Shown {
    fn shown(&self) -> String;
}

impl Shown for String {
    fn shown(&self) -> String {
        self.clone()
    }
}

impl Shown for Vec<String> {
    fn shown(&self) -> String {
        self.join(", ")
    }
}

impl Shown for DocumentKind {
    fn shown(&self) -> String {
        self.word().to_owned()
    }
}

impl Shown for Currency {
    fn shown(&self) -> String {
        self.code().to_owned()
    }
}

impl Shown for NaiveDate {
    fn shown(&self) -> String {
        self.to_string()
    }
}

impl Shown for Money {
    fn shown(&self) -> String {
        self.to_decimal().to_string()
    }
}

/// Sixty-four bits of a kind and a number (FNV-1a with a final mix). Two different numbers of one file share them
/// about once in ten million files of two million documents; the file is then refused, nothing is mixed up.
pub fn fingerprint(kind: DocumentKind, number: &str) -> u64 {
    let tag = match kind {
        DocumentKind::Invoice => b'I',
        DocumentKind::CreditNote => b'C',
    };
    let bytes = std::iter::once(tag).chain(number.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let mixed = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^ (mixed >> 33)
}
