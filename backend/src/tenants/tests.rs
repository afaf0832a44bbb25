//! Making tenants, switching them on, shutting them out, what they say of themselves and what they share.

mod family;
mod own;
mod particulars;

use super::{
    below::{
        read::{find, list},
        write::{LeadContact, Terms, change_state, change_terms, invite, make},
    },
    door, groups,
};
use crate::{
    Error, Scope,
    invoices::read as invoices,
    jobs::{run_due, standard},
    payments::payers::payers,
    people::accept::{Acceptance, accept},
    sessions::{
        read::viewer,
        write::{Browser, LogIn},
    },
    testing::{PASSWORD, Party, World, log_in},
};
use domain::{
    FieldErrors, Refusal,
    access::{ManageSettings, ManageTenants, Permission, RecordPayments, ViewIssuedInvoices},
    ids::{GroupId, TenantId},
    list::Position,
    sessions::Viewer,
    tenants::{CompanyFields, Door, TenantQuery, TenantState},
};

fn makers(party: &Party) -> Scope<ManageTenants> {
    party.scope()
}

fn settings(party: &Party) -> Scope<ManageSettings> {
    party.scope()
}

fn fields(name: &str) -> CompanyFields {
    CompanyFields {
        name: name.to_owned(),
        street: "5 Quay".to_owned(),
        city: "Bergen".to_owned(),
        postal_code: "5003".to_owned(),
        country: "NO".to_owned(),
        tax_id: "NO 999 888 777".to_owned(),
        locale: "en-GB".to_owned(),
        time_zone: "Europe/Oslo".to_owned(),
        currency: "EUR".to_owned(),
        accent: "teal".to_owned(),
        support_phone: "+47 55 55 55 55".to_owned(),
        billing_email: "bills@hansa.example".to_owned(),
    }
}

const LEAD: LeadContact<'static> = LeadContact {
    name: "Lena Lead",
    email: "lena@hansa.example",
};

fn terms<'a>(external_id: &'a str, group: &'a str) -> Terms<'a> {
    Terms {
        external_id,
        terms_days: "14",
        group,
    }
}

async fn hansa(world: &World, group: &str) -> TenantId {
    let scope = makers(world.distributor());
    make(&scope, &fields("Hansa"), terms("P-77", group), LEAD)
        .await
        .unwrap()
}

fn wrong<T>(outcome: Result<T, Error>) -> FieldErrors {
    match outcome {
        Err(Error::Invalid(errors)) => errors,
        Ok(_) => panic!("it was done"),
        Err(other) => panic!("{other:?}"),
    }
}

fn is_missing<T>(outcome: Result<T, Error>) -> bool {
    matches!(outcome, Err(Error::NotFound))
}

/// Who an address is after logging in, in whatever state their tenant is.
async fn seen(world: &World, email: &str, password: &str) -> Viewer {
    let attempt = LogIn {
        email,
        password,
        browser: Browser::default(),
    };
    let session = log_in(&world.backend, attempt).await.unwrap();
    viewer(&world.backend, &session.token).await.unwrap().unwrap().1
}

