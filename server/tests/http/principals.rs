//! Everybody whom the matrix lets ask: built-in roles, single rights, the wide reach, and who may not at all.

use super::site::Site;
use backend::testing::Party;
use domain::{
    access::{BuyerReach, BuyerRole, Permission, Rights, Roles, SellerRole, Side},
    people::TenantRole,
};

/// Somebody who asks.
#[derive(Clone, Copy, Debug)]
pub enum As {
    /// With the built-in roles.
    Roles(Roles),
    /// With exactly these rights, by a role of the tenant's own.
    Rights(Side, Rights),
    /// With a built-in role of the buyer's side that reaches subsidiaries.
    Far(BuyerRole),
    /// With exactly these rights on the buyer's side, and that reach.
    FarRights(Rights),
    /// Whose membership was disabled.
    ShutOut,
    /// Whose login was disabled.
    Disabled,
    /// Without a session.
    Nobody,
}

impl As {
    /// What they may do; none if they are not signed in.
    pub fn rights(self, party: &Party) -> Option<Rights> {
        match self {
            Self::Roles(roles) => Some(Rights::of(party.kind(), roles)),
            Self::Rights(_, rights) | Self::FarRights(rights) => Some(rights),
            Self::Far(role) => Some(Rights::of(
                party.kind(),
                Roles {
                    seller: None,
                    buyer: Some(role),
                },
            )),
            Self::ShutOut | Self::Disabled | Self::Nobody => None,
        }
    }
}

impl As {
    /// How far they reach on the buyer's side.
    pub const fn reach(self) -> BuyerReach {
        match self {
            Self::Far(_) | Self::FarRights(_) => BuyerReach::Subsidiaries,
            Self::Roles(_) | Self::Rights(..) | Self::ShutOut | Self::Disabled | Self::Nobody => {
                BuyerReach::Own
            }
        }
    }
}

/// The subsidiary of each party that has one.
pub const SUBSIDIARIES: [(&str, &str); 2] = [("Acme", "Borealis"), ("Daisy", "Elm")];

/// The subsidiary of a party.
pub fn below<'a>(site: &'a Site, party: &Party) -> Option<&'a Party> {
    let found = SUBSIDIARIES.iter().find(|(parent, _)| *parent == party.name());
    found.map(|(_, child)| site.world.party(child))
}

/// Everybody who could ask in a tenant.
pub fn everybody(party: &Party) -> Vec<As> {
    let mut all = vec![As::Nobody, As::ShutOut, As::Disabled];
    let seller = |role| Roles {
        seller: Some(role),
        buyer: None,
    };
    let buyer = |role| Roles {
        seller: None,
        buyer: Some(role),
    };
    if party.kind().sells() {
        all.extend(
            [
                SellerRole::Sales,
                SellerRole::Finance,
                SellerRole::Admin,
                SellerRole::User,
            ]
            .map(|role| As::Roles(seller(role))),
        );
    }
    if party.kind().buys() {
        all.extend(
            [BuyerRole::Viewer, BuyerRole::Payer, BuyerRole::Admin].map(|role| As::Roles(buyer(role))),
        );
    }
    all.push(As::Roles(Roles {
        seller: Some(SellerRole::Admin),
        buyer: Some(BuyerRole::Admin),
    }));
    if party.kind().buys() {
        all.extend([BuyerRole::Viewer, BuyerRole::Payer, BuyerRole::Admin].map(As::Far));
        let alone = [
            Permission::ViewReceivedInvoices,
            Permission::PayInvoices,
            Permission::ViewReceivedMail,
            Permission::ManagePeople,
        ];
        all.extend(alone.map(|one| As::FarRights(Rights::NONE.with(one))));
    }
    for side in [Side::Seller, Side::Buyer] {
        if (side == Side::Seller && !party.kind().sells()) || (side == Side::Buyer && !party.kind().buys()) {
            continue;
        }
        all.push(As::Rights(side, Rights::NONE));
        let possible = TenantRole::possible(side, party.kind());
        all.extend(possible.map(|one| As::Rights(side, Rights::NONE.with(one))));
    }
    all
}

/// Names of the tenants that a party neither buys from nor sells to.
pub fn strangers(site: &Site, party: &Party) -> Vec<String> {
    let trades = |other: &Party| {
        other.id() == party.id()
            || (party.kind().buys() && party.seller() == other.id())
            || (other.kind().buys() && other.seller() == party.id())
    };
    let others = site.world.parties().filter(|other| !trades(other));
    others.map(|other| other.name().to_owned()).collect()
}
