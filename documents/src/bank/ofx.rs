//! OFX, of which QFX is a kind: version 1 in SGML and version 2 in XML.

use super::{
    BankFileRefused,
    amounts::{amount, currency, day, is_said, negative},
    ofx_source::{Tags, unescaped},
    within,
};
use domain::{
    Currency,
    bank_files::{EntryKind, StatementEntry},
    imports::DecimalMark,
};
use std::collections::BTreeMap;

/// Aggregates that matter; others are passed through.
const GROUPS: [&str; 8] = [
    "STMTTRN",
    "BANKACCTFROM",
    "CCACCTFROM",
    "BANKACCTTO",
    "CCACCTTO",
    "PAYEE",
    "CURRENCY",
    "ORIGCURRENCY",
];

/// Whether a text is OFX.
pub(super) fn is_ofx(text: &str) -> bool {
    let start: String = text
        .trim_start()
        .chars()
        .take(2_000)
        .collect::<String>()
        .to_ascii_uppercase();
    start.starts_with("OFXHEADER")
        || start.starts_with("<OFX>")
        || (start.starts_with("<?") && start.contains("<OFX>"))
}

/// Reads a file.
pub(super) fn read(text: &str) -> Result<Vec<StatementEntry>, BankFileRefused> {
    let mut tags = Tags::new(text);
    let mut reading = Reading::default();
    let mut ended = false;
    while let Some(tag) = tags.next()? {
        let name = tag.name.as_str();
        if tag.is_end {
            ended |= name == "OFX";
            reading.end(name)?;
        } else if GROUPS.contains(&name) {
            reading.inside.push(name.to_owned());
            if name == "STMTTRN" {
                reading.begin(tag.line)?;
            }
            if reading.inside.len() > GROUPS.len() {
                return Err(BankFileRefused::entry(tag.line, "the tags are nested too deeply"));
            }
        } else {
            reading.value(name, unescaped(tag.value), tag.line);
        }
        within(&reading.entries)?;
    }
    if !ended {
        let last = text.matches('\n').count() as u64 + 1;
        return Err(BankFileRefused::entry(last, "the file ends early"));
    }
    Ok(reading.entries)
}

#[derive(Default)]
struct Reading {
    inside: Vec<String>,
    account: Option<String>,
    currency: Option<(String, u64)>,
    /// Line of the transaction that is being read, and its values by name.
    open: Option<(u64, BTreeMap<String, String>)>,
    entries: Vec<StatementEntry>,
}

impl Reading {
    fn begin(&mut self, line: u64) -> Result<(), BankFileRefused> {
        if self.open.is_some() {
            return Err(BankFileRefused::entry(
                line,
                "a transaction begins within another one",
            ));
        }
        self.open = Some((line, BTreeMap::new()));
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), BankFileRefused> {
        // Version 1 may leave out the end of what holds a value only.
        if let Some(place) = self.inside.iter().rposition(|open| open == name) {
            self.inside.truncate(place);
        }
        if name == "STMTTRN"
            && let Some((line, values)) = self.open.take()
        {
            let entry = self.transaction(line, &values)?;
            self.entries.push(entry);
        }
        Ok(())
    }

    fn value(&mut self, name: &str, value: String, line: u64) {
        if value.is_empty() {
            return;
        }
        let group = self.inside.last().map(String::as_str);
        match (&mut self.open, group) {
            (None, Some("BANKACCTFROM" | "CCACCTFROM")) if name == "ACCTID" => self.account = Some(value),
            (None, _) if name == "CURDEF" => self.currency = Some((value, line)),
            (None, _) => {}
            (Some((_, values)), group) => {
                let key = match group {
                    Some("STMTTRN") | None => name.to_owned(),
                    Some(group) => format!("{group}/{name}"),
                };
                values.entry(key).or_insert(value);
            }
        }
    }

    fn transaction(
        &self,
        line: u64,
        values: &BTreeMap<String, String>,
    ) -> Result<StatementEntry, BankFileRefused> {
        let value = |name: &str| values.get(name).map(String::as_str);
        let needed = |name: &str| {
            value(name).ok_or_else(|| BankFileRefused::entry(line, format!("the transaction has no {name}")))
        };
        let stated = needed("TRNAMT")?;
        // The amount is in this currency; the original one is for information.
        let currency: Currency = match (value("CURRENCY/CURSYM"), &self.currency) {
            (Some(code), _) => currency(code, line)?,
            (None, Some((code, line))) => currency(code, *line)?,
            (None, None) => return Err(BankFileRefused::entry(line, "the file names no currency")),
        };
        let (is_out, digits) = match stated.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, stated.strip_prefix('+').unwrap_or(stated)),
        };
        let mark = if digits.contains(',') {
            DecimalMark::Comma
        } else {
            DecimalMark::Point
        };
        let amount = amount(digits, mark, currency, line)?;
        let kind = if values.contains_key("CORRECTFITID") {
            EntryKind::Reversal
        } else if is_out || amount.is_zero() {
            EntryKind::MoneyOut
        } else {
            EntryKind::MoneyIn
        };
        let owned = |name: &str| value(name).map(str::to_owned);
        let references = ["REFNUM", "CHECKNUM"].into_iter().filter_map(owned);
        let payer = ["BANKACCTTO/ACCTID", "CCACCTTO/ACCTID"]
            .into_iter()
            .find_map(owned);
        Ok(StatementEntry {
            line,
            account: self.account.clone(),
            booked_on: day(needed("DTPOSTED")?, line)?,
            value_on: value("DTAVAIL").map(|text| day(text, line)).transpose()?,
            amount: if is_out { negative(amount, line)? } else { amount },
            kind,
            text: owned("MEMO").into_iter().collect(),
            references: references.filter(|text| is_said(text)).collect(),
            payer_name: owned("NAME").or_else(|| owned("PAYEE/NAME")),
            payer_account: payer,
            bank_id: owned("FITID").filter(|id| is_said(id)),
        })
    }
}
