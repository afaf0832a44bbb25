//! Customers of one seller that belong together: a parent and its subsidiaries (V43).
//!
//! The seller says so. The tree is one step deep: a subsidiary has none of its own, and a company that has some is
//! nobody's. Documents stay with the company that received them, whoever its parent is (V42).

use crate::{
    ids::TenantId,
    refusal::{NotASubsidiary, Refusal},
};
use serde::{Deserialize, Serialize};

/// Most subsidiaries of a company: its lists are read one company at a time.
pub const SUBSIDIARIES_MAX: u32 = 25;

/// A company that belongs to another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subsidiary {
    /// Which.
    pub id: TenantId,
    /// Its name.
    pub name: String,
}

/// To whom a customer belongs, and who belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    /// Its parent.
    pub parent: Option<Subsidiary>,
    /// Its subsidiaries, by name.
    pub subsidiaries: Vec<Subsidiary>,
}

/// A customer as the rule looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Which.
    pub id: TenantId,
    /// It is somebody's subsidiary.
    pub belongs: bool,
    /// How many subsidiaries it has.
    pub subsidiaries: u32,
}

/// Judges whether a customer may become another one's subsidiary.
///
/// # Errors
/// [`Refusal::NotASubsidiary`]; [`Refusal::TooMany`] beyond [`SUBSIDIARIES_MAX`].
pub fn may_belong(child: Member, parent: Member) -> Result<(), Refusal> {
    let no = |why| Err(Refusal::NotASubsidiary { why });
    if child.id == parent.id {
        return no(NotASubsidiary::Itself);
    }
    if child.subsidiaries > 0 {
        return no(NotASubsidiary::HasSubsidiaries);
    }
    if parent.belongs {
        return no(NotASubsidiary::ParentBelongs);
    }
    if parent.subsidiaries >= SUBSIDIARIES_MAX {
        return Err(Refusal::TooMany {
            at_most: SUBSIDIARIES_MAX,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn member(id: u128, belongs: bool, subsidiaries: u32) -> Member {
        Member {
            id: TenantId(Uuid::from_u128(id)),
            belongs,
            subsidiaries,
        }
    }

    #[test]
    fn a_family_is_one_step_deep_and_has_no_cycle() {
        let refused = |child, parent| match may_belong(child, parent) {
            Err(Refusal::NotASubsidiary { why }) => Some(why),
            Err(other) => panic!("{other:?}"),
            Ok(()) => None,
        };
        let (one, other) = (member(1, false, 0), member(2, false, 3));
        assert_eq!(refused(one, other), None);
        assert_eq!(refused(one, one), Some(NotASubsidiary::Itself));
        assert_eq!(refused(other, one), Some(NotASubsidiary::HasSubsidiaries));
        let below = member(3, true, 0);
        assert_eq!(refused(one, below), Some(NotASubsidiary::ParentBelongs));
        // Who belongs to somebody may move to somebody else.
        assert_eq!(refused(below, other), None);
    }

    #[test]
    fn a_company_has_no_more_subsidiaries_than_its_lists_can_read() {
        let full = member(2, false, SUBSIDIARIES_MAX);
        let room = member(2, false, SUBSIDIARIES_MAX - 1);
        assert!(may_belong(member(1, false, 0), room).is_ok());
        assert_eq!(
            may_belong(member(1, false, 0), full),
            Err(Refusal::TooMany {
                at_most: SUBSIDIARIES_MAX
            })
        );
    }
}
