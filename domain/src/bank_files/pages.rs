//! What the pages of bank files show.

use super::{
    columns::BankColumns,
    matching::{Confidence, Proposal},
    statement::EntryKind,
};
use crate::{
    ids::{AccountId, BankEntryId, BankFileId, InvoiceId, PaymentId},
    invoices::codes::codes,
    list::Page,
    money::Money,
    refusal::Refusal,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Most characters of the reason for which an entry is set aside.
pub const ASIDE_MAX: u32 = 200;

/// Where a file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BankFileState {
    /// Its columns wait to be named.
    Columns,
    /// Its entries are here.
    Read,
}

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BankEntryState {
    /// Came in and waits to be recorded.
    Waiting,
    /// A payment was recorded from it.
    Recorded,
    /// Is no payment of a customer; somebody said why.
    Aside,
    /// Went out, was taken back or is not booked yet: never recorded.
    NotIn,
}

codes! {
    BankFileState:
        Columns = "columns" "Columns to be named",
        Read = "read" "Read";
    BankEntryState:
        Waiting = "waiting" "Waiting",
        Recorded = "recorded" "Recorded",
        Aside = "aside" "Set aside",
        NotIn = "not_in" "No money in";
}

/// A file in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankFileRow {
    /// Which.
    pub id: BankFileId,
    /// Its name.
    pub name: String,
    /// `camt.053`, `CSV` and so on.
    pub format: String,
    /// Where it stands.
    pub state: BankFileState,
    /// Entries in it that no file before had.
    pub entries: u64,
    /// Entries that were in files before.
    pub known: u64,
    /// Entries of it that still wait.
    pub waiting: u64,
    /// Who brought it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The page of all files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankFiles {
    /// The latest, newest first.
    pub files: Vec<BankFileRow>,
    /// There are more.
    pub more: bool,
    /// Entries of all files that wait.
    pub waiting: u64,
}

/// An entry in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankEntryRow {
    /// Which.
    pub id: BankEntryId,
    /// On which day it was booked.
    pub booked_on: NaiveDate,
    /// How much.
    pub amount: Money,
    /// What it is.
    pub kind: EntryKind,
    /// Who sent it.
    pub payer: Option<String>,
    /// What for.
    pub text: String,
    /// Where it stands.
    pub state: BankEntryState,
    /// Why it was set aside.
    pub reason: Option<String>,
    /// The payment and its receipt's number.
    pub payment: Option<(PaymentId, String)>,
    /// That payment was reversed.
    pub reversed: bool,
    /// What it probably is, while it waits.
    pub proposal: Option<Proposal>,
}

impl BankEntryRow {
    /// Whether it can be recorded as proposed from the list, and is chosen from the start.
    pub fn offered(&self) -> bool {
        let certain = |proposal: &Proposal| proposal.confidence == Confidence::Certain;
        self.state == BankEntryState::Waiting && self.proposal.as_ref().is_some_and(certain)
    }
}

/// CSV columns to be named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnsOffer {
    /// The file's headings.
    pub header: Vec<String>,
    /// Its first row.
    pub sample: Vec<String>,
    /// What is proposed.
    pub columns: BankColumns,
}

/// The page of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankFileDetail {
    /// What the list shows.
    pub row: BankFileRow,
    /// While its columns wait.
    pub offer: Option<ColumnsOffer>,
    /// Its entries, the latest day first.
    pub entries: Page<BankEntryRow>,
}

/// The page of one entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankEntryDetail {
    /// What the list shows.
    pub row: BankEntryRow,
    /// The file that brought it.
    pub file: BankFileId,
    /// Name of that.
    pub file_name: String,
    /// Line of the file.
    pub line: u64,
    /// The seller's account, masked.
    pub account: Option<String>,
    /// Value day.
    pub value_on: Option<NaiveDate>,
    /// What it was sent for, line by line.
    pub text: Vec<String>,
    /// References.
    pub references: Vec<String>,
    /// The payer's account, masked.
    pub payer_account: Option<String>,
    /// Who changed it last, and when.
    pub changed: Option<(String, DateTime<Utc>)>,
}

/// An entry on the page on which a payment is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankPrefill {
    /// Which.
    pub entry: BankEntryId,
    /// What came in: the payment is as much.
    pub amount: Money,
    /// On which day.
    pub booked_on: NaiveDate,
    /// Who sent it.
    pub payer: Option<String>,
    /// What the receipt would say.
    pub memo: String,
    /// The customer that is proposed.
    pub account: Option<AccountId>,
    /// What is proposed for invoices.
    pub lines: Vec<(InvoiceId, Money)>,
}

/// What became of entries that were recorded at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedEntries {
    /// How many were recorded.
    pub recorded: u64,
    /// Those that were not, with why.
    pub failed: Vec<(BankEntryId, Refusal)>,
}

/// An entry that is to be recorded as it was proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenEntry {
    /// Which.
    pub entry: BankEntryId,
    /// What of the proposal was seen, as [`Proposal::token`] writes it.
    pub seen: String,
}

impl Proposal {
    /// What is proposed, as one word: recorded is only what was seen.
    pub fn token(&self) -> String {
        let account = self
            .account
            .map(|account| account.to_string())
            .unwrap_or_default();
        let line =
            |line: &super::ProposedLine| format!(".{}-{}", line.invoice.0.simple(), line.amount.minor());
        let lines: String = self.lines.iter().map(line).collect();
        format!("{account}{lines}")
    }
}

impl ChosenEntry {
    /// Reads what a checkbox posts.
    pub fn read(word: &str) -> Option<Self> {
        let (entry, seen) = word.split_once(' ').unwrap_or((word, ""));
        Some(Self {
            entry: entry.parse().ok()?,
            seen: seen.to_owned(),
        })
    }

    /// What a checkbox posts.
    pub fn write(&self) -> String {
        format!("{} {}", self.entry, self.seen)
    }
}
