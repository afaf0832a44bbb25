//! The life of an invoice: which badge it shows and what may be done with it next (V14 to V20).
//!
//! Stage and status are derived from amounts and dates, never set by hand. Each decision is the same function on the
//! page, which says beforehand why something cannot be done, and on the server, which refuses it.

use super::{Stage, Status};
use crate::{
    money::Money,
    refusal::{Locked, NotPayable, Refusal},
};
use chrono::NaiveDate;

/// The badge: the first that fits of draft, void, written off, paid, overdue, partially paid, open (D14, V19).
///
/// `open` is what is still owed, `settled` what payments and credits took off; today is a day in the seller's time
/// zone.
pub fn status(stage: Stage, due: NaiveDate, open: Money, settled: Money, today: NaiveDate) -> Status {
    match stage {
        Stage::Draft => Status::Draft,
        Stage::Void => Status::Void,
        Stage::WrittenOff => Status::WrittenOff,
        Stage::Paid => Status::Paid,
        Stage::Open if !open.is_positive() => Status::Paid,
        Stage::Open if due < today => Status::Overdue,
        Stage::Open if settled.is_positive() => Status::PartiallyPaid,
        Stage::Open => Status::Open,
    }
}

/// Whether it can be paid now; `pending` is the part of `open` that is being paid already (V20, V31).
///
/// # Errors
/// Why not.
pub fn can_pay(stage: Stage, open: Money, pending: Money) -> Result<(), NotPayable> {
    match stage {
        Stage::Draft => Err(NotPayable::Draft),
        Stage::Void => Err(NotPayable::Void),
        Stage::WrittenOff => Err(NotPayable::WrittenOff),
        Stage::Paid => Err(NotPayable::Paid),
        Stage::Open if !open.is_positive() => Err(NotPayable::Paid),
        Stage::Open if pending.minor() >= open.minor() => Err(NotPayable::Pending),
        Stage::Open => Ok(()),
    }
}

/// What is still owed: total less payments less credits (V9, V25).
///
/// # Errors
/// [`Refusal::MoreThanAvailable`] when more was paid and credited than billed; mixed currencies or overflow.
pub fn open_amount(total: Money, paid: Money, credited: Money) -> Result<Money, Refusal> {
    let open = total.checked_sub(paid)?.checked_sub(credited)?;
    if open.is_negative() {
        return Err(Refusal::MoreThanAvailable { available: total });
    }
    Ok(open)
}

/// The stage of an issued invoice, from what was paid and credited (V14): paid as soon as nothing is open, open again
/// as soon as something is.
///
/// # Errors
/// As [`open_amount`].
pub fn stage_after(total: Money, paid: Money, credited: Money) -> Result<Stage, Refusal> {
    let open = open_amount(total, paid, credited)?;
    Ok(if open.is_zero() { Stage::Paid } else { Stage::Open })
}

/// What an invoice is and what hangs on it, as far as changing it is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Where it stands.
    pub stage: Stage,
    /// What was billed.
    pub total: Money,
    /// Payments allocated to it.
    pub paid: Money,
    /// Credit applied to it.
    pub credited: Money,
    /// What of it was written off and not taken back.
    pub written_off: Money,
    /// Part that is being paid right now (V31).
    pub pending: Money,
    /// What of it is disputed and not answered.
    pub disputed: Money,
    /// It stands in a bill of its parent (V40).
    pub is_rolled_up: bool,
}

/// What deleting means for an invoice (V15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// A draft goes without a trace: it never had a number.
    Remove,
    /// An issued one is voided and keeps its number, so that the series has no gap.
    Void,
}

/// What editing means for an invoice (V17).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Editing {
    /// A draft is changed in place.
    InPlace,
    /// An issued one gets a new revision under the same number; the old one is kept.
    NewRevision,
}

impl Standing {
    /// Whether it can be deleted, and what that means: drafts and unpaid ones can, partly paid and complete ones
    /// cannot (I6, I7, V15, V16).
    ///
    /// # Errors
    /// Why not.
    pub fn deletion(&self) -> Result<Deletion, Locked> {
        match self.stage {
            Stage::Draft => Ok(Deletion::Remove),
            Stage::Void => Err(Locked::Void),
            Stage::WrittenOff => Err(Locked::WrittenOff),
            Stage::Paid => Err(Locked::Complete),
            Stage::Open => self.nothing_hangs_on_it().map(|()| Deletion::Void),
        }
    }

