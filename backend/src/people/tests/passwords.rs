//! The password that was forgotten, and what a mail keeps of its link.

use super::*;

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
