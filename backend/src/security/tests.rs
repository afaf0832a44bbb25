//! What a tenant asks of logins acts at once, and in that tenant alone.

use super::{read, write};
use crate::{
    Error, Scope,
    roles::write::create,
    second_factor,
    sessions::{
        read::{own, viewer},
        write::{Browser, LogIn, change_password, end_others, switch},
    },
    testing::{PASSWORD, Party, World, code, log_in},
};
use domain::{
    Refusal,
    access::{BuyerRole, ManageSettings, Rights, Roles, SellerRole, Side, ViewAudit, ViewIssuedInvoices},
    audit::AuditQuery,
    security::SecurityForm,
    sessions::Viewer,
};

fn setters(party: &Party) -> Scope<ManageSettings> {
    party.scope()
}

async fn signed_in(world: &World, name: &str) -> String {
    let email = format!("admin@{}.example", name.to_lowercase());
    let attempt = LogIn {
        email: &email,
        password: PASSWORD,
        browser: Browser::default(),
    };
    log_in(&world.backend, attempt).await.unwrap().token
}

async fn seen(world: &World, token: &str) -> Option<Viewer> {
    viewer(&world.backend, token)
        .await
        .unwrap()
        .map(|(_, viewer)| viewer)
}

fn asks(roles: &[&str]) -> SecurityForm {
    SecurityForm {
        second_factor: roles.iter().map(|role| (*role).to_owned()).collect(),
        ..Default::default()
    }
}

fn lasting(office: &str, others: &str, hours: &str) -> SecurityForm {
    SecurityForm {
        office_idle_minutes: office.to_owned(),
        idle_minutes: others.to_owned(),
        absolute_hours: hours.to_owned(),
        ..Default::default()
    }
}

#[tokio::test]
async fn who_needs_a_second_factor_and_has_none_can_only_set_one_up() {
    let world = World::new().await;
    let token = signed_in(&world, "Acme").await;
    write::change(&setters(world.acme()), &asks(&["issued:admin"]))
        .await
        .unwrap();
    let (actor, viewer) = viewer(&world.backend, &token).await.unwrap().unwrap();
    assert!(viewer.confined.is_some() && viewer.rights == Rights::NONE);
    let missing = |error| matches!(error, Error::Forbidden(Refusal::SecondFactorMissing));
    assert!(missing(actor.permit::<ViewIssuedInvoices>().unwrap_err()));
    assert!(missing(own(&actor, &token).await.unwrap_err()));
    assert!(missing(end_others(&actor, &token).await.unwrap_err()));
    assert!(missing(
        change_password(&actor, &token, PASSWORD, "a quite new password")
            .await
            .unwrap_err()
    ));
    assert!(missing(
        crate::sessions::email::ask(&actor, "a@new.example", PASSWORD)
            .await
            .unwrap_err()
    ));

    second_factor::write::begin(&actor).await.unwrap();
    let setup = second_factor::read::find(&actor).await.unwrap();
    assert!(setup.required);
    let typed = code(&setup.setup.unwrap().secret, world.backend.now());
    let on = second_factor::write::confirm(&actor, &typed, Browser::default())
        .await
        .unwrap();
    let free = seen(&world, &on.session.token).await.unwrap();
    assert!(free.confined.is_none() && free.rights == world.acme().admin().rights());
}

#[tokio::test]
async fn it_is_asked_of_the_roles_that_were_named_in_that_tenant_alone() {
    let world = World::new().await;
    let acme = world.acme();
    let own_role = create(&acme.scope(), Side::Seller, "sales", "Clerk")
        .await
        .unwrap();
    let form = asks(&["issued:finance", &format!("issued:{own_role}"), "to-pay:admin"]);
    write::change(&setters(acme), &form).await.unwrap();
    let token = signed_in(&world, "Acme").await;
    for (seller, buyer, wanted) in [
        (Some(SellerRole::Sales), None, false),
        (Some(SellerRole::Finance), None, true),
        (Some(SellerRole::Admin), None, false),
        (Some(SellerRole::Sales), Some(BuyerRole::Admin), true),
        (None, Some(BuyerRole::Payer), false),
    ] {
        world.give_roles(acme, Roles { seller, buyer }).await;
        assert_eq!(
            seen(&world, &token).await.unwrap().confined.is_some(),
            wanted,
            "{seller:?} {buyer:?}"
        );
    }
    let stranger = signed_in(&world, "Borealis").await;
    assert!(seen(&world, &stranger).await.unwrap().confined.is_none());
    let found = read::find(&setters(acme)).await.unwrap();
    assert_eq!(found.settings.second_factor.len(), 3);
}

