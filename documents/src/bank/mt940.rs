//! MT940, the customer statement of SWIFT, with or without its envelope.
//!
//! `:61:` is an entry, `:86:` behind it says what it was for. The rest frames them: the account, its currency, balances.

use super::{
    BankFileRefused,
    amounts::{amount, currency, is_said, near, negative, short, short_day},
    mt940_text::{Said, said},
    within,
};
use domain::{
    Currency,
    bank_files::{EntryKind, StatementEntry},
    imports::DecimalMark,
};

/// Whether a text is MT940.
pub(super) fn is_mt940(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(2_000).collect();
    let begins = start.starts_with(":20:") || start.starts_with("{1:") || start.starts_with(":940:");
    begins && start.contains(":20:") && text.contains(":60")
}

/// Reads a file.
pub(super) fn read(text: &str) -> Result<Vec<StatementEntry>, BankFileRefused> {
    let mut reading = Reading::default();
    for field in fields(text) {
        reading.field(&field)?;
        within(&reading.entries)?;
    }
    if reading.open {
        let last = text.matches('\n').count() as u64 + 1;
        return Err(BankFileRefused::entry(
            last,
            "the file ends early: the closing balance is missing",
        ));
    }
    Ok(reading.entries)
}

/// A field with the lines below it.
struct Field<'a> {
    tag: &'a str,
    line: u64,
    lines: Vec<&'a str>,
}

fn fields(text: &str) -> Vec<Field<'_>> {
    let mut fields: Vec<Field<'_>> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        // The envelope's last block may begin the first line of the statement.
        let line = line.rsplit_once("{4:").map_or(line, |(_, rest)| rest);
        if let Some((tag, rest)) = tag_of(line) {
            fields.push(Field {
                tag,
                line: number,
                lines: vec![rest],
            });
        } else if line.starts_with('-') || line.starts_with('{') || line.trim().is_empty() {
            // The end of a statement, or the envelope of the next: nothing more belongs to the field above. A line of text
            // that begins with a dash is allowed nowhere.
            fields.push(Field {
                tag: "",
                line: number,
                lines: Vec::new(),
            });
        } else if let Some(above) = fields.last_mut().filter(|field| !field.tag.is_empty()) {
            above.lines.push(line);
        }
    }
    fields
}

/// `:86:text` as its tag and text.
fn tag_of(line: &str) -> Option<(&str, &str)> {
    let (tag, rest) = line.strip_prefix(':')?.split_once(':')?;
    let number = tag.get(..2)?.bytes().all(|byte| byte.is_ascii_digit());
    let letter = matches!(tag.get(2..)?.as_bytes(), [] | [b'A'..=b'Z']);
    (number && letter).then_some((tag, rest))
}

#[derive(Default)]
struct Reading {
    account: Option<String>,
    currency: Option<Currency>,
    entries: Vec<StatementEntry>,
    /// The last field was an entry, so that `:86:` belongs to it.
    is_entry: bool,
    /// A statement has begun and has no closing balance yet.
    open: bool,
}

impl Reading {
    fn field(&mut self, field: &Field<'_>) -> Result<(), BankFileRefused> {
        let is_entry = std::mem::take(&mut self.is_entry);
        let first = field.lines.first().copied().unwrap_or_default();
        match field.tag {
            "20" => {
                (self.account, self.currency) = (None, None);
                self.open = true;
            }
            "25" | "25P" => self.account = Some(first.trim().to_owned()).filter(|text| !text.is_empty()),
            "60F" | "60M" => {
                let code = first.get(7..10).unwrap_or_default();
                self.currency = Some(currency(code, field.line)?);
            }
            "61" => {
                let entry = self.entry(field)?;
                self.entries.push(entry);
                self.is_entry = true;
            }
            "62F" | "62M" => self.open = false,
            "86" if is_entry => {
                if let Some(entry) = self.entries.last_mut() {
                    add(entry, said(&field.lines));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// `2611201120CR1234,56NTRFINV-1//BANKREF` and a line of supplementary details.
    fn entry(&self, field: &Field<'_>) -> Result<StatementEntry, BankFileRefused> {
        let line = field.line;
        let whole = field.lines.first().copied().unwrap_or_default().trim_end();
        let broken = || BankFileRefused::entry(line, format!("{} is no entry of MT940", short(whole)));
        let currency = self
            .currency
            .ok_or_else(|| BankFileRefused::entry(line, "the entry stands before the opening balance"))?;
        let (value, rest) = whole.split_at_checked(6).ok_or_else(broken)?;
        let value = short_day(value, line)?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (entry_day, rest) = match digits {
            0 => (None, rest),
            4 => (Some(near(&rest[..4], value, line)?), &rest[4..]),
            _ => return Err(broken()),
        };
        let marks = [
            ("RC", EntryKind::Reversal, Sign::Out),
            ("RD", EntryKind::Reversal, Sign::In),
            ("EC", EntryKind::Pending, Sign::In),
            ("ED", EntryKind::Pending, Sign::Out),
            ("C", EntryKind::MoneyIn, Sign::In),
            ("D", EntryKind::MoneyOut, Sign::Out),
        ];
        let mark = marks.iter().find(|(mark, ..)| rest.starts_with(mark));
        let (mark, kind, sign) = mark.ok_or_else(broken)?;
        let rest = &rest[mark.len()..];
        // The third letter of the currency may stand here.
        let rest = rest
            .strip_prefix(|c: char| c.is_ascii_uppercase())
            .unwrap_or(rest);
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != ',')
            .ok_or_else(broken)?;
        let amount = amount(&rest[..end], DecimalMark::Comma, currency, line)?;
        let kind = match kind {
            EntryKind::MoneyIn if amount.is_zero() => EntryKind::MoneyOut,
            kind => *kind,
        };
        // One letter and three characters say the kind of the transaction.
        let references = rest[end..].get(4..).unwrap_or_default();
        let (own, bank) = references.split_once("//").unwrap_or((references, ""));
        let references = [own, bank].into_iter().filter(|text| is_said(text));
        let more = field.lines.iter().skip(1).map(|line| line.trim().to_owned());
        Ok(StatementEntry {
            line,
            account: self.account.clone(),
            booked_on: entry_day.unwrap_or(value),
            value_on: Some(value),
            amount: match sign {
                Sign::In => amount,
                Sign::Out => negative(amount, line)?,
            },
            kind,
            text: more.filter(|text| !text.is_empty()).collect(),
            references: references.map(str::to_owned).collect(),
            payer_name: None,
            payer_account: None,
            // The bank's reference is the same for several entries at some banks.
            bank_id: None,
        })
    }
}

#[derive(Clone, Copy)]
enum Sign {
    In,
    Out,
}

fn add(entry: &mut StatementEntry, said: Said) {
    let Said {
        text,
        references,
        name,
        account,
    } = said;
    entry.text.extend(text);
    entry
        .references
        .extend(references.into_iter().filter(|text| is_said(text)));
    entry.payer_name = name;
    entry.payer_account = account;
}
