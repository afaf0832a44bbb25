//! The tenants and people of the demo data.

use super::{
    catalogue::{DISTRIBUTOR, FIRST, PARTNERS, Place, SECOND, STREETS},
    random::Random,
};
use crate::{
    Error,
    invoices::write::AccountFacts,
    scope::Tx,
    tenants::write::{self, NewTenant, Parent, add_person},
};
use domain::{
    Currency, TaxRate,
    access::{BuyerRole, Roles, SellerRole, TenantKind},
    ids::{GroupId, TenantId},
    invoices::TaxCategory,
    tenants::{Company, Party},
};
use entity::{invoice_grant, subsidiary, tenant_group};
use sea_orm::ActiveValue::Set;
use std::collections::BTreeSet;

/// Customers of all partners together.
const CUSTOMERS: usize = 150;

/// Who was made.
pub(super) struct People {
    pub(super) partner: TenantId,
    pub(super) customer: TenantId,
    pub(super) tenants: usize,
    pub(super) accounts: Vec<Account>,
}

/// An account and how trade goes on it.
pub(super) struct Account {
    pub(super) facts: AccountFacts,
    pub(super) role: Part,
    pub(super) currency: Currency,
    pub(super) tax: (TaxCategory, TaxRate),
    pub(super) terms_days: i64,
    /// What the seller adds to the list price, in percent.
    pub(super) margin: i64,
}

/// What part an account plays in the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The distributor bills the partner of `partner.example`: there must be much to pay.
    Showcase,
    /// The partner of `partner.example` bills the customer of `customer.example`.
    ShowcaseCustomer,
    /// The partner of `partner.example` bills a subsidiary of that customer.
    Subsidiary,
    /// Any other partner's.
    Partner,
    /// Any other customer's.
    Customer,
}

pub(super) async fn create(
    tx: &mut Tx,
    random: &mut Random,
    distributor: TenantId,
    hash: &str,
) -> Result<People, Error> {
    let (name, place) = DISTRIBUTOR;
    let top = tenant(
        random,
        distributor,
        TenantKind::Distributor,
        name,
        &place,
        "indigo",
        None,
    );
    write::create(tx, &top).await?;
    let sellers = [
        ("Dana Whitfield", "admin", SellerRole::Admin),
        ("Felix Okafor", "finance", SellerRole::Finance),
        ("Sofia Marchetti", "sales", SellerRole::Sales),
    ];
    for (name, mailbox, role) in sellers {
        let roles = Roles {
            seller: Some(role),
            buyer: None,
        };
        add_person(
            tx,
            distributor,
            name,
            &format!("{mailbox}@distributor.example"),
            hash,
            roles,
        )
        .await?;
    }
    let mut people = People {
        partner: distributor,
        customer: distributor,
        tenants: 1,
        accounts: Vec::new(),
    };
    let waves = waves(tx, distributor).await?;
    let mut names = BTreeSet::new();
    for (position, (name, place)) in PARTNERS.iter().enumerate() {
        let accents = ["teal", "blue", "green", "plum", "copper", "slate"];
        let parent = below(&top, format!("P-{:03}", 101 + position), 30);
        let accent = accents[position % accents.len()];
        let id = TenantId(crate::new_id());
        let mut partner = tenant(random, id, TenantKind::Partner, name, place, accent, Some(parent));
        let first_wave = position + 2 < PARTNERS.len();
        partner.group = Some(if first_wave { waves.0 } else { waves.1 });
        let showcase = position == 0;
        let facts = write::create(tx, &partner).await?;
        if position == 1 {
            share(tx, &partner, &top).await?;
        }
        if let Some(facts) = facts {
            people.accounts.push(account_of_partner(facts, place, showcase));
        }
        people.tenants += 1;
        if showcase {
            people.partner = id;
            partner_people(tx, id, hash).await?;
        }
        let count = CUSTOMERS / PARTNERS.len() + usize::from(position < CUSTOMERS % PARTNERS.len());
        for number in 0..count {
            let name = fresh_name(random, &mut names);
            let terms = *random.pick(&[14, 21, 30]);
            let parent = below(&partner, format!("C{}-{:03}", position + 1, number + 1), terms);
            let id = TenantId(crate::new_id());
            let customer = tenant(
                random,
                id,
                TenantKind::Customer,
                &name,
                place,
                accent,
                Some(parent),
            );
            let first = showcase && number == 0;
            if let Some(facts) = write::create(tx, &customer).await? {
                let role = match number {
                    0 if showcase => Part::ShowcaseCustomer,
                    1 | 2 if showcase => Part::Subsidiary,
                    _ => Part::Customer,
                };
                people.accounts.push(Account {
                    facts,
                    role,
                    currency: place.currency,
                    tax: place.tax,
                    terms_days: i64::from(terms),
                    margin: 25,
                });
            }
            people.tenants += 1;
            if first {
                people.customer = id;
                customer_people(tx, id, hash).await?;
            }
            if showcase && matches!(number, 1 | 2) {
                belongs(tx, &partner, id, people.customer).await?;
            }
        }
    }
    Ok(people)
}

