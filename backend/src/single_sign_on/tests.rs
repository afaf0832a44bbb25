//! Who gets in by a company's provider, where that ends, and what a tenant may set.

mod reach;
mod settings;
mod way;

use super::{begin, finish, write};
use crate::{
    Actor, Error, Scope,
    ports::Identity,
    sessions::{
        read::viewer,
        write::{Browser, Entry, LogIn, NewSession},
    },
    testing::{PASSWORD, Party, World, log_in},
};
use domain::{
    FieldErrors, Refusal, access::ManageSettings, ids::TenantId, sessions::Viewer,
    single_sign_on::ProviderForm,
};
use entity::{codes, membership};
use sea_orm::{ActiveValue::Set, EntityTrait};

const ISSUER: &str = "https://login.acme.example";
const SECRET: &str = "the secret of the portal";
const EMAIL: &str = "admin@acme.example";

fn setters(party: &Party) -> Scope<ManageSettings> {
    party.scope()
}

fn form(issuer: &str) -> ProviderForm {
    ProviderForm {
        issuer: issuer.to_owned(),
        client_id: "portal".to_owned(),
        domains: "acme.example".to_owned(),
        required: false,
        second_factor: false,
    }
}

/// A world in which Acme has a provider.
async fn world() -> World {
    let world = World::new().await;
    write::change(&setters(world.acme()), &form(ISSUER), SECRET)
        .await
        .unwrap();
    world
}

fn ada() -> Identity {
    Identity {
        subject: "248289761001".to_owned(),
        email: Some("Admin@Acme.example".to_owned()),
        email_verified: true,
        second_factor: false,
    }
}

/// Sends a browser away and back as somebody.
async fn come(world: &World, tenant: TenantId, identity: Identity) -> Result<Entry, Error> {
    let away = begin::begin(&world.backend, tenant, None, None).await?;
    let state = world.identities.last_question().unwrap().state;
    world.identities.script("code", identity);
    let returned = finish::Returned {
        state: &state,
        code: Some("code"),
        token: &away.token,
        ..Default::default()
    };
    Ok(finish::finish(&world.backend, tenant, returned).await?.entry)
}

/// The same, for who gets in.
async fn came(world: &World, identity: Identity) -> NewSession {
    let entry = come(world, world.acme().id(), identity).await.unwrap();
    entry.session().expect("no code is asked for")
}

async fn by_password(world: &World) -> NewSession {
    let attempt = LogIn {
        email: EMAIL,
        password: PASSWORD,
        browser: Browser::default(),
    };
    log_in(&world.backend, attempt).await.unwrap()
}

async fn seen(world: &World, token: &str) -> Option<(Actor, Viewer)> {
    viewer(&world.backend, token).await.unwrap()
}

async fn actor(world: &World, token: &str) -> Actor {
    seen(world, token).await.unwrap().0
}

fn refusal<T>(outcome: Result<T, Error>) -> Refusal {
    match outcome {
        Err(Error::Refused(refusal) | Error::Forbidden(refusal)) => refusal,
        Ok(_) => panic!("it was done"),
        Err(other) => panic!("{other:?}"),
    }
}

fn at<T>(outcome: Result<T, Error>, field: &str) -> Refusal {
    match outcome {
        Err(Error::Invalid(FieldErrors(errors))) => errors[field].clone(),
        Ok(_) => panic!("it was done"),
        Err(other) => panic!("{other:?}"),
    }
}

/// Makes a party's admin a member of another tenant as well.
async fn joins(world: &World, who: &Party, tenant: &Party) {
    let row = membership::ActiveModel {
        user_id: Set(who.user().0),
        tenant_id: Set(tenant.id().0),
        seller_role: Set(Some(codes::SellerRole::Admin)),
        buyer_role: Set(Some(codes::BuyerRole::Admin)),
        seller_custom: Set(None),
        buyer_custom: Set(None),
        buyer_reach: Set(codes::BuyerReach::Own),
        state: Set(codes::MembershipState::Active),
        signed_in_at: Set(None),
        created_at: Set(world.backend.now()),
    };
    membership::Entity::insert(row)
        .exec_without_returning(world.backend.system().writer())
        .await
        .unwrap();
}
