//! What a comparison with the payment gateway finds, and what is to be done with it.
//!
//! Both sides are asked: what the gateway took must stand here, and what stands here the gateway must know. What the
//! usual ways of payments and refunds put right by themselves is no finding.

use crate::{
    ids::{AccountId, FindingId, FormKey, PaymentId},
    invoices::codes::codes,
    money::Money,
    payments::offline::FoundPayers,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Longest note on a finding.
pub const NOTE_MAX: u32 = 500;

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FindingKind {
    /// The gateway took money that was never asked for here.
    Unasked,
    /// The gateway took money for a payment that failed here.
    Refused,
    /// A payment stands here that the gateway does not know.
    Missing,
    /// The gateway took another amount.
    Amount,
    /// The gateway gave another amount back.
    GivenBack,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FindingState {
    /// Somebody has to look.
    Open,
    /// A later comparison found that the two agree.
    Gone,
    /// It was recorded as a payment.
    Recorded,
    /// Somebody settled it with a note.
    Settled,
}

codes! {
    FindingKind:
        Unasked = "unasked" "Charged at the gateway alone",
        Refused = "refused" "Failed here, charged there",
        Missing = "missing" "Not known at the gateway",
        Amount = "amount" "Another amount charged",
        GivenBack = "given_back" "Another amount given back";
    FindingState:
        Open = "open" "Open",
        Gone = "gone" "Agrees now",
        Recorded = "recorded" "Recorded",
        Settled = "settled" "Settled";
}

impl FindingKind {
    /// Whether it is money that can be recorded as a payment of a customer.
    pub const fn is_recordable(self) -> bool {
        matches!(self, Self::Unasked | Self::Refused)
    }

    /// What to do with it.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Unasked | Self::Refused => {
                "Record it as a payment of the customer who paid, or give it back at the gateway and settle it."
            }
            Self::Missing => {
                "Look it up at the gateway by its reference. If the money never came, reverse what the payment paid."
            }
            Self::Amount => {
                "Compare both with what was agreed with the customer, and give back or ask for the difference."
            }
            Self::GivenBack => {
                "Compare with the refunds of the payment, and give back here or at the gateway what is missing."
            }
        }
    }
}

/// What the gateway says of a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct There {
    /// What was taken.
    pub amount: Money,
    /// What of it was given back.
    pub refunded: Money,
}

/// What stands here for a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// Nothing.
    Nothing,
    /// A try to pay that failed.
    Failed,
    /// A try to pay that is not decided.
    UnderWay,
    /// A payment.
    Paid {
        /// How much.
        amount: Money,
        /// What of it was given back through the gateway; none while something is on its way.
        refunded: Option<Money>,
    },
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both agree, or will when what is on its way has arrived.
    Sound,
    /// Looking the try up decides it.
    LookUp,
    /// They differ.
    Differs(FindingKind),
}

/// Compares the two.
pub fn judge(there: There, here: Here) -> Verdict {
    match here {
        Here::Nothing => Verdict::Differs(FindingKind::Unasked),
        Here::Failed => Verdict::Differs(FindingKind::Refused),
        Here::UnderWay => Verdict::LookUp,
        Here::Paid { amount, .. } if amount != there.amount => Verdict::Differs(FindingKind::Amount),
        Here::Paid {
            refunded: Some(refunded),
            ..
        } if refunded != there.refunded => Verdict::Differs(FindingKind::GivenBack),
        Here::Paid { .. } => Verdict::Sound,
    }
}

/// Something that differs, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which.
    pub id: FindingId,
    /// What differs.
    pub kind: FindingKind,
    /// What became of it.
    pub state: FindingState,
    /// The gateway's reference.
    pub reference: String,
    /// When it was charged.
    pub happened_at: DateTime<Utc>,
    /// What the gateway says.
    pub there: Option<Money>,
    /// What stands here.
    pub here: Option<Money>,
    /// Card or bank with the last digits, where the gateway tells.
    pub by: String,
    /// What was written on the charge.
    pub description: String,
    /// The customer whom the gateway names, or for whom it was recorded.
    pub account: Option<(AccountId, String)>,
    /// The payment that it is about, or that was recorded, with its number.
    pub payment: Option<(PaymentId, String)>,
    /// What was noted when it was settled.
    pub note: Option<String>,
    /// Who or what ended it, and when.
    pub ended: Option<(String, DateTime<Utc>)>,
}

/// The page `Compared with the gateway`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// Key of this rendering (V29).
    pub key: FormKey,
    /// When the last comparison ended, and how many charges it looked at.
    pub last: Option<(DateTime<Utc>, u64)>,
    /// Another one waits or runs.
    pub is_under_way: bool,
    /// What is open, the oldest first.
    pub open: Vec<Finding>,
    /// There are more than are shown.
    pub more: bool,
    /// What ended last.
    pub ended: Vec<Finding>,
}

/// The page of one finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingPage {
    /// Key of this rendering (V29).
    pub key: FormKey,
    /// What differs.
    pub finding: Finding,
    /// Customers for whom it could be recorded, where it could be.
    pub payers: Option<FoundPayers>,
}

/// A charge at the gateway is recorded as a payment of a customer, put to nothing yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordCharge {
    /// Key of the rendering.
    pub key: FormKey,
    /// The charge.
    pub finding: FindingId,
    /// Whose payment it is.
    pub account: AccountId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategies::eur;

    #[test]
    fn what_both_sides_say_alike_is_sound_and_nothing_else() {
        let there = |amount, refunded| There {
            amount: eur(amount),
            refunded: eur(refunded),
        };
        let paid = |amount, refunded: Option<i64>| Here::Paid {
            amount: eur(amount),
            refunded: refunded.map(eur),
        };
        let differs = Verdict::Differs;
        for (there, here, verdict) in [
            (there(500, 0), Here::Nothing, differs(FindingKind::Unasked)),
            (there(500, 0), Here::Failed, differs(FindingKind::Refused)),
            (there(500, 0), Here::UnderWay, Verdict::LookUp),
            (there(500, 0), paid(500, Some(0)), Verdict::Sound),
            (there(500, 0), paid(501, Some(0)), differs(FindingKind::Amount)),
            (there(500, 7), paid(500, Some(0)), differs(FindingKind::GivenBack)),
            (there(500, 7), paid(500, None), Verdict::Sound),
            (there(500, 7), paid(500, Some(7)), Verdict::Sound),
        ] {
            assert_eq!(judge(there, here), verdict, "{there:?} {here:?}");
        }
    }

    #[test]
    fn words_are_read_back() {
        for kind in FindingKind::ALL {
            assert_eq!(FindingKind::from_code(kind.code()), Some(*kind));
        }
        for state in FindingState::ALL {
            assert_eq!(FindingState::from_code(state.code()), Some(*state));
        }
    }
}
