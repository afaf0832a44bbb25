//! BAI2, the cash management file of American banks.
//!
//! Records stand one to a line, separated by commas and closed by a slash; `88` continues the record above. Amounts have no
//! decimal point: the currency says how many decimals they have.

use super::{
    BankFileRefused,
    amounts::{currency, is_said, short, short_day},
    within,
};
use chrono::NaiveDate;
use domain::{
    Currency, Money,
    bank_files::{EntryKind, StatementEntry},
};

/// Type codes of credits that take something back: reversals, returned items, corrections, rejected credits.
const REVERSALS: [u32; 10] = [252, 254, 255, 257, 258, 261, 266, 268, 395, 263];

/// Words before the name of whoever sent it, as banks write them into the text.
const PAYER: [&str; 5] = ["ORIG CO NAME:", "ORIGINATOR:", "REMITTER:", "ORIG:", "ORG="];

/// Whether a text is BAI2.
pub(super) fn is_bai2(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().is_some_and(|line| line.starts_with("01,"));
    first
        && lines
            .next()
            .is_some_and(|line| line.starts_with("02,") || line.starts_with("88,"))
}

/// Reads a file.
pub(super) fn read(text: &str) -> Result<Vec<StatementEntry>, BankFileRefused> {
    let mut reading = Reading::default();
    let mut record: Option<(u64, String)> = None;
    let mut last = 1;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        last = number;
        match (line.strip_prefix("88,"), &mut record) {
            (Some(more), Some((_, open))) => {
                open.push('\n');
                open.push_str(more);
            }
            (Some(_), None) => {
                return Err(BankFileRefused::entry(number, "the record continues none"));
            }
            (None, _) => {
                if let Some((begun, whole)) = record.take() {
                    reading.record(begun, &whole)?;
                }
                record = Some((number, line.to_owned()));
            }
        }
    }
    if let Some((begun, whole)) = record {
        reading.record(begun, &whole)?;
    }
    if !reading.ended {
        return Err(BankFileRefused::entry(
            last,
            "the file ends early: its last record is missing",
        ));
    }
    Ok(reading.entries)
}

#[derive(Default)]
struct Reading {
    /// Day and currency of the group.
    group: Option<(NaiveDate, Currency)>,
    /// Account and currency.
    account: Option<(String, Currency)>,
    entries: Vec<StatementEntry>,
    ended: bool,
}

impl Reading {
    fn record(&mut self, line: u64, record: &str) -> Result<(), BankFileRefused> {
        let mut fields = Fields(record);
        let code = fields.next().unwrap_or_default();
        if self.ended {
            return Err(BankFileRefused::entry(line, "something follows the last record"));
        }
        match code {
            "01" | "49" | "98" => {}
            "02" => {
                let all: Vec<&str> = (0..7).map(|_| fields.next().unwrap_or_default()).collect();
                if matches!(all[2], "2" | "4") {
                    return Err(BankFileRefused::entry(line, "the group is a deletion or a test"));
                }
                let code = if all[5].is_empty() { "USD" } else { all[5] };
                self.group = Some((short_day(all[3], line)?, currency(code, line)?));
                self.account = None;
            }
            "03" => {
                let (_, of_group) = self.in_group(line)?;
                let account = fields.next().unwrap_or_default().to_owned();
                let currency = match fields.next().filter(|code| !code.is_empty()) {
                    Some(code) => currency(code, line)?,
                    None => of_group,
                };
                self.account = Some((account, currency));
            }
            "16" => self.transaction(line, fields)?,
            "99" => self.ended = true,
            other => {
                let what = format!("{} begins no record of BAI2", short(other));
                return Err(BankFileRefused::entry(line, what));
            }
        }
        Ok(())
    }

    fn in_group(&self, line: u64) -> Result<(NaiveDate, Currency), BankFileRefused> {
        self.group
            .ok_or_else(|| BankFileRefused::entry(line, "the record stands in no group"))
    }

