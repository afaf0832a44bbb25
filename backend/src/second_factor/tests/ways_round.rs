//! Ways that might lead round the code, and do not: time, a new password, an invitation, being shut out meanwhile.

use super::*;
use crate::{
    people::{
        accept::{Acceptance, accept},
        invite::{NewInvitation, invite},
    },
    sessions::{operator, reset, write::change_password},
};

#[tokio::test]
async fn the_step_after_the_password_ends_after_ten_minutes_and_with_the_password() {
    let (world, secret, _) = with_factor().await;
    let token = waiting(&world).await;
    world.seconds_pass(10 * 60);
    assert_eq!(
        refusal(finish(&world, &token, &now(&world, &secret)).await),
        Refusal::LogInAgain
    );
    let session = finish(&world, &waiting(&world).await, &now(&world, &secret))
        .await
        .unwrap();
    let stolen = waiting(&world).await;
    let me = actor(&world.backend, &session.token).await;
    change_password(&me, &session.token, PASSWORD, "a quite new password")
        .await
        .unwrap();
    world.seconds_pass(60);
    assert_eq!(
        refusal(finish(&world, &stolen, &now(&world, &secret)).await),
        Refusal::LogInAgain
    );
}

#[tokio::test]
async fn who_is_shut_out_meanwhile_is_not_let_in_by_a_code() {
    let (world, secret, _) = with_factor().await;
    for gone in [true, false] {
        let token = waiting(&world).await;
        if gone {
            world.shut_out(world.acme(), true).await;
        } else {
            world.disable_login(world.acme(), true).await;
        }
        assert_eq!(
            refusal(finish(&world, &token, &now(&world, &secret)).await),
            Refusal::LogInAgain
        );
        world.shut_out(world.acme(), false).await;
        world.disable_login(world.acme(), false).await;
    }
}

#[tokio::test]
async fn neither_a_new_password_nor_an_invitation_goes_round_it() {
    let (world, secret, _) = with_factor().await;
    reset::ask(&world.backend, EMAIL, None).await.unwrap();
    let link = |mails: Vec<crate::ports::OutgoingMail>| {
        let mine = mails.iter().rev().filter(|mail| mail.to == EMAIL);
        let mut parts = mine.flat_map(|mail| mail.text.split('/'));
        let found = parts.find_map(|part| {
            let token = part.get(..64)?;
            token
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit())
                .then(|| token.to_owned())
        });
        found.unwrap()
    };
    run_due(&world.backend, &standard()).await.unwrap();
    let old = waiting(&world).await;
    reset::spend(&world.backend, &link(world.mailer.sent()), PASSWORD, None)
        .await
        .unwrap();
    assert_eq!(
        refusal(finish(&world, &old, &now(&world, &secret)).await),
        Refusal::LogInAgain
    );
    waiting(&world).await;

    let new = NewInvitation {
        name: "Ada",
        email: EMAIL,
        roles: crate::people::Words {
            seller: Some("sales"),
            buyer: None,
            reach: None,
        },
    };
    invite(&world.borealis().scope(), new).await.unwrap();
    run_due(&world.backend, &standard()).await.unwrap();
    let acceptance = Acceptance {
        token: &link(world.mailer.sent()),
        name: "",
        password: PASSWORD,
        browser: here("192.0.2.1"),
    };
    let entry = accept(&world.backend, acceptance).await.unwrap();
    let Entry::Code(pending) = entry else {
        panic!("no code is asked for")
    };
    let session = finish(&world, &pending.token, &now(&world, &secret))
        .await
        .unwrap();
    assert_eq!(session.tenant, world.borealis().id());
}

#[tokio::test]
async fn the_operator_lets_in_who_lost_phone_and_codes() {
    let (world, secret, _) = with_factor().await;
    let token = waiting(&world).await;
    let session = finish(&world, &token, &now(&world, &secret)).await.unwrap();
    operator::switch_second_factor_off(&world.backend, " Admin@Acme.example ")
        .await
        .unwrap();
    assert!(viewer(&world.backend, &session.token).await.unwrap().is_none());
    assert!(entered(&world).await.session().is_some());
    let again = operator::switch_second_factor_off(&world.backend, EMAIL).await;
    assert!(matches!(again, Err(Error::NotFound)));
    assert!(
        subjects(&world)
            .await
            .contains(&"Your second factor was switched off".to_owned())
    );
}
