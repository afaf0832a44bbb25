//! What a tenant changes about its roles, and who may.

use super::{
    read::list,
    write::{change, create, delete},
};
use crate::{
    Error, Scope,
    people::invite::{NewInvitation, invite},
    sessions::{
        read::viewer,
        write::{Browser, LogIn},
    },
    testing::{PASSWORD, World, log_in},
};
use domain::{
    FieldErrors, Refusal,
    access::{ManageRoles, Permission, Roles, SellerRole, Side},
};

fn refusal<T>(outcome: Result<T, Error>) -> Refusal {
    match outcome {
        Err(Error::Refused(refusal)) => refusal,
        Ok(_) => panic!("it was done"),
        Err(other) => panic!("{other:?}"),
    }
}

async fn may(world: &World, token: &str, permission: Permission) -> bool {
    viewer(&world.backend, token)
        .await
        .unwrap()
        .unwrap()
        .1
        .may(permission)
}

#[tokio::test]
async fn a_switched_permission_acts_on_the_next_request_in_that_tenant_alone() {
    let world = World::new().await;
    let scope: Scope<ManageRoles> = world.acme().scope();
    let mut tokens = Vec::new();
    for party in ["Acme", "Borealis"] {
        let roles = Roles {
            seller: Some(SellerRole::Finance),
            buyer: None,
        };
        world.give_roles(world.party(party), roles).await;
        let email = format!("admin@{}.example", party.to_lowercase());
        let attempt = LogIn {
            email: &email,
            password: PASSWORD,
            browser: Browser::default(),
        };
        tokens.push(log_in(&world.backend, attempt).await.unwrap().token);
    }
    let import = Permission::ImportInvoices;
    assert!(may(&world, &tokens[0], import).await && may(&world, &tokens[1], import).await);
    change(&scope, Side::Seller, "finance", &[Permission::ViewIssuedInvoices])
        .await
        .unwrap();
    assert!(!may(&world, &tokens[0], import).await && may(&world, &tokens[1], import).await);
    let all = [Permission::ViewIssuedInvoices, import, Permission::ViewSentMail];
    change(&scope, Side::Seller, "finance", &all).await.unwrap();
    assert!(may(&world, &tokens[0], import).await);
    assert!(
        list(&scope)
            .await
            .unwrap()
            .seller
            .iter()
            .all(|role| !role.is_own())
    );
}

#[tokio::test]
async fn a_role_of_ones_own_begins_as_another_and_goes_when_nobody_has_it() {
    let world = World::new().await;
    let scope: Scope<ManageRoles> = world.acme().scope();
    let code = create(&scope, Side::Seller, "finance", " Book  keeping ")
        .await
        .unwrap();
    change(
        &scope,
        Side::Seller,
        &code,
        &[Permission::ViewIssuedInvoices, Permission::ViewAudit],
    )
    .await
    .unwrap();
    let made = list(&scope)
        .await
        .unwrap()
        .role(Side::Seller, &code)
        .unwrap()
        .clone();
    assert_eq!(
        (made.name.as_str(), made.base.label(), made.is_own()),
        ("Book keeping", "Finance", true)
    );
    assert!(made.rights.has(Permission::ViewAudit) && !made.rights.has(Permission::ImportInvoices));
    let taken = create(&scope, Side::Seller, "sales", "book keeping").await;
    assert!(matches!(taken, Err(Error::Invalid(FieldErrors(fields))) if fields.contains_key("name")));
    let new = NewInvitation {
        name: "Bo",
        email: "bo@new.example",
        roles: crate::people::Words {
            seller: Some(&code),
            buyer: None,
            reach: None,
        },
    };
    let id = invite(&world.acme().scope(), new).await.unwrap();
    assert_eq!(
        refusal(delete(&scope, Side::Seller, &code).await),
        Refusal::RoleInUse { people: 1 }
    );
    crate::people::invite::take_back(&world.acme().scope(), id)
        .await
        .unwrap();
    delete(&scope, Side::Seller, &code).await.unwrap();
    assert!(list(&scope).await.unwrap().role(Side::Seller, &code).is_none());
    assert!(matches!(
        delete(&scope, Side::Seller, "sales").await,
        Err(Error::NotFound)
    ));
}

#[tokio::test]
async fn admins_keep_everything_and_roles_of_others_are_not_there() {
    let world = World::new().await;
    let scope: Scope<ManageRoles> = world.acme().scope();
    assert_eq!(
        refusal(change(&scope, Side::Seller, "admin", &[]).await),
        Refusal::AdminKeepsAll
    );
    let code = create(&scope, Side::Buyer, "admin", "Office").await.unwrap();
    change(&scope, Side::Buyer, &code, &[Permission::ViewReceivedInvoices])
        .await
        .unwrap();
    let stranger: Scope<ManageRoles> = world.borealis().scope();
    assert!(matches!(
        change(&stranger, Side::Buyer, &code, &[]).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(
        delete(&stranger, Side::Buyer, &code).await,
        Err(Error::NotFound)
    ));
    // A customer has no seller's side to give roles on.
    let daisy: Scope<ManageRoles> = world.daisy().scope();
    assert!(matches!(
        change(&daisy, Side::Seller, "sales", &[]).await,
        Err(Error::NotFound)
    ));
}

#[tokio::test]
async fn who_looks_after_roles_gives_only_what_they_have() {
    let world = World::new().await;
    let admins: Scope<ManageRoles> = world.acme().scope();
    let given = [Permission::ViewIssuedInvoices, Permission::ManageRoles];
    change(&admins, Side::Seller, "sales", &given).await.unwrap();
    let acme = world.acme();
    world
        .give_roles(
            acme,
            Roles {
                seller: Some(SellerRole::Sales),
                buyer: None,
            },
        )
        .await;
    let attempt = LogIn {
        email: "admin@acme.example",
        password: PASSWORD,
        browser: Browser::default(),
    };
    let token = log_in(&world.backend, attempt).await.unwrap().token;
    let (actor, _) = viewer(&world.backend, &token).await.unwrap().unwrap();
    let sales: Scope<ManageRoles> = actor.permit().unwrap();
    let more = [
        Permission::ViewIssuedInvoices,
        Permission::ManageRoles,
        Permission::ImportInvoices,
    ];
    let refused = refusal(change(&sales, Side::Seller, "sales", &more).await);
    assert!(matches!(refused, Refusal::MoreThanOwn { .. }));
    let less = refusal(change(&sales, Side::Seller, "finance", &[]).await);
    assert!(matches!(less, Refusal::MoreThanOwn { .. }), "nor takes it");
    let copy = refusal(create(&sales, Side::Seller, "finance", "Mine").await);
    assert!(matches!(copy, Refusal::MoreThanOwn { .. }));
    change(&sales, Side::Seller, "sales", &[Permission::ManageRoles])
        .await
        .unwrap();
}