#[tokio::test]
async fn sessions_end_sooner_for_who_changes_more() {
    let world = World::new().await;
    write::change(&setters(world.acme()), &lasting("10", "60", ""))
        .await
        .unwrap();
    let token = signed_in(&world, "Acme").await;
    let give = async |seller, buyer| world.give_roles(world.acme(), Roles { seller, buyer }).await;
    world.seconds_pass(11 * 60);
    assert!(seen(&world, &token).await.is_none(), "an administrator's");
    give(Some(SellerRole::Sales), Some(BuyerRole::Payer)).await;
    assert!(
        seen(&world, &token).await.is_some(),
        "the same session of somebody else"
    );
    world.seconds_pass(60 * 60);
    assert!(seen(&world, &token).await.is_some());
    world.seconds_pass(60 * 60 + 1);
    assert!(seen(&world, &token).await.is_none(), "of anybody");
    give(Some(SellerRole::Finance), None).await;
    let token = signed_in(&world, "Acme").await;
    world.seconds_pass(10 * 60 + 1);
    assert!(seen(&world, &token).await.is_none(), "Finance's");
    let other = signed_in(&world, "Borealis").await;
    world.seconds_pass(29 * 60);
    assert!(
        seen(&world, &other).await.is_some(),
        "another tenant's administrator"
    );
}

#[tokio::test]
async fn no_session_lasts_longer_than_its_login_may() {
    let world = World::new().await;
    write::change(&setters(world.acme()), &lasting("720", "", "1"))
        .await
        .unwrap();
    let token = signed_in(&world, "Acme").await;
    world.seconds_pass(59 * 60);
    assert!(seen(&world, &token).await.is_some());
    let (actor, _) = viewer(&world.backend, &token).await.unwrap().unwrap();
    // Going to a tenant, be it the same one, is no new login.
    let here = Browser {
        replaces: Some(&token),
        ..Default::default()
    };
    let switched = switch(&actor, world.acme().id(), here).await.unwrap();
    assert!(seen(&world, &switched.token).await.is_some());
    world.seconds_pass(60);
    assert!(seen(&world, &switched.token).await.is_none());
    // A shorter time holds for the sessions that there are.
    write::change(&setters(world.acme()), &lasting("720", "", "24"))
        .await
        .unwrap();
    let long = signed_in(&world, "Acme").await;
    world.seconds_pass(2 * 60 * 60);
    assert!(seen(&world, &long).await.is_some());
    write::change(&setters(world.acme()), &lasting("720", "", "2"))
        .await
        .unwrap();
    assert!(seen(&world, &long).await.is_none());
}

#[tokio::test]
async fn what_cannot_be_set_is_refused_and_what_was_is_told() {
    let world = World::new().await;
    let scope = setters(world.acme());
    let field = |outcome: Result<(), Error>, field: &str| match outcome {
        Err(Error::Invalid(errors)) => errors.get(field).cloned(),
        other => panic!("{other:?}"),
    };
    let out = write::change(&scope, &lasting("4", "", "")).await;
    assert_eq!(
        field(out, "office_idle_minutes"),
        Some(Refusal::OutOfRange { from: 5, to: 720 })
    );
    let unknown = write::change(&scope, &asks(&["issued:boss"])).await;
    assert!(matches!(
        field(unknown, "second_factor"),
        Some(Refusal::UnknownChoice { .. })
    ));
    // A customer sells nothing.
    let unsold = write::change(&setters(world.daisy()), &asks(&["issued:admin"])).await;
    assert!(field(unsold, "second_factor").is_some());
    write::change(&scope, &lasting("15", "", "8")).await.unwrap();
    write::change(&scope, &lasting("15", "", "8")).await.unwrap();
    let told = crate::audit::read::list(&world.acme().scope::<ViewAudit>(), &AuditQuery::default())
        .await
        .unwrap();
    let changes = told
        .rows
        .iter()
        .filter(|row| row.action == "Security settings changed");
    assert_eq!(changes.count(), 1, "the second time nothing was changed");
}
