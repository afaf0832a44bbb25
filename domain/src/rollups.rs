//! Roll-up bills: one bill of a parent over its subsidiaries' invoices of a period (V40, V41, V44).
//!
//! The bill owes nothing by itself: what is open of it is what is open of its invoices, so that no debt is counted twice. From
//! its issue until it is withdrawn only the parent pays them.

mod form;
pub mod list;

pub use form::{IssueRollup, RollupFields, Wanted};

use crate::{
    access::Side,
    ids::{AccountId, FormKey, InvoiceId, RollupId},
    money::{Currency, Money},
    payments::form::MOST_LINES,
    refusal::{FieldErrors, Locked, Refusal},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The most invoices that one bill holds: as many as one payment pays.
pub const MOST_INVOICES: usize = MOST_LINES;

/// Days of invoices that are billed as one. Both are in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
}

/// With which bill of its parent an invoice is paid, as far as its own company is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BilledWith {
    /// The bill's number.
    pub number: String,
    /// The parent's name.
    pub payer: String,
    /// The bill, for who sees it.
    pub rollup: Option<RollupId>,
}

/// How far a bill is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RollupState {
    /// Nothing of it was paid.
    Open,
    /// A part of it was.
    PartlyPaid,
    /// Nothing is open any more: it was paid or credited.
    Paid,
    /// Nothing is open any more, and something of it was given up.
    WrittenOff,
    /// It was withdrawn.
    Void,
}

/// A bill in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollupRow {
    /// Its id.
    pub id: RollupId,
    /// Its number.
    pub number: String,
    /// Name of the other side.
    pub counterparty: String,
    /// What days it is about.
    pub period: Period,
    /// When it was issued.
    pub issue_date: NaiveDate,
    /// When it is due.
    pub due_date: NaiveDate,
    /// What was open of its invoices when it was issued.
    pub total: Money,
    /// What is open of them now; nothing of a bill that was withdrawn.
    pub open: Money,
    /// How far it is.
    pub state: RollupState,
}

/// An invoice in a bill, or in what would become one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollupLine {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// Whose it is.
    pub company: String,
    /// When it was issued.
    pub issue_date: NaiveDate,
    /// When it is due.
    pub due_date: NaiveDate,
    /// What was open of it when the bill was issued.
    pub amount: Money,
    /// What is open of it now.
    pub open: Money,
    /// The viewer sees the invoice itself.
    pub reached: bool,
}

/// The lines of one subsidiary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Which.
    pub company: String,
    /// Its invoices.
    pub lines: Vec<RollupLine>,
    /// What they were billed with.
    pub amount: Money,
    /// What is open of them now.
    pub open: Money,
}

/// The page of a bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollup {
    /// What the list shows.
    pub row: RollupRow,
    /// From which side it is seen.
    pub side: Side,
    /// The parent's account.
    pub account: AccountId,
    /// Who issued it.
    pub seller: String,
    /// The parent.
    pub buyer: String,
    /// Its invoices by company.
    pub blocks: Vec<Block>,
    /// What can be paid now.
    pub payable: Money,
    /// Why it was withdrawn.
    pub void_reason: Option<String>,
    /// Whether it can be withdrawn, and if not, why.
    pub can_void: Result<(), Locked>,
}

/// The page on which one is prepared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRollup {
    /// Accounts of customers that have subsidiaries.
    pub parents: Vec<(AccountId, String)>,
    /// Currencies in which subsidiaries are billed.
    pub currencies: Vec<Currency>,
    /// What was asked for.
    pub fields: RollupFields,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// What the bill would hold; none until it is asked for.
    pub preview: Option<Preview>,
}

/// What a bill would hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Key of the rendering (V29).
    pub key: FormKey,
    /// The parent.
    pub buyer: String,
    /// The invoices by company.
    pub blocks: Vec<Block>,
    /// Their sum.
    pub total: Money,
    /// A mark of just these invoices with just these amounts.
    pub shown: String,
    /// When the last of them is due, and no day that is over.
    pub due_date: NaiveDate,
    /// Invoices that are left out, since somebody is paying them right now.
    pub being_paid: u64,
    /// There are more than one bill holds.
    pub more: bool,
}

/// What a bill's invoices come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums {
    /// What was open of them when it was issued.
    pub total: Money,
    /// What is open of them.
    pub open: Money,
    /// What of them was written off and not taken back.
    pub written_off: Money,
}

/// How far a bill is. Its words are those of its invoices (V14, V19): what was credited is as good as paid, and what was given up
/// is not.
pub fn state(is_void: bool, sums: Sums) -> RollupState {
    let Sums {
        total,
        open,
        written_off,
    } = sums;
    if is_void {
        RollupState::Void
    } else if !open.is_positive() && written_off.is_positive() {
        RollupState::WrittenOff
    } else if !open.is_positive() {
        RollupState::Paid
    } else if open.minor() < total.minor() {
        RollupState::PartlyPaid
    } else {
        RollupState::Open
    }
}

/// Whether a bill can be withdrawn: not while a payment of one of its invoices is under way, which only the parent makes.
///
/// # Errors
/// Why not.
pub const fn voiding(is_void: bool, pending: Money) -> Result<(), Locked> {
    if is_void {
        Err(Locked::Void)
    } else if pending.is_positive() {
        Err(Locked::Pending)
    } else {
        Ok(())
    }
}

/// Puts lines together by company: the companies by name, the lines of each by what is due first.
///
/// # Errors
/// [`Refusal::MixedCurrencies`] for lines of several currencies (V44); [`Refusal::AmountTooLarge`].
pub fn blocks(mut lines: Vec<RollupLine>) -> Result<Vec<Block>, Refusal> {
    lines.sort_by(|a, b| {
        (&a.company, a.due_date, &a.number, a.invoice).cmp(&(&b.company, b.due_date, &b.number, b.invoice))
    });
    let mut blocks: Vec<Block> = Vec::new();
    for line in lines {
        match blocks.last_mut().filter(|block| block.company == line.company) {
            Some(block) => {
                block.amount = block.amount.checked_add(line.amount)?;
                block.open = block.open.checked_add(line.open)?;
                block.lines.push(line);
            }
            None => blocks.push(Block {
                company: line.company.clone(),
                amount: line.amount,
                open: line.open,
                lines: vec![line],
            }),
        }
    }
    Ok(blocks)
}

#[cfg(test)]
mod tests;
