//! What the database finds for an entry.

use super::*;
use domain::bank_files::Reason;

async fn proposed(scope: &Scope<RecordPayments>, entry: StatementEntry) -> domain::bank_files::Proposal {
    let file = bring(scope, &[entry]).await;
    rows(scope, file).await.remove(0).proposal.unwrap()
}

#[tokio::test]
async fn numbers_are_found_however_they_are_written() {
    let world = World::new().await;
    let scope = seller(&world);
    for number in ["INV-2026-0042", "RE/26.17", "A 1/2_3", "470011"] {
        world.acme().invoice("100.00").number(number).await;
    }
    for text in [
        "inv 2026 0042",
        "INV20260042 thanks",
        "re 26 17",
        "A1/2-3",
        "no. 470011.",
    ] {
        assert_eq!(
            proposed(&scope, entry(10_000, text)).await.confidence,
            Confidence::Certain,
            "{text}"
        );
    }
    for text in ["2026-0042", "INV-2026-00420", "47 00 11", "1470011"] {
        assert_eq!(
            proposed(&scope, entry(10_000, text)).await.confidence,
            Confidence::AmountOnly,
            "{text}"
        );
    }
}

#[tokio::test]
async fn invoices_of_other_sellers_drafts_and_void_ones_are_not_found() {
    let world = World::new().await;
    let scope = seller(&world);
    // Acme bills Daisy.
    world.daisy().invoice("100.00").number("INV-7001").await;
    world.acme().invoice("100.00").draft().await;
    let proposal = proposed(&scope, entry(10_000, "INV-7001")).await;
    assert_eq!(proposal.confidence, Confidence::None);
    let own: Scope<RecordPayments> = world.acme().scope();
    assert_eq!(
        proposed(&own, entry(10_000, "INV-7001")).await.confidence,
        Confidence::Certain
    );
}

#[tokio::test]
async fn a_bank_account_that_paid_before_speaks_for_the_customer() {
    let world = World::new().await;
    let scope = seller(&world);
    world.acme().invoice("100.00").number("INV-7001").await;
    world.acme().invoice("80.00").number("INV-7002").await;
    let from = |minor, text, account: &str| StatementEntry {
        payer_account: Some(account.into()),
        ..entry(minor, text)
    };
    let file = bring(&scope, &[from(10_000, "INV-7001", "DE89")]).await;
    let row = rows(&scope, file).await.remove(0);
    record::record_proposed(&scope, &[chosen(&row)]).await.unwrap();
    let next = proposed(&scope, from(8_000, "thanks", "DE89")).await;
    assert_eq!(
        (next.confidence, next.account),
        (Confidence::Likely, Some(world.acme().account()))
    );
    assert!(next.reasons.contains(&Reason::AccountKnown));
    assert_eq!(
        proposed(&scope, from(8_000, "thanks", "DE88")).await.confidence,
        Confidence::AmountOnly
    );
}

#[tokio::test]
async fn a_payers_name_and_money_that_was_recorded_by_hand_are_seen() {
    let world = World::new().await;
    let scope = seller(&world);
    world.acme().invoice("100.00").number("INV-7001").await;
    let named = StatementEntry {
        payer_name: Some(world.acme().name().to_uppercase()),
        ..entry(10_000, "thanks")
    };
    let by_name = proposed(&scope, named).await;
    assert_eq!(
        (by_name.confidence, by_name.account),
        (Confidence::Likely, Some(world.acme().account()))
    );
    // Somebody recorded as much by hand, and put it to nothing.
    let file = bring(&scope, &[entry(10_000, "INV-7001 a")]).await;
    let row = rows(&scope, file).await.remove(0);
    assert!(row.offered());
    let by_hand = RecordPayment {
        put: PutTo::Nothing,
        ..typed(&scope, &world, &row).await
    };
    crate::payments::offline::record(&scope, &by_hand).await.unwrap();
    let seen = rows(&scope, file).await.remove(0).proposal.unwrap();
    assert_eq!(seen.confidence, Confidence::Likely);
    assert!(
        seen.reasons
            .iter()
            .any(|why| matches!(why, Reason::AlreadyRecorded { .. }))
    );
}

#[tokio::test]
async fn what_is_paid_meanwhile_is_not_recorded_as_it_was_seen() {
    let world = World::new().await;
    let scope = seller(&world);
    world.acme().invoice("100.00").number("INV-7001").await;
    let file = bring(
        &scope,
        &[entry(10_000, "INV-7001"), entry(10_000, "INV-7001 once more")],
    )
    .await;
    let found = rows(&scope, file).await;
    assert!(found.iter().all(BankEntryRow::offered));
    let both: Vec<ChosenEntry> = found.iter().map(chosen).collect();
    let done = record::record_proposed(&scope, &both).await.unwrap();
    assert_eq!(done.recorded, 1);
    assert_eq!(done.failed, [(found[1].id, Refusal::ProposalMoved)]);
    let left = rows(&scope, file).await.remove(1).proposal.unwrap();
    assert!(left.reasons.contains(&Reason::SettledNamed {
        number: "INV-7001".into()
    }));
    assert_clean(&world).await;
}
