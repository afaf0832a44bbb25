//! What a tenant changed about its roles (R7).
//!
//! A tenant's change is kept as the difference from the built-in role, so that a permission which a later release brings
//! stands where the built-in matrix puts it, in changed roles too.

use super::{Permission, Rights, Role};

/// The difference of a tenant's role from the built-in one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes(Vec<(Permission, bool)>);

impl Changes {
    /// What was changed to come from a built-in role to these rights. What the role's side cannot have is left out.
    pub fn between(role: Role, rights: Rights) -> Self {
        let open = |permission: &&Permission| permission.area().is_open_to(role.side());
        Self(
            Permission::ALL
                .iter()
                .filter(open)
                .filter(|permission| permission.is_given_to(role) != rights.has(**permission))
                .map(|permission| (*permission, rights.has(*permission)))
                .collect(),
        )
    }

    /// Reads the stored text: codes with `+` or `-` before them. Words that this release does not know change nothing.
    pub fn from_text(text: &str) -> Self {
        let known = |word: &str| {
            let on = word.starts_with('+');
            let code = word.get(1..)?;
            let permission = Permission::ALL.iter().find(|one| one.code() == code)?;
            Some((*permission, on))
        };
        Self(text.split_whitespace().filter_map(known).collect())
    }

    /// As it is stored.
    pub fn to_text(&self) -> String {
        let words = self
            .0
            .iter()
            .map(|(permission, on)| format!("{}{}", if *on { '+' } else { '-' }, permission.code()));
        words.collect::<Vec<_>>().join(" ")
    }

    /// Nothing was changed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a built-in role gives with these changes. No change gives a permission of the other side.
    pub fn applied(&self, role: Role) -> Rights {
        let given = |rights: Rights, permission: &Permission| {
            if permission.is_given_to(role) {
                rights.with(*permission)
            } else {
                rights
            }
        };
        let built_in = Permission::ALL.iter().fold(Rights::NONE, given);
        self.0.iter().fold(built_in, |rights, (permission, on)| {
            match (on, permission.area().is_open_to(role.side())) {
                (true, true) => rights.with(*permission),
                (false, _) => rights.without(*permission),
                (true, false) => rights,
            }
        })
    }
}