    /// Whether it can be edited, and what that means: drafts, unpaid and partly paid ones can, complete ones cannot
    /// (I7, I8, V16, V17). While a payment is on its way its amount is what somebody just agreed to pay (V31),
    /// a bill of its parent says what it was issued over (V40), and a dispute is about the lines as they are.
    ///
    /// # Errors
    /// Why not.
    pub fn editing(&self) -> Result<Editing, Locked> {
        match self.stage {
            Stage::Draft => Ok(Editing::InPlace),
            Stage::Void => Err(Locked::Void),
            Stage::WrittenOff => Err(Locked::WrittenOff),
            Stage::Paid => Err(Locked::Complete),
            Stage::Open if self.pending.is_positive() => Err(Locked::Pending),
            Stage::Open if self.is_rolled_up => Err(Locked::RolledUp),
            Stage::Open if self.written_off.is_positive() => Err(Locked::WrittenOff),
            Stage::Open if self.disputed.is_positive() => Err(Locked::HasDisputes),
            Stage::Open => Ok(Editing::NewRevision),
        }
    }

    /// Whether it can be voided: only what was issued, and only while no money, credit or dispute hangs on it (V18).
    /// A complete one is void-able in the one case that its total is nothing.
    ///
    /// # Errors
    /// Why not.
    pub fn voiding(&self) -> Result<(), Locked> {
        match self.stage {
            Stage::Draft => Err(Locked::Draft),
            Stage::Void => Err(Locked::Void),
            Stage::WrittenOff => Err(Locked::WrittenOff),
            Stage::Open | Stage::Paid => self.nothing_hangs_on_it(),
        }
    }

    /// Whether what is open of it can be given up, payments and credits or not: only while nothing of it is being paid or
    /// disputed, and one time, until that is taken back.
    ///
    /// # Errors
    /// Why not.
    pub fn writing_off(&self) -> Result<(), Locked> {
        match self.stage {
            Stage::Draft => Err(Locked::Draft),
            Stage::Void => Err(Locked::Void),
            Stage::WrittenOff => Err(Locked::WrittenOff),
            Stage::Paid => Err(Locked::Complete),
            Stage::Open if self.pending.is_positive() => Err(Locked::Pending),
            Stage::Open if self.written_off.is_positive() => Err(Locked::WrittenOff),
            Stage::Open if self.disputed.is_positive() => Err(Locked::HasDisputes),
            Stage::Open => Ok(()),
        }
    }

    /// Whether what was given up can be hoped for again.
    ///
    /// # Errors
    /// Why not.
    pub fn taking_back(&self) -> Result<(), Locked> {
        match self.stage {
            Stage::Draft => Err(Locked::Draft),
            Stage::Void => Err(Locked::Void),
            Stage::Paid => Err(Locked::Complete),
            Stage::Open | Stage::WrittenOff if self.written_off.is_positive() => Ok(()),
            Stage::Open | Stage::WrittenOff => Err(Locked::NotWrittenOff),
        }
    }

    /// What would be open if an edit changed the total (I11): the paid and credited part stays as it is.
    ///
    /// # Errors
    /// [`Refusal::BelowSettled`] when the new total is less than that part; mixed currencies or overflow.
    pub fn open_with_total(&self, total: Money) -> Result<Money, Refusal> {
        let settled = self.paid.checked_add(self.credited)?;
        let open = total.checked_sub(settled)?;
        if open.is_negative() {
            return Err(Refusal::BelowSettled { settled });
        }
        Ok(open)
    }

    fn nothing_hangs_on_it(&self) -> Result<(), Locked> {
        if self.pending.is_positive() {
            Err(Locked::Pending)
        } else if self.is_rolled_up {
            Err(Locked::RolledUp)
        } else if !self.paid.is_zero() {
            Err(Locked::HasPayments)
        } else if !self.credited.is_zero() {
            Err(Locked::HasCredits)
        } else if self.written_off.is_positive() {
            Err(Locked::WrittenOff)
        } else if self.disputed.is_positive() {
            Err(Locked::HasDisputes)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests;
