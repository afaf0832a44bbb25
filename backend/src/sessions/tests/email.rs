//! Another address: who learns what, what the link does, and what ends.

use super::*;
use crate::{
    jobs::{run_due, standard},
    mail,
    sessions::{email, reset},
};
use domain::{FieldErrors, access::ViewSentMail};

const OLD: &str = "admin@acme.example";
const NEW: &str = "ada@new.example";

async fn signed_in(world: &World, email: &str) -> String {
    log_in(&world.backend, attempt(email, PASSWORD))
        .await
        .unwrap()
        .token
}

async fn actor(world: &World, token: &str) -> crate::Actor {
    viewer(&world.backend, token).await.unwrap().unwrap().0
}

async fn asked(world: &World, token: &str, new: &str) -> Result<(), Error> {
    email::ask(&actor(world, token).await, new, PASSWORD).await
}

/// The last mail to an address: subject and text.
async fn mail_to(world: &World, email: &str) -> (String, String) {
    run_due(&world.backend, &standard()).await.unwrap();
    let sent = world.mailer.sent();
    let mail = sent.iter().rev().find(|mail| mail.to == email).unwrap();
    (mail.subject.clone(), mail.text.clone())
}

async fn link(world: &World, email: &str) -> String {
    let (_, text) = mail_to(world, email).await;
    let (_, rest) = text.split_once("/account/email/").unwrap();
    rest[..64].to_owned()
}

#[tokio::test]
async fn an_address_changes_when_its_owner_opens_the_link_and_not_before() {
    let world = World::new().await;
    let (here, elsewhere) = (signed_in(&world, OLD).await, signed_in(&world, OLD).await);
    asked(&world, &here, " Ada@New.example ").await.unwrap();
    let token = link(&world, NEW).await;
    let (subject, text) = mail_to(&world, OLD).await;
    assert_eq!(subject, "Another e-mail address was asked for");
    assert!(text.contains(NEW) && !text.contains(&token));
    email::find(&world.backend, &token).await.unwrap();
    signed_in(&world, OLD).await;
    reset::ask(&world.backend, OLD, None).await.unwrap();
    let reset_link = mail_to(&world, OLD).await.1;
    let (_, reset_token) = reset_link.split_once("/password/").unwrap();
    let reset_token = reset_token[..64].to_owned();

    email::spend(&world.backend, &token, Some(&here), None)
        .await
        .unwrap();
    assert!(
        viewer(&world.backend, &here)
            .await
            .unwrap()
            .is_some_and(|(_, viewer)| viewer.email == NEW)
    );
    assert!(viewer(&world.backend, &elsewhere).await.unwrap().is_none());
    assert_eq!(
        refusal(log_in(&world.backend, attempt(OLD, PASSWORD)).await),
        Some(Refusal::WrongCredentials)
    );
    signed_in(&world, NEW).await;
    assert_eq!(mail_to(&world, OLD).await.0, "Your e-mail address was changed");
    assert_eq!(
        refusal(email::spend(&world.backend, &token, None, None).await),
        Some(Refusal::LinkSpent)
    );
    assert_eq!(
        refusal(reset::find(&world.backend, &reset_token).await),
        Some(Refusal::LinkSpent),
        "what the old address got is worth nothing"
    );
}

#[tokio::test]
async fn only_who_knows_the_password_asks_and_only_for_an_address() {
    let world = World::new().await;
    let token = signed_in(&world, OLD).await;
    let me = actor(&world, &token).await;
    let wrong = email::ask(&me, NEW, "wrong").await;
    assert_eq!(refusal(wrong), Some(Refusal::WrongPassword));
    let field = |outcome| match outcome {
        Err(Error::Invalid(FieldErrors(errors))) => errors.get("email").cloned(),
        other => panic!("{other:?}"),
    };
    assert!(matches!(
        field(email::ask(&me, "ada", PASSWORD).await),
        Some(Refusal::NotAnEmail { .. })
    ));
    assert_eq!(
        field(email::ask(&me, "Admin@ACME.example", PASSWORD).await),
        Some(Refusal::OwnEmail)
    );
    let mut taken = 0;
    while asked(&world, &token, NEW).await.is_ok() {
        taken += 1;
    }
    assert!((1..=3).contains(&taken), "nobody is flooded: {taken}");
}

#[tokio::test]
async fn nobody_learns_that_an_address_is_taken_but_its_owner() {
    let world = World::new().await;
    let token = signed_in(&world, OLD).await;
    asked(&world, &token, "admin@daisy.example").await.unwrap();
    let (subject, text) = mail_to(&world, "admin@daisy.example").await;
    assert!(text.contains("belongs to a login already") && !text.contains("/account/email/"));
    asked(&world, &token, NEW).await.unwrap();
    assert_eq!(mail_to(&world, NEW).await.0, subject);
    let scope = world.acme().scope::<ViewSentMail>();
    let shown = mail::read::list(&scope, &Default::default()).await.unwrap();
    let mut texts = Vec::new();
    for row in shown.rows.iter().filter(|row| row.subject == subject) {
        texts.push(mail::read::find(&scope, row.id).await.unwrap().text);
    }
    assert_eq!(texts.len(), 2);
    assert_eq!(texts[0], texts[1], "the tenant sees two mails alike");
}

#[tokio::test]
async fn a_link_ends_with_time_with_a_newer_one_and_when_somebody_else_has_the_address() {
    let world = World::new().await;
    let token = signed_in(&world, OLD).await;
    let spent = async |link: &str| {
        refusal(email::spend(&world.backend, link, None, None).await) == Some(Refusal::LinkSpent)
    };
    asked(&world, &token, NEW).await.unwrap();
    let first = link(&world, NEW).await;
    asked(&world, &token, "other@new.example").await.unwrap();
    assert!(spent(&first).await, "a newer one");
    let second = link(&world, "other@new.example").await;
    let stranger = signed_in(&world, "admin@daisy.example").await;
    asked(&world, &stranger, "other@new.example").await.unwrap();
    let faster = link(&world, "other@new.example").await;
    email::spend(&world.backend, &faster, None, None).await.unwrap();
    assert!(spent(&second).await, "somebody else has it");
    signed_in(&world, OLD).await;
    asked(&world, &token, "third@new.example").await.unwrap();
    let third = link(&world, "third@new.example").await;
    world.seconds_pass(31 * 60);
    assert!(spent(&third).await, "too old");
    for link in ["", "x", &"0".repeat(64)] {
        assert!(spent(link).await);
    }
}