async fn accepted(world: &World) -> Viewer {
    run_due(&world.backend, &standard()).await.unwrap();
    let sent = world.mailer.sent();
    let mail = sent.iter().rev().find(|mail| mail.to == LEAD.email).unwrap();
    let token: String = mail
        .text
        .split('/')
        .filter_map(|part| part.get(..64))
        .find(|token| token.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .unwrap()
        .to_owned();
    let acceptance = Acceptance {
        token: &token,
        name: LEAD.name,
        password: "a first password of mine",
        browser: Browser::default(),
    };
    let session = accept(&world.backend, acceptance)
        .await
        .unwrap()
        .session()
        .unwrap();
    viewer(&world.backend, &session.token).await.unwrap().unwrap().1
}

#[tokio::test]
async fn a_distributor_makes_a_partner_whose_lead_contact_makes_a_customer() {
    let world = World::new().await;
    let id = hansa(&world, "").await;
    let made = find(&makers(world.distributor()), id).await.unwrap();
    assert_eq!(
        (
            made.row.name.as_str(),
            made.row.external_id.as_deref(),
            made.terms_days,
            made.people
        ),
        ("Hansa", Some("P-77"), 14, 0)
    );
    assert_eq!(made.invitations[0].email, LEAD.email);
    assert_eq!(made.company.fields(), fields("Hansa"));

    let lena = accepted(&world).await;
    assert_eq!((lena.tenant.id, lena.tenant.door), (id, Door::Open));
    for permission in [
        Permission::ManagePeople,
        Permission::ManageTenants,
        Permission::ImportInvoices,
        Permission::PayInvoices,
    ] {
        assert!(
            lena.may(permission),
            "a lead contact may not {}",
            permission.code()
        );
    }
    let made = find(&makers(world.distributor()), id).await.unwrap();
    assert_eq!((made.people, made.invitations.len()), (1, 0));
    // The mail went out in the maker's name.
    let mail = world.mailer.sent().pop().unwrap();
    assert!(mail.text.contains("Northwind's admin"), "{}", mail.text);
}

#[tokio::test]
async fn what_is_wrong_is_named_field_by_field_and_nothing_is_made() {
    let world = World::new().await;
    let scope = makers(world.distributor());
    let before = world.fingerprint().await;
    let lead = LeadContact {
        name: "",
        email: "nobody",
    };
    let terms = Terms {
        external_id: "C-ACME",
        terms_days: "soon",
        group: "nowhere",
    };
    let errors = wrong(make(&scope, &CompanyFields::default(), terms, lead).await);
    for field in [
        "name",
        "street",
        "city",
        "country",
        "external_id",
        "terms_days",
        "group",
        "lead_name",
        "lead_email",
    ] {
        assert!(errors.0.contains_key(field), "{field} is not named: {errors:?}");
    }
    assert_eq!(
        errors.0.get("external_id"),
        Some(&Refusal::ExternalIdTaken {
            id: "C-ACME".to_owned()
        })
    );
    assert_eq!(world.fingerprint().await, before);
}

#[tokio::test]
async fn nobody_reaches_a_tenant_that_somebody_else_made() {
    let world = World::new().await;
    let (acme, fjord) = (makers(world.acme()), world.party("Fjord").id());
    let before = world.fingerprint().await;
    for stranger in [
        fjord,
        world.borealis().id(),
        world.distributor().id(),
        world.acme().id(),
    ] {
        assert!(is_missing(find(&acme, stranger).await));
        assert!(is_missing(
            change_state(&acme, stranger, TenantState::Closed, "why").await
        ));
        assert!(is_missing(change_terms(&acme, stranger, terms("X", "")).await));
        assert!(is_missing(invite(&acme, stranger, LEAD).await));
    }
    // Nor does the distributor reach its partners' customers.
    let top = makers(world.distributor());
    assert!(is_missing(find(&top, fjord).await));
    assert!(is_missing(
        change_state(&top, fjord, TenantState::Closed, "why").await
    ));
    assert_eq!(world.fingerprint().await, before);
}

#[tokio::test]
async fn who_is_suspended_or_closed_is_told_why_and_loses_nothing() {
    let world = World::new().await;
    let (acme, daisy) = (makers(world.acme()), world.daisy());
    let invoice = daisy.invoice("80.00").await;
    assert_eq!(
        wrong(change_state(&acme, daisy.id(), TenantState::Suspended, "").await),
        FieldErrors::one("reason", Refusal::Missing)
    );
    for (state, shut) in [
        (TenantState::Suspended, Door::Suspended),
        (TenantState::Closed, Door::Closed),
    ] {
        change_state(&acme, daisy.id(), state, "unpaid since May")
            .await
            .unwrap();
        let person = seen(&world, "admin@daisy.example", PASSWORD).await;
        assert_eq!(person.tenant.door, shut);
        assert!(person.rights.iter().next().is_none(), "a right is left");
        let notice = door::notice(&daisy.admin()).await.unwrap();
        assert_eq!(
            (
                notice.door,
                notice.reason.as_deref(),
                notice.contact.as_deref(),
                notice.email.as_deref()
            ),
            (
                shut,
                Some("unpaid since May"),
                Some("Acme"),
                Some("billing@acme.example")
            )
        );
        // The seller goes on seeing what it issued.
        let issued: Scope<ViewIssuedInvoices> = world.acme().scope();
        invoices::find(&issued, invoice).await.unwrap();
    }
    change_state(&acme, daisy.id(), TenantState::Active, "")
        .await
        .unwrap();
    let person = seen(&world, "admin@daisy.example", PASSWORD).await;
    assert_eq!(person.tenant.door, Door::Open);
    assert!(person.may(Permission::PayInvoices));
    assert_eq!(find(&acme, daisy.id()).await.unwrap().reason, None);
}

#[tokio::test]
async fn a_group_waits_until_it_is_switched_on() {
    let world = World::new().await;
    let scope = makers(world.distributor());
    let wave = groups::create(&scope, " Second  wave ").await.unwrap();
    assert_eq!(
        wrong(groups::create(&scope, "Second wave").await),
        FieldErrors::one(
            "group_name",
            Refusal::NameTaken {
                name: "Second wave".to_owned()
            }
        )
    );
    let id = hansa(&world, &wave.to_string()).await;
    assert_eq!(accepted(&world).await.tenant.door, Door::Waiting);
    let listed = groups::list(&scope).await.unwrap();
    assert_eq!((listed[0].name.as_str(), listed[0].tenants), ("Second wave", 1));
    assert!(matches!(
        groups::delete(&scope, wave).await,
        Err(Error::Refused(Refusal::GroupInUse { tenants: 1 }))
    ));

    groups::switch(&scope, wave, true).await.unwrap();
    let lena = seen(&world, LEAD.email, "a first password of mine").await;
    assert_eq!(lena.tenant.door, Door::Open);
    groups::switch(&scope, wave, false).await.unwrap();
    let lena = seen(&world, LEAD.email, "a first password of mine").await;
    assert_eq!(lena.tenant.door, Door::Waiting);

    change_terms(&scope, id, terms("P-77", "")).await.unwrap();
    let lena = seen(&world, LEAD.email, "a first password of mine").await;
    assert_eq!(lena.tenant.door, Door::Open);
    groups::delete(&scope, wave).await.unwrap();
    // Another seller's group is none.
    let theirs = groups::create(&makers(world.acme()), "Ours").await.unwrap();
    assert!(is_missing(groups::switch(&scope, theirs, true).await));
    assert!(is_missing(groups::delete(&scope, GroupId(crate::new_id())).await));
}

#[tokio::test]
async fn the_list_is_sorted_narrowed_and_cut_into_pages() {
    let world = World::new().await;
    let scope = makers(world.distributor());
    for number in 0..60 {
        let lead = LeadContact {
            name: "Lead",
            email: &format!("lead{number}@example.com"),
        };
        let name = format!("Partner {:02}", 59 - number);
        make(&scope, &fields(&name), terms("", ""), lead).await.unwrap();
    }
    let all = list(&scope, &TenantQuery::default()).await.unwrap();
    assert_eq!(
        (all.rows.len(), all.total.label(Default::default())),
        (50, "62".to_owned())
    );
    assert_eq!(
        (all.rows[0].name.as_str(), all.rows[2].name.as_str()),
        ("Acme", "Partner 00")
    );
    let next = TenantQuery::default().at(Position::After(all.next.clone().unwrap()));
    let second = list(&scope, &next).await.unwrap();
    assert_eq!(
        (second.rows.len(), second.rows[11].name.as_str()),
        (12, "Partner 59")
    );
    let back = TenantQuery::default().at(Position::Before(second.previous.clone().unwrap()));
    assert_eq!(list(&scope, &back).await.unwrap().rows, all.rows);
    // A search for customers says that it names some of them only.
    let finance = world.distributor().scope::<RecordPayments>();
    let some = payers(&finance, "partner").await.unwrap();
    assert_eq!((some.payers.len(), some.more), (20, true));
    let one = payers(&finance, "partner 59").await.unwrap();
    assert_eq!((one.payers.len(), one.more), (1, false));
    let last = list(&scope, &TenantQuery::default().at(Position::Last))
        .await
        .unwrap();
    assert_eq!(last.rows.last(), second.rows.last());

    let searched = TenantQuery {
        search: Some("ner 4".to_owned()),
        ..TenantQuery::default()
    };
    assert_eq!(list(&scope, &searched).await.unwrap().rows.len(), 10);
    change_state(&scope, world.acme().id(), TenantState::Suspended, "why")
        .await
        .unwrap();
    let suspended = TenantQuery {
        state: Some(TenantState::Suspended),
        ..TenantQuery::default()
    };
    let found = list(&scope, &suspended).await.unwrap();
    assert_eq!((found.rows.len(), found.rows[0].door), (1, Door::Suspended));
}
