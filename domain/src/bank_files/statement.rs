//! One entry of a bank's file, in the same shape for every format.

use crate::{money::Money, text::without_card_numbers};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most lines of text of an entry that are kept.
const MOST_LINES: usize = 40;
/// Most references of an entry that are kept.
const MOST_REFERENCES: usize = 20;
/// Longest line, name or reference that is kept, in characters.
const LONGEST: usize = 200;

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EntryKind {
    /// Money that came in: the only kind that can be recorded.
    MoneyIn,
    /// Money that went out.
    MoneyOut,
    /// Takes an earlier entry back, or corrects it, in either direction.
    Reversal,
    /// Announced, but not booked: it comes again when it is.
    Pending,
}

crate::invoices::codes::codes! {
    EntryKind:
        MoneyIn = "in" "Money in",
        MoneyOut = "out" "Money out",
        Reversal = "reversal" "Reversal",
        Pending = "pending" "Not booked yet";
}

/// One entry of a bank's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementEntry {
    /// Line of the file where it begins, from 1.
    pub line: u64,
    /// The seller's own account, as the file names it.
    pub account: Option<String>,
    /// On which day the bank booked it.
    pub booked_on: NaiveDate,
    /// From which day the bank counts it.
    pub value_on: Option<NaiveDate>,
    /// How much; below zero when it left the account.
    pub amount: Money,
    /// What it is.
    pub kind: EntryKind,
    /// What it was sent for, line by line.
    pub text: Vec<String>,
    /// References that travelled with it: of the payer, the end-to-end one, of the remittance.
    pub references: Vec<String>,
    /// Who sent it.
    pub payer_name: Option<String>,
    /// From which account.
    pub payer_account: Option<String>,
    /// The bank's own id of it, where it is good for telling entries apart.
    pub bank_id: Option<String>,
}

impl StatementEntry {
    /// Only money that came in and is booked is ever recorded.
    pub const fn can_be_recorded(&self) -> bool {
        matches!(self.kind, EntryKind::MoneyIn) && self.amount.is_positive()
    }

    /// The same with its texts bounded, on one line each, and without what looks like a card's number (V35).
    #[must_use]
    pub fn cleaned(self) -> Self {
        let Self {
            line,
            account,
            booked_on,
            value_on,
            amount,
            kind,
            text,
            references,
            payer_name,
            payer_account,
            bank_id,
        } = self;
        let some = |text: Option<String>| text.map(|text| clean(&text)).filter(|text| !text.is_empty());
        let all = |texts: Vec<String>, most| {
            let cleaned = texts.iter().map(|text| clean(text));
            cleaned.filter(|text| !text.is_empty()).take(most).collect()
        };
        Self {
            line,
            account: some(account),
            booked_on,
            value_on,
            amount,
            kind,
            text: all(text, MOST_LINES),
            references: all(references, MOST_REFERENCES),
            payer_name: some(payer_name),
            payer_account: some(payer_account),
            bank_id: some(bank_id),
        }
    }

    /// All that tells it from another entry, but not where it stands in the file.
    fn identity(&self) -> String {
        let account = self.account.as_deref().unwrap_or_default();
        let what = format!("{} {}", self.amount.minor(), self.amount.currency());
        // A pending entry is another one than the booked one that follows it.
        let kind = self.kind.code();
        // With an id of the bank nothing else counts: texts are worded anew in the next format or version. The amount
        // does count, for banks that give one id to a payment and its fee.
        let rest = match &self.bank_id {
            Some(id) => vec!["id", id.as_str()],
            None => {
                let payer = [&self.payer_name, &self.payer_account];
                let payer = payer.into_iter().map(|text| text.as_deref().unwrap_or_default());
                let texts = self.text.iter().chain(&self.references).map(String::as_str);
                ["fields"].into_iter().chain(payer).chain(texts).collect()
            }
        };
        let days = match &self.bank_id {
            Some(_) => String::new(),
            None => format!("{} {:?}", self.booked_on, self.value_on),
        };
        let mut parts = vec![account, &what, kind, &days];
        parts.extend(rest);
        // No part of what is joined has a line break.
        parts.join("\n")
    }
}

/// By what each entry of a file is known in other files: its identity and which of several equal ones it is, since two
/// payments of one day may agree in everything. A file holds whole days, so that the second is the second in the next
/// file too.
pub fn identities(entries: &[StatementEntry]) -> Vec<String> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let number = |entry: &StatementEntry| {
        let identity = entry.identity();
        let times = seen.entry(identity.clone()).or_default();
        *times += 1;
        format!("{identity}\n#{times}")
    };
    entries.iter().map(number).collect()
}

/// An account for the screen: its last four characters.
pub fn mask_account(account: &str) -> String {
    let plain: Vec<char> = account.chars().filter(|c| c.is_alphanumeric()).collect();
    // Of a short one four would be too much.
    let shown = if plain.len() > 8 { 4 } else { 2.min(plain.len()) };
    let end: String = plain[plain.len() - shown..].iter().collect();
    format!("\u{2022}\u{2022}\u{2022}\u{2022} {end}")
}

fn clean(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line.chars().take(LONGEST).collect();
    without_card_numbers(&line)
}
