//! Every account has a default profile, every invoice is bound to one and keeps what it said, and nobody else's is found.

use super::{read, write};
use crate::{
    Error, check,
    invoices::{edit, read::find as invoice_page},
    new_id,
    payment_methods::{
        self,
        autopay::{Switch, run::pay_due, switch},
    },
    testing::{Party, World},
};
use domain::{
    Currency, Money, Quantity, Refusal, TaxRate, UnitPrice,
    access::{
        ChangeProfiles, ManageTenants, PayInvoices, ViewIssuedInvoices, ViewReceivedInvoices, WriteInvoices,
    },
    ids::{CardId, FormKey, InvoiceId, ProfileId},
    invoices::{
        InvoiceLine, TaxCategory,
        editing::{WriteAct, WriteInvoice},
        totals::{Line, WholeDocument, totals},
    },
    profiles::{ContactFields, PlaceFields, ProfileFields, Standing},
};
use entity::{card, invoice, mail, payment_attempt};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryOrder};

fn lab() -> ProfileFields {
    ProfileFields {
        name: "Lab".to_owned(),
        billing: PlaceFields {
            street: "4 Quay".to_owned(),
            city: "Bergen".to_owned(),
            postal_code: "5003".to_owned(),
            country: "NO".to_owned(),
        },
        contacts: vec![ContactFields {
            name: "Kim Lab".to_owned(),
            email: "kim@lab.example".to_owned(),
            phone: String::new(),
        }],
        order_reference: "PO 7".to_owned(),
        ..ProfileFields::default()
    }
}

fn sellers(world: &World) -> crate::Scope<ManageTenants> {
    world.distributor().scope()
}

async fn add(world: &World, fields: &ProfileFields) -> ProfileId {
    let key = FormKey(new_id());
    write::add(&sellers(world), world.acme().id(), key, fields)
        .await
        .unwrap()
}

/// What an invoice over ten dollars is written as.
fn written(world: &World, profile: Option<ProfileId>, act: WriteAct) -> WriteInvoice {
    let ten = Money::new(1_000, Currency::USD);
    let line = InvoiceLine {
        position: 1,
        item_code: None,
        description: "Service".to_owned(),
        quantity: Quantity::ONE,
        unit_price: UnitPrice::from_scaled(10_000_000),
        discount: Money::zero(Currency::USD),
        net: ten,
        tax_category: TaxCategory::Z,
        tax_rate: TaxRate::from_scaled(0),
    };
    let whole = WholeDocument::plain(Currency::USD);
    let key = FormKey(new_id());
    let today = world.backend.now().date_naive();
    WriteInvoice {
        key,
        invoice: InvoiceId(key.0),
        version: 0,
        account: world.acme().account(),
        profile,
        act,
        reason: String::new(),
        issue_date: today,
        due_date: today,
        note: None,
        totals: totals(Currency::USD, &[Line::from(&line)], &whole).unwrap(),
        lines: vec![line],
        costs: Vec::new(),
    }
}

