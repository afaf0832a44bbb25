//! Who may do what: tenant kinds, roles, permissions and the matrix.
//!
//! A permission belongs to an area: the seller's side acts on what the tenant issued, the buyer's side on what it
//! received, and a partner has both (D2); the third area is the tenant itself, its people and its settings, which either
//! side's admin looks after. The same matrix hides a button and refuses the act. A tenant may change it for itself
//! (R7): see [`Changes`].

mod changes;
mod reach;
mod rights;

pub use changes::Changes;
pub use reach::BuyerReach;
pub use rights::Rights;

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
    /// Opens the application Reconciliation and sees what is not about money there (R10).
    User,
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
    SellerRole: Sales = "sales", Finance = "finance", Admin = "admin", User = "user";
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

/// Where a permission acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Area {
    /// On what the tenant issued.
    Seller,
    /// On what the tenant received.
    Buyer,
    /// On the tenant itself.
    Tenant,
}

impl Area {
    /// The side of the money, if it is one.
    pub const fn side(self) -> Option<Side> {
        match self {
            Self::Seller => Some(Side::Seller),
            Self::Buyer => Some(Side::Buyer),
            Self::Tenant => None,
        }
    }

    /// Whether a role of this side can have permissions of the area.
    pub const fn is_open_to(self, side: Side) -> bool {
        matches!(
            (self, side),
            (Self::Tenant, _) | (Self::Seller, Side::Seller) | (Self::Buyer, Side::Buyer)
        )
    }
}

impl From<Side> for Area {
    fn from(side: Side) -> Self {
        match side {
            Side::Seller => Self::Seller,
            Side::Buyer => Self::Buyer,
        }
    }
}

/// A built-in role, of either side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Role {
    /// On the seller's side.
    Seller(SellerRole),
    /// On the buyer's side.
    Buyer(BuyerRole),
}

impl Role {
    /// All of them, as the matrix shows them.
    pub const ALL: [Self; 7] = [
        Self::Seller(SellerRole::Sales),
        Self::Seller(SellerRole::Finance),
        Self::Seller(SellerRole::Admin),
        Self::Seller(SellerRole::User),
        Self::Buyer(BuyerRole::Viewer),
        Self::Buyer(BuyerRole::Payer),
        Self::Buyer(BuyerRole::Admin),
    ];

    /// Its side.
    pub const fn side(self) -> Side {
        match self {
            Self::Seller(_) => Side::Seller,
            Self::Buyer(_) => Side::Buyer,
        }
    }

    /// The stored word; unique on its side.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Seller(role) => role.code(),
            Self::Buyer(role) => role.code(),
        }
    }

    /// Reads the stored word.
    pub fn from_code(side: Side, code: &str) -> Option<Self> {
        match side {
            Side::Seller => SellerRole::from_code(code).map(Self::Seller),
            Side::Buyer => BuyerRole::from_code(code).map(Self::Buyer),
        }
    }

    /// What it is called on screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Seller(SellerRole::Sales) => "Sales",
            Self::Seller(SellerRole::Finance) => "Finance",
            Self::Seller(SellerRole::User) => "User",
            Self::Buyer(BuyerRole::Viewer) => "Viewer",
            Self::Buyer(BuyerRole::Payer) => "Payer",
            Self::Seller(SellerRole::Admin) | Self::Buyer(BuyerRole::Admin) => "Admin",
        }
    }

    /// Runs the portal for the tenant. It has every permission of its side and the tenant, and keeps them (R6): a tenant
    /// that took them from its admins could not give them back.
    pub const fn is_admin(self) -> bool {
        matches!(
            self,
            Self::Seller(SellerRole::Admin) | Self::Buyer(BuyerRole::Admin)
        )
    }
}

/// A permission as a type, for signatures: `Scope<PayInvoices>`.
pub trait Permit: Send + Sync + 'static {
    /// The permission.
    const PERMISSION: Permission;
}

/// A permission on one side of the money.
pub trait OnSide: Permit {
    /// The side.
    const SIDE: Side;
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $label:literal, $area:ident $([$($role:ident),*])+;)+) => {
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

            /// What it is called on screen.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label),+ }
            }

            /// Where it acts.
            pub const fn area(self) -> Area {
                match self { $(Self::$name => Area::$area),+ }
            }

            /// Whether a built-in role has it where nobody changed that.
            pub const fn is_given_to(self, role: Role) -> bool {
                match self {
                    $(Self::$name => permissions!(@given role, $area $([$($role),*])+),)+
                }
            }

            pub(super) const fn bit(self) -> u64 {
                1 << self as u32
            }
        }

        $($(#[$doc])* #[derive(Debug)] pub enum $name {}
        impl Permit for $name {
            const PERMISSION: Permission = Permission::$name;
        }
        permissions!(@side $name, $area);)+
    };
    (@given $role:ident, Seller [$($seller:ident),*]) => {
        matches!($role, $(Role::Seller(SellerRole::$seller))|*)
    };
    (@given $role:ident, Buyer [$($buyer:ident),*]) => {
        matches!($role, $(Role::Buyer(BuyerRole::$buyer))|*)
    };
    (@given $role:ident, Tenant [$($seller:ident),*] [$($buyer:ident),*]) => {
        matches!($role, $(Role::Seller(SellerRole::$seller))|* | $(Role::Buyer(BuyerRole::$buyer))|*)
    };
    (@side $name:ident, Tenant) => {};
    (@side $name:ident, $side:ident) => {
        impl OnSide for $name {
            const SIDE: Side = Side::$side;
        }
    };
}

