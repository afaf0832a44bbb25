//! Inviting, accepting, changing and removing people; the password that was forgotten.

use super::{
    accept::{Acceptance, accept, find as open},
    given::Words,
    invite::{NewInvitation, invite, send_again, take_back},
    read,
    write::{change_roles, change_state},
};
use crate::{
    Error, Scope,
    jobs::{run_due, standard},
    sessions::{
        read::{viewer, workplaces},
        reset,
        write::{Browser, LogIn, NewSession, log_in, switch},
    },
    testing::{PASSWORD, Party, World},
};
use domain::{
    FieldErrors, Refusal,
    access::{ManagePeople, Permission},
    ids::UserId,
    people::MembershipState,
};

const HERE: Browser<'static> = Browser {
    user_agent: Some("test"),
    address: Some("192.0.2.9"),
    replaces: None,
};
const FIRST: &str = "a first password of mine";

fn refusal<T>(outcome: Result<T, Error>) -> Refusal {
    match outcome {
        Err(Error::Refused(refusal)) => refusal,
        Ok(_) => panic!("it was done"),
        Err(other) => panic!("{other:?}"),
    }
}

fn fields<T>(outcome: Result<T, Error>) -> FieldErrors {
    match outcome {
        Err(Error::Invalid(errors)) => errors,
        Ok(_) => panic!("it was done"),
        Err(other) => panic!("{other:?}"),
    }
}

fn new<'a>(email: &'a str, seller: &'a str, buyer: &'a str) -> NewInvitation<'a> {
    NewInvitation {
        name: "Nora New",
        email,
        roles: Words {
            seller: Some(seller),
            buyer: Some(buyer),
        },
    }
}

/// The token in the last mail to an address.
async fn link(world: &World, email: &str) -> String {
    run_due(&world.backend, &standard()).await.unwrap();
    let sent = world.mailer.sent();
    let mail = sent.iter().rev().find(|mail| mail.to == email).unwrap();
    let token: String = mail
        .text
        .split('/')
        .find_map(|part| {
            part.get(..64)
                .filter(|token| token.bytes().all(|b| b.is_ascii_hexdigit()))
        })
        .unwrap()
        .to_owned();
    assert!(mail.html.as_deref().unwrap().contains(&token));
    token
}

async fn accepted(world: &World, email: &str, password: &str) -> Result<NewSession, Error> {
    let token = link(world, email).await;
    let acceptance = Acceptance {
        token: &token,
        name: "Nora Newman",
        password,
        browser: HERE,
    };
    accept(&world.backend, acceptance).await
}

async fn signed_in(world: &World, email: &str, password: &str) -> Result<NewSession, Error> {
    let attempt = LogIn {
        email,
        password,
        browser: HERE,
    };
    log_in(&world.backend, attempt).await
}

fn managers(party: &Party) -> Scope<ManagePeople> {
    party.scope()
}

async fn join(world: &World, party: &Party, email: &str, seller: &str, buyer: &str) -> UserId {
    invite(&managers(party), new(email, seller, buyer)).await.unwrap();
    let session = accepted(world, email, FIRST).await.unwrap();
    let (actor, _) = viewer(&world.backend, &session.token).await.unwrap().unwrap();
    actor.user().unwrap()
}

async fn scope_of(world: &World, email: &str) -> Scope<ManagePeople> {
    let session = signed_in(world, email, FIRST).await.unwrap();
    let (actor, _) = viewer(&world.backend, &session.token).await.unwrap().unwrap();
    actor.permit().unwrap()
}

