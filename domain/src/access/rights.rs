//! Sets of permissions.

use super::{Area, Changes, Permission, Role, Roles, TenantKind};
use serde::{Deserialize, Serialize};

/// What somebody may do: a set of permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rights(u64);

impl Rights {
    /// Nothing.
    pub const NONE: Self = Self(0);

    /// Whether a permission is among them.
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// The same with a permission.
    #[must_use]
    pub const fn with(self, permission: Permission) -> Self {
        Self(self.0 | permission.bit())
    }

    /// The same without a permission.
    #[must_use]
    pub const fn without(self, permission: Permission) -> Self {
        Self(self.0 & !permission.bit())
    }

    /// What is in either.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn in_both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether all of them are among others: nobody gives more than they have.
    pub const fn are_within(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    /// All that a tenant of a kind can do, whoever asks.
    pub fn all(kind: TenantKind) -> Self {
        Permission::ALL
            .iter()
            .filter(|permission| match permission.area() {
                Area::Seller => kind.sells(),
                Area::Buyer => kind.buys(),
                Area::Tenant => true,
            })
            .fold(Self::NONE, |rights, permission| rights.with(*permission))
    }

    /// What roles give in a tenant of a kind that changed nothing.
    pub fn of(kind: TenantKind, roles: Roles) -> Self {
        Self::changed(kind, roles, &Changes::default(), &Changes::default())
    }

    /// What roles give in a tenant of a kind, with its own changes of the role on either side.
    pub fn changed(kind: TenantKind, roles: Roles, seller: &Changes, buyer: &Changes) -> Self {
        let of_seller = roles.seller.filter(|_| kind.sells());
        let of_buyer = roles.buyer.filter(|_| kind.buys());
        let of_seller = of_seller.map(|role| seller.applied(Role::Seller(role)));
        let of_buyer = of_buyer.map(|role| buyer.applied(Role::Buyer(role)));
        of_seller.unwrap_or_default().and(of_buyer.unwrap_or_default())
    }

    /// The permissions, in the order of the matrix.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL
            .iter()
            .copied()
            .filter(move |permission| self.has(*permission))
    }
}
