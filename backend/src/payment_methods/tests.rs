//! Saved cards. How they are kept and used in payments stands in the tests of `payments`.

use super::read::of_account;
use crate::testing::World;
use domain::{access::PayInvoices, ids::CardId};
use entity::card;
use sea_orm::ActiveValue::Set;

async fn save(world: &World, token: &str, is_default: bool) -> CardId {
    let daisy = world.daisy();
    let tx = daisy.scope::<PayInvoices>().begin().await.unwrap();
    let id = crate::new_id();
    let row = card::ActiveModel {
        seller_id: Set(daisy.seller().0),
        id: Set(id),
        account_id: Set(daisy.account().0),
        buyer_id: Set(daisy.id().0),
        gateway_token: Set(token.to_owned()),
        brand: Set("visa".to_owned()),
        last4: Set("4242".to_owned()),
        exp_month: Set(12),
        exp_year: Set(2034),
        fingerprint: Set(None),
        is_default: Set(is_default),
        removed_at: Set(None),
        created_by: Set(None),
        created_at: Set(tx.now()),
    };
    tx.insert(row).await.unwrap();
    tx.commit().await.unwrap();
    CardId(id)
}

#[tokio::test]
async fn the_default_card_comes_first_and_only_to_its_account() {
    let world = World::new().await;
    let default = save(&world, "pm_1", true).await;
    world.seconds_pass(1);
    let newer = save(&world, "pm_2", false).await;
    let daisy = world.daisy();
    let cards = of_account(&daisy.scope(), daisy.seller(), daisy.account())
        .await
        .unwrap();
    assert_eq!(
        cards.iter().map(|card| card.id).collect::<Vec<_>>(),
        [default, newer]
    );
    assert!(cards[0].is_default && !cards[1].is_default);
    let elm = world.party("Elm").scope();
    assert!(
        of_account(&elm, daisy.seller(), daisy.account())
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn an_account_has_one_default() {
    let world = World::new().await;
    let old = save(&world, "pm_1", true).await;
    let new = save(&world, "pm_2", false).await;
    let daisy = world.daisy();
    let mut tx = daisy.scope::<PayInvoices>().begin().await.unwrap();
    let (seller, account) = (daisy.seller().0, daisy.account().0);
    super::write::make_default(&mut tx, seller, account, new.0)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let cards = of_account(&daisy.scope(), daisy.seller(), daisy.account())
        .await
        .unwrap();
    assert_eq!(
        cards
            .iter()
            .map(|card| (card.id, card.is_default))
            .collect::<Vec<_>>(),
        [(new, true), (old, false)]
    );
}
