//! Changing what people may do, shutting them out, and working in several tenants.

use super::*;

#[tokio::test]
async fn one_login_belongs_to_several_tenants_and_comes_back_to_the_last() {
    let world = World::new().await;
    let nora = join(&world, world.acme(), "nora@new.example", "sales", "").await;
    invite(&managers(world.borealis()), new("nora@new.example", "", "viewer"))
        .await
        .unwrap();
    let token = link(&world, "nora@new.example").await;
    assert!(open(&world.backend, &token).await.unwrap().known);
    let wrong = accepted(&world, "nora@new.example", "not hers").await;
    assert_eq!(fields(wrong).get("password"), Some(&Refusal::WrongPassword));
    world.seconds_pass(60);
    let session = accepted(&world, "nora@new.example", FIRST).await.unwrap();
    let (actor, seen) = viewer(&world.backend, &session.token).await.unwrap().unwrap();
    assert_eq!(
        (actor.user(), seen.tenant.id),
        (Some(nora), world.borealis().id())
    );
    assert!(
        !seen.may(Permission::ViewIssuedInvoices),
        "the roles of the other tenant stay there"
    );
    let again = signed_in(&world, "nora@new.example", FIRST).await.unwrap();
    assert_eq!(again.tenant, world.borealis().id());
    // She goes to the other one; the session here ends, and the next begins there.
    let there = Browser {
        replaces: Some(&again.token),
        ..HERE
    };
    let moved = switch(&actor, world.acme().id(), there).await.unwrap();
    assert!(viewer(&world.backend, &again.token).await.unwrap().is_none());
    let (noras, seen) = viewer(&world.backend, &moved.token).await.unwrap().unwrap();
    assert!(seen.may(Permission::ViewIssuedInvoices));
    let places = workplaces(&noras).await.unwrap();
    let names: Vec<_> = places
        .iter()
        .map(|place| (place.name.as_str(), place.here))
        .collect();
    assert_eq!(names, [("Acme", true), ("Borealis", false)]);
    let strange = switch(&noras, world.distributor().id(), HERE).await;
    assert!(matches!(strange, Err(Error::NotFound)));
    world.seconds_pass(60);
    let again = switch(&noras, world.borealis().id(), HERE).await.unwrap();
    // Shut out there, she is let in where she can still work.
    change_state(&managers(world.borealis()), nora, MembershipState::Disabled)
        .await
        .unwrap();
    assert!(viewer(&world.backend, &again.token).await.unwrap().is_none());
    assert_eq!(
        signed_in(&world, "nora@new.example", FIRST).await.unwrap().tenant,
        world.acme().id()
    );
}

#[tokio::test]
async fn who_is_shut_out_is_out_at_once_and_stays_named() {
    let world = World::new().await;
    let scope = managers(world.acme());
    let nora = join(&world, world.acme(), "nora@new.example", "sales", "").await;
    let session = signed_in(&world, "nora@new.example", FIRST).await.unwrap();
    change_state(&scope, nora, MembershipState::Disabled)
        .await
        .unwrap();
    assert!(viewer(&world.backend, &session.token).await.unwrap().is_none());
    assert_eq!(
        refusal(signed_in(&world, "nora@new.example", FIRST).await),
        Refusal::WrongCredentials
    );
    change_state(&scope, nora, MembershipState::Active).await.unwrap();
    signed_in(&world, "nora@new.example", FIRST).await.unwrap();
    change_state(&scope, nora, MembershipState::Removed)
        .await
        .unwrap();
    assert_eq!(
        refusal(signed_in(&world, "nora@new.example", FIRST).await),
        Refusal::WrongCredentials
    );
    assert!(matches!(
        change_state(&scope, nora, MembershipState::Active).await,
        Err(Error::NotFound)
    ));
    let people = read::list(&scope).await.unwrap().people;
    let last = people.last().unwrap();
    assert_eq!(
        (last.name.as_str(), last.state),
        ("Nora Newman", MembershipState::Removed)
    );
    // Invited anew, the same person is back.
    invite(&scope, new("nora@new.example", "finance", ""))
        .await
        .unwrap();
    accepted(&world, "nora@new.example", FIRST).await.unwrap();
    let found = read::find(&scope, nora).await.unwrap();
    assert_eq!(
        (found.row.state, found.seller.as_deref()),
        (MembershipState::Active, Some("finance"))
    );
}

