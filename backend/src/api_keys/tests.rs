//! What a key opens, and what ends it.

use super::{
    enter,
    read::list,
    write::{make, revoke},
};
use crate::{
    Actor, Backend, Error, Scope,
    audit::read as audit,
    scope::Request,
    sessions::read::viewer,
    testing::{PASSWORD, World, log_in},
};
use domain::{
    FieldErrors, Refusal,
    access::{
        Area, BuyerRole, ManageSettings, PayInvoices, Permission, RecordPayments, Roles, SellerRole,
        ViewIssuedInvoices, ViewReceivedInvoices,
    },
    api_keys::{ApiKeyFields, ApiKeyState, POSSIBLE, SHOWN},
    audit::AuditQuery,
    ids::ApiKeyId,
};
use entity::{api_key, invoice, tenant};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, PaginatorTrait};

mod recording;

fn fields(name: &str, may: &[Permission]) -> ApiKeyFields {
    ApiKeyFields {
        key: crate::new_id().to_string(),
        name: name.to_owned(),
        lasts: "month".to_owned(),
        may: may.iter().map(|one| one.code().to_owned()).collect(),
    }
}

fn from_here() -> Request {
    Request {
        id: Some("1".to_owned()),
        address: Some("192.0.2.7".to_owned()),
    }
}

async fn opens(backend: &Backend, key: &str) -> Option<Actor> {
    enter::actor(backend, key, from_here()).await.unwrap()
}

/// A key of Acme's that may do all that keys can.
async fn acmes(world: &World) -> String {
    make(&world.acme().scope(), &fields("ERP", &POSSIBLE))
        .await
        .unwrap()
}

fn refusals(outcome: Result<String, Error>) -> FieldErrors {
    match outcome {
        Err(Error::Invalid(errors)) => errors,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was made"),
    }
}

#[tokio::test]
async fn a_key_is_shown_once_and_kept_as_its_hash() {
    let world = World::new().await;
    let key = acmes(&world).await;
    assert!(key.starts_with("qk_") && key.len() == 67);
    let scope: Scope<ManageSettings> = world.acme().scope();
    let rows = scope.find::<api_key::Entity>().all(scope.db()).await.unwrap();
    assert_eq!(rows.len(), 1);
    let stored = format!("{rows:?}");
    assert!(!stored.contains(&key) && stored.contains(&key[..SHOWN]));
    let page = list(&scope).await.unwrap();
    assert_eq!(
        (page.keys[0].shown.as_str(), page.keys[0].used_at),
        (&key[..SHOWN], None)
    );
    assert_eq!(page.offered, POSSIBLE);
    let query = AuditQuery::default();
    let told = audit::list(&world.acme().scope(), &query).await.unwrap();
    assert_eq!(told.rows[0].action, "API key made");
    assert!(
        !format!("{told:?}").contains(&key[SHOWN..]),
        "the audit has no secret"
    );
}

#[tokio::test]
async fn a_key_opens_what_was_ticked_until_its_giver_loses_it() {
    let world = World::new().await;
    let key = make(
        &world.acme().scope(),
        &fields(
            "ERP",
            &[Permission::ViewIssuedInvoices, Permission::RecordPayments],
        ),
    )
    .await
    .unwrap();
    let program = opens(&world.backend, &key).await.unwrap();
    program.permit::<ViewIssuedInvoices>().unwrap();
    assert!(matches!(
        program.permit::<ViewReceivedInvoices>(),
        Err(Error::Forbidden(_))
    ));
    assert!(matches!(
        program.permit::<ManageSettings>(),
        Err(Error::Forbidden(_))
    ));
    assert!(matches!(
        program.permit::<PayInvoices>(),
        Err(Error::Forbidden(_))
    ));
    assert!(program.user().is_none(), "a program is no person");
    let sales = Roles {
        seller: Some(SellerRole::Sales),
        buyer: Some(BuyerRole::Admin),
    };
    world.give_roles(world.acme(), sales).await;
    let program = opens(&world.backend, &key).await.unwrap();
    program.permit::<ViewIssuedInvoices>().unwrap();
    assert!(matches!(
        program.permit::<RecordPayments>(),
        Err(Error::Forbidden(_))
    ));
    assert!(matches!(
        program.permit::<ViewReceivedInvoices>(),
        Err(Error::Forbidden(_))
    ));
}

