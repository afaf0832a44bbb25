//! To which customer and invoices an entry of a bank's file belongs.
//!
//! What counts is what stands in it: numbers of invoices, the customer's id, a bank account that is known, the name. The
//! amount confirms what was found, or says that it was not; by itself it proposes nothing (and so nothing is ever put
//! anywhere by the amount alone). No proposal takes more than an invoice can take or than came in.

use super::{
    candidates::{Candidates, KnownCustomer, OpenInvoice, RecordedPayment},
    customers::customers,
    reasons::Reason,
    statement::StatementEntry,
    tokens::{Runs, is_weak, plain_number},
};
use crate::{
    ids::{AccountId, InvoiceId},
    money::Money,
    payments::allocation::{Open, spread},
    refusal::Refusal,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An amount that was recorded so many days before or after may be the same money.
const SAME_MONEY_DAYS: i64 = 7;
/// Most invoices that are named because their amount fits.
const MOST_HINTS: usize = 5;

/// How sure a proposal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Confidence {
    /// Invoices are named, nothing speaks against them, and the amount is what is open on them. Recorded with one click.
    Certain,
    /// Something in it speaks for the customer; a person looks at it.
    Likely,
    /// Nothing but the amount: a person must choose the customer.
    AmountOnly,
    /// Nothing.
    None,
}

crate::invoices::codes::codes! {
    Confidence:
        Certain = "certain" "Certain",
        Likely = "likely" "Likely",
        AmountOnly = "amount" "Only the amount",
        None = "none" "Nothing found";
}

/// An invoice in a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedLine {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// What can be paid on it.
    pub payable: Money,
    /// What it would get.
    pub amount: Money,
}

/// What an entry probably is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// How sure that is.
    pub confidence: Confidence,
    /// Who paid; none unless something speaks for one customer.
    pub account: Option<AccountId>,
    /// Its name.
    pub customer: Option<String>,
    /// Where the money would go.
    pub lines: Vec<ProposedLine>,
    /// What would stay unapplied.
    pub rest: Money,
    /// Numbers of invoices that have just this amount open. They are named, not proposed.
    pub same_amount: Vec<String>,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// Says to whom and what an entry belongs. Of an entry that is no money that came in nothing is proposed.
///
/// # Errors
/// [`Refusal::AmountTooLarge`] when the sum of what is open is more than can be counted.
pub fn propose(entry: &StatementEntry, candidates: Candidates<'_>) -> Result<Proposal, Refusal> {
    let nothing = |confidence, reason| Proposal {
        confidence,
        account: None,
        customer: None,
        lines: Vec::new(),
        rest: entry.amount,
        same_amount: Vec::new(),
        reasons: vec![reason],
    };
    if !entry.can_be_recorded() {
        return Ok(nothing(Confidence::None, Reason::Nothing));
    }
    let found = Found::of(entry, candidates);
    if let Some(proposal) = found.named()? {
        return Ok(proposal);
    }
    if let Some(proposal) = found.customers_own()? {
        return Ok(proposal);
    }
    let same_amount = found.same_amount();
    let mut proposal = if found.speaks_for.len() > 1 || !found.named.is_empty() {
        nothing(Confidence::None, Reason::SeveralCustomers)
    } else if same_amount.is_empty() {
        nothing(Confidence::None, Reason::Nothing)
    } else {
        nothing(Confidence::AmountOnly, Reason::OnlyAmount)
    };
    proposal.same_amount = same_amount;
    Ok(proposal)
}

/// An invoice that an entry names, and as what.
#[derive(Clone, Copy)]
struct Named<'a> {
    invoice: &'a OpenInvoice,
    number: &'a str,
}

/// What was found in an entry.
struct Found<'a> {
    entry: &'a StatementEntry,
    candidates: Candidates<'a>,
    /// Invoices of its currency whose number, or that of the bill they are paid with, stands in it and counts.
    named: Vec<Named<'a>>,
    /// Customers for which something speaks, with that.
    speaks_for: Vec<(&'a KnownCustomer, Vec<Reason>)>,
}