#[tokio::test]
async fn other_roles_act_on_the_next_request_and_end_the_session() {
    let world = World::new().await;
    let scope = managers(world.acme());
    let nora = join(&world, world.acme(), "nora@new.example", "finance", "").await;
    let before = signed_in(&world, "nora@new.example", FIRST).await.unwrap();
    let sales = Words {
        seller: Some("sales"),
        buyer: None,
        reach: None,
    };
    change_roles(&scope, nora, sales).await.unwrap();
    assert!(viewer(&world.backend, &before.token).await.unwrap().is_none());
    let after = signed_in(&world, "nora@new.example", FIRST).await.unwrap();
    let (_, seen) = viewer(&world.backend, &after.token).await.unwrap().unwrap();
    assert!(seen.may(Permission::ViewIssuedInvoices) && !seen.may(Permission::ImportInvoices));
    // The same once more changes nothing and logs nobody out.
    change_roles(&scope, nora, sales).await.unwrap();
    assert!(viewer(&world.backend, &after.token).await.unwrap().is_some());
}

#[tokio::test]
async fn nobody_changes_themselves_and_an_admin_stays() {
    let world = World::new().await;
    let acme = world.acme();
    let scope = managers(acme);
    let sales = Words {
        seller: Some("sales"),
        buyer: None,
        reach: None,
    };
    assert_eq!(
        refusal(change_roles(&scope, acme.user(), sales).await),
        Refusal::OwnMembership
    );
    let out = change_state(&scope, acme.user(), MembershipState::Removed).await;
    assert_eq!(refusal(out), Refusal::OwnMembership);
    // Two admins who remove each other: one stays.
    let nora = join(&world, acme, "nora@new.example", "admin", "admin").await;
    let noras = scope_of(&world, "nora@new.example").await;
    let (one, other) = tokio::join!(
        change_state(&scope, nora, MembershipState::Removed),
        change_state(&noras, acme.user(), MembershipState::Removed),
    );
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
}

#[tokio::test]
async fn nobody_gives_or_takes_more_than_they_have() {
    let world = World::new().await;
    let scope = managers(world.acme());
    crate::roles::write::change(
        &world.acme().scope(),
        domain::access::Side::Seller,
        "sales",
        &[Permission::ViewIssuedInvoices, Permission::ManagePeople],
    )
    .await
    .unwrap();
    let finance = join(&world, world.acme(), "fay@new.example", "finance", "").await;
    join(&world, world.acme(), "sam@new.example", "sales", "").await;
    let sam = scope_of(&world, "sam@new.example").await;
    let more = |outcome| matches!(refusal(outcome), Refusal::MoreThanOwn { .. });
    assert!(more(
        invite(&sam, new("x@new.example", "finance", ""))
            .await
            .map(|_| ())
    ));
    assert!(more(
        invite(&sam, new("x@new.example", "sales", "viewer"))
            .await
            .map(|_| ())
    ));
    assert!(more(change_state(&sam, finance, MembershipState::Disabled).await));
    assert!(more(
        change_state(&sam, world.acme().user(), MembershipState::Removed).await
    ));
    invite(&sam, new("x@new.example", "sales", "")).await.unwrap();
    let admins = invite(&scope, new("y@new.example", "admin", "")).await.unwrap();
    assert!(more(take_back(&sam, admins).await));
    assert!(more(send_again(&sam, admins).await));
}

#[tokio::test]
async fn people_of_another_tenant_are_not_there() {
    let world = World::new().await;
    let stranger = managers(world.borealis());
    let person = world.acme().user();
    let id = invite(&managers(world.acme()), new("nora@new.example", "", "viewer"))
        .await
        .unwrap();
    assert!(matches!(
        read::find(&stranger, person).await,
        Err(Error::NotFound)
    ));
    let roles = Words {
        seller: Some("sales"),
        buyer: None,
        reach: None,
    };
    assert!(matches!(
        change_roles(&stranger, person, roles).await,
        Err(Error::NotFound)
    ));
    let out = change_state(&stranger, person, MembershipState::Removed).await;
    assert!(matches!(out, Err(Error::NotFound)));
    assert!(matches!(send_again(&stranger, id).await, Err(Error::NotFound)));
    assert!(matches!(take_back(&stranger, id).await, Err(Error::NotFound)));
    assert!(read::list(&stranger).await.unwrap().invitations.is_empty());
}

