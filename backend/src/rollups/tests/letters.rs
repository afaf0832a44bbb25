//! What the parent is told of its bills.

use super::*;
use entity::{mail, tenant};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryOrder};

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn letters(world: &World) -> Vec<mail::Model> {
    mail::Entity::find()
        .filter(mail::Column::Kind.eq("rollup"))
        .order_by_asc(mail::Column::Id)
        .all(world.backend.system().db())
        .await
        .unwrap()
}

async fn written_to(world: &World, of: &Party, address: Option<&str>) {
    let change = tenant::ActiveModel {
        id: Set(of.id().0),
        billing_email: Set(address.map(str::to_owned)),
        ..Default::default()
    };
    change.update(world.backend.system().writer()).await.unwrap();
}

#[tokio::test]
async fn the_parent_is_told_what_it_is_billed_and_what_is_withdrawn() {
    let world = family().await;
    written_to(&world, world.acme(), Some("bills@acme.example")).await;
    world.borealis().invoice("10.00").await;
    world.borealis().invoice("30.00").await;
    let wanted = shown(&world).await;
    let scope: Scope<WriteInvoices> = world.distributor().scope();
    let id = write::issue(&scope, &wanted).await.unwrap();
    // The same form once more is no second letter.
    write::issue(&scope, &wanted).await.unwrap();
    let told = letters(&world).await;
    assert_eq!(told.len(), 1);
    let (letter, number) = (&told[0], seen(&world, id).await.row.number);
    assert_eq!(letter.recipient, "bills@acme.example");
    assert_eq!(letter.buyer_id, Some(world.acme().id().0));
    assert!(letter.subject.contains(&number), "{}", letter.subject);
    let link = format!("/rollups/{id}");
    for part in ["Borealis, 2 invoices: ", "40.00", &link] {
        assert!(letter.text.contains(part), "{part} in {}", letter.text);
    }
    assert!(!letter.text.contains("{secret}"), "{}", letter.text);
    let scope: Scope<VoidInvoices> = world.distributor().scope();
    write::void(&scope, id, "Wrong period").await.unwrap();
    let told = letters(&world).await;
    assert_eq!(told.len(), 2);
    assert!(told[1].subject.ends_with("is withdrawn"), "{}", told[1].subject);
    assert!(told[1].text.contains("Wrong period") && told[1].text.contains(&link));
}

#[tokio::test]
async fn without_an_address_the_parents_payers_are_written_to() {
    let world = family().await;
    written_to(&world, world.acme(), None).await;
    world.borealis().invoice("10.00").await;
    issue(&world).await;
    let told = letters(&world).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].recipient, "admin@acme.example");
}

#[tokio::test]
async fn a_bill_that_is_refused_is_told_to_nobody() {
    let world = family().await;
    world.borealis().invoice("10.00").await;
    let stale = shown(&world).await;
    world.borealis().invoice("2.00").await;
    write::issue(&world.distributor().scope(), &stale)
        .await
        .unwrap_err();
    assert!(letters(&world).await.is_empty());
}
