//! The words of an attempt's states, stored and on the screen, and which state may follow which.

use super::AttemptState;
use crate::invoices::codes::codes;

codes! {
    AttemptState:
        Submitted = "submitted" "Being sent",
        NeedsAction = "needs_action" "Waiting for your bank",
        Unknown = "unknown" "Being confirmed",
        Processing = "processing" "Processing",
        Succeeded = "succeeded" "Paid",
        Failed = "failed" "Failed";
}

impl AttemptState {
    /// Nothing follows it.
    pub const fn is_final(self) -> bool {
        match self {
            Self::Succeeded | Self::Failed => true,
            Self::Submitted | Self::NeedsAction | Self::Unknown | Self::Processing => false,
        }
    }

    /// Whether `next` may follow. A final state never goes back, nothing becomes `Submitted` again, and staying is
    /// no step.
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Submitted => {
                matches!(
                    next,
                    Self::NeedsAction | Self::Unknown | Self::Processing | Self::Succeeded | Self::Failed
                )
            }
            Self::NeedsAction => {
                matches!(
                    next,
                    Self::Unknown | Self::Processing | Self::Succeeded | Self::Failed
                )
            }
            Self::Unknown => {
                matches!(
                    next,
                    Self::NeedsAction | Self::Processing | Self::Succeeded | Self::Failed
                )
            }
            // That nobody answers in between changes nothing: the bank has the order.
            Self::Processing => matches!(next, Self::Succeeded | Self::Failed),
            Self::Succeeded | Self::Failed => false,
        }
    }
}

#[cfg(test)]
mod tests;
