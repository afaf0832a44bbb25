//! Writing invoices by hand: the form, what it adds up to, and what a change of an issued one changed (I5 to I11, V17).

mod compare;
mod form;

pub use compare::{CostChange, LineChange, Snapshot, changes, cost_changes};
pub(crate) use form::read_lines;
pub use form::{CostText, InvoiceFields, LineText, cost_field};

use super::{Cost, InvoiceDetail, InvoiceLine, TaxCategory, Totals};
use crate::{
    decimal::TaxRate,
    ids::{AccountId, FormKey, InvoiceId, ProfileId},
    money::{Currency, Money},
    refusal::Locked,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Most lines of an invoice that is written by hand.
pub const MOST_LINES: usize = 200;
/// Most costs of an invoice as a whole.
pub const MOST_COSTS: usize = 20;
/// Most characters of a line's description, and of a cost's.
pub const DESCRIPTION_MAX: u32 = 300;
/// Most characters of an item's code.
pub const ITEM_MAX: u32 = 60;
/// Most characters of the note on the document.
pub const NOTE_MAX: u32 = 500;
/// Most characters of the reason for changing an issued invoice.
pub const REASON_MAX: u32 = 200;

/// What is done with what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WriteAct {
    /// It is kept: as a draft, or as a new revision of an issued invoice.
    Save,
    /// The draft is issued and gets its number.
    Issue,
}

/// What the buttons of the form ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WriteButton {
    /// To see what it comes to, and to get more lines; nothing is kept.
    Preview,
    /// [`WriteAct::Save`].
    Save,
    /// [`WriteAct::Issue`].
    Issue,
}

super::codes::codes! {
    WriteButton:
        Preview = "preview" "Add it up",
        Save = "save" "Save",
        Issue = "issue" "Issue";
}

impl WriteButton {
    /// What is done with what was written; none when it is only looked at.
    pub const fn act(self) -> Option<WriteAct> {
        match self {
            Self::Preview => None,
            Self::Save => Some(WriteAct::Save),
            Self::Issue => Some(WriteAct::Issue),
        }
    }
}

/// An invoice as it was written, added up (V6 to V9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteInvoice {
    /// Key of the rendering (V29).
    pub key: FormKey,
    /// Which one; the key of the first rendering is a new one's id.
    pub invoice: InvoiceId,
    /// The version that the writer saw; 0 for one that is not there yet.
    pub version: i64,
    /// Whom it bills.
    pub account: AccountId,
    /// The billing profile; none is the account's default. An issued one keeps its own.
    pub profile: Option<ProfileId>,
    /// What is to be done with it.
    pub act: WriteAct,
    /// Why an issued one is changed.
    pub reason: String,
    /// When it is issued, if it is.
    pub issue_date: NaiveDate,
    /// When it is due.
    pub due_date: NaiveDate,
    /// Note on the document.
    pub note: Option<String>,
    /// Its lines.
    pub lines: Vec<InvoiceLine>,
    /// Its costs as a whole.
    pub costs: Vec<Cost>,
    /// What they add up to.
    pub totals: Totals,
}

impl WriteInvoice {
    /// As it is kept and compared.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            due_date: self.due_date,
            note: self.note.clone(),
            lines: self.lines.clone(),
            costs: self.costs.clone(),
            totals: self.totals.clone(),
        }
    }
}

/// What kind of writing it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Writing {
    /// A new invoice.
    New,
    /// A draft.
    Draft,
    /// A new revision of an issued one.
    Revision {
        /// Its number, which stays.
        number: String,
        /// Paid and credited: it cannot be less (I11).
        settled: Money,
    },
    /// It cannot be changed.
    Refused {
        /// Its number; empty for a draft.
        number: String,
        /// Why not.
        why: Locked,
    },
}

/// The page on which an invoice is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceForm {
    /// Key of this rendering.
    pub key: FormKey,
    /// Which one.
    pub invoice: InvoiceId,
    /// Its version; 0 for one that is not there yet.
    pub version: i64,
    /// What kind of writing it is.
    pub writing: Writing,
    /// Whom it bills.
    pub account: AccountId,
    /// Its name.
    pub buyer: String,
    /// The billing profile that it is bound to.
    pub profile: Option<ProfileId>,
    /// Profiles that may be chosen, the default first.
    pub profiles: Vec<(ProfileId, String)>,
    /// In which currency.
    pub currency: Currency,
    /// Currencies that may be chosen.
    pub currencies: Vec<Currency>,
    /// When it is issued: today for what is not yet.
    pub issue_date: NaiveDate,
    /// When it is due.
    pub due_date: NaiveDate,
    /// Note on the document.
    pub note: String,
    /// Taken off the document.
    pub discount: Money,
    /// Its lines.
    pub lines: Vec<InvoiceLine>,
    /// Its costs as a whole.
    pub costs: Vec<Cost>,
    /// The tax that a new line begins with: the one that the customer was billed last.
    pub usual: (TaxCategory, TaxRate),
}

/// A revision that was replaced by a later one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// 1 for the invoice as it was issued.
    pub number: u32,
    /// How it was.
    pub snapshot: Snapshot,
    /// Why it was changed.
    pub reason: String,
    /// Who changed it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A revision that was replaced, with what stays of its invoice, to be drawn as the document that it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// The invoice as it is now: number, parties, terms and day of issue stay.
    pub invoice: InvoiceDetail,
    /// What it said before.
    pub revision: Revision,
    /// The seller's day on which that was replaced.
    pub on: NaiveDate,
}

/// All revisions of an invoice, for the page that compares them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revisions {
    /// Which.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// How it is now.
    pub now: Snapshot,
    /// How it was, the last first.
    pub before: Vec<Revision>,
}

#[cfg(test)]
mod tests;
