//! What a provider says is good in its tenant only: whoever runs one could say it of anybody.

use super::*;
use crate::{
    second_factor,
    sessions::{
        email,
        read::{own, workplaces},
        write::{change_password, end, end_others, switch},
    },
    tenants::below::write::change_state,
};
use domain::{
    access::{Roles, SellerRole, ViewIssuedInvoices, ViewReceivedInvoices},
    sessions::Confined,
    tenants::{Door, TenantState},
};

#[tokio::test]
async fn a_hostile_tenant_gets_nobodys_other_memberships_nor_their_login() {
    let world = World::new().await;
    let (acme, borealis) = (world.acme(), world.borealis());
    // Acme's admin works for Borealis as well, whose admin runs a provider that says whatever it likes.
    joins(&world, acme, borealis).await;
    let hostile = ProviderForm {
        domains: "acme.example".to_owned(),
        ..form("https://login.borealis.example")
    };
    write::change(&setters(borealis), &hostile, SECRET).await.unwrap();
    let victim = by_password(&world).await;
    let forged = come(&world, borealis.id(), ada())
        .await
        .unwrap()
        .session()
        .unwrap();
    assert_eq!(forged.tenant, borealis.id());
    let (actor, viewer) = seen(&world, &forged.token).await.unwrap();
    assert_eq!(viewer.tenant.id, borealis.id());

    let only = |outcome: Result<(), Error>| assert_eq!(refusal(outcome), Refusal::CompanyOnly);
    let here = Browser {
        replaces: Some(&forged.token),
        ..Browser::default()
    };
    // Not to the other tenant, and not to a fresh session in this one either.
    for tenant in [acme.id(), borealis.id(), world.daisy().id()] {
        only(switch(&actor, tenant, here).await.map(|_| ()));
    }
    only(change_password(&actor, &forged.token, PASSWORD, "a quite new password").await);
    only(email::ask(&actor, "a@new.example", PASSWORD).await);
    only(second_factor::read::find(&actor).await.map(|_| ()));
    only(second_factor::write::begin(&actor).await);
    only(
        second_factor::write::confirm(&actor, "000000", here)
            .await
            .map(|_| ()),
    );
    only(second_factor::write::renew(&actor, "000000").await.map(|_| ()));
    only(second_factor::write::switch_off(&actor, &forged.token, PASSWORD, "000000").await);

    // It does not learn where else the person works or is signed in, and ends nothing there.
    let places = workplaces(&actor).await.unwrap();
    assert_eq!(places.len(), 1);
    assert_eq!(places[0].tenant, borealis.id());
    let sessions = own(&actor, &forged.token).await.unwrap();
    assert_eq!(sessions.len(), 1);
    assert!(sessions[0].here && sessions[0].method.is_company());
    let theirs = own(&super::actor(&world, &victim.token).await, &victim.token)
        .await
        .unwrap();
    assert_eq!(theirs.len(), 2, "the person sees both");
    let elsewhere = theirs.iter().find(|session| session.here).unwrap();
    assert!(matches!(end(&actor, &elsewhere.id).await, Err(Error::NotFound)));
    end_others(&actor, &forged.token).await.unwrap();
    assert!(seen(&world, &victim.token).await.is_some());
    assert!(seen(&world, &forged.token).await.is_some());

    // Nothing of the other tenant's is seen with it.
    let id = acme.invoice("100.00").await;
    let bought: Scope<ViewReceivedInvoices> = actor.permit().unwrap();
    assert!(matches!(
        crate::invoices::read::find(&bought, id).await,
        Err(Error::NotFound)
    ));

    // The person ends it, as any session of theirs.
    let me = super::actor(&world, &victim.token).await;
    end_others(&me, &victim.token).await.unwrap();
    assert!(seen(&world, &forged.token).await.is_none());
}

#[tokio::test]
async fn the_same_subject_of_the_same_provider_is_somebody_else_in_another_tenant() {
    let world = world().await;
    came(&world, ada()).await;
    // Borealis names Acme's provider as its own: it has no link there, and no member of that address.
    let same = ProviderForm {
        domains: "acme.example".to_owned(),
        ..form(ISSUER)
    };
    write::change(&setters(world.borealis()), &same, SECRET)
        .await
        .unwrap();
    let outcome = come(&world, world.borealis().id(), ada()).await;
    assert_eq!(refusal(outcome), Refusal::CompanyUnknown);
}