#[tokio::test]
async fn a_key_rests_while_its_giver_is_shut_out() {
    let world = World::new().await;
    let key = acmes(&world).await;
    let stands = async |wanted: ApiKeyState| {
        let open = opens(&world.backend, &key).await.is_some();
        let shown = list(&world.acme().scope()).await.unwrap().keys[0].state;
        assert_eq!((open, shown), (wanted == ApiKeyState::Works, wanted));
    };
    stands(ApiKeyState::Works).await;
    world.shut_out(world.acme(), true).await;
    stands(ApiKeyState::Rests).await;
    world.shut_out(world.acme(), false).await;
    stands(ApiKeyState::Works).await;
    world.disable_login(world.acme(), true).await;
    stands(ApiKeyState::Rests).await;
}

#[tokio::test]
async fn a_revoked_and_an_expired_key_open_nothing() {
    let world = World::new().await;
    let scope: Scope<ManageSettings> = world.acme().scope();
    let (revoked, expired) = (
        acmes(&world).await,
        make(&scope, &fields("Bank", &POSSIBLE)).await.unwrap(),
    );
    let id = |page: &domain::api_keys::ApiKeys| {
        page.keys
            .iter()
            .find(|row| row.name == "ERP")
            .map(|row| row.id)
            .unwrap()
    };
    let id = id(&list(&scope).await.unwrap());
    let stranger = revoke(&world.borealis().scope(), id).await;
    assert!(matches!(stranger, Err(Error::NotFound)));
    revoke(&scope, id).await.unwrap();
    assert!(matches!(revoke(&scope, id).await, Err(Error::NotFound)), "once");
    assert!(opens(&world.backend, &revoked).await.is_none());
    world.days_pass(29);
    assert!(opens(&world.backend, &expired).await.is_some());
    world.days_pass(1);
    assert!(opens(&world.backend, &expired).await.is_none());
    let states: Vec<_> = list(&scope)
        .await
        .unwrap()
        .keys
        .iter()
        .map(|row| row.state)
        .collect();
    assert_eq!(states, [ApiKeyState::Expired, ApiKeyState::Revoked]);
    for nonsense in [
        "",
        "qk_",
        "qk_1",
        &"0".repeat(64),
        &format!("qk_{}", "g".repeat(64)),
        &revoked.to_uppercase(),
    ] {
        assert!(opens(&world.backend, nonsense).await.is_none(), "{nonsense}");
    }
}

#[tokio::test]
async fn a_key_of_a_suspended_tenant_may_do_nothing() {
    let world = World::new().await;
    let key = acmes(&world).await;
    let change = tenant::ActiveModel {
        id: Set(world.acme().id().0),
        state: Set(entity::codes::TenantState::Suspended),
        ..Default::default()
    };
    change.update(world.backend.system().writer()).await.unwrap();
    let program = opens(&world.backend, &key).await.unwrap();
    assert_eq!(program.rights().iter().count(), 0);
}

#[tokio::test]
async fn nobody_gives_more_than_they_have_and_no_confined_person_gives_any() {
    let world = World::new().await;
    let daisy: Scope<ManageSettings> = world.daisy().scope();
    let more = make(&daisy, &fields("ERP", &[Permission::RecordPayments])).await;
    assert!(matches!(
        refusals(more).get("may"),
        Some(Refusal::MoreThanOwn { .. })
    ));
    let attempt = crate::sessions::write::LogIn {
        email: "admin@daisy.example",
        password: PASSWORD,
        browser: Default::default(),
    };
    let token = log_in(&world.backend, attempt).await.unwrap().token;
    let form = domain::security::SecurityForm {
        second_factor: vec!["to-pay:admin".to_owned()],
        ..Default::default()
    };
    crate::security::write::change(&daisy, &form).await.unwrap();
    let (confined, _) = viewer(&world.backend, &token).await.unwrap().unwrap();
    let asked = confined.permit::<ManageSettings>();
    assert!(matches!(
        asked,
        Err(Error::Forbidden(Refusal::SecondFactorMissing))
    ));
}

