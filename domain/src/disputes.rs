//! Disputes: a buyer says that a part of an invoice is not owed, line by line, and the seller answers.
//!
//! While one waits for its answer the invoice stands as it was issued and the rest of it stays payable; the disputed part is
//! not offered by default, not paid by itself and stands apart where debts are listed by age (V19). A dispute ends once: by
//! a credit note, by the seller's no, or because the buyer takes it back.

mod form;
pub mod list;

pub use form::DisputeFields;
pub use list::{DisputeQuery, DisputeRow};

use crate::{
    access::Side,
    ids::{CreditNoteId, DisputeId, FormKey, InvoiceId},
    invoices::{Stage, billed::Billed, codes::codes},
    money::Money,
    payments::form::line_field,
    refusal::{FieldErrors, NotPayable, Refusal},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Most characters of the reason of a dispute, and of the answer to it.
pub const REASON_MAX: u32 = 500;

/// How far a dispute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DisputeState {
    /// Waits for the seller's answer.
    Open,
    /// Answered by a credit note.
    Credited,
    /// The seller said no.
    Refused,
    /// The buyer took it back.
    Withdrawn,
}

codes! {
    DisputeState:
        Open = "open" "Waits for an answer",
        Credited = "credited" "Credited",
        Refused = "refused" "Refused",
        Withdrawn = "withdrawn" "Withdrawn";
}

/// A dispute to be opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenDispute {
    /// Key of the rendering (V29).
    pub key: FormKey,
    /// The invoice.
    pub invoice: InvoiceId,
    /// What is wrong with it.
    pub reason: String,
    /// With tax, by the positions of its lines.
    pub parts: Vec<(u32, Money)>,
}

/// A line or a cost of an invoice, as far as disputing it is concerned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputableLine {
    /// Its position.
    pub position: u32,
    /// What it is.
    pub description: String,
    /// What it costs with its tax.
    pub gross: Money,
    /// What of that is not disputed yet.
    pub left: Money,
}

/// A part of a dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputePart {
    /// Position of the line.
    pub position: u32,
    /// What the line was called then.
    pub description: String,
    /// How much of it, with tax.
    pub amount: Money,
}

/// How a dispute ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeEnd {
    /// Who ended it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What they said.
    pub words: String,
    /// The credit note that answers it: id and number.
    pub credit_note: Option<(CreditNoteId, String)>,
}

/// A dispute as both sides see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// Which.
    pub id: DisputeId,
    /// How far it is.
    pub state: DisputeState,
    /// What is disputed.
    pub amount: Money,
    /// Of which lines.
    pub parts: Vec<DisputePart>,
    /// What is wrong with them.
    pub reason: String,
    /// Who opened it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// How it ended.
    pub end: Option<DisputeEnd>,
    /// It continues one that was answered, since the credit note that answered it was withdrawn: id and number of that.
    pub again_without: Option<(CreditNoteId, String)>,
}

/// The page of an invoice's disputes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disputes {
    /// Key of this rendering.
    pub key: FormKey,
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// The other side.
    pub counterparty: String,
    /// Which side the viewer is on.
    pub side: Side,
    /// What is open of it.
    pub open: Money,
    /// What of that waits for an answer.
    pub disputed: Money,
    /// Whether more of it can be disputed, and if not, why.
    pub possible: Result<(), Refusal>,
    /// Its lines.
    pub lines: Vec<DisputableLine>,
    /// The newest first.
    pub all: Vec<Dispute>,
    /// As of the end of this day; none for now. What was then cannot be acted on.
    pub on: Option<NaiveDate>,
}

/// What can be disputed of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disputable {
    /// Where it stands.
    pub stage: Stage,
    /// What is open of it.
    pub open: Money,
    /// What of that is disputed already.
    pub disputed: Money,
    /// Its lines.
    pub lines: Vec<DisputableLine>,
}