#[tokio::test]
async fn it_begins_a_new_session_and_ends_the_one_that_the_browser_had() {
    let world = world().await;
    let before = by_password(&world).await;
    let acme = world.acme().id();
    let away = begin::begin(&world.backend, acme, None, None).await.unwrap();
    let state = world.identities.last_question().unwrap().state;
    world.identities.script("code", ada());
    let returned = finish::Returned {
        state: &state,
        code: Some("code"),
        token: &away.token,
        browser: Browser {
            replaces: Some(&before.token),
            ..Browser::default()
        },
        ..Default::default()
    };
    let arrived = finish::finish(&world.backend, acme, returned).await.unwrap();
    let session = arrived.entry.session().unwrap();
    assert_ne!(session.token, before.token);
    assert!(seen(&world, &before.token).await.is_none());
    assert!(
        seen(&world, &away.token).await.is_none(),
        "the token of the way is no session"
    );
}

#[tokio::test]
async fn where_it_is_demanded_a_password_opens_nothing() {
    let world = world().await;
    joins(&world, world.acme(), world.borealis()).await;
    let password = by_password(&world).await;
    let company = came(&world, ada()).await;
    let demanding = ProviderForm {
        required: true,
        ..form(ISSUER)
    };
    let by_company: Scope<ManageSettings> = actor(&world, &company.token).await.permit().unwrap();
    write::change(&by_company, &demanding, "").await.unwrap();
    let (confined, viewer) = seen(&world, &password.token).await.unwrap();
    assert_eq!(viewer.confined, Some(Confined::Company));
    assert_eq!(viewer.rights, domain::access::Rights::NONE);
    let missing = |error| matches!(error, Error::Forbidden(Refusal::CompanyMissing));
    assert!(missing(confined.permit::<ViewIssuedInvoices>().unwrap_err()));
    assert!(missing(own(&confined, &password.token).await.unwrap_err()));
    assert!(missing(
        change_password(&confined, &password.token, PASSWORD, "a quite new password")
            .await
            .unwrap_err()
    ));
    assert_eq!(
        seen(&world, &company.token).await.unwrap().1.confined,
        None,
        "who came that way works on"
    );
    // It is the password's session, so it may go where the password is enough.
    let there = switch(&confined, world.borealis().id(), Browser::default())
        .await
        .unwrap();
    assert_eq!(seen(&world, &there.token).await.unwrap().1.confined, None);
    let again = switch(
        &actor(&world, &there.token).await,
        world.acme().id(),
        Browser::default(),
    )
    .await
    .unwrap();
    assert_eq!(
        seen(&world, &again.token).await.unwrap().1.confined,
        Some(Confined::Company),
        "nor does going round by another tenant help"
    );
}

#[tokio::test]
async fn a_role_that_needs_a_second_factor_needs_one_after_the_provider_too() {
    let world = world().await;
    let asks = domain::security::SecurityForm {
        second_factor: vec!["issued:admin".to_owned()],
        ..Default::default()
    };
    crate::security::write::change(&setters(world.acme()), &asks)
        .await
        .unwrap();
    let strong = Identity {
        second_factor: true,
        ..ada()
    };
    let plain = came(&world, ada()).await;
    let vouched = came(&world, strong).await;
    let confined = async |session: &NewSession| seen(&world, &session.token).await.unwrap().1.confined;
    assert_eq!(confined(&plain).await, Some(Confined::SecondFactor));
    assert_eq!(confined(&vouched).await, Some(Confined::SecondFactor));
    let trusting = ProviderForm {
        second_factor: true,
        ..form(ISSUER)
    };
    write::change(&setters(world.acme()), &trusting, "")
        .await
        .unwrap();
    assert_eq!(confined(&plain).await, Some(Confined::SecondFactor));
    assert_eq!(confined(&vouched).await, None);
    world
        .give_roles(
            world.acme(),
            Roles {
                seller: Some(SellerRole::Sales),
                buyer: None,
            },
        )
        .await;
    assert_eq!(confined(&plain).await, None);
}

#[tokio::test]
async fn who_is_suspended_or_waits_for_their_group_gets_no_further_than_with_a_password() {
    let world = World::new().await;
    let daisy = world.daisy();
    let provider = ProviderForm {
        domains: "daisy.example".to_owned(),
        ..form("https://login.daisy.example")
    };
    write::change(&setters(daisy), &provider, SECRET).await.unwrap();
    let person = Identity {
        email: Some("admin@daisy.example".to_owned()),
        ..ada()
    };
    let makers = world.acme().scope();
    change_state(&makers, daisy.id(), TenantState::Suspended, "unpaid since May")
        .await
        .unwrap();
    let session = come(&world, daisy.id(), person).await.unwrap().session().unwrap();
    let (actor, viewer) = seen(&world, &session.token).await.unwrap();
    assert_eq!(viewer.tenant.door, Door::Suspended);
    assert_eq!(viewer.rights, domain::access::Rights::NONE);
    assert!(actor.permit::<ViewReceivedInvoices>().is_err());
}