impl<'a> Found<'a> {
    fn of(entry: &'a StatementEntry, candidates: Candidates<'a>) -> Self {
        let texts = entry.text.iter().chain(&entry.references).map(String::as_str);
        let runs = Runs::of(texts);
        let keys = runs.keys();
        let speaks_for = customers(entry, &runs, candidates);
        let counts = |invoice: &OpenInvoice, number: &str| {
            // The cheap question first: there may be many invoices.
            keys.contains(&plain_number(number))
                && runs.has(number)
                // A short number counts where something else speaks for its customer.
                && (!is_weak(number)
                    || speaks_for.iter().any(|(customer, _)| customer.account == invoice.account))
        };
        let named = |invoice: &'a OpenInvoice| {
            let numbers = [Some(&invoice.number), invoice.rollup.as_ref()];
            let number = numbers
                .into_iter()
                .flatten()
                .find(|number| counts(invoice, number))?;
            Some(Named { invoice, number })
        };
        let mut seen = BTreeSet::new();
        let named: Vec<_> = candidates
            .invoices
            .iter()
            .filter(|one| one.payable.currency() == entry.amount.currency())
            .filter_map(named)
            .filter(|one| seen.insert(one.invoice.invoice))
            .collect();
        Self {
            entry,
            candidates,
            named,
            speaks_for,
        }
    }

    /// The proposal by the invoices that are named; none when there are none, or of several customers.
    fn named(&self) -> Result<Option<Proposal>, Refusal> {
        let accounts: BTreeSet<AccountId> = self.named.iter().map(|one| one.invoice.account).collect();
        let account = match accounts.iter().collect::<Vec<_>>()[..] {
            [one] => *one,
            [] | [_, _, ..] => return Ok(None),
        };
        let open: Vec<&OpenInvoice> = self
            .named
            .iter()
            .map(|one| one.invoice)
            .filter(|invoice| invoice.payable.is_positive())
            .collect();
        let (mut reasons, all_open) = self.why_named();
        let mut sure = all_open && !self.named.iter().any(|one| is_weak(one.number));
        let own = self.speaks_for.iter().find(|(one, _)| one.account == account);
        reasons.extend(own.iter().flat_map(|(_, why)| why.clone()));
        if own.is_none()
            && let Some((other, _)) = self.speaks_for.first()
        {
            sure = false;
            reasons.push(Reason::OtherCustomer {
                name: other.name.clone(),
            });
        }
        let total = Money::sum(self.entry.amount.currency(), open.iter().map(|one| one.payable))?;
        let offered = Money::sum(self.entry.amount.currency(), open.iter().map(|one| one.offered))?;
        let left = self.entry.amount.checked_sub(total)?;
        if left.is_zero() {
            reasons.push(Reason::SumFits);
        } else if self.entry.amount == offered {
            reasons.push(Reason::UndisputedFits);
        } else {
            sure = false;
            if left.is_positive() && !open.is_empty() {
                reasons.push(Reason::MoreThanNamed { rest: left });
            } else if left.is_negative() {
                let missing = left.checked_neg()?;
                reasons.push(Reason::LessThanNamed { missing });
            }
        }
        let confidence = if sure {
            Confidence::Certain
        } else {
            Confidence::Likely
        };
        // Who pays more than what they do not dispute, and says on which invoices, means the rest of them too.
        let part = if self.entry.amount.minor() > offered.minor() {
            |one: &OpenInvoice| one.payable
        } else {
            |one: &OpenInvoice| one.offered
        };
        self.proposal(confidence, account, &open, part, reasons).map(Some)
    }

    /// What is said of each number that was found, and whether all of them are of something open.
    fn why_named(&self) -> (Vec<Reason>, bool) {
        let mut numbers: Vec<(&str, bool)> = Vec::new();
        for one in &self.named {
            let is_open = one.invoice.payable.is_positive();
            match numbers.iter_mut().find(|(number, _)| *number == one.number) {
                // A bill is open as long as one of its invoices is.
                Some((_, open)) => *open |= is_open,
                None => numbers.push((one.number, is_open)),
            }
        }
        let mut reasons = Vec::new();
        for (number, is_open) in &numbers {
            let named = || (*number).to_owned();
            reasons.push(if *is_open {
                Reason::NumberNamed { number: named() }
            } else {
                Reason::SettledNamed { number: named() }
            });
            if is_weak(number) {
                reasons.push(Reason::ShortNumber { number: named() });
            }
        }
        let all_open = !numbers.is_empty() && numbers.iter().all(|(_, is_open)| *is_open);
        (reasons, all_open)
    }

    /// The proposal by the one customer for which something speaks.
    fn customers_own(&self) -> Result<Option<Proposal>, Refusal> {
        let [(customer, why)] = &self.speaks_for[..] else {
            return Ok(None);
        };
        if !self.named.is_empty() {
            return Ok(None);
        }
        let amount = self.entry.amount;
        let open: Vec<&OpenInvoice> = self
            .open()
            .filter(|one| one.account == customer.account && one.offered.is_positive())
            .collect();
        let total = Money::sum(amount.currency(), open.iter().map(|one| one.offered))?;
        let mut reasons = why.clone();
        let fitting = open.iter().filter(|one| one.offered == amount);
        let fitting: Vec<_> = fitting.copied().collect();
        let chosen = match fitting[..] {
            [one] => {
                let number = one.number.clone();
                reasons.push(Reason::OneInvoiceFits { number });
                fitting
            }
            _ if total == amount => {
                reasons.push(Reason::AllOpenFits);
                open
            }
            _ => {
                reasons.push(Reason::PurposeUnknown);
                open
            }
        };
        let part = |one: &OpenInvoice| one.offered;
        self.proposal(Confidence::Likely, customer.account, &chosen, part, reasons)
            .map(Some)
    }

    /// Puts the money to invoices, to each at most the part of it that is given, what is due first before the others, and looks
    /// for money that was recorded already.
    fn proposal(
        &self,
        confidence: Confidence,
        account: AccountId,
        invoices: &[&OpenInvoice],
        part: fn(&OpenInvoice) -> Money,
        mut reasons: Vec<Reason>,
    ) -> Result<Proposal, Refusal> {
        let of_invoice = |one: &&OpenInvoice| Open {
            invoice: one.invoice,
            number: one.number.clone(),
            due: one.due,
            payable: part(one),
        };
        let open: Vec<Open> = invoices.iter().map(of_invoice).collect();
        let (parts, rest) = spread(self.entry.amount, &open)?;
        let line = |(invoice, amount)| {
            let open = invoices.iter().find(|open| open.invoice == invoice)?;
            Some(ProposedLine {
                invoice,
                number: open.number.clone(),
                payable: open.payable,
                amount,
            })
        };
        let same = |one: &&RecordedPayment| {
            one.account == account
                && one.amount == self.entry.amount
                && (one.day - self.entry.booked_on).num_days().abs() <= SAME_MONEY_DAYS
        };
        let recorded = self.candidates.recorded.iter().find(same);
        if let Some(RecordedPayment { receipt, day, .. }) = recorded {
            reasons.push(Reason::AlreadyRecorded {
                receipt: receipt.clone(),
                day: *day,
            });
        }
        let name = |one: &&KnownCustomer| one.account == account;
        Ok(Proposal {
            confidence: match (confidence, recorded) {
                (Confidence::Certain, Some(_)) => Confidence::Likely,
                (confidence, _) => confidence,
            },
            account: Some(account),
            customer: self
                .candidates
                .customers
                .iter()
                .find(name)
                .map(|one| one.name.clone()),
            lines: parts.into_iter().filter_map(line).collect(),
            rest,
            same_amount: Vec::new(),
            reasons,
        })
    }

    /// Numbers of the invoices that have just this amount open.
    fn same_amount(&self) -> Vec<String> {
        let same = self.open().filter(|one| one.payable == self.entry.amount);
        let mut numbers: Vec<_> = same.map(|one| (one.due, one.number.clone())).collect();
        numbers.sort();
        numbers.dedup();
        numbers
            .into_iter()
            .map(|(_, number)| number)
            .take(MOST_HINTS)
            .collect()
    }

    /// Invoices of the entry's currency that can take money, each once.
    fn open(&self) -> impl Iterator<Item = &'a OpenInvoice> {
        let currency = self.entry.amount.currency();
        let mut seen = BTreeSet::new();
        self.candidates
            .invoices
            .iter()
            .filter(move |one| one.payable.currency() == currency && one.payable.is_positive())
            .filter(move |one| seen.insert(one.invoice))
    }
}
