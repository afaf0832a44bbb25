//! How far a role on the buyer's side reaches: what the tenant received, or what its subsidiaries received too.

use super::{BuyerRole, Role};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// Whose received invoices a person sees, and pays if the role lets them pay. The wider one is the greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuyerReach {
    /// The tenant's.
    #[default]
    Own,
    /// The tenant's and its subsidiaries'.
    Subsidiaries,
}

impl BuyerReach {
    /// Both, as a form offers them.
    pub const ALL: [Self; 2] = [Self::Own, Self::Subsidiaries];

    /// The word that is stored and posted.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Subsidiaries => "subsidiaries",
        }
    }

    /// Reads the word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reach| reach.code() == code)
    }

    /// What it is called on screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Own => "Own",
            Self::Subsidiaries => "Own and subsidiaries",
        }
    }

    /// What somebody gets with a role that nobody chose a reach for: whoever runs the portal for a company may give the
    /// wide reach to others, so they have it.
    pub const fn at_first(role: Option<BuyerRole>) -> Self {
        match role {
            Some(role) if Role::Buyer(role).is_admin() => Self::Subsidiaries,
            Some(_) | None => Self::Own,
        }
    }

    /// Judges whether somebody who reaches so far may give a reach, or change somebody who has it.
    ///
    /// # Errors
    /// [`Refusal::MoreThanOwn`] for a wider one.
    pub fn may_give(self, given: Self) -> Result<(), Refusal> {
        if given > self {
            return Err(Refusal::MoreThanOwn {
                permission: "See what subsidiaries received".to_owned(),
            });
        }
        Ok(())
    }
}
