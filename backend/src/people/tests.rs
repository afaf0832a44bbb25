//! Inviting people and accepting; what the tests of people have in common.

mod changes;
mod passwords;

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
        write::{Browser, LogIn, NewSession, switch},
    },
    testing::{PASSWORD, Party, World, log_in},
};
use domain::{
    FieldErrors, Refusal,
    access::{BuyerReach, BuyerRole, ManagePeople, Permission},
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
            reach: None,
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
    let entry = accept(&world.backend, acceptance).await?;
    Ok(entry.session().unwrap())
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
            reach: None,
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
async fn whoever_looks_after_people_invites_them_in_every_tier() {
    let world = World::new().await;
    for (party, seller, buyer) in [
        (world.distributor(), "sales", ""),
        (world.acme(), "sales", "viewer"),
        (world.daisy(), "", "viewer"),
    ] {
        let email = format!("nora@{}.example", party.name().to_lowercase());
        invite(&managers(party), new(&email, seller, buyer))
            .await
            .unwrap();
        let token = link(&world, &email).await;
        assert_eq!(open(&world.backend, &token).await.unwrap().tenant, party.name());
    }
}