#[tokio::test]
async fn who_is_invited_sets_a_password_and_works_with_the_roles_given() {
    let world = World::new().await;
    let scope = managers(world.acme());
    invite(&scope, new(" Nora@New.example ", "sales", "payer"))
        .await
        .unwrap();
    let listed = read::list(&scope).await.unwrap();
    let waiting = &listed.invitations[0];
    assert_eq!(
        (waiting.email.as_str(), waiting.over),
        ("nora@new.example", false)
    );
    assert_eq!(
        (waiting.seller.as_deref(), waiting.buyer.as_deref()),
        (Some("Sales"), Some("Payer"))
    );

    let token = link(&world, "nora@new.example").await;
    let opened = open(&world.backend, &token).await.unwrap();
    assert_eq!((opened.tenant.as_str(), opened.known), ("Acme", false));
    let session = accepted(&world, "nora@new.example", FIRST).await.unwrap();
    let (actor, viewer) = viewer(&world.backend, &session.token).await.unwrap().unwrap();
    assert_eq!(
        (viewer.name.as_str(), viewer.tenant.id),
        ("Nora Newman", world.acme().id())
    );
    assert!(viewer.may(Permission::ViewIssuedInvoices) && viewer.may(Permission::PayInvoices));
    assert!(!viewer.may(Permission::ImportInvoices) && !viewer.may(Permission::ManagePeople));

    let listed = read::list(&scope).await.unwrap();
    assert!(listed.invitations.is_empty());
    let nora = listed
        .people
        .iter()
        .find(|one| one.name == "Nora Newman")
        .unwrap();
    assert_eq!(
        (nora.id, nora.state),
        (actor.user().unwrap(), MembershipState::Active)
    );
    assert_eq!(nora.signed_in_at, Some(world.backend.now()));
    signed_in(&world, "nora@new.example", FIRST).await.unwrap();
}