#[tokio::test]
async fn a_form_makes_one_key_and_shows_the_one_that_opens() {
    let world = World::new().await;
    let scope: Scope<ManageSettings> = world.acme().scope();
    let form = fields("ERP", &POSSIBLE);
    let (first, second) = (
        make(&scope, &form).await.unwrap(),
        make(&scope, &form).await.unwrap(),
    );
    assert!(opens(&world.backend, &first).await.is_none());
    assert!(opens(&world.backend, &second).await.is_some());
    assert_eq!(list(&scope).await.unwrap().keys.len(), 1);
    let used = make(&scope, &form).await;
    assert!(
        matches!(used, Err(Error::Refused(Refusal::FormBroken))),
        "it is in use"
    );
    let taken = make(&scope, &fields("ERP", &POSSIBLE)).await;
    assert!(matches!(
        refusals(taken).get("name"),
        Some(Refusal::NameTaken { .. })
    ));
}

#[tokio::test]
async fn wrong_keys_are_braked_by_address_and_right_ones_are_not() {
    let world = World::new().await;
    let key = acmes(&world).await;
    let ask = async |key: &str| enter::actor(&world.backend, key, from_here()).await;
    for _ in 0..20 {
        assert!(ask("qk_wrong").await.unwrap().is_none());
    }
    let braked = ask("qk_wrong").await;
    assert!(matches!(
        braked,
        Err(Error::Refused(Refusal::TooManyTries { .. }))
    ));
    assert!(ask(&key).await.unwrap().is_some(), "a neighbour's key opens");
    let elsewhere = Request {
        address: Some("192.0.2.8".to_owned()),
        ..from_here()
    };
    assert!(
        enter::actor(&world.backend, "qk_wrong", elsewhere)
            .await
            .unwrap()
            .is_none()
    );
    world.seconds_pass(30);
    assert!(ask("qk_wrong").await.unwrap().is_none());
}

#[tokio::test]
async fn its_use_is_noted_once_a_minute() {
    let world = World::new().await;
    let key = acmes(&world).await;
    let mut noted = Vec::new();
    for _ in 0..3 {
        opens(&world.backend, &key).await.unwrap();
        noted.push(list(&world.acme().scope()).await.unwrap().keys[0].used_at);
        world.seconds_pass(40);
    }
    assert!(
        noted[0].is_some() && noted[0] == noted[1] && noted[1] < noted[2],
        "{noted:?}"
    );
}

/// The second wall is told whose key it is: a statement without any condition shows the tenant's own.
#[tokio::test]
async fn row_security_holds_for_keys() {
    let world = World::new().await;
    if world.pooled().is_none() {
        return;
    }
    world.acme().invoice("1.00").await;
    world.borealis().invoice("2.00").await;
    world.daisy().invoice("3.00").await;
    let program = opens(&world.backend, &acmes(&world).await).await.unwrap();
    let sold: Scope<ViewIssuedInvoices> = program.permit().unwrap();
    let bought: Scope<ViewReceivedInvoices> = program.permit().unwrap();
    assert_eq!(sold.viewpoint().area, Area::Seller);
    for shown in [all_shown(sold.db()).await, all_shown(bought.db()).await] {
        assert_eq!(shown, 1);
    }
    let tx = program.permit::<RecordPayments>().unwrap().begin().await.unwrap();
    assert_eq!(all_shown(tx.db()).await, 1);
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test is what happens without a condition"
)]
async fn all_shown(db: &impl sea_orm::ConnectionTrait) -> u64 {
    invoice::Entity::find().count(db).await.unwrap()
}

#[tokio::test]
async fn there_are_only_so_many_keys() {
    let world = World::new().await;
    let scope: Scope<ManageSettings> = world.acme().scope();
    for number in 0..domain::api_keys::MOST_KEYS {
        make(&scope, &fields(&format!("Key {number}"), &POSSIBLE))
            .await
            .unwrap();
    }
    let one_more = make(&scope, &fields("One more", &POSSIBLE)).await;
    assert!(matches!(one_more, Err(Error::Refused(Refusal::TooMany { .. }))));
    let first: ApiKeyId = list(&scope).await.unwrap().keys[0].id;
    revoke(&scope, first).await.unwrap();
    make(&scope, &fields("One more", &POSSIBLE)).await.unwrap();
}
