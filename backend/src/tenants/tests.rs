//! Making tenants, switching them on, shutting them out, what they say of themselves and what they share.

use super::{
    below::{
        read::{find, list},
        write::{LeadContact, Terms, change_state, change_terms, invite, make},
    },
    company, door, grants, groups, logo,
};
use crate::{
    Error, Scope,
    invoices::read as invoices,
    jobs::{run_due, standard},
    people::accept::{Acceptance, accept},
    sessions::{
        read::viewer,
        write::{Browser, LogIn, log_in},
    },
    testing::{PASSWORD, Party, World},
};
use domain::{
    FieldErrors, Refusal,
    access::{ManageSettings, ManageTenants, Permission, Side, ViewIssuedInvoices, ViewSharedInvoices},
    ids::{GroupId, TenantId},
    invoices::InvoiceQuery,
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
    let session = accept(&world.backend, acceptance).await.unwrap();
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

#[tokio::test]
async fn the_trade_below_is_seen_through_a_grant_alone() {
    let world = World::new().await;
    let invoice = world.daisy().invoice("80.00").number("A-1").await;
    let look = async || {
        let shared: Scope<ViewSharedInvoices> = world.distributor().scope();
        grants::look(&shared, world.acme().id()).await
    };
    assert!(is_missing(look().await));

    grants::give(&settings(world.acme())).await.unwrap();
    grants::give(&settings(world.acme())).await.unwrap();
    let given = grants::sharing(&settings(world.acme())).await.unwrap();
    assert_eq!((given.given.len(), given.possible), (1, None));
    let (scope, name) = look().await.unwrap();
    assert_eq!(name, "Acme");
    let page = invoices::list(&scope, &InvoiceQuery::new(Side::Seller))
        .await
        .unwrap();
    assert_eq!(page.rows[0].number.as_deref(), Some("A-1"));
    assert_eq!(invoices::find(&scope, invoice).await.unwrap().buyer.name, "Daisy");
    // It is a view, and of that one partner: one's own list stays one's own, and nothing can be written.
    assert!(scope.begin().await.is_err());
    let own: Scope<ViewIssuedInvoices> = world.distributor().scope();
    assert!(is_missing(invoices::find(&own, invoice).await));
    let shared: Scope<ViewSharedInvoices> = world.distributor().scope();
    assert!(is_missing(grants::look(&shared, world.borealis().id()).await));
    // Nobody else sees through it.
    let neighbour: Scope<ViewSharedInvoices> = world.borealis().scope();
    assert!(is_missing(grants::look(&neighbour, world.acme().id()).await));

    let id = given.given[0].id;
    assert!(is_missing(
        grants::take_back(&settings(world.borealis()), id).await
    ));
    assert!(is_missing(
        grants::take_back(&settings(world.distributor()), id).await
    ));
    grants::take_back(&settings(world.acme()), id).await.unwrap();
    assert!(is_missing(look().await));
    // At the top there is nobody to share with, and a customer issues nothing.
    assert!(is_missing(grants::give(&settings(world.distributor())).await));
    assert!(is_missing(grants::give(&settings(world.daisy())).await));
}

#[tokio::test]
async fn a_new_name_is_found_and_old_documents_keep_theirs() {
    let world = World::new().await;
    let (acme, scope) = (world.acme(), settings(world.acme()));
    let invoice = world.daisy().invoice("80.00").await;
    let mut renamed = company::find(&scope).await.unwrap().fields();
    renamed.name = "Acme Nord".to_owned();
    renamed.accent = "plum".to_owned();
    company::change(&scope, &renamed).await.unwrap();
    assert_eq!(company::find(&scope).await.unwrap().fields(), renamed);

    let top = makers(world.distributor());
    let query = TenantQuery {
        search: Some("nord".to_owned()),
        ..TenantQuery::default()
    };
    let found = list(&top, &query).await.unwrap();
    assert!(found.rows.iter().any(|row| row.name == "Acme Nord"));
    let issued: Scope<ViewIssuedInvoices> = acme.scope();
    let old = invoices::find(&issued, invoice).await.unwrap();
    assert_eq!(old.seller.name, "Acme");

    renamed.country = "Nowhere".to_owned();
    let errors = wrong(company::change(&scope, &renamed).await);
    assert_eq!(errors.0.keys().collect::<Vec<_>>(), ["country"]);
}

/// The smallest PNG: one pixel.
const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0,
    1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89,
];

#[tokio::test]
async fn a_logo_is_a_small_picture_for_those_one_trades_with() {
    let world = World::new().await;
    let (acme, scope) = (world.acme(), settings(world.acme()));
    let refused = |bytes: &[u8]| {
        let (scope, bytes) = (scope.clone(), bytes.to_vec());
        async move { wrong(logo::change(&scope, bytes).await).0.remove("logo").unwrap() }
    };
    assert_eq!(refused(b"<svg onload=alert(1)>").await, Refusal::NotAPicture);
    let mut wide = PIXEL.to_vec();
    wide[18] = 0xff;
    assert!(matches!(refused(&wide).await, Refusal::PictureTooLarge { .. }));
    let mut heavy = PIXEL.to_vec();
    heavy.resize(logo::LOGO_BYTES + 1, 0);
    assert!(matches!(refused(&heavy).await, Refusal::PictureTooLarge { .. }));

    logo::change(&scope, PIXEL.to_vec()).await.unwrap();
    logo::change(&scope, PIXEL.to_vec()).await.unwrap();
    let person = seen(&world, "admin@acme.example", PASSWORD).await;
    assert!(person.tenant.logo.is_some());
    for friend in [acme, world.daisy(), world.distributor()] {
        let picture = logo::picture(&friend.admin(), acme.id()).await.unwrap();
        assert_eq!(
            (picture.media_type.as_str(), picture.bytes.as_slice()),
            ("image/png", PIXEL)
        );
    }
    for stranger in [world.borealis(), world.party("Fjord")] {
        assert!(is_missing(logo::picture(&stranger.admin(), acme.id()).await));
    }
    logo::remove(&scope).await.unwrap();
    assert!(is_missing(logo::picture(&acme.admin(), acme.id()).await));
    assert_eq!(
        seen(&world, "admin@acme.example", PASSWORD).await.tenant.logo,
        None
    );
}
