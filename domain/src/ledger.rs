//! The ledger: what every money act does to the seller's books.
//!
//! A posting moves an amount above zero from one book to another, so a set of postings is balanced by the way it is
//! written and not by a sum that somebody has to check. Money always comes in unapplied and credit always begins as
//! credit of the account; putting either to an invoice is a movement of its own, so what is open, unapplied and left of a
//! credit note are each the balance of one book (V24, V25, V38). Nothing is ever changed: what is taken back is
//! posted the other way round (V34).

use crate::{invoices::codes::codes, money::Money, refusal::Refusal};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A book of the seller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Book {
    /// What customers owe: the open amounts of invoices.
    Receivable,
    /// Money that came in by card, at the gateway.
    CardCash,
    /// Money that a bank debited for the gateway.
    DebitCash,
    /// Money that came in beside the portal: transfers, cheques, cash.
    OfflineCash,
    /// What was settled before the documents came here.
    Opening,
    /// Money of customers that is put to no invoice yet.
    Unapplied,
    /// Credit of customers that is put to no invoice yet.
    Credit,
    /// What was earned, without tax.
    Revenue,
    /// Tax that was billed.
    Tax,
    /// Named roundings of cash totals.
    Rounding,
    /// What will never be paid.
    WriteOff,
    /// What the gateway keeps for itself.
    Fees,
    /// What companies of a family paid for one another: nothing over all of them.
    Transfer,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EntryKind {
    /// An invoice was issued.
    Issue,
    /// An issued invoice was changed.
    Revise,
    /// An invoice was withdrawn.
    Void,
    /// Money came in.
    Receive,
    /// Money or credit was put to an invoice, or taken off it.
    Allocate,
    /// A credit note was issued.
    Credit,
    /// Money or credit was given back.
    Refund,
    /// A bank took money back (V33).
    Chargeback,
    /// Money that a bank took came back.
    WonBack,
    /// The gateway kept a fee.
    Fee,
    /// An invoice was given up.
    WriteOff,
    /// An import was taken back with all that it brought.
    Undo,
}

codes! {
    Book:
        Receivable = "receivable" "Receivable",
        CardCash = "cash_card" "Cash by card",
        DebitCash = "cash_debit" "Cash by bank debit",
        OfflineCash = "cash_offline" "Cash recorded by hand",
        Opening = "opening" "Brought forward",
        Unapplied = "unapplied" "Unapplied money",
        Credit = "credit" "Credit of customers",
        Revenue = "revenue" "Revenue",
        Tax = "tax" "Tax",
        Rounding = "rounding" "Rounding",
        WriteOff = "write_off" "Written off",
        Fees = "fees" "Fees",
        Transfer = "transfer" "Transfers between companies";
    EntryKind:
        Issue = "issue" "Invoice issued",
        Revise = "revise" "Invoice changed",
        Void = "void" "Invoice voided",
        Receive = "receive" "Payment received",
        Allocate = "allocate" "Put to an invoice",
        Credit = "credit" "Credit note issued",
        Refund = "refund" "Given back",
        Chargeback = "chargeback" "Charged back",
        WonBack = "won_back" "Money came back",
        Fee = "fee" "Fee of the gateway",
        WriteOff = "write_off" "Written off",
        Undo = "undo" "Import undone";
}

impl Book {
    /// Whether a balance is on the left: what the seller has or has spent. The others are what it owes or has earned.
    pub const fn is_debit(self) -> bool {
        matches!(
            self,
            Self::Receivable
                | Self::CardCash
                | Self::DebitCash
                | Self::OfflineCash
                | Self::Opening
                | Self::WriteOff
                | Self::Fees
                | Self::Transfer
        )
    }
}

/// A movement between two books. The amount is above zero, the books differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The book it goes to.
    pub debit: Book,
    /// The book it comes from.
    pub credit: Book,
    /// How much.
    pub amount: Money,
}

impl Posting {
    /// The same the other way round.
    #[must_use]
    pub const fn reversed(self) -> Self {
        Self {
            debit: self.credit,
            credit: self.debit,
            amount: self.amount,
        }
    }

    /// What it does to a book, in minor units: positive on the left, negative on the right.
    pub fn effect_on(&self, book: Book) -> i64 {
        if self.debit == book {
            self.amount.minor()
        } else if self.credit == book {
            -self.amount.minor()
        } else {
            0
        }
    }
}

