//! What a tenant may set, who may set it, and what that ends.

use super::*;
use crate::{
    Backend, audit,
    ports::fakes::FakeProviders,
    single_sign_on::{operator, read},
    vault::Keyring,
};
use domain::{
    access::{BuyerRole, Roles, SellerRole, ViewAudit},
    audit::AuditQuery,
};
use entity::{sign_in_link, sign_in_provider};
use sea_orm::PaginatorTrait;
use std::sync::Arc;

#[expect(clippy::disallowed_methods, reason = "a test looks at what is stored")]
async fn stored(world: &World) -> sign_in_provider::Model {
    let rows = sign_in_provider::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap();
    rows.into_iter().next().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a test looks at what is stored")]
async fn links(world: &World) -> u64 {
    let db = world.backend.system().db();
    sign_in_link::Entity::find().count(db).await.unwrap()
}

#[tokio::test]
async fn the_secret_is_sealed_sent_to_the_provider_alone_and_told_to_nobody() {
    let world = world().await;
    let row = stored(&world).await;
    assert!(row.secret.starts_with("v1.") && !row.secret.contains(SECRET));
    let shown = read::find(&setters(world.acme())).await.unwrap();
    assert!(!format!("{shown:?}").contains(SECRET));
    assert_eq!(shown.provider.unwrap().issuer, ISSUER);
    assert!(
        shown
            .return_address
            .ends_with(&format!("/login/return/{}", world.acme().id()))
    );
    came(&world, ada()).await;
    assert_eq!(world.identities.secrets(), [SECRET]);
    let shown = read::find(&setters(world.acme())).await.unwrap();
    assert_eq!(shown.linked.len(), 1);
    let list = audit::read::list(&world.acme().scope::<ViewAudit>(), &AuditQuery::default())
        .await
        .unwrap();
    let told = format!("{list:?}");
    assert!(told.contains("Single sign-on changed") && !told.contains(SECRET));
    // An empty field leaves it as it is, a new one takes its place.
    write::change(&setters(world.acme()), &form(ISSUER), "")
        .await
        .unwrap();
    assert_eq!(stored(&world).await, row, "nothing was changed");
    write::change(&setters(world.acme()), &form(ISSUER), "a new secret")
        .await
        .unwrap();
    came(&world, ada()).await;
    assert_eq!(world.identities.secrets(), [SECRET, "a new secret"]);
}

#[tokio::test]
async fn a_secret_is_never_sent_to_another_provider_than_the_one_it_was_given_for() {
    let world = world().await;
    let acme = setters(world.acme());
    let other = form("https://other.acme.example");
    assert_eq!(
        at(write::change(&acme, &other, "").await, "client_secret"),
        Refusal::Missing
    );
    let client = ProviderForm {
        client_id: "another".to_owned(),
        ..form(ISSUER)
    };
    assert_eq!(
        at(write::change(&acme, &client, "  ").await, "client_secret"),
        Refusal::Missing
    );
    // Who can write the table gets it nowhere either.
    let db = world.backend.system().writer();
    let change = sign_in_provider::ActiveModel {
        issuer: Set("https://evil.example".to_owned()),
        ..Default::default()
    };
    #[expect(clippy::disallowed_methods, reason = "somebody who can write the table")]
    sign_in_provider::Entity::update_many()
        .set(change)
        .exec(db)
        .await
        .unwrap();
    let outcome = begin::begin(&world.backend, world.acme().id(), None, None).await;
    assert!(matches!(outcome, Err(Error::Database(_))));
}

#[tokio::test]
async fn what_does_not_fit_stands_at_its_field() {
    let world = World::new().await;
    let acme = setters(world.acme());
    let silent = write::change(&acme, &form("https://silent.example"), SECRET).await;
    assert_eq!(at(silent, "issuer"), Refusal::ProviderSilent);
    let unfit = write::change(&acme, &form("https://unfit.example"), SECRET).await;
    assert_eq!(at(unfit, "issuer"), Refusal::ProviderUnfit);
    let none = write::change(&acme, &form(ISSUER), "").await;
    assert_eq!(at(none, "client_secret"), Refusal::Missing);
    assert!(matches!(write::switch_off(&acme).await, Err(Error::NotFound)));
    assert!(matches!(
        write::unlink(&acme, world.acme().user()).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(
        begin::begin(&world.backend, world.acme().id(), None, None).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(
        read::way_in(&world.backend, world.acme().id()).await,
        Err(Error::NotFound)
    ));
}

#[tokio::test]
async fn who_may_do_less_than_somebody_else_does_not_choose_who_vouches_for_them() {
    let world = World::new().await;
    let acme = world.acme();
    // A second admin has all rights; the one who asks has those of the seller's side alone.
    joins(&world, world.borealis(), acme).await;
    let half = acme.actor(Roles {
        seller: Some(SellerRole::Admin),
        buyer: None,
    });
    let outcome = write::change(&half.permit().unwrap(), &form(ISSUER), SECRET).await;
    assert!(matches!(refusal(outcome), Refusal::MoreThanOwn { .. }));
    let whole = acme.actor(Roles {
        seller: Some(SellerRole::Admin),
        buyer: Some(BuyerRole::Admin),
    });
    write::change(&whole.permit().unwrap(), &form(ISSUER), SECRET)
        .await
        .unwrap();
}

#[tokio::test]
async fn it_is_demanded_only_by_who_came_that_way() {
    let world = world().await;
    let acme = setters(world.acme());
    let demanding = ProviderForm {
        required: true,
        ..form(ISSUER)
    };
    assert_eq!(
        at(write::change(&acme, &demanding, "").await, "required"),
        Refusal::CompanyFirst
    );
    let session = came(&world, ada()).await;
    let by_company: Scope<ManageSettings> = actor(&world, &session.token).await.permit().unwrap();
    let elsewhere = ProviderForm {
        required: true,
        ..form("https://other.acme.example")
    };
    assert_eq!(
        at(write::change(&by_company, &elsewhere, SECRET).await, "required"),
        Refusal::CompanyFirst
    );
    write::change(&by_company, &demanding, "").await.unwrap();
    assert!(stored(&world).await.required);
}

#[tokio::test]
async fn another_provider_ends_what_the_one_before_began() {
    for change in 0..3 {
        let world = world().await;
        let (company, password) = (came(&world, ada()).await, by_password(&world).await);
        let acme = setters(world.acme());
        match change {
            0 => write::change(&acme, &form("https://other.acme.example"), SECRET).await,
            1 => {
                let client = ProviderForm {
                    client_id: "another".to_owned(),
                    ..form(ISSUER)
                };
                write::change(&acme, &client, SECRET).await
            }
            _ => write::switch_off(&acme).await,
        }
        .unwrap();
        assert!(seen(&world, &company.token).await.is_none());
        assert!(seen(&world, &password.token).await.is_some());
        assert_eq!(links(&world).await, 0);
    }
}

#[tokio::test]
async fn the_operator_opens_the_other_way_in_again() {
    let world = world().await;
    let session = came(&world, ada()).await;
    let by_company: Scope<ManageSettings> = actor(&world, &session.token).await.permit().unwrap();
    let demanding = ProviderForm {
        required: true,
        ..form(ISSUER)
    };
    write::change(&by_company, &demanding, "").await.unwrap();
    for stranger in ["Nobody", "018f0000-0000-7000-8000-000000000000", "Borealis"] {
        let outcome = operator::switch_off(&world.backend, stranger).await;
        assert!(matches!(outcome, Err(Error::NotFound)), "{stranger}");
    }
    operator::switch_off(&world.backend, " Acme ").await.unwrap();
    assert!(seen(&world, &session.token).await.is_none());
    let password = by_password(&world).await;
    assert_eq!(seen(&world, &password.token).await.unwrap().1.confined, None);
    let list = audit::read::list(&world.acme().scope::<ViewAudit>(), &AuditQuery::default())
        .await
        .unwrap();
    assert!(
        list.rows
            .iter()
            .any(|row| row.action == "Single sign-on switched off")
    );
    let again = operator::switch_off(&world.backend, &world.acme().id().to_string()).await;
    assert!(matches!(again, Err(Error::NotFound)));
}

#[tokio::test]
async fn secrets_are_sealed_anew_with_a_new_key() {
    let world = world().await;
    assert_eq!(operator::renew_secrets(&world.backend).await.unwrap(), 0);
    let fresh = Keyring::fresh().unwrap();
    let with = async |keys: &[&str]| {
        let config = crate::BackendConfig {
            secrets: Keyring::read(keys.iter().copied()).unwrap(),
            migration_url: None,
            ..world.config()
        };
        let mut ports = world.backend.ports().clone();
        ports.identities = Arc::new(FakeProviders::default());
        Backend::open(config, ports).await.unwrap()
    };
    let both = with(&[&fresh, crate::testing::KEY]).await;
    assert_eq!(operator::renew_secrets(&both).await.unwrap(), 1);
    assert_eq!(operator::renew_secrets(&both).await.unwrap(), 0);
    let new = with(&[&fresh]).await;
    begin::begin(&new, world.acme().id(), None, None).await.unwrap();
    // The key before opens nothing any more.
    let old = begin::begin(&world.backend, world.acme().id(), None, None).await;
    assert_eq!(refusal(old), Refusal::NoKey);
    for backend in [both, new] {
        backend.close().await.unwrap();
    }
}
