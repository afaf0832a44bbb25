//! Everybody whom the matrix lets ask: built-in roles, single rights, the wide reach, and who may not at all.

use super::site::Site;
use backend::testing::Party;
use domain::{
    access::{BuyerReach, BuyerRole, Permission, Rights, Roles, SellerRole, Side},
    api_keys::{POSSIBLE, offered},
    people::TenantRole,
};
use http::{Method, StatusCode};

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
    /// A program with a key of the party's admin.
    Key(KeyOf),
}

/// Which key a program has.
#[derive(Clone, Copy, Debug)]
pub enum KeyOf {
    /// One that may do all that keys can.
    Everything,
    /// One that may do one thing.
    One(Permission),
    /// One that was taken back.
    Revoked,
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
            Self::Key(KeyOf::Everything) => Some(of_keys(party)),
            Self::Key(KeyOf::One(permission)) => Some(Rights::NONE.with(permission)),
            Self::Key(KeyOf::Revoked) | Self::ShutOut | Self::Disabled | Self::Nobody => None,
        }
    }
}

/// All that a key of a party can do.
fn of_keys(party: &Party) -> Rights {
    POSSIBLE
        .into_iter()
        .fold(Rights::NONE, Rights::with)
        .in_both(Rights::all(party.kind()))
}

impl As {
    /// How far they reach on the buyer's side.
    pub const fn reach(self) -> BuyerReach {
        match self {
            Self::Far(_) | Self::FarRights(_) => BuyerReach::Subsidiaries,
            Self::Roles(_)
            | Self::Rights(..)
            | Self::ShutOut
            | Self::Disabled
            | Self::Nobody
            | Self::Key(_) => BuyerReach::Own,
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
    all.extend([KeyOf::Everything, KeyOf::Revoked].map(As::Key));
    all.extend(of_keys(party).iter().map(|one| As::Key(KeyOf::One(one))));
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

/// The roles of an admin on every side that a party has.
pub fn all_roles(party: &Party) -> Roles {
    Roles {
        seller: party.kind().sells().then_some(SellerRole::Admin),
        buyer: party.kind().buys().then_some(BuyerRole::Admin),
    }
}

/// A key of a party's admin, called with once: its use is noted once a minute, and no minute passes here.
pub async fn key_of(site: &Site, party: &Party, of: KeyOf) -> String {
    let (name, may) = match of {
        KeyOf::Everything => ("Everything".to_owned(), offered(Rights::all(party.kind()))),
        KeyOf::Revoked => ("Revoked".to_owned(), offered(Rights::all(party.kind()))),
        KeyOf::One(permission) => (permission.code().to_owned(), vec![permission]),
    };
    let key = site.key(party, &name, &may).await;
    let first = site.ask_with(None, Some(&key), Method::GET, "/api/v1", "").await;
    assert_eq!(first.status(), StatusCode::OK);
    if matches!(of, KeyOf::Revoked) {
        site.revoke(party, &name).await;
    }
    key
}
