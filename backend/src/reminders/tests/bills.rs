//! Reminders of what is in a bill of a parent (V41).

use super::*;
use crate::rollups;

#[tokio::test]
async fn what_is_in_a_parents_bill_is_asked_of_the_parent() {
    let world = rollups::tests::family().await;
    let northwind: crate::Scope<SendMail> = world.distributor().scope();
    let form = ReminderFields {
        is_on: "true".to_owned(),
        days_1: "3".to_owned(),
        ..ReminderFields::default()
    };
    write::change(&northwind, &form).await.unwrap();
    let id = world.borealis().invoice("20.00").due(-3).await;
    rollups::tests::issue(&world).await;
    let of = async |account| {
        read::of_account(&northwind, account)
            .await
            .unwrap()
            .invoices
            .len()
    };
    assert_eq!(of(world.borealis().account()).await, 0);
    assert_eq!(of(world.acme().account()).await, 1);
    assert_eq!(run(&world).await, 0, "the bill is due today");
    world.days_pass(1);
    assert_eq!(run(&world).await, 1);
    assert_eq!(sent(&world, id).await, [(Some(1), 2_000)]);
    let letters = letters(&world).await;
    assert_eq!(letters[0].buyer_id, Some(world.acme().id().0));
    assert!(letters[0].text.contains(" of ROL-"), "{}", letters[0].text);
    assert_eq!(run(&world).await, 0);
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}
