//! Whose money and invoices a workbench shows, and who may use it.

use super::*;
use domain::access::{Roles, SellerRole};

#[tokio::test]
async fn a_family_is_planned_together_and_the_parent_pays_what_is_left() {
    let world = World::new().await;
    let (scope, acme, borealis) = (seller(&world), world.acme(), world.borealis());
    world.make_subsidiary(borealis, acme).await;
    let (theirs, own) = (
        borealis.invoice("10.00").due(1).await,
        acme.invoice("30.00").due(2).await,
    );
    money(&scope, acme, 2_000).await;
    money(&scope, borealis, 500).await;
    let bench = bench(&scope, acme, Rule::Due).await;
    let companies: Vec<_> = bench
        .debts
        .iter()
        .filter_map(|line| line.company.as_deref())
        .collect();
    assert_eq!(companies, ["Acme", "Borealis"]);
    assert_eq!(proposed(&bench), [(own, 1_500), (theirs, 1_000)]);
    write::apply(&scope, &shown(&bench)).await.unwrap();
    assert_eq!((open(&world, theirs).await, open(&world, own).await), (0, 1_500));
    // The subsidiary's page shows and takes nothing of its parent.
    money(&scope, acme, 100).await;
    let of_parent = shown(&super::bench(&scope, acme, Rule::Due).await);
    let below = ApplyPlan {
        account: borealis.account(),
        ..of_parent
    };
    assert!(matches!(
        write::apply(&scope, &below).await,
        Err(Error::Refused(Refusal::NotOfFamily))
    ));
    assert_clean(&world).await;
}

#[tokio::test]
async fn nothing_of_somebody_else_is_found() {
    let world = World::new().await;
    let (scope, acme) = (seller(&world), world.acme());
    acme.invoice("10.00").await;
    money(&scope, acme, 500).await;
    let wanted = shown(&bench(&scope, acme, Rule::Due).await);
    let others: Scope<RecordPayments> = world.acme().scope();
    let query = WorkbenchQuery {
        account: Some(acme.account()),
        ..WorkbenchQuery::default()
    };
    assert!(matches!(read::open(&others, &query).await, Err(Error::NotFound)));
    assert!(matches!(
        write::apply(&others, &wanted).await,
        Err(Error::NotFound)
    ));
    let plan = write::apply(&scope, &wanted).await.unwrap();
    assert!(matches!(read::detail(&others, plan).await, Err(Error::NotFound)));
    assert!(matches!(write::undo(&others, plan).await, Err(Error::NotFound)));
    let sales = world.distributor().actor(Roles {
        seller: Some(SellerRole::Sales),
        buyer: None,
    });
    assert!(sales.permit::<RecordPayments>().is_err());
}

#[tokio::test]
async fn whose_money_waits_longest_is_offered_first_and_others_are_found_by_name() {
    let world = World::new().await;
    let (scope, acme) = (seller(&world), world.acme());
    money(&scope, acme, 500).await;
    let found = |search: &'static str| {
        let scope = &scope;
        async move {
            let query = WorkbenchQuery {
                search: search.to_owned(),
                ..WorkbenchQuery::default()
            };
            match read::open(scope, &query).await.unwrap() {
                OpenedWorkbench::Search(found) => found
                    .payers
                    .into_iter()
                    .map(|payer| payer.name)
                    .collect::<Vec<_>>(),
                OpenedWorkbench::Bench(_) => panic!("no account was named"),
            }
        }
    };
    assert_eq!(found("").await, ["Acme"]);
    assert_eq!(found("boreal").await, ["Borealis"]);
}
