//! The list of payments and its export.

use super::{
    offline::{seller, typed},
    *,
};
use crate::payments::{attempts, list, offline};
use chrono::{NaiveDate, TimeDelta};
use domain::{
    list::{Position, Total},
    payments::{
        PaymentQuery, PaymentStatus,
        attempts::{AttemptGroup, AttemptQuery},
        offline::RecordPayment,
    },
};
use futures::TryStreamExt;

#[tokio::test]
async fn the_list_shows_both_sides_their_own_and_finds_by_number_status_and_day() {
    let world = World::new().await;
    let scope = seller(&world);
    let one = world.acme().invoice("100.00").await;
    for amount in [1_000, 2_000, 3_000] {
        let parts: &[(InvoiceId, i64)] = if amount == 2_000 { &[] } else { &[(one, amount)] };
        let form = typed(&scope, world.acme(), amount, parts).await;
        offline::record(&scope, &form).await.unwrap();
    }
    world.daisy().invoice("5.00").paid("5.00").await;
    let issued = world.distributor().scope::<ViewIssuedInvoices>();
    let all = list::list(&issued, &PaymentQuery::default()).await.unwrap();
    assert_eq!(all.total, Total::Exactly(3));
    assert_eq!(all.rows[0].amount, usd(3_000));
    assert_eq!(all.rows[0].counterparty, world.acme().name());
    let narrowed = |query: PaymentQuery| {
        let issued = &issued;
        async move {
            let page = list::list(issued, &query).await.unwrap();
            page.rows.iter().map(|row| row.amount.minor()).collect::<Vec<_>>()
        }
    };
    let status = |status| PaymentQuery {
        status: Some(status),
        ..PaymentQuery::default()
    };
    assert_eq!(narrowed(status(PaymentStatus::Unapplied)).await, [2_000]);
    assert_eq!(narrowed(status(PaymentStatus::Applied)).await, [3_000, 1_000]);
    for went in [
        PaymentStatus::PartlyRefunded,
        PaymentStatus::Refunded,
        PaymentStatus::Reversed,
        PaymentStatus::ChargedBack,
    ] {
        assert!(narrowed(status(went)).await.is_empty());
    }
    let number = PaymentQuery {
        number: Some(all.rows[2].receipt.to_lowercase()),
        ..PaymentQuery::default()
    };
    assert_eq!(narrowed(number).await, [1_000]);
    let of_nobody = PaymentQuery {
        counterparty: Some("borealis".to_owned()),
        ..PaymentQuery::default()
    };
    assert!(narrowed(of_nobody).await.is_empty());
    let last = PaymentQuery {
        position: Position::Last,
        ..PaymentQuery::default()
    };
    assert_eq!(narrowed(last).await, [3_000, 2_000, 1_000]);
    // An export has the same, in the same order.
    let exported: Vec<_> = list::stream(&issued, &PaymentQuery::default())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(exported, all.rows);
    let received = world.acme().scope::<ViewReceivedInvoices>();
    let made = list::list(&received, &PaymentQuery::default()).await.unwrap();
    assert_eq!(made.total, Total::Exactly(3));
    assert_eq!(made.rows[0].counterparty, world.distributor().name());
}

#[tokio::test]
async fn pages_of_the_list_meet_without_gap_or_twin() {
    let world = World::new().await;
    let scope = seller(&world);
    for n in 0_i64..57 {
        let form = typed(&scope, world.acme(), 100 + n, &[]).await;
        let record = RecordPayment {
            paid_on: form.paid_on - TimeDelta::days(n % 3),
            ..form
        };
        offline::record(&scope, &record).await.unwrap();
    }
    let issued = world.distributor().scope::<ViewIssuedInvoices>();
    let at = async |position| {
        let query = PaymentQuery::default().at(position);
        list::list(&issued, &query).await.unwrap()
    };
    let first = at(Position::First).await;
    let second = at(Position::After(first.next.clone().unwrap())).await;
    assert_eq!((first.rows.len(), second.rows.len()), (50, 7));
    assert!(first.previous.is_none() && second.next.is_none());
    let back = at(Position::Before(second.previous.clone().unwrap())).await;
    assert_eq!(back.rows, first.rows);
    let last = at(Position::Last).await;
    assert_eq!(last.rows.last(), second.rows.last());
    let walked: Vec<_> = first.rows.iter().chain(&second.rows).collect();
    let sorted = walked
        .windows(2)
        .all(|pair| (pair[0].paid_on, pair[0].id) > (pair[1].paid_on, pair[1].id));
    assert!(sorted);
    let exported: Vec<_> = list::stream(&issued, &PaymentQuery::default())
        .try_collect()
        .await
        .unwrap();
    assert!(exported.iter().eq(walked));
}

/// States of the tries of a day, as the payer sees them; of all when no day is given.
async fn tries(
    scope: &Scope<ViewReceivedInvoices>,
    on: Option<NaiveDate>,
    group: Option<AttemptGroup>,
) -> Vec<AttemptState> {
    let query = AttemptQuery {
        on,
        group,
        ..AttemptQuery::default()
    };
    let page = attempts::list(scope, &query).await.unwrap();
    page.rows.iter().map(|row| row.state).collect()
}

#[tokio::test]
async fn tries_of_a_day_before_are_as_they_were_then() {
    let world = World::new().await;
    let daisy = world.daisy();
    let scope: Scope<ViewReceivedInvoices> = daisy.scope();
    let before = world.today();
    world.days_pass(1);
    let (one, two) = (daisy.invoice("10.00").await, daisy.invoice("20.00").await);
    pay(daisy, &[one], new_card("pm_decline")).await;
    pay(daisy, &[two], new_card("pm_process")).await;
    let begun = world.today();
    let waits = intent_under_way(&world).await;
    world.days_pass(1);
    world.gateway.settle(&waits, IntentState::Succeeded);
    reconcile_later(&world).await;

    assert_eq!(tries(&scope, None, None).await, [AttemptState::Failed]);
    assert_eq!(tries(&scope, Some(before), None).await, []);
    let then = [AttemptState::Submitted, AttemptState::Failed];
    let mut found = tries(&scope, Some(begun), None).await;
    found.sort_by_key(|state| *state == AttemptState::Failed);
    assert_eq!(found, then);
    assert_eq!(
        tries(&scope, Some(begun), Some(AttemptGroup::UnderWay)).await,
        then[..1]
    );
    assert_eq!(
        tries(&scope, Some(begun), Some(AttemptGroup::Refused)).await,
        then[1..]
    );
    assert_eq!(
        tries(&scope, Some(world.today()), Some(AttemptGroup::UnderWay)).await,
        []
    );
}

/// The intent of the try that is not decided.
async fn intent_under_way(world: &World) -> String {
    let waiting = attempts(world)
        .await
        .into_iter()
        .find(|row| row.resolved_at.is_none());
    waiting.unwrap().gateway_intent.unwrap()
}
