//! Everybody who asks.

use super::site::Caller;
use domain::access::{BuyerRole, SellerRole};

/// Everybody who can sign in: a tier, a role on the seller's side, a role on the buyer's side.
pub const PEOPLE: [(&str, Caller); 13] = [
    ("distributor sales", seller("Northwind", SellerRole::Sales)),
    ("distributor finance", seller("Northwind", SellerRole::Finance)),
    ("distributor admin", seller("Northwind", SellerRole::Admin)),
    ("distributor user", seller("Northwind", SellerRole::User)),
    ("partner user", seller("Acme", SellerRole::User)),
    ("partner sales", seller("Acme", SellerRole::Sales)),
    ("partner finance", seller("Acme", SellerRole::Finance)),
    ("partner viewer", buyer("Acme", BuyerRole::Viewer)),
    ("partner payer", buyer("Acme", BuyerRole::Payer)),
    (
        "partner admin",
        Caller {
            party: "Acme",
            seller: Some(SellerRole::Admin),
            buyer: Some(BuyerRole::Admin),
        },
    ),
    ("customer viewer", buyer("Daisy", BuyerRole::Viewer)),
    ("customer payer", buyer("Daisy", BuyerRole::Payer)),
    ("customer admin", buyer("Daisy", BuyerRole::Admin)),
];

const fn seller(party: &'static str, role: SellerRole) -> Caller {
    Caller {
        party,
        seller: Some(role),
        buyer: None,
    }
}

const fn buyer(party: &'static str, role: BuyerRole) -> Caller {
    Caller {
        party,
        seller: None,
        buyer: Some(role),
    }
}
