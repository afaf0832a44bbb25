//! The columns of a bank's CSV file: which one is what, and a row of it as an entry.
//!
//! Headings, dates and amounts are read as those of imported invoices are: nothing is guessed, a text that does not fit is
//! named with its line and column.

use super::statement::{EntryKind, StatementEntry};
use crate::{
    imports::{DateOrder, DecimalMark, Problem, date, labels, money},
    invoices::codes::codes,
    money::{Currency, Money},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a column of a bank's file can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BankField {
    /// Booking day; needed.
    BookedOn,
    /// Value day.
    ValueOn,
    /// Amount with a sign; needed unless there are two columns.
    Amount,
    /// Money in, in a column of its own.
    PaidIn,
    /// Money out, in a column of its own.
    PaidOut,
    /// Currency.
    Currency,
    /// What it was sent for.
    Text,
    /// A reference beside it.
    Reference,
    /// Who sent it.
    PayerName,
    /// From which account.
    PayerAccount,
    /// The bank's own id of the entry.
    BankId,
    /// The seller's account.
    Account,
}

codes! {
    BankField:
        BookedOn = "booked_on" "Booking day",
        ValueOn = "value_on" "Value day",
        Amount = "amount" "Amount",
        PaidIn = "paid_in" "Money in",
        PaidOut = "paid_out" "Money out",
        Currency = "currency" "Currency",
        Text = "text" "Text",
        Reference = "reference" "Reference",
        PayerName = "payer_name" "Payer",
        PayerAccount = "payer_account" "Payer\u{2019}s account",
        BankId = "bank_id" "Bank\u{2019}s id of the entry",
        Account = "account" "Own account";
}

/// Headings that need no asking, without case and punctuation.
const WORDS: &[(&str, BankField)] = &[
    ("date", BankField::BookedOn),
    ("bookingdate", BankField::BookedOn),
    ("bookedon", BankField::BookedOn),
    ("transactiondate", BankField::BookedOn),
    ("postingdate", BankField::BookedOn),
    ("buchungstag", BankField::BookedOn),
    ("buchungsdatum", BankField::BookedOn),
    ("valuedate", BankField::ValueOn),
    ("valuta", BankField::ValueOn),
    ("valutadatum", BankField::ValueOn),
    ("wertstellung", BankField::ValueOn),
    ("amount", BankField::Amount),
    ("betrag", BankField::Amount),
    ("umsatz", BankField::Amount),
    ("credit", BankField::PaidIn),
    ("creditamount", BankField::PaidIn),
    ("paidin", BankField::PaidIn),
    ("moneyin", BankField::PaidIn),
    ("haben", BankField::PaidIn),
    ("debit", BankField::PaidOut),
    ("debitamount", BankField::PaidOut),
    ("paidout", BankField::PaidOut),
    ("moneyout", BankField::PaidOut),
    ("soll", BankField::PaidOut),
    ("currency", BankField::Currency),
    ("ccy", BankField::Currency),
    ("w\u{e4}hrung", BankField::Currency),
    ("description", BankField::Text),
    ("details", BankField::Text),
    ("narrative", BankField::Text),
    ("memo", BankField::Text),
    ("verwendungszweck", BankField::Text),
    ("reference", BankField::Reference),
    ("endtoendid", BankField::Reference),
    ("kundenreferenz", BankField::Reference),
    ("name", BankField::PayerName),
    ("payee", BankField::PayerName),
    ("payer", BankField::PayerName),
    ("counterparty", BankField::PayerName),
    ("beg\u{fc}nstigterzahlungspflichtiger", BankField::PayerName),
    ("auftraggeber", BankField::PayerName),
    ("counterpartyaccount", BankField::PayerAccount),
    ("iban", BankField::PayerAccount),
    ("kontonummeriban", BankField::PayerAccount),
    ("transactionid", BankField::BankId),
    ("fitid", BankField::BankId),
    ("account", BankField::Account),
    ("accountnumber", BankField::Account),
    ("auftragskonto", BankField::Account),
];

