//! Adding up says beforehand what keeping would refuse, and keeps nothing.

use super::*;
use crate::invoices::edit::preview;

#[tokio::test]
async fn what_is_added_up_is_not_there() {
    let world = World::new().await;
    let scope = writer(&world);
    let fresh = new_form(&scope, world.acme().account()).await.unwrap();
    let seven: Vec<(String, i64, i64)> = (1..=7).map(|n| (format!("Seat {n}"), n, 500)).collect();
    let seven: Vec<(&str, i64, i64)> = seven
        .iter()
        .map(|(what, n, at)| (what.as_str(), *n, *at))
        .collect();
    let written = typed(&fresh, WriteAct::Save, &seven);
    preview(&scope, &written).await.unwrap();
    assert!(row(&world, written.invoice).await.is_none());
    let issued = typed(&fresh, WriteAct::Issue, &seven);
    let id = write(&scope, &issued).await.unwrap();
    assert_eq!(form(&scope, id).await.unwrap().lines.len(), 7);
    assert_clean(&world).await;
}

#[tokio::test]
async fn what_would_be_refused_is_said_beforehand() {
    let world = World::new().await;
    let scope = writer(&world);
    let id = world.acme().invoice("100.00").tax(19).paid("50.00").await;
    let before = row(&world, id).await.unwrap();
    let shown = form(&scope, id).await.unwrap();
    // The reason is asked for when it is kept.
    let written = WriteInvoice {
        reason: String::new(),
        ..typed(&shown, WriteAct::Save, &[("Seats", 1, 6_000)])
    };
    preview(&scope, &written).await.unwrap();
    let below = preview(&scope, &typed(&shown, WriteAct::Save, &[("Seats", 1, 4_201)])).await;
    assert!(
        matches!(&below, Err(Error::Invalid(errors)) if errors.0[""] == Refusal::BelowSettled { settled: usd(5_000) }),
        "{below:?}"
    );
    assert_eq!(row(&world, id).await.unwrap(), before);
    // Somebody is quicker.
    write(&scope, &typed(&shown, WriteAct::Save, &[("Seats", 1, 7_000)]))
        .await
        .unwrap();
    assert!(matches!(preview(&scope, &written).await, Err(Error::Conflict)));
    let stranger: Scope<WriteInvoices> = world.acme().scope();
    assert!(matches!(preview(&stranger, &written).await, Err(Error::NotFound)));
    let complete = world.acme().invoice("10.00").paid("10.00").await;
    let shown = form(&scope, complete).await.unwrap();
    let locked = preview(&scope, &typed(&shown, WriteAct::Save, &[("Seats", 1, 9_000)])).await;
    assert!(matches!(
        locked,
        Err(Error::Refused(Refusal::Locked {
            why: Locked::Complete,
            ..
        }))
    ));
}