/// From one book to another; less than nothing goes the other way, nothing is no posting.
///
/// # Errors
/// [`Refusal::AmountTooLarge`] for the one amount whose opposite does not fit.
fn moved(debit: Book, credit: Book, amount: Money) -> Result<Option<Posting>, Refusal> {
    let posting = |amount| Posting {
        debit,
        credit,
        amount,
    };
    Ok(if amount.is_zero() {
        None
    } else if amount.is_positive() {
        Some(posting(amount))
    } else {
        Some(posting(amount.checked_neg()?).reversed())
    })
}

/// An invoice is issued: it is owed what was earned, the tax on it and the rounding (V9).
///
/// # Errors
/// [`Refusal::AmountTooLarge`].
pub fn issued(net: Money, tax: Money, rounding: Money) -> Result<Vec<Posting>, Refusal> {
    let parts = [(Book::Revenue, net), (Book::Tax, tax), (Book::Rounding, rounding)];
    let mut postings = Vec::with_capacity(2);
    for (book, amount) in parts {
        postings.extend(moved(Book::Receivable, book, amount)?);
    }
    Ok(postings)
}

/// A credit note is issued: what was earned and taxed goes down, the account has the credit (V36).
///
/// # Errors
/// [`Refusal::AmountTooLarge`].
pub fn credited(net: Money, tax: Money, rounding: Money) -> Result<Vec<Posting>, Refusal> {
    let parts = [(Book::Revenue, net), (Book::Tax, tax), (Book::Rounding, rounding)];
    let mut postings = Vec::with_capacity(2);
    for (book, amount) in parts {
        postings.extend(moved(book, Book::Credit, amount)?);
    }
    Ok(postings)
}

/// Money comes in, put to nothing yet (V24).
///
/// # Errors
/// [`Refusal::AmountTooLarge`].
pub fn received(cash: Book, amount: Money) -> Result<Vec<Posting>, Refusal> {
    Ok(moved(cash, Book::Unapplied, amount)?.into_iter().collect())
}

/// Money or credit is put to an invoice, or with an amount below zero taken off it.
///
/// # Errors
/// [`Refusal::AmountTooLarge`].
pub fn allocated(from: Source, amount: Money) -> Result<Vec<Posting>, Refusal> {
    Ok(moved(from.book(), Book::Receivable, amount)?
        .into_iter()
        .collect())
}

/// Money or credit of a parent is put to an invoice of its subsidiary, or taken off it: what is booked on the parent's
/// account and what on the subsidiary's (V27). Each balances by itself, and the book between them over both.
///
/// # Errors
/// [`Refusal::AmountTooLarge`].
pub fn allocated_across(from: Source, amount: Money) -> Result<[Vec<Posting>; 2], Refusal> {
    let off = moved(from.book(), Book::Transfer, amount)?;
    let on = moved(Book::Transfer, Book::Receivable, amount)?;
    Ok([off, on].map(|posting| posting.into_iter().collect()))
}

/// Money or credit is given back.
///
/// # Errors
/// [`Refusal::AmountTooLarge`].
pub fn refunded(from: Source, cash: Book, amount: Money) -> Result<Vec<Posting>, Refusal> {
    Ok(moved(from.book(), cash, amount)?.into_iter().collect())
}

/// The gateway keeps a fee of its own from what it holds in a book; with an amount below zero it gives one back.
///
/// # Errors
/// [`Refusal::AmountTooLarge`].
pub fn fee(cash: Book, amount: Money) -> Result<Vec<Posting>, Refusal> {
    Ok(moved(Book::Fees, cash, amount)?.into_iter().collect())
}

/// What is open of an invoice will never be paid; with an amount below zero it is hoped for again.
///
/// # Errors
/// [`Refusal::AmountTooLarge`].
pub fn written_off(amount: Money) -> Result<Vec<Posting>, Refusal> {
    Ok(moved(Book::WriteOff, Book::Receivable, amount)?
        .into_iter()
        .collect())
}

/// What can be put to an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Money.
    Payment,
    /// A credit note.
    CreditNote,
}

impl Source {
    /// The book in which it lies until it is put somewhere.
    pub const fn book(self) -> Book {
        match self {
            Self::Payment => Book::Unapplied,
            Self::CreditNote => Book::Credit,
        }
    }
}

/// The day on which putting money to an invoice counts: not before either of them was there.
pub fn allocation_day(of_money: NaiveDate, of_invoice: NaiveDate) -> NaiveDate {
    of_money.max(of_invoice)
}

#[cfg(test)]
mod tests;