/// What the columns of a file are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankColumns {
    /// Heading of the column of each field; see [`labels`] for headings that occur twice.
    pub columns: BTreeMap<BankField, String>,
    /// Date order.
    pub date_order: DateOrder,
    /// Decimal mark.
    pub decimal_mark: DecimalMark,
    /// Currency of rows that name none.
    pub currency: Option<Currency>,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowProblem {
    /// Line of the file, from 1.
    pub line: u64,
    /// Heading of the column; none for the row as a whole.
    pub column: Option<String>,
    /// What.
    pub what: String,
}

impl BankColumns {
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
        if !has(BankField::BookedOn) {
            return Some("Choose the column of the booking day.".into());
        }
        let (amount, two) = (has(BankField::Amount), has(BankField::PaidIn));
        match (amount, two || has(BankField::PaidOut)) {
            (true, true) => {
                Some("Choose either one column for the amount, or those of money in and out.".into())
            }
            (false, _) if !two => Some("Choose the column of the amount, or that of money in.".into()),
            _ if !has(BankField::Currency) && self.currency.is_none() => {
                Some("Choose the column of the currency, or a currency for all rows.".into())
            }
            _ => None,
        }
    }

    /// Reads a row of a file with this heading.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn row(&self, header: &[String], line: u64, fields: &[String]) -> Result<StatementEntry, RowProblem> {
        let labels = labels(header);
        let text = |field: BankField| {
            let place = labels
                .iter()
                .position(|label| Some(label) == self.columns.get(&field))?;
            fields
                .get(place)
                .map(|text| text.trim())
                .filter(|text| !text.is_empty())
        };
        let wrong = |field: BankField, what: String| RowProblem {
            line,
            column: self.columns.get(&field).cloned(),
            what,
        };
        let said = |field: BankField| move |problem: Problem| wrong(field, problem.message());
        let currency = match text(BankField::Currency) {
            Some(code) => code.parse::<Currency>().map_err(|_| {
                let code: String = code.chars().take(20).collect();
                wrong(BankField::Currency, format!("{code} is no currency."))
            })?,
            None => self
                .currency
                .ok_or_else(|| wrong(BankField::Currency, "The currency is missing.".into()))?,
        };
        let day = |field| {
            let read = text(field).map(|text| date(text, self.date_order));
            read.transpose().map_err(said(field))
        };
        let amount = |field| {
            let read = text(field).map(|text| money(text, self.decimal_mark, currency));
            read.transpose().map_err(said(field))
        };
        let missing = |field| wrong(field, "Nothing stands here.".into());
        let booked_on = day(BankField::BookedOn)?.ok_or_else(|| missing(BankField::BookedOn))?;
        let amount = match (
            amount(BankField::Amount)?,
            amount(BankField::PaidIn)?.filter(|amount| !amount.is_zero()),
            amount(BankField::PaidOut)?.filter(|amount| !amount.is_zero()),
        ) {
            (Some(amount), _, _) | (None, Some(amount), None) => amount,
            (None, None, Some(out)) if out.is_positive() => out
                .checked_neg()
                .map_err(|_| wrong(BankField::PaidOut, "It is too large.".into()))?,
            // Some banks write it with its minus.
            (None, None, Some(out)) => out,
            (None, Some(_), Some(_)) => {
                return Err(wrong(
                    BankField::PaidIn,
                    "Money came in and went out in one row.".into(),
                ));
            }
            (None, None, None) => Money::zero(currency),
        };
        let owned = |field| text(field).map(str::to_owned);
        Ok(StatementEntry {
            line,
            account: owned(BankField::Account),
            booked_on,
            value_on: day(BankField::ValueOn)?,
            amount,
            kind: if amount.is_positive() {
                EntryKind::MoneyIn
            } else {
                EntryKind::MoneyOut
            },
            text: owned(BankField::Text)
                .map(|text| text.lines().map(str::to_owned).collect())
                .unwrap_or_default(),
            references: owned(BankField::Reference).into_iter().collect(),
            payer_name: owned(BankField::PayerName),
            payer_account: owned(BankField::PayerAccount),
            bank_id: owned(BankField::BankId),
        }
        .cleaned())
    }
}
