//! Why something is proposed, or not.

use crate::{
    locale::{Locale, format_amount, format_date},
    money::Money,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One reason of a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// The number of an open invoice stands in the text.
    NumberNamed {
        /// The number.
        number: String,
    },
    /// The number is so short that it may stand there by chance.
    ShortNumber {
        /// The number.
        number: String,
    },
    /// The number of an invoice stands there on which nothing is open.
    SettledNamed {
        /// The number.
        number: String,
    },
    /// What the seller's books call the customer stands in the text.
    ExternalIdNamed {
        /// That.
        id: String,
    },
    /// Money from this bank account was recorded for the customer before.
    AccountKnown,
    /// The payer is called as the customer is.
    NameFits {
        /// The name.
        name: String,
    },
    /// The amount is what is open on the invoices that are named.
    SumFits,
    /// The amount is what is open on them and not disputed.
    UndisputedFits,
    /// It is more than is open there.
    MoreThanNamed {
        /// What is left over.
        rest: Money,
    },
    /// It is less than is open there.
    LessThanNamed {
        /// What is missing.
        missing: Money,
    },
    /// One invoice of the customer is open with exactly this amount.
    OneInvoiceFits {
        /// Its number.
        number: String,
    },
    /// It is all that the customer owes.
    AllOpenFits,
    /// What it is for is not said.
    PurposeUnknown,
    /// The payer looks like another customer than the one whose invoices are named.
    OtherCustomer {
        /// The other one.
        name: String,
    },
    /// Invoices of several customers are named, or several customers fit.
    SeveralCustomers,
    /// As much was recorded for the customer around that day: perhaps it is this.
    AlreadyRecorded {
        /// The receipt.
        receipt: String,
        /// Its day.
        day: NaiveDate,
    },
    /// Nothing but the amount fits, which is not enough.
    OnlyAmount,
    /// Nothing fits.
    Nothing,
}

impl Reason {
    /// The reason in words.
    pub fn message(&self, locale: Locale) -> String {
        match self {
            Self::NumberNamed { number } => format!("The text names {number}."),
            Self::ShortNumber { number } => {
                format!("{number} is so short that it may stand there by chance.")
            }
            Self::SettledNamed { number } => format!("The text names {number}, on which nothing is open."),
            Self::ExternalIdNamed { id } => format!("The text names the customer\u{2019}s id {id}."),
            Self::AccountKnown => "This customer paid from the same bank account before.".into(),
            Self::NameFits { name } => format!("The payer is called {name}."),
            Self::SumFits => "The amount is exactly what is open there.".into(),
            Self::UndisputedFits => "The amount is exactly what is open there and not disputed.".into(),
            Self::MoreThanNamed { rest } => {
                format!(
                    "It is {} more than is open there. The rest stays unapplied.",
                    format_amount(*rest, locale)
                )
            }
            Self::LessThanNamed { missing } => {
                format!(
                    "It is {} less than is open there.",
                    format_amount(*missing, locale)
                )
            }
            Self::OneInvoiceFits { number } => format!("{number} is open with exactly this amount."),
            Self::AllOpenFits => "It is exactly all that the customer owes.".into(),
            Self::PurposeUnknown => "What it is for is not said: it would go to what is due first.".into(),
            Self::OtherCustomer { name } => format!("But the payer looks like {name}."),
            Self::SeveralCustomers => "More than one customer fits.".into(),
            Self::AlreadyRecorded { receipt, day } => format!(
                "As much was recorded on {} as {receipt}: perhaps that is this payment.",
                format_date(*day, locale)
            ),
            Self::OnlyAmount => "Only the amount fits, which proves nothing.".into(),
            Self::Nothing => "No invoice and no customer was found in it.".into(),
        }
    }
}
