//! Who may do what: tenant kinds, roles, permissions and the matrix.
//!
//! A permission belongs to one side of the money. The seller's side acts on what the tenant issued, the buyer's side
//! on what it received; a partner has both (D2). The same matrix hides a button and refuses the act.

use serde::{Deserialize, Serialize};

/// The three tiers (T1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenantKind {
    /// Bills its partners.
    Distributor,
    /// Is billed by its distributor and bills its customers.
    Partner,
    /// Is billed by its partner.
    Customer,
}

impl TenantKind {
    /// Has somebody to bill.
    pub const fn sells(self) -> bool {
        matches!(self, Self::Distributor | Self::Partner)
    }

    /// Has somebody who bills it.
    pub const fn buys(self) -> bool {
        matches!(self, Self::Partner | Self::Customer)
    }

    /// The word that is stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Distributor => "distributor",
            Self::Partner => "partner",
            Self::Customer => "customer",
        }
    }

    /// Reads the stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Distributor, Self::Partner, Self::Customer]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// Which side of a document a tenant is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The tenant is the seller: `Issued`.
    Seller,
    /// The tenant is the buyer: `To pay`.
    Buyer,
}

impl Side {
    /// The word in addresses and logs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Seller => "issued",
            Self::Buyer => "to-pay",
        }
    }

    /// Reads the word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Seller, Self::Buyer]
            .into_iter()
            .find(|side| side.code() == code)
    }

    /// The words on the switch between the two.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Seller => "Issued",
            Self::Buyer => "To pay",
        }
    }
}

/// Roles on the seller's side (R3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SellerRole {
    /// Sales staff (R4).
    Sales,
    /// Finance staff (R5).
    Finance,
    /// Runs the portal for the tenant (R6).
    Admin,
}

/// Roles on the buyer's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuyerRole {
    /// Sees what is to be paid.
    Viewer,
    /// Pays.
    Payer,
    /// Runs the portal for the tenant.
    Admin,
}

macro_rules! role_codes {
    ($($role:ident: $($variant:ident = $code:literal),+;)+) => {$(
        impl $role {
            /// The word that is stored.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Reads the stored word.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    )+};
}

role_codes! {
    SellerRole: Sales = "sales", Finance = "finance", Admin = "admin";
    BuyerRole: Viewer = "viewer", Payer = "payer", Admin = "admin";
}

/// What a membership gives: at most one role on each side (D2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roles {
    /// On the seller's side.
    pub seller: Option<SellerRole>,
    /// On the buyer's side.
    pub buyer: Option<BuyerRole>,
}

/// A permission as a type, for signatures: `Scope<PayInvoices>`.
pub trait Permit: Send + Sync + 'static {
    /// The permission.
    const PERMISSION: Permission;
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $side:ident, [$($role:ident),*];)+) => {
        /// What may be allowed to a role.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Permission {
            $($(#[$doc])* $name,)+
        }

        impl Permission {
            /// All of them, in the order of the matrix.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word that is stored and logged.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// On which side of the money it acts.
            pub const fn side(self) -> Side {
                match self { $(Self::$name => Side::$side),+ }
            }
        }

        /// Whether somebody with these roles, in a tenant of this kind, may do it.
        pub fn allows(kind: TenantKind, roles: Roles, permission: Permission) -> bool {
            match permission {
                $(Permission::$name => permissions!(@check $side, kind, roles, [$($role),*]),)+
            }
        }

        $($(#[$doc])* #[derive(Debug)] pub enum $name {}
        impl Permit for $name {
            const PERMISSION: Permission = Permission::$name;
        })+
    };
    (@check Seller, $kind:ident, $roles:ident, [$($role:ident),*]) => {
        $kind.sells() && matches!($roles.seller, $(Some(SellerRole::$role))|*)
    };
    (@check Buyer, $kind:ident, $roles:ident, [$($role:ident),*]) => {
        $kind.buys() && matches!($roles.buyer, $(Some(BuyerRole::$role))|*)
    };
}

permissions! {
    /// See the invoices that the tenant issued.
    ViewIssuedInvoices, "invoices.view_issued", Seller, [Sales, Finance, Admin];
    /// Import invoices from a file, see imports and undo them.
    ImportInvoices, "invoices.import", Seller, [Finance, Admin];
    /// See the mails that were sent in the tenant's name.
    ViewSentMail, "mail.view_sent", Seller, [Finance, Admin];
    /// See the invoices that the tenant received.
    ViewReceivedInvoices, "invoices.view_received", Buyer, [Viewer, Payer, Admin];
    /// Pay received invoices, save and use cards.
    PayInvoices, "payments.pay", Buyer, [Payer, Admin];
    /// See the mails that were sent to the tenant.
    ViewReceivedMail, "mail.view_received", Buyer, [Payer, Admin];
}

#[cfg(test)]
mod tests;