#[tokio::test]
async fn a_reach_is_given_with_a_role_and_nobody_gives_a_wider_one_than_theirs() {
    let world = World::new().await;
    world.make_subsidiary(world.borealis(), world.acme()).await;
    let invoice = world.borealis().invoice("5.00").await;
    let wide = Words {
        seller: None,
        buyer: Some("viewer"),
        reach: Some("subsidiaries"),
    };
    let scope = managers(world.acme());
    let nora = NewInvitation {
        roles: wide,
        ..new("nora@new.example", "", "viewer")
    };
    invite(&scope, nora).await.unwrap();
    let people = read::list(&scope).await.unwrap();
    assert!(people.has_subsidiaries);
    let elsewhere = read::choices(&managers(world.borealis())).await.unwrap();
    assert!(!elsewhere.has_subsidiaries, "a subsidiary has none");
    let waiting = people.invitations;
    assert_eq!(waiting[0].reach, BuyerReach::Subsidiaries);
    let session = accepted(&world, "nora@new.example", FIRST).await.unwrap();
    let (actor, seen) = viewer(&world.backend, &session.token).await.unwrap().unwrap();
    let names: Vec<_> = seen.subsidiaries.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Borealis"]);
    let received = actor.permit().unwrap();
    crate::invoices::read::find::<domain::access::ViewReceivedInvoices>(&received, invoice)
        .await
        .unwrap();
    let person = actor.user().unwrap();
    assert_eq!(
        read::find(&scope, person).await.unwrap().row.reach,
        BuyerReach::Subsidiaries
    );

    // An administrator who does not reach so far changes nobody who does, and gives it to nobody.
    let near: Scope<ManagePeople> = world
        .acme()
        .reaching(BuyerRole::Admin, BuyerReach::Own)
        .await
        .permit()
        .unwrap();
    let locked = read::find(&near, person).await.unwrap().locked;
    assert!(matches!(locked, Some(Refusal::MoreThanOwn { .. })), "{locked:?}");
    let own = Words {
        reach: Some("own"),
        ..wide
    };
    assert!(matches!(
        refusal(change_roles(&near, person, own).await),
        Refusal::MoreThanOwn { .. }
    ));
    let otto = NewInvitation {
        roles: wide,
        ..new("otto@new.example", "", "viewer")
    };
    assert!(matches!(
        refusal(invite(&near, otto).await),
        Refusal::MoreThanOwn { .. }
    ));

    // Who has it takes it; the person is logged out and reaches no further than their company.
    change_roles(&scope, person, own).await.unwrap();
    assert!(viewer(&world.backend, &session.token).await.unwrap().is_none());
    let again = signed_in(&world, "nora@new.example", FIRST).await.unwrap();
    let (actor, seen) = viewer(&world.backend, &again.token).await.unwrap().unwrap();
    assert!(seen.subsidiaries.is_empty());
    let received = actor.permit().unwrap();
    assert!(matches!(
        crate::invoices::read::find::<domain::access::ViewReceivedInvoices>(&received, invoice).await,
        Err(Error::NotFound)
    ));
    let strange = Words {
        reach: Some("everything"),
        ..wide
    };
    let wrong = fields(change_roles(&scope, person, strange).await);
    assert!(matches!(
        wrong.get("buyer_reach"),
        Some(Refusal::UnknownChoice { .. })
    ));
}

#[tokio::test]
async fn a_family_that_ends_is_felt_by_the_next_request() {
    let world = World::new().await;
    crate::tenants::below::family::change_parent(&world.distributor().scope(), world.borealis().id(), "Acme")
        .await
        .unwrap();
    let session = signed_in(&world, "admin@acme.example", PASSWORD).await.unwrap();
    let seen = |token: String| {
        let backend = &world.backend;
        async move {
            viewer(backend, &token)
                .await
                .unwrap()
                .unwrap()
                .1
                .subsidiaries
                .len()
        }
    };
    assert_eq!(seen(session.token.clone()).await, 1);
    crate::tenants::below::family::change_parent(&world.distributor().scope(), world.borealis().id(), "")
        .await
        .unwrap();
    assert_eq!(seen(session.token).await, 0);
}