async fn issue(world: &World, profile: Option<ProfileId>) -> Result<InvoiceId, Error> {
    let scope = world.distributor().scope::<WriteInvoices>();
    edit::write(&scope, &written(world, profile, WriteAct::Issue)).await
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn bound_to(world: &World, id: InvoiceId) -> ProfileId {
    let db = world.backend.system().db();
    let row = invoice::Entity::find_by_id((world.distributor().id().0, id.0));
    ProfileId(row.one(db).await.unwrap().unwrap().profile_id)
}

async fn standings(world: &World) -> Vec<(String, Standing)> {
    let found = read::of_customer(&sellers(world), world.acme().id()).await;
    let rows = found.unwrap().profiles.into_iter();
    rows.map(|row| (row.profile.name, row.standing)).collect()
}

fn refusal(outcome: Result<impl Sized, Error>) -> Option<Refusal> {
    match outcome {
        Err(Error::Refused(refusal)) => Some(refusal),
        Err(Error::Invalid(errors)) => errors.iter().next().map(|(_, refusal)| refusal.clone()),
        Err(other) => panic!("{other:?}"),
        Ok(_) => None,
    }
}

async fn save(world: &World, party: &Party, token: &str, year: i16) -> CardId {
    let row = card::ActiveModel {
        seller_id: Set(party.seller().0),
        id: Set(new_id()),
        account_id: Set(party.account().0),
        buyer_id: Set(party.id().0),
        gateway_token: Set(token.to_owned()),
        brand: Set("visa".to_owned()),
        last4: Set("4242".to_owned()),
        exp_month: Set(12),
        exp_year: Set(year),
        is_default: Set(false),
        created_by: Set(None),
        kind: Set(entity::codes::MethodKind::Card),
        mandate: Set(None),
        mandate_at: Set(None),
        created_at: Set(world.backend.now()),
        ..Default::default()
    };
    CardId(row.insert(world.backend.system().writer()).await.unwrap().id)
}

#[tokio::test]
async fn an_account_begins_with_a_default_profile_and_its_invoices_are_bound_to_it() {
    let world = World::new().await;
    assert_eq!(standings(&world).await, [("Main".to_owned(), Standing::Default)]);
    let id = world.acme().invoice("10.00").await;
    let own = read::own(&world.acme().scope()).await.unwrap();
    assert_eq!(bound_to(&world, id).await, own[0].profiles[0].id);
    let seen = invoice_page(&world.acme().scope::<ViewReceivedInvoices>(), id).await;
    let seen = seen.unwrap();
    assert_eq!(seen.buyer.street, "1 Main Street");
    assert_eq!(seen.profile, [("Billing profile".to_owned(), "Main".to_owned())]);
    assert!(check::run(&world.backend).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_invoice_keeps_what_its_profile_said_when_it_was_issued() {
    let world = World::new().await;
    let profile = add(&world, &lab()).await;
    let id = issue(&world, Some(profile)).await.unwrap();
    assert_eq!(bound_to(&world, id).await, profile);
    let changed = ProfileFields {
        name: "Laboratory".to_owned(),
        ..ProfileFields::default()
    };
    write::change(&sellers(&world), profile, &changed).await.unwrap();
    let seen = invoice_page(&world.distributor().scope::<ViewIssuedInvoices>(), id).await;
    let seen = seen.unwrap();
    assert_eq!(seen.buyer.street, "4 Quay");
    assert_eq!(seen.buyer.email.as_deref(), Some("kim@lab.example"));
    let texts: Vec<&str> = seen.profile.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["Lab", "PO 7", "Kim Lab, kim@lab.example"]);
    let next = issue(&world, Some(profile)).await.unwrap();
    let seen = invoice_page(&world.distributor().scope::<ViewIssuedInvoices>(), next).await;
    assert_eq!(seen.unwrap().buyer.street, "1 Main Street");
}

#[tokio::test]
async fn new_invoices_take_the_default_of_their_day() {
    let world = World::new().await;
    let before = issue(&world, None).await.unwrap();
    let profile = add(&world, &lab()).await;
    for _ in 0..2 {
        write::make_default(&sellers(&world), profile).await.unwrap();
    }
    let standing = |name: &str, standing| (name.to_owned(), standing);
    assert_eq!(
        standings(&world).await,
        [
            standing("Lab", Standing::Default),
            standing("Main", Standing::InUse)
        ]
    );
    let after = issue(&world, None).await.unwrap();
    assert_eq!(bound_to(&world, after).await, profile);
    assert_ne!(bound_to(&world, before).await, profile);
    let form = edit::new_form(&world.distributor().scope(), world.acme().account()).await;
    let form = form.unwrap();
    assert_eq!(form.profile, Some(profile));
    assert_eq!(form.profiles.len(), 2);
}

#[tokio::test]
async fn a_profile_is_archived_when_nothing_is_open_on_it() {
    let world = World::new().await;
    let profile = add(&world, &lab()).await;
    let scope = sellers(&world);
    let main = read::of_customer(&scope, world.acme().id())
        .await
        .unwrap()
        .profiles[0]
        .id;
    assert_eq!(
        refusal(write::archive(&scope, main).await),
        Some(Refusal::ProfileIsDefault)
    );
    let draft = written(&world, Some(profile), WriteAct::Save);
    let writer = world.distributor().scope::<WriteInvoices>();
    let id = edit::write(&writer, &draft).await.unwrap();
    assert_eq!(
        refusal(write::archive(&scope, profile).await),
        Some(Refusal::ProfileOwes { count: 1 })
    );
    edit::delete_draft(&writer, id).await.unwrap();
    write::archive(&scope, profile).await.unwrap();
    assert_eq!(standings(&world).await[1].1, Standing::Archived);
    for refused in [
        refusal(write::archive(&scope, profile).await),
        refusal(write::make_default(&scope, profile).await),
        refusal(write::change(&scope, profile, &lab()).await),
        refusal(issue(&world, Some(profile)).await),
    ] {
        assert_eq!(refused, Some(Refusal::ProfileArchived));
    }
    // Its name is free again.
    add(&world, &lab()).await;
}

#[tokio::test]
async fn a_form_posted_twice_makes_one_profile_and_names_are_unique() {
    let world = World::new().await;
    let key = FormKey(new_id());
    let acme = world.acme().id();
    for _ in 0..2 {
        let made = write::add(&sellers(&world), acme, key, &lab()).await;
        assert_eq!(made.unwrap(), ProfileId(key.0));
    }
    assert_eq!(standings(&world).await.len(), 2);
    let again = write::add(&sellers(&world), acme, FormKey(new_id()), &lab()).await;
    let name = "Lab".to_owned();
    assert_eq!(refusal(again), Some(Refusal::NameTaken { name: name.clone() }));
    let main = read::own(&world.acme().scope()).await.unwrap()[0].profiles[0].id;
    let renamed = write::change(&sellers(&world), main, &lab()).await;
    assert_eq!(refusal(renamed), Some(Refusal::NameTaken { name }));
}

#[tokio::test]
async fn somebody_elses_profiles_are_not_found() {
    let world = World::new().await;
    let profile = add(&world, &lab()).await;
    let other = world.borealis();
    let (makes, owns) = (other.scope::<ManageTenants>(), other.scope::<ChangeProfiles>());
    let elm = world.party("Elm").account();
    let foreign = WriteInvoice {
        account: elm,
        ..written(&world, Some(profile), WriteAct::Issue)
    };
    let outcomes = [
        read::of_customer(&makes, world.acme().id()).await.map(drop),
        read::find(&makes, profile).await.map(drop),
        read::find_own(&owns, profile).await.map(drop),
        write::add(&makes, world.acme().id(), FormKey(new_id()), &lab())
            .await
            .map(drop),
        write::change(&makes, profile, &lab()).await,
        write::change_own(&owns, profile, &lab(), "").await,
        write::make_default(&makes, profile).await.map(drop),
        write::archive(&makes, profile).await.map(drop),
        edit::write(&other.scope(), &foreign).await.map(drop),
    ];
    for (place, outcome) in outcomes.into_iter().enumerate() {
        assert!(matches!(outcome, Err(Error::NotFound)), "{place}: {outcome:?}");
    }
}

#[tokio::test]
async fn its_owner_changes_all_but_its_name_and_prefers_a_card_which_then_stays() {
    let world = World::new().await;
    let profile = add(&world, &lab()).await;
    let acme = world.acme();
    let scope = acme.scope::<ChangeProfiles>();
    let card = save(&world, acme, "pm_lab", 2034).await;
    let foreign = save(&world, world.borealis(), "pm_other", 2034).await;
    let fields = ProfileFields {
        name: "Mine".to_owned(),
        ..ProfileFields::default()
    };
    let wrong = write::change_own(&scope, profile, &fields, &foreign.to_string()).await;
    assert!(matches!(refusal(wrong), Some(Refusal::UnknownChoice { .. })));
    write::change_own(&scope, profile, &fields, &card.to_string())
        .await
        .unwrap();
    let found = read::find_own(&scope, profile).await.unwrap();
    assert_eq!(found.row.profile.name, "Lab");
    assert_eq!(found.row.profile.billing, None);
    assert_eq!((found.card, found.cards.len()), (Some(card), 1));
    let pays = acme.scope::<PayInvoices>();
    assert_eq!(
        refusal(payment_methods::write::remove(&pays, card).await),
        Some(Refusal::CardOfProfile {
            name: "Lab".to_owned()
        })
    );
    // What the seller changes leaves the card as it is.
    write::change(&sellers(&world), profile, &lab()).await.unwrap();
    let found = read::find_own(&scope, profile).await.unwrap();
    assert_eq!(found.card, Some(card));
    write::change_own(&scope, profile, &lab(), "").await.unwrap();
    payment_methods::write::remove(&pays, card).await.unwrap();
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn charged(world: &World) -> Vec<(Option<CardId>, i64)> {
    let all = payment_attempt::Entity::find().order_by_asc(payment_attempt::Column::Id);
    let all = all.all(world.backend.system().db()).await.unwrap();
    let charge = |attempt: payment_attempt::Model| (attempt.card_id.map(CardId), attempt.amount_minor);
    all.into_iter().map(charge).collect()
}

/// To whom receipts went, in the order they were written.
#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn receipts(world: &World) -> Vec<String> {
    let all = mail::Entity::find().order_by_asc(mail::Column::Id);
    let all = all.all(world.backend.system().db()).await.unwrap();
    let receipts = all.into_iter().filter(|mail| mail.kind == "receipt");
    receipts.map(|mail| mail.recipient).collect()
}

#[tokio::test]
async fn autopay_pays_with_the_card_that_the_profile_prefers_if_it_is_good() {
    let world = World::new().await;
    let acme = world.acme();
    let profile = add(&world, &lab()).await;
    let usual = save(&world, acme, "pm_usual", 2034).await;
    let labs = save(&world, acme, "pm_labs", 2027).await;
    let pays = acme.scope::<PayInvoices>();
    payment_methods::write::prefer(&pays, usual).await.unwrap();
    write::change_own(&acme.scope(), profile, &lab(), &labs.to_string())
        .await
        .unwrap();
    issue(&world, None).await.unwrap();
    issue(&world, Some(profile)).await.unwrap();
    issue(&world, Some(profile)).await.unwrap();
    switch(&pays, acme.account(), Currency::USD, Switch::On)
        .await
        .unwrap();
    // One payment a round: each waits for the one before.
    for begun in [1, 1, 0] {
        assert_eq!(pay_due(&world.backend).await.unwrap(), begun);
    }
    assert_eq!(charged(&world).await, [(Some(labs), 2_000), (Some(usual), 1_000)]);
    assert_eq!(receipts(&world).await, ["kim@lab.example", "admin@acme.example"]);
    // The preferred card has expired meanwhile.
    world.days_pass(800);
    issue(&world, Some(profile)).await.unwrap();
    assert_eq!(pay_due(&world.backend).await.unwrap(), 1);
    assert_eq!(charged(&world).await[2], (Some(usual), 1_000));
}