/// The groups of the partners: most work in the portal already, the last ones wait (T16).
async fn waves(tx: &Tx, distributor: TenantId) -> Result<(GroupId, GroupId), Error> {
    let (first, second) = (crate::new_id(), crate::new_id());
    for (id, name, opened_at) in [
        (first, "First wave", Some(tx.now())),
        (second, "Second wave", None),
    ] {
        tx.insert(tenant_group::ActiveModel {
            tenant_id: Set(distributor.0),
            id: Set(id),
            name: Set(name.to_owned()),
            opened_at: Set(opened_at),
            created_at: Set(tx.now()),
        })
        .await?;
    }
    Ok((GroupId(first), GroupId(second)))
}

/// A partner lets the distributor see what it bills its customers (V50).
async fn share(tx: &Tx, partner: &NewTenant, top: &NewTenant) -> Result<(), Error> {
    tx.insert(invoice_grant::ActiveModel {
        tenant_id: Set(partner.id.0),
        id: Set(crate::new_id()),
        to_id: Set(top.id.0),
        tenant_name: Set(partner.company.party.name.clone()),
        to_name: Set(top.company.party.name.clone()),
        given_by: Set("Robin Hale".to_owned()),
        given_at: Set(tx.now()),
    })
    .await?;
    Ok(())
}

/// A customer is the subsidiary of another one of the same partner (V43).
async fn belongs(tx: &Tx, seller: &NewTenant, child: TenantId, parent: TenantId) -> Result<(), Error> {
    tx.insert(subsidiary::ActiveModel {
        seller_id: Set(seller.id.0),
        buyer_id: Set(child.0),
        parent_id: Set(parent.0),
        created_at: Set(tx.now()),
    })
    .await?;
    Ok(())
}

async fn partner_people(tx: &mut Tx, partner: TenantId, hash: &str) -> Result<(), Error> {
    let both = Roles {
        seller: Some(SellerRole::Admin),
        buyer: Some(BuyerRole::Admin),
    };
    add_person(tx, partner, "Morgan Reyes", "admin@partner.example", hash, both).await?;
    let payer = Roles {
        seller: None,
        buyer: Some(BuyerRole::Payer),
    };
    add_person(tx, partner, "Priya Nair", "payer@partner.example", hash, payer).await?;
    let user = Roles {
        seller: Some(SellerRole::User),
        buyer: None,
    };
    add_person(tx, partner, "Uma Castell", "user@partner.example", hash, user).await?;
    Ok(())
}

async fn customer_people(tx: &mut Tx, customer: TenantId, hash: &str) -> Result<(), Error> {
    let admin = Roles {
        seller: None,
        buyer: Some(BuyerRole::Admin),
    };
    add_person(
        tx,
        customer,
        "Alex Lindqvist",
        "admin@customer.example",
        hash,
        admin,
    )
    .await?;
    let viewer = Roles {
        seller: None,
        buyer: Some(BuyerRole::Viewer),
    };
    add_person(
        tx,
        customer,
        "Jamie Brooks",
        "viewer@customer.example",
        hash,
        viewer,
    )
    .await?;
    Ok(())
}

/// Resale inside the country is exempt, abroad the buyer owes the tax.
fn account_of_partner(facts: AccountFacts, place: &Place, showcase: bool) -> Account {
    let category = if place.country == "US" {
        TaxCategory::E
    } else {
        TaxCategory::AE
    };
    Account {
        facts,
        role: if showcase { Part::Showcase } else { Part::Partner },
        currency: place.currency,
        tax: (category, TaxRate::from_scaled(0)),
        terms_days: 30,
        margin: 0,
    }
}

fn below(above: &NewTenant, external_id: String, terms_days: i32) -> Parent {
    Parent {
        tenant: above.id,
        party: above.company.party.clone(),
        external_id: Some(external_id),
        terms_days,
    }
}

fn tenant(
    random: &mut Random,
    id: TenantId,
    kind: TenantKind,
    name: &str,
    place: &Place,
    accent: &str,
    parent: Option<Parent>,
) -> NewTenant {
    let mailbox: String = name
        .to_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let tax_id = match place.country {
        "US" => format!(
            "{:02}-{:07}",
            random.between(10, 98),
            random.between(1_000_000, 9_999_999)
        ),
        country => format!("{country}{:09}", random.between(100_000_000, 999_999_999)),
    };
    NewTenant {
        id,
        kind,
        company: Company {
            party: Party {
                name: name.to_owned(),
                street: format!("{} {}", random.between(2, 980), random.pick(STREETS)),
                city: place.city.to_owned(),
                postal_code: place.postal_code.to_owned(),
                country: place.country.to_owned(),
                tax_id: Some(tax_id),
                email: Some(format!("billing@{mailbox}.example")),
            },
            locale: place.locale,
            time_zone: place.time_zone.to_owned(),
            currency: place.currency,
            accent: accent.to_owned(),
            support_phone: Some(format!("+1 555 01{:02}", random.between(0, 99))),
        },
        parent,
        group: None,
    }
}

fn fresh_name(random: &mut Random, taken: &mut BTreeSet<String>) -> String {
    loop {
        let name = format!("{} {}", random.pick(FIRST), random.pick(SECOND));
        if taken.insert(name.clone()) {
            return name;
        }
    }
}
