//! Saved cards. How they are kept and used in payments stands in the tests of `payments`.

mod change;

use super::{add, read::of_account, write};
use crate::{Error, jobs, payments::tests::pay, testing::World};
use domain::{
    Refusal,
    access::PayInvoices,
    ids::CardId,
    payment_methods::{Expiry, MethodFields, MethodKind},
    payments::{AttemptState, CardChoice},
};
use entity::{card, codes};
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
        expiry_told_at: Set(None),
        kind: Set(codes::MethodKind::Card),
        mandate: Set(None),
        mandate_at: Set(None),
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
    write::make_default(&mut tx, seller, account, new.0)
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

/// What the payer does: begins, and enters what the token stands for at the gateway.
async fn enter(world: &World, kind: MethodKind, token: &str) -> MethodFields {
    let daisy = world.daisy();
    let setup = add::begin(&daisy.scope(), daisy.account(), kind).await.unwrap();
    world.gateway.enter(&setup, token);
    MethodFields {
        setup,
        make_default: None,
    }
}

#[tokio::test]
async fn a_removed_card_is_taken_off_and_gone() {
    let world = World::new().await;
    let daisy = world.daisy();
    let scope = daisy.scope::<PayInvoices>();
    let fields = enter(&world, MethodKind::Card, "pm_new").await;
    add::add(&scope, daisy.account(), &fields).await.unwrap();
    add::add(&scope, daisy.account(), &fields).await.unwrap();
    let cards = of_account(&scope, daisy.seller(), daisy.account()).await.unwrap();
    assert_eq!(cards.len(), 1, "posted twice it is one");
    assert!(cards[0].is_default && world.gateway.is_attached("pm_new"));
    let elm = world.party("Elm").scope::<PayInvoices>();
    for foreign in [
        write::remove(&elm, cards[0].id).await,
        write::prefer(&elm, cards[0].id).await,
        add::add(&elm, daisy.account(), &fields).await,
    ] {
        assert!(matches!(foreign, Err(Error::NotFound)));
    }
    // What would have taken it off had it not been kept leaves it alone.
    world.seconds_pass(4_000);
    work(&world).await;
    assert!(world.gateway.is_attached("pm_new"));
    write::remove(&scope, cards[0].id).await.unwrap();
    assert!(matches!(
        write::remove(&scope, cards[0].id).await,
        Err(Error::NotFound)
    ));
    work(&world).await;
    assert!(!world.gateway.is_attached("pm_new"));
    assert!(
        of_account(&scope, daisy.seller(), daisy.account())
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_card_that_was_entered_and_not_kept_is_taken_off() {
    let world = World::new().await;
    enter(&world, MethodKind::Card, "pm_left").await;
    work(&world).await;
    assert!(
        world.gateway.is_attached("pm_left"),
        "the payer may still save it"
    );
    world.seconds_pass(4_000);
    work(&world).await;
    assert!(!world.gateway.is_attached("pm_left"));
}

#[tokio::test]
async fn a_card_that_the_bank_refuses_is_told_at_the_field() {
    let world = World::new().await;
    let daisy = world.daisy();
    let refused = enter(&world, MethodKind::Card, "pm_refuse").await;
    let open = add::begin(&daisy.scope(), daisy.account(), MethodKind::Card).await;
    let typed = |setup: &str| MethodFields {
        setup: setup.to_owned(),
        make_default: None,
    };
    for (fields, wanted) in [
        (refused, None),
        (typed(&open.unwrap()), Some(Refusal::NoCard)),
        (typed(""), Some(Refusal::NoCard)),
        (typed("seti <script>"), Some(Refusal::FormBroken)),
    ] {
        let refused = add::add(&daisy.scope(), daisy.account(), &fields).await;
        let Err(Error::Invalid(errors)) = refused else {
            panic!("{fields:?} was taken");
        };
        let said = errors
            .iter()
            .find(|(field, _)| *field == "card")
            .map(|(_, why)| why.clone());
        match wanted {
            Some(wanted) => assert_eq!(said, Some(wanted)),
            None => assert!(matches!(said, Some(Refusal::Declined { .. }))),
        }
    }
}

#[tokio::test]
async fn what_was_begun_for_one_account_is_not_entered_for_another() {
    let world = World::new().await;
    let (daisy, elm) = (world.daisy(), world.party("Elm"));
    let fields = enter(&world, MethodKind::Card, "pm_daisy").await;
    let scope = elm.scope::<PayInvoices>();
    add::begin(&scope, elm.account(), MethodKind::Card).await.unwrap();
    for foreign in [
        add::add(&scope, elm.account(), &fields).await,
        add::entry(&scope, elm.account(), &fields.setup).await.map(|_| ()),
        add::entry(&daisy.scope(), daisy.account(), "seti_unknown")
            .await
            .map(|_| ()),
    ] {
        assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    }
    let shown = add::entry(&daisy.scope(), daisy.account(), &fields.setup)
        .await
        .unwrap();
    assert!(shown.is_first && shown.is_entered);
}

#[tokio::test]
async fn a_bank_account_is_saved_with_its_mandate_and_never_expires() {
    let world = World::new().await;
    let daisy = world.daisy();
    daisy.invoice("10.00").await;
    let scope = daisy.scope::<PayInvoices>();
    let choice = add::choice(&scope, daisy.account()).await.unwrap();
    assert_eq!(
        choice.kinds,
        [MethodKind::Card, MethodKind::UsBankAccount],
        "the account has dollars only"
    );
    let fields = enter(&world, MethodKind::UsBankAccount, "pm_bank").await;
    add::add(&scope, daisy.account(), &fields).await.unwrap();
    let all = super::read::methods(&scope).await.unwrap();
    let of_daisy = all.iter().find(|of| of.account == daisy.account()).unwrap();
    let [card] = of_daisy.cards.as_slice() else {
        panic!("{:?}", of_daisy.cards);
    };
    assert_eq!(
        (card.kind, card.brand.as_str(), card.last4.as_str()),
        (MethodKind::UsBankAccount, "STRIPE TEST BANK", "6789")
    );
    assert_eq!(card.expiry(of_daisy.today), Expiry::Good);
    let [mandate] = of_daisy.mandates.as_slice() else {
        panic!("{:?}", of_daisy.mandates);
    };
    assert_eq!((mandate.card, mandate.reference.as_str()), (card.id, "MANDATE0"));
}

#[tokio::test]
async fn a_card_of_an_undecided_payment_stays() {
    let world = World::new().await;
    let daisy = world.daisy();
    let card = save(&world, "pm_process", true).await;
    let invoice = daisy.invoice("10.00").await;
    let outcome = pay(daisy, &[invoice], CardChoice::Saved(card)).await;
    assert_eq!(outcome.state, AttemptState::Unknown);
    let refused = write::remove(&daisy.scope(), card).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::CardInUse))));
}

async fn work(world: &World) {
    jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
}