impl Disputable {
    /// An invoice with what is disputed of it by line.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn new(
        stage: Stage,
        open: Money,
        disputed: Money,
        lines: &[Billed],
        by_line: impl Fn(u32) -> Money,
    ) -> Result<Self, Refusal> {
        let line = |line: &Billed| {
            Ok(DisputableLine {
                position: line.position,
                description: line.description.clone(),
                left: line.gross.checked_sub(by_line(line.position))?.not_below_zero(),
                gross: line.gross,
            })
        };
        Ok(Self {
            stage,
            open,
            disputed,
            lines: lines.iter().map(line).collect::<Result<_, Refusal>>()?,
        })
    }

    /// What is open and not disputed yet.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn left(&self) -> Result<Money, Refusal> {
        Ok(self.open.checked_sub(self.disputed)?.not_below_zero())
    }

    /// Whether anything of it can be disputed; `number` is what the invoice is called.
    ///
    /// # Errors
    /// [`Refusal::NotPayable`] while nothing is owed on it; [`Refusal::AllDisputed`].
    pub fn possible(&self, number: &str) -> Result<(), Refusal> {
        let number = number.to_owned();
        let why = match self.stage {
            Stage::Draft => NotPayable::Draft,
            Stage::Void => NotPayable::Void,
            Stage::WrittenOff => NotPayable::WrittenOff,
            Stage::Paid => NotPayable::Paid,
            Stage::Open if self.left()?.is_positive() => return Ok(()),
            Stage::Open => return Err(Refusal::AllDisputed { number }),
        };
        Err(Refusal::NotPayable { number, why })
    }

    /// Judges the parts of a dispute and adds them up.
    ///
    /// # Errors
    /// By field of the line as counted in `parts` (see [`line_field`]): [`Refusal::FormBroken`] for a position that the
    /// invoice does not have or that comes twice, [`Refusal::NotPositive`], [`Refusal::MoreThanDisputable`] for more than
    /// the line has left. Under the empty name [`Refusal::NothingChosen`], or [`Refusal::MoreThanDisputable`] for more than
    /// is open.
    pub fn check(&self, parts: &[(u32, Money)]) -> Result<Money, FieldErrors> {
        if parts.is_empty() {
            return Err(FieldErrors::one("", Refusal::NothingChosen));
        }
        let mut errors = FieldErrors::default();
        for (index, (position, amount)) in parts.iter().enumerate() {
            let twice = parts[..index].iter().any(|(other, _)| other == position);
            let outcome = if twice {
                Err(Refusal::FormBroken)
            } else {
                self.check_part(*position, *amount)
            };
            if let Err(refusal) = outcome {
                errors.add(line_field(index, "amount"), refusal);
            }
        }
        errors.unless(())?;
        let whole = |refusal| FieldErrors::one("", refusal);
        let sum = Money::sum(self.open.currency(), parts.iter().map(|(_, amount)| *amount)).map_err(whole)?;
        let left = self.left().map_err(whole)?;
        if sum.minor() > left.minor() {
            return Err(whole(Refusal::MoreThanDisputable { left }));
        }
        Ok(sum)
    }

    /// Parts of a dispute that comes back, each as far as its line and the invoice have that much left: those of lines of
    /// which nothing is left are not among them, and of an invoice of which nothing is owed none is.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn as_far_as_left(&self, parts: &[(u32, Money)]) -> Result<Vec<(u32, Money)>, Refusal> {
        let mut rest = match self.stage {
            Stage::Open => self.left()?,
            Stage::Draft | Stage::Void | Stage::WrittenOff | Stage::Paid => return Ok(Vec::new()),
        };
        let mut again = Vec::new();
        for (position, amount) in parts {
            let Some(line) = self.lines.iter().find(|line| line.position == *position) else {
                continue;
            };
            let part = amount.min(line.left)?.min(rest)?;
            if part.is_positive() {
                rest = rest.checked_sub(part)?;
                again.push((*position, part));
            }
        }
        Ok(again)
    }

    fn check_part(&self, position: u32, amount: Money) -> Result<(), Refusal> {
        let found = self.lines.iter().find(|line| line.position == position);
        let left = found.ok_or(Refusal::FormBroken)?.left;
        if !amount.is_positive() {
            return Err(Refusal::NotPositive {
                number: String::new(),
            });
        }
        if amount.min(left)? != amount {
            return Err(Refusal::MoreThanDisputable { left });
        }
        Ok(())
    }
}

/// What is offered to be paid of an invoice: what is open, not being paid and not disputed.
pub fn offered(open: Money, pending: Money, disputed: Money) -> Money {
    let left = open
        .minor()
        .saturating_sub(pending.minor())
        .saturating_sub(disputed.minor());
    Money::new(left.max(0), open.currency())
}

#[cfg(test)]
mod tests;