    fn transaction(&mut self, line: u64, mut fields: Fields<'_>) -> Result<(), BankFileRefused> {
        let (booked_on, _) = self.in_group(line)?;
        let Some((account, currency)) = &self.account else {
            return Err(BankFileRefused::entry(line, "the record stands in no account"));
        };
        let code = fields.next().unwrap_or_default();
        let number: u32 = code
            .parse()
            .map_err(|_| BankFileRefused::entry(line, format!("{} is no type code", short(code))))?;
        let stated = fields.next().unwrap_or_default();
        let (value_on, after) = funds(&mut fields, line)?;
        let references = match after {
            After::References => [fields.next(), fields.next()],
            After::Text => [None, None],
        };
        let text: Vec<String> = fields
            .0
            .lines()
            .map(text_of)
            .filter(|text| !text.is_empty())
            .collect();
        // Codes such as 890 say something without an amount.
        if stated.is_empty() {
            return Ok(());
        }
        let (minor, is_credit) = (minor(stated, line)?, is_credit(number));
        let signed = if is_credit { minor } else { -minor };
        let kind = if REVERSALS.contains(&number) || minor < 0 {
            EntryKind::Reversal
        } else if is_credit && minor > 0 {
            EntryKind::MoneyIn
        } else {
            EntryKind::MoneyOut
        };
        let references = references.into_iter().flatten().filter(|text| is_said(text));
        self.entries.push(StatementEntry {
            line,
            account: Some(account.clone()).filter(|account| !account.is_empty()),
            booked_on,
            value_on,
            amount: Money::new(signed, *currency),
            kind,
            payer_name: text.iter().find_map(|line| payer(line)),
            text,
            references: references.map(str::to_owned).collect(),
            payer_account: None,
            // The bank's reference is not told apart by every bank.
            bank_id: None,
        });
        within(&self.entries)
    }
}

/// Fields of a record that is being read; what is left is the text.
struct Fields<'a>(&'a str);

impl<'a> Fields<'a> {
    /// The next field. A record may be continued between any two of them.
    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let end = self.0.find([',', '\n']).unwrap_or(self.0.len());
        // A slash closes the line.
        let field = self.0[..end].trim().trim_end_matches('/');
        self.0 = self.0.get(end + 1..).unwrap_or_default();
        Some(field)
    }

    fn skip(&mut self, count: u32) {
        for _ in 0..count {
            self.next();
        }
    }
}

/// What follows the kind of funds.
enum After {
    References,
    /// The record ended early and was continued with text.
    Text,
}

/// Passes over what the kind of funds adds, and gives the value day if it says one.
fn funds(fields: &mut Fields<'_>, line: u64) -> Result<(Option<NaiveDate>, After), BankFileRefused> {
    let before = fields.0;
    let mut value_on = None;
    match fields.next().unwrap_or_default() {
        "V" => {
            let day = fields.next().unwrap_or_default();
            value_on = (!day.is_empty()).then(|| short_day(day, line)).transpose()?;
            fields.next();
        }
        "S" => fields.skip(3),
        "D" => {
            let count = fields.next().unwrap_or_default();
            let count: u32 = count
                .parse()
                .ok()
                .filter(|count| *count <= 99)
                .ok_or_else(|| BankFileRefused::entry(line, "the availability is broken"))?;
            fields.skip(count * 2);
        }
        "" | "Z" | "0" | "1" | "2" => {}
        _ => {
            fields.0 = before;
            return Ok((None, After::Text));
        }
    }
    Ok((value_on, After::References))
}

fn minor(text: &str, line: u64) -> Result<i64, BankFileRefused> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let minor = Some(digits)
        .filter(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|digits| digits.parse::<i64>().ok())
        .ok_or_else(|| BankFileRefused::entry(line, format!("{} is no amount", short(text))))?;
    Ok(if text.starts_with('-') { -minor } else { minor })
}

const fn is_credit(code: u32) -> bool {
    matches!(code, 100..=399 | 920..=959)
}

fn text_of(line: &str) -> String {
    let line = line.trim();
    line.strip_suffix('/').unwrap_or(line).trim().to_owned()
}

fn payer(line: &str) -> Option<String> {
    let upper = line.to_ascii_uppercase();
    let (place, word) = PAYER.iter().find_map(|word| Some((upper.find(word)?, word)))?;
    let rest = &line[place + word.len()..];
    let name = rest.split([';', '/']).next()?.trim();
    // Several facts on one line are set apart by blanks.
    let name = name.split("  ").next()?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}
