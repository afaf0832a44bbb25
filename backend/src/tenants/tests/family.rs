//! Families of customers: who says so, what is refused, who reads of it.

use crate::{
    Error, audit,
    scope::Scope,
    tenants::below::{family, read},
    testing::{Party, World},
};
use domain::{
    FieldErrors, Refusal,
    access::{ManageSettings, ManageTenants},
    refusal::NotASubsidiary,
    tenants::Family,
};

async fn change(world: &World, child: &Party, parent: &str) -> Result<(), Error> {
    family::change_parent(&world.distributor().scope(), child.id(), parent).await
}

async fn as_seller(world: &World, of: &Party) -> (Option<String>, Vec<String>) {
    let scope: Scope<ManageTenants> = world.distributor().scope();
    names(read::find(&scope, of.id()).await.unwrap().family)
}

async fn as_itself(of: &Party) -> (Option<String>, Vec<String>) {
    let scope: Scope<ManageSettings> = of.scope();
    names(family::own(&scope).await.unwrap())
}

fn names(family: Family) -> (Option<String>, Vec<String>) {
    let below = family.subsidiaries.into_iter().map(|one| one.name);
    (family.parent.map(|one| one.name), below.collect())
}

fn refused(outcome: Result<(), Error>) -> NotASubsidiary {
    let Err(Error::Invalid(errors)) = outcome else {
        panic!("{outcome:?}")
    };
    match errors.get("parent") {
        Some(Refusal::NotASubsidiary { why }) => *why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_seller_says_who_belongs_to_whom_and_all_three_read_it() {
    let world = World::new().await;
    let (acme, borealis) = (world.acme(), world.borealis());
    // By the external id, by the name, and never a second time.
    for word in ["C-BOREALIS", " Borealis "] {
        change(&world, acme, word).await.unwrap();
    }
    let (child, parent) = (
        (Some("Borealis".to_owned()), vec![]),
        (None, vec!["Acme".to_owned()]),
    );
    assert_eq!(as_seller(&world, acme).await, child);
    assert_eq!(as_itself(acme).await, child);
    assert_eq!(as_seller(&world, borealis).await, parent);
    assert_eq!(as_itself(borealis).await, parent);
    for (party, action) in [
        (world.distributor(), "Parent company changed"),
        (acme, "Parent company changed"),
        (borealis, "Became the parent of a subsidiary"),
    ] {
        let page = audit::read::list(&party.scope(), &domain::audit::AuditQuery::default())
            .await
            .unwrap();
        let told = page.rows.iter().filter(|row| row.action == action).count();
        assert_eq!(told, 1, "{} reads of {action}", party.name());
    }
    change(&world, acme, "").await.unwrap();
    assert_eq!(as_itself(acme).await, (None, vec![]));
    assert_eq!(as_itself(borealis).await, (None, vec![]));
}

#[tokio::test]
async fn a_family_is_one_step_deep_and_of_one_seller() {
    let world = World::new().await;
    let (acme, borealis) = (world.acme(), world.borealis());
    assert_eq!(
        refused(change(&world, acme, "Acme").await),
        NotASubsidiary::Itself
    );
    assert_eq!(
        refused(change(&world, acme, "Nobody").await),
        NotASubsidiary::Nobody
    );
    // Grove is a customer, and not of this seller.
    assert_eq!(
        refused(change(&world, acme, "Grove").await),
        NotASubsidiary::Nobody
    );
    change(&world, acme, "Borealis").await.unwrap();
    assert_eq!(
        refused(change(&world, borealis, "Acme").await),
        NotASubsidiary::HasSubsidiaries
    );
    let scope: Scope<ManageTenants> = world.borealis().scope();
    for (seller, child) in [(&scope, world.daisy()), (&scope, acme), (&scope, borealis)] {
        let outcome = family::change_parent(seller, child.id(), "Fjord").await;
        assert!(matches!(outcome, Err(Error::NotFound)), "{}", child.name());
    }
}

#[tokio::test]
async fn of_two_who_make_each_other_a_subsidiary_one_is_refused() {
    let world = World::new().await;
    let (one, other) = tokio::join!(
        change(&world, world.acme(), "Borealis"),
        change(&world, world.borealis(), "Acme")
    );
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    let parents =
        as_itself(world.acme()).await.0.iter().count() + as_itself(world.borealis()).await.0.iter().count();
    assert_eq!(parents, 1);
    let wrong: FieldErrors = match (one, other) {
        (Err(Error::Invalid(wrong)), _) | (_, Err(Error::Invalid(wrong))) => wrong,
        other => panic!("{other:?}"),
    };
    assert!(wrong.get("parent").is_some());
}
