//! Where money of a payment or credit of a credit note went, step by step: to invoices, back to the payer, and what
//! came back of either.

use super::{Part, Step};
use crate::{ids::InvoiceId, money::Money, refunds::RefundKind, refusal::Refusal};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Money or credit that left a payment or a credit note, or came back to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outflow {
    /// When.
    pub at: DateTime<Utc>,
    /// Where it went, or came back from.
    pub to: Destination,
    /// How much went there; below zero what came back.
    pub amount: Money,
    /// Who did it, as far as the viewer may know.
    pub by: Option<String>,
}

/// Where money or credit goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Destination {
    /// To an invoice.
    Invoice {
        /// Which.
        id: InvoiceId,
        /// Its number.
        number: String,
    },
    /// Back to where it came from.
    Back(RefundKind),
}

impl Destination {
    fn went(&self) -> String {
        match self {
            Self::Invoice { number, .. } => format!("Put to invoice {number}"),
            Self::Back(RefundKind::Refund) => "Given back".to_owned(),
            Self::Back(RefundKind::Reversal) => "Reversed".to_owned(),
            Self::Back(RefundKind::Chargeback) => "Charged back".to_owned(),
        }
    }

    fn returned(&self) -> String {
        match self {
            Self::Invoice { number, .. } => format!("Taken off invoice {number}"),
            Self::Back(_) => "Came back".to_owned(),
        }
    }

    /// What lies there, not what moved.
    fn place(&self) -> String {
        match self {
            Self::Invoice { number, .. } => format!("On invoice {number}"),
            Self::Back(_) => self.went(),
        }
    }

    fn link(&self) -> Option<String> {
        match self {
            Self::Invoice { id, .. } => Some(format!("/invoices/{id}")),
            Self::Back(_) => None,
        }
    }
}

impl Outflow {
    pub(crate) const fn is_to_invoice(&self) -> bool {
        matches!(self.to, Destination::Invoice { .. })
    }

    /// The movement with when and who.
    pub(crate) fn part(&self) -> Part {
        let name = if self.amount.is_negative() {
            self.to.returned()
        } else {
            self.to.went()
        };
        Part {
            link: self.to.link(),
            ..Part::of(name, self.amount).done(self.at, self.by.clone())
        }
    }
}

/// An amount by where it is now: on each invoice, gone back, and the rest that lies with it still.
///
/// # Errors
/// [`Refusal::AmountTooLarge`].
pub(crate) fn whereabouts(
    (name, amount): (&'static str, Money),
    outflows: &[Outflow],
    rest: Part,
) -> Result<Step, Refusal> {
    let mut places: Vec<(&Destination, Money)> = Vec::new();
    for outflow in outflows {
        match places.iter_mut().find(|(to, _)| **to == outflow.to) {
            Some((_, sum)) => *sum = sum.checked_add(outflow.amount)?,
            None => places.push((&outflow.to, outflow.amount)),
        }
    }
    let there = places.into_iter().filter(|(_, sum)| !sum.is_zero());
    let parts = there.map(|(to, sum)| Part {
        link: to.link(),
        ..Part::of(to.place(), sum)
    });
    Ok(Step {
        name,
        amount,
        parts: parts.chain([rest]).collect(),
    })
}

/// What was put to invoices and taken off them, if anything was.
pub(crate) fn went_to_invoices(amount: Money, outflows: &[Outflow]) -> Option<Step> {
    of_acts(
        "On invoices",
        amount,
        outflows.iter().filter(|one| one.is_to_invoice()),
    )
}

/// What went back and what of it returned, if anything did.
pub(crate) fn went_back(amount: Money, outflows: &[Outflow]) -> Option<Step> {
    of_acts(
        "Went back",
        amount,
        outflows.iter().filter(|one| !one.is_to_invoice()),
    )
}

fn of_acts<'a>(name: &'static str, amount: Money, acts: impl Iterator<Item = &'a Outflow>) -> Option<Step> {
    let parts: Vec<Part> = acts.map(Outflow::part).collect();
    (!parts.is_empty() || !amount.is_zero()).then_some(Step { name, amount, parts })
}