permissions! {
    /// See the invoices that the tenant issued.
    ViewIssuedInvoices, "invoices.view_issued", "See issued invoices", Seller [Sales, Finance, Admin];
    /// Write invoices, change and issue them, delete drafts (R4, I5, I9).
    WriteInvoices, "invoices.write", "Write and change invoices", Seller [Sales, Finance, Admin];
    /// Withdraw unpaid invoices; they keep their numbers (R4, V15).
    VoidInvoices, "invoices.void", "Delete unpaid invoices", Seller [Sales, Finance, Admin];
    /// Give up what is open of an invoice, and hope for it again.
    WriteOffInvoices, "invoices.write_off", "Write invoices off", Seller [Finance, Admin];
    /// Say no to what buyers dispute; who may issue credit notes answers with one (V19).
    AnswerDisputes, "disputes.answer", "Answer disputes", Seller [Finance, Admin];
    /// Issue credit notes over invoices and withdraw unused ones (C1, V39).
    IssueCreditNotes, "credit_notes.issue", "Issue credit notes", Seller [Finance, Admin];
    /// Import invoices from a file, see imports and undo them.
    ImportInvoices, "invoices.import", "Import invoices", Seller [Finance, Admin];
    /// Record payments that came in beside the portal, put money to invoices and take it off (P16, R5, R13).
    RecordPayments, "payments.record", "Record payments and apply money", Seller [Finance, Admin];
    /// Give money back and reverse records of payments that never came (V32).
    RefundPayments, "payments.refund", "Give money back", Seller [Finance, Admin];
    /// See the books: balances on any day, who owes what, and the proof that they are right.
    ViewBooks, "books.view", "See the books and prove them", Seller [Finance, Admin];
    /// See the mails that were sent in the tenant's name.
    ViewSentMail, "mail.view_sent", "See mail to customers", Seller [Finance, Admin];
    /// Send receipts and refused mails again (P11).
    SendMail, "mail.send", "Send mail again", Seller [Finance, Admin];
    /// Make partners or customers, group, suspend and close them (T16).
    ManageTenants, "tenants.manage", "Manage partners and customers", Seller [Admin];
    /// See the invoices that partners issued and let the tenant see (V50).
    ViewSharedInvoices, "invoices.view_shared", "See invoices that partners share", Seller [Finance, Admin];
    /// Open the application Reconciliation: licences, who differs, what expires (R10).
    OpenReconciliation, "reconciliation.open", "Open Reconciliation", Seller [Finance, Admin, User];
    /// See what the vendor and the tenant billed, and what is earned (R12).
    CompareBilling, "reconciliation.compare", "See the billing comparison", Seller [Finance, Admin];
    /// Bring bills of vendors in, map companies and products, leave some out (R11).
    SetUpReconciliation, "reconciliation.set_up", "Set up Reconciliation", Seller [Finance, Admin];
    /// See the invoices that the tenant received.
    ViewReceivedInvoices, "invoices.view_received", "See received invoices", Buyer [Viewer, Payer, Admin];
    /// Pay received invoices, save and use cards.
    PayInvoices, "payments.pay", "Pay invoices and save cards", Buyer [Payer, Admin];
    /// Say what of a received invoice is not owed, and take that back.
    DisputeInvoices, "invoices.dispute", "Dispute invoices", Buyer [Payer, Admin];
    /// Change how the tenant is billed: its billing profiles’ addresses, contacts and preferred cards (B2).
    ChangeProfiles, "profiles.change", "Change billing profiles", Buyer [Admin];
    /// See the mails that were sent to the tenant.
    ViewReceivedMail, "mail.view_received", "See received mail", Buyer [Payer, Admin];
    /// Invite people, give and take their roles, remove them (R1, R6, R8).
    ManagePeople, "people.manage", "Manage people", Tenant [Admin] [Admin];
    /// Change what the roles may do, make roles (R7, N4).
    ManageRoles, "roles.manage", "Manage roles and permissions", Tenant [Admin] [Admin];
    /// See what was done in the tenant, by whom and from where (V51).
    ViewAudit, "audit.view", "See the audit", Tenant [Admin] [Admin];
    /// Change the company’s settings, such as who needs a second factor.
    ManageSettings, "settings.manage", "Change the company’s settings", Tenant [Admin] [Admin];
}

#[cfg(test)]
mod tests;