#[tokio::test]
async fn a_link_works_once_not_after_a_newer_one_and_not_for_ever() {
    let world = World::new().await;
    let scope = managers(world.acme());
    let spent = async |token: &str| {
        let outcome = open(&world.backend, token).await;
        matches!(outcome, Err(Error::Refused(Refusal::LinkSpent)))
    };
    let id = invite(&scope, new("nora@new.example", "", "viewer"))
        .await
        .unwrap();
    let first = link(&world, "nora@new.example").await;
    world.seconds_pass(60);
    send_again(&scope, id).await.unwrap();
    let second = link(&world, "nora@new.example").await;
    assert!(spent(&first).await && !spent(&second).await);
    world.days_pass(8);
    assert!(spent(&second).await, "too old");
    assert!(read::list(&scope).await.unwrap().invitations[0].over);
    send_again(&scope, id).await.unwrap();
    let third = link(&world, "nora@new.example").await;
    accepted(&world, "nora@new.example", FIRST).await.unwrap();
    assert!(spent(&third).await, "accepted");
    let again = Acceptance {
        token: &third,
        name: "X",
        password: FIRST,
        browser: HERE,
    };
    assert_eq!(refusal(accept(&world.backend, again).await), Refusal::LinkSpent);
    for token in ["", "x", &"0".repeat(64)] {
        assert!(spent(token).await);
    }
    let id = invite(&scope, new("olga@new.example", "", "viewer"))
        .await
        .unwrap();
    let token = link(&world, "olga@new.example").await;
    take_back(&scope, id).await.unwrap();
    assert!(spent(&token).await, "taken back");
    assert!(matches!(send_again(&scope, id).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_link_that_is_opened_twice_at_once_works_once() {
    let world = World::new().await;
    invite(&managers(world.acme()), new("nora@new.example", "", "viewer"))
        .await
        .unwrap();
    let token = link(&world, "nora@new.example").await;
    let tries = (0..6).map(|_| {
        let acceptance = Acceptance {
            token: &token,
            name: "Nora",
            password: FIRST,
            browser: HERE,
        };
        accept(&world.backend, acceptance)
    });
    let outcomes = futures::future::join_all(tries).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let people = read::list(&managers(world.acme())).await.unwrap().people;
    assert_eq!(
        people
            .iter()
            .filter(|one| one.email == "nora@new.example")
            .count(),
        1
    );
}

#[tokio::test]
async fn what_is_wrong_with_an_invitation_stands_at_its_field() {
    let world = World::new().await;
    let scope = managers(world.acme());
    let wrong = NewInvitation {
        name: " ",
        email: "nora",
        roles: Words {
            seller: Some("boss"),
            buyer: None,
        },
    };
    let errors = fields(invite(&scope, wrong).await);
    assert_eq!(errors.get("name"), Some(&Refusal::Missing));
    assert!(matches!(errors.get("email"), Some(Refusal::NotAnEmail { .. })));
    assert!(matches!(
        errors.get("seller_role"),
        Some(Refusal::UnknownChoice { .. })
    ));
    let errors = fields(invite(&scope, new("nora@new.example", "", "")).await);
    assert_eq!(errors.get("seller_role"), Some(&Refusal::NoRole));
    // A customer sells nothing, so there is no such role.
    let errors = fields(invite(&managers(world.daisy()), new("nora@new.example", "sales", "")).await);
    assert!(matches!(
        errors.get("seller_role"),
        Some(Refusal::UnknownChoice { .. })
    ));
    let errors = fields(invite(&scope, new("ADMIN@acme.example", "sales", "")).await);
    assert!(matches!(errors.get("email"), Some(Refusal::AlreadyMember { .. })));
    invite(&scope, new("nora@new.example", "sales", ""))
        .await
        .unwrap();
    let errors = fields(invite(&scope, new("nora@new.example", "sales", "")).await);
    assert!(matches!(
        errors.get("email"),
        Some(Refusal::AlreadyInvited { .. })
    ));
    invite(&managers(world.borealis()), new("nora@new.example", "sales", ""))
        .await
        .unwrap();
}

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
async fn a_forgotten_password_is_set_anew_and_ends_everything() {
    let world = World::new().await;
    let email = "admin@acme.example";
    let session = signed_in(&world, email, PASSWORD).await.unwrap();
    reset::ask(&world.backend, " Admin@Acme.example ", None)
        .await
        .unwrap();
    let token = link(&world, email).await;
    reset::find(&world.backend, &token).await.unwrap();
    let weak = reset::spend(&world.backend, &token, "short", None).await;
    assert!(matches!(refusal(weak), Refusal::WeakPassword { .. }));
    reset::spend(&world.backend, &token, "a quite new password", None)
        .await
        .unwrap();
    assert!(viewer(&world.backend, &session.token).await.unwrap().is_none());
    assert_eq!(
        refusal(signed_in(&world, email, PASSWORD).await),
        Refusal::WrongCredentials
    );
    signed_in(&world, email, "a quite new password").await.unwrap();
    let again = reset::spend(&world.backend, &token, "yet another password", None).await;
    assert_eq!(refusal(again), Refusal::LinkSpent);
    run_due(&world.backend, &standard()).await.unwrap();
    let last = world.mailer.sent().pop().unwrap();
    assert_eq!(
        (last.to.as_str(), last.subject.as_str()),
        (email, "Your password was changed")
    );
    reset::ask(&world.backend, email, None).await.unwrap();
    let token = link(&world, email).await;
    world.seconds_pass(31 * 60);
    assert_eq!(
        refusal(reset::find(&world.backend, &token).await),
        Refusal::LinkSpent
    );
}

#[tokio::test]
async fn asking_for_a_password_tells_nobody_who_is_here_and_floods_nobody() {
    let world = World::new().await;
    reset::ask(&world.backend, "nobody@acme.example", None)
        .await
        .unwrap();
    run_due(&world.backend, &standard()).await.unwrap();
    assert!(world.mailer.sent().is_empty());
    for email in ["admin@acme.example", "nobody@acme.example"] {
        let mut taken = 0;
        while reset::ask(&world.backend, email, Some("192.0.2.77"))
            .await
            .is_ok()
        {
            taken += 1;
        }
        assert!((1..=3).contains(&taken), "{email}: {taken}");
    }
}

#[tokio::test]
async fn the_link_of_a_mail_that_left_is_nowhere_in_the_portal() {
    let world = World::new().await;
    invite(&managers(world.acme()), new("nora@new.example", "sales", ""))
        .await
        .unwrap();
    let token = link(&world, "nora@new.example").await;
    let scope: Scope<domain::access::ViewSentMail> = world.acme().scope();
    let mails = crate::mail::read::list(&scope, &Default::default())
        .await
        .unwrap();
    let mail = crate::mail::read::find(&scope, mails.rows[0].id).await.unwrap();
    assert!(mail.text.contains("/invitation/…") && !mail.text.contains(&token));
}
