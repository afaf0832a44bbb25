//! What is changed of a saved card is changed at the gateway and here, for whoever may pay with it and nobody else.

use super::*;
use crate::{
    payment_methods::change::{change, open},
    ports::fakes::{Call, Fault},
};
use domain::{
    FieldErrors,
    payment_methods::{CardChange, ChangeFields, SavedCard},
};
use entity::audit_entry;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

fn typed(month: &str, year: &str, holder: &str) -> ChangeFields {
    ChangeFields {
        month: month.to_owned(),
        year: year.to_owned(),
        holder: holder.to_owned(),
    }
}

/// What Daisy has saved by entering it.
async fn entered(world: &World, kind: MethodKind, token: &str) -> SavedCard {
    let daisy = world.daisy();
    let fields = enter(world, kind, token).await;
    add::add(&daisy.scope(), daisy.account(), &fields).await.unwrap();
    of_daisy(world).await
}

async fn of_daisy(world: &World) -> SavedCard {
    let daisy = world.daisy();
    of_account(&daisy.scope(), daisy.seller(), daisy.account())
        .await
        .unwrap()
        .remove(0)
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn row(world: &World, id: CardId) -> card::Model {
    let db = world.backend.system().db();
    card::Entity::find()
        .filter(card::Column::Id.eq(id.0))
        .one(db)
        .await
        .unwrap()
        .unwrap()
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn a_new_expiry_and_name_go_to_the_gateway_and_the_expiry_is_kept() {
    let world = World::new().await;
    let scope = world.daisy().scope::<PayInvoices>();
    let saved = entered(&world, MethodKind::Card, "pm_new").await;
    let shown = open(&scope, saved.id).await.unwrap();
    assert_eq!(shown.card, saved);
    change(&scope, saved.id, &typed("7", "36", "Ada Byron"))
        .await
        .unwrap();
    let now = of_daisy(&world).await;
    assert_eq!((now.exp_month, now.exp_year), (7, 2036));
    assert_eq!(
        world.gateway.change_of("pm_new"),
        Some(CardChange {
            expiry: Some((7, 2036)),
            holder: Some("Ada Byron".to_owned()),
        })
    );
    let told = audit_entry::Entity::find()
        .filter(audit_entry::Column::EntityId.eq(saved.id.0))
        .filter(audit_entry::Column::Action.eq("change"))
        .all(world.backend.system().db())
        .await
        .unwrap();
    let [told] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert_eq!(told.before.as_ref().unwrap()["expires"], "12/2034");
    assert_eq!(told.after.as_ref().unwrap()["expires"], "07/2036");
    assert!(
        !format!("{told:?}").contains("Byron"),
        "the name is the gateway's alone"
    );
}

#[tokio::test]
async fn that_it_expires_soon_is_told_anew_after_a_change() {
    let world = World::new().await;
    let scope = world.daisy().scope::<PayInvoices>();
    let saved = entered(&world, MethodKind::Card, "pm_new").await;
    let tx = scope.begin().await.unwrap();
    let told = card::ActiveModel {
        expiry_told_at: Set(Some(tx.now())),
        ..Default::default()
    };
    tx.update::<card::Entity>()
        .set(told)
        .filter(card::Column::Id.eq(saved.id.0))
        .exec(tx.db())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    // A name alone changes nothing of that.
    change(&scope, saved.id, &typed("12", "2034", "Ada"))
        .await
        .unwrap();
    assert!(row(&world, saved.id).await.expiry_told_at.is_some());
    change(&scope, saved.id, &typed("12", "2035", "")).await.unwrap();
    assert!(row(&world, saved.id).await.expiry_told_at.is_none());
}

#[tokio::test]
async fn what_the_gateway_refuses_or_does_not_answer_changes_nothing() {
    let world = World::new().await;
    let scope = world.daisy().scope::<PayInvoices>();
    let saved = entered(&world, MethodKind::Card, "pm_new").await;
    let form = typed("7", "2036", "");
    for fault in [Fault::LoseRequest, Fault::LoseReply, Fault::RateLimit] {
        world.gateway.script(Call::ChangeCard, fault);
        assert!(matches!(
            change(&scope, saved.id, &form).await,
            Err(Error::Port(_))
        ));
        assert_eq!(of_daisy(&world).await, saved);
    }
    // A lost answer is put right by the same form.
    change(&scope, saved.id, &form).await.unwrap();
    assert_eq!(of_daisy(&world).await.exp_year, 2036);
    let past = change(&scope, saved.id, &typed("1", "2026", "")).await;
    let expected = FieldErrors::one("month", Refusal::ExpiryPast);
    assert!(matches!(past, Err(Error::Invalid(errors)) if errors == expected));
    assert_eq!(world.gateway.count(Call::ChangeCard), 4);
}

#[tokio::test]
async fn of_a_bank_account_the_owner_is_changed_and_it_still_never_expires() {
    let world = World::new().await;
    let scope = world.daisy().scope::<PayInvoices>();
    let saved = entered(&world, MethodKind::UsBankAccount, "pm_bank").await;
    let nameless = change(&scope, saved.id, &typed("7", "2036", "")).await;
    let expected = FieldErrors::one("holder", Refusal::Missing);
    assert!(matches!(nameless, Err(Error::Invalid(errors)) if errors == expected));
    change(&scope, saved.id, &typed("7", "2036", "Daisy Ltd"))
        .await
        .unwrap();
    assert_eq!(world.gateway.change_of("pm_bank").unwrap().expiry, None);
    assert_eq!(of_daisy(&world).await, saved);
}

#[tokio::test]
async fn strangers_and_removed_cards_are_not_found() {
    let world = World::new().await;
    let scope = world.daisy().scope::<PayInvoices>();
    let saved = entered(&world, MethodKind::Card, "pm_new").await;
    let form = typed("7", "2036", "");
    let elm = world.party("Elm").scope::<PayInvoices>();
    assert!(matches!(
        change(&elm, saved.id, &form).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(open(&elm, saved.id).await, Err(Error::NotFound)));
    write::remove(&scope, saved.id).await.unwrap();
    assert!(matches!(
        change(&scope, saved.id, &form).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(open(&scope, saved.id).await, Err(Error::NotFound)));
    assert_eq!(world.gateway.count(Call::ChangeCard), 0);
}
