//! From a file to payments: what is proposed, recorded, set aside, known from before; who may; two people at once.

mod again;
mod files;
mod proposals;
mod races;

use super::{
    aside, read, record,
    write::{self, Brought, Rows},
};
use crate::{Error, Scope, check, payments::payers, testing::World};
use chrono::NaiveDate;
use domain::{
    Currency, Money, Refusal,
    access::{RecordPayments, Roles, SellerRole},
    bank_files::{
        BankColumns, BankEntryRow, BankEntryState, BankFileState, ChosenEntry, Confidence, EntryKind,
        StatementEntry,
    },
    ids::{BankEntryId, BankFileId, PaymentId},
    list::Position,
    payments::offline::{PutTo, RecordPayment},
};
use entity::{audit_entry, bank_entry, payment};
use sea_orm::{EntityTrait, PaginatorTrait};

pub(super) fn seller(world: &World) -> Scope<RecordPayments> {
    world.distributor().scope()
}

pub(super) fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

pub(super) fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

/// An entry of 14 March.
pub(super) fn entry(minor: i64, text: &str) -> StatementEntry {
    StatementEntry {
        line: 1,
        account: Some("NL91".into()),
        booked_on: day(14),
        value_on: None,
        amount: usd(minor),
        kind: if minor > 0 {
            EntryKind::MoneyIn
        } else {
            EntryKind::MoneyOut
        },
        text: vec![text.into()],
        references: Vec::new(),
        payer_name: None,
        payer_account: None,
        bank_id: None,
    }
}

pub(super) async fn bring(scope: &Scope<RecordPayments>, entries: &[StatementEntry]) -> BankFileId {
    let brought = Brought::Entries {
        format: "MT940".into(),
        entries: entries.to_vec(),
    };
    write::take_in(scope, "march.sta", b"bytes", &brought)
        .await
        .unwrap()
}

/// Entries of a file, in its order.
pub(super) async fn rows(scope: &Scope<RecordPayments>, file: BankFileId) -> Vec<BankEntryRow> {
    let mut rows = read::file(scope, file, &Position::First)
        .await
        .unwrap()
        .entries
        .rows;
    rows.reverse();
    rows
}

pub(super) fn chosen(row: &BankEntryRow) -> ChosenEntry {
    ChosenEntry {
        entry: row.id,
        seen: row.proposal.as_ref().unwrap().token(),
    }
}

pub(super) async fn typed(scope: &Scope<RecordPayments>, world: &World, row: &BankEntryRow) -> RecordPayment {
    let form = payers::record_form(scope, world.acme().account(), None)
        .await
        .unwrap();
    RecordPayment {
        key: form.key,
        account: world.acme().account(),
        amount: row.amount,
        paid_on: row.booked_on,
        memo: None,
        put: PutTo::Oldest,
        lines: Vec::new(),
    }
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
pub(super) async fn payments(world: &World) -> Vec<payment::Model> {
    payment::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn acts(world: &World, kind: &str) -> Vec<String> {
    let all = audit_entry::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap();
    let of_kind = all.into_iter().filter(|entry| entry.entity_kind == kind);
    of_kind.map(|entry| entry.action).collect()
}

pub(super) async fn assert_clean(world: &World) {
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn certain_entries_are_recorded_at_once_each_as_a_payment_of_its_own() {
    let world = World::new().await;
    let scope = seller(&world);
    let one = world.acme().invoice("100.00").number("INV-7001").await;
    world.acme().invoice("80.00").number("INV-7002").await;
    world.borealis().invoice("60.00").number("INV-7003").await;
    let file = bring(
        &scope,
        &[
            entry(18_000, "INV-7001 and inv 7002"),
            entry(6_000, "INV7003 thank you"),
            entry(-500, "fee"),
        ],
    )
    .await;
    let found = rows(&scope, file).await;
    let sure: Vec<bool> = found.iter().map(BankEntryRow::offered).collect();
    assert_eq!(sure, [true, true, false]);
    assert_eq!(found[2].state, BankEntryState::NotIn);
    let done = record::record_proposed(&scope, &[chosen(&found[0]), chosen(&found[1])])
        .await
        .unwrap();
    assert_eq!((done.recorded, done.failed), (2, Vec::new()));
    let paid = payments(&world).await;
    assert_eq!(paid.len(), 2);
    assert!(
        paid.iter()
            .all(|row| row.unapplied_minor == 0 && row.paid_on == day(14))
    );
    assert_eq!(paid.iter().filter_map(|row| row.memo.as_deref()).count(), 2);
    let open = payers::record_form(&scope, world.acme().account(), None)
        .await
        .unwrap();
    assert!(open.lines.iter().all(|line| line.invoice != one));
    let after = rows(&scope, file).await;
    assert_eq!(after[0].payment.as_ref().unwrap().0, PaymentId(found[0].id.0));
    assert_eq!(after[0].state, BankEntryState::Recorded);
    assert_eq!(acts(&world, "bank_entry").await, ["record", "record"]);
    assert_eq!(read::files(&scope).await.unwrap().waiting, 0);
    assert_clean(&world).await;
}

#[tokio::test]
async fn one_that_fails_takes_none_with_it_and_is_named() {
    let world = World::new().await;
    let scope = seller(&world);
    world.acme().invoice("100.00").number("INV-7001").await;
    world.acme().invoice("80.00").number("INV-7002").await;
    let file = bring(
        &scope,
        &[
            entry(10_000, "INV-7001"),
            entry(8_000, "INV-7002"),
            entry(8_000, "nothing"),
        ],
    )
    .await;
    let found = rows(&scope, file).await;
    let moved = ChosenEntry {
        seen: "something else".into(),
        ..chosen(&found[0])
    };
    // By the amount alone nothing is recorded, whatever is posted.
    assert_eq!(
        found[2].proposal.as_ref().unwrap().confidence,
        Confidence::AmountOnly
    );
    let done = record::record_proposed(&scope, &[moved, chosen(&found[1]), chosen(&found[2])])
        .await
        .unwrap();
    assert_eq!(done.recorded, 1);
    let failed = [
        (found[0].id, Refusal::ProposalMoved),
        (found[2].id, Refusal::ProposalMoved),
    ];
    assert_eq!(done.failed, failed);
    // A second post finds it recorded.
    let again = record::record_proposed(&scope, &[chosen(&found[1])])
        .await
        .unwrap();
    let state = BankEntryState::Recorded;
    assert_eq!(again.failed, [(found[1].id, Refusal::BankEntryIs { state })]);
    assert_eq!(payments(&world).await.len(), 1);
    assert!(matches!(
        record::record_proposed(&scope, &[]).await,
        Err(Error::Refused(Refusal::NothingChosen))
    ));
    assert_clean(&world).await;
}

#[tokio::test]
async fn a_person_chooses_the_customer_and_the_amount_stays_the_banks() {
    let world = World::new().await;
    let scope = seller(&world);
    world.acme().invoice("70.00").number("INV-7001").await;
    let file = bring(&scope, &[entry(10_000, "hello")]).await;
    let row = rows(&scope, file).await.remove(0);
    let form = typed(&scope, &world, &row).await;
    let refused = |amount, paid_on| RecordPayment {
        amount,
        paid_on,
        ..form.clone()
    };
    for wrong in [refused(usd(9_999), day(14)), refused(usd(10_000), day(13))] {
        assert!(matches!(
            record::record(&scope, row.id, &wrong).await,
            Err(Error::Refused(Refusal::FormBroken))
        ));
    }
    let payment = record::record(&scope, row.id, &form).await.unwrap();
    // The same form again is the same act, another one is refused.
    assert_eq!(record::record(&scope, row.id, &form).await.unwrap(), payment);
    let other = RecordPayment {
        put: PutTo::Nothing,
        ..form.clone()
    };
    let state = BankEntryState::Recorded;
    assert!(matches!(
        record::record(&scope, row.id, &other).await,
        Err(Error::Refused(Refusal::BankEntryIs { state: found })) if found == state
    ));
    let paid = payments(&world).await;
    assert_eq!((paid.len(), paid[0].unapplied_minor), (1, 3_000));
    // Taken off its invoice later, the entry still leads to its payment.
    let put = payers::allocate_form(&scope, payment.0).await.unwrap().put;
    crate::payments::offline::take_off(&scope, put[0].allocation)
        .await
        .unwrap();
    let detail = read::entry(&scope, row.id).await.unwrap();
    assert_eq!(detail.row.payment.unwrap().0, payment);
    assert_eq!(
        detail.account.as_deref(),
        Some("\u{2022}\u{2022}\u{2022}\u{2022} 91")
    );
    assert_clean(&world).await;
}

#[tokio::test]
async fn an_entry_is_set_aside_with_a_reason_and_taken_up_again() {
    let world = World::new().await;
    let scope = seller(&world);
    let file = bring(&scope, &[entry(100, "interest"), entry(-100, "fee")]).await;
    let found = rows(&scope, file).await;
    let id = found[0].id;
    assert!(matches!(
        aside::set_aside(&scope, id, " ").await,
        Err(Error::Invalid(_))
    ));
    aside::set_aside(&scope, id, "Interest of the bank")
        .await
        .unwrap();
    let row = rows(&scope, file).await.remove(0);
    assert_eq!(
        (row.state, row.reason.as_deref()),
        (BankEntryState::Aside, Some("Interest of the bank"))
    );
    assert_eq!(read::files(&scope).await.unwrap().waiting, 0);
    let form = typed(&scope, &world, &row).await;
    assert!(matches!(
        record::record(&scope, id, &form).await,
        Err(Error::Refused(Refusal::BankEntryIs {
            state: BankEntryState::Aside
        }))
    ));
    assert!(matches!(
        aside::set_aside(&scope, id, "again").await,
        Err(Error::Refused(Refusal::BankEntryIs { .. }))
    ));
    aside::take_up(&scope, id).await.unwrap();
    record::record(&scope, id, &form).await.unwrap();
    assert!(matches!(
        aside::take_up(&scope, id).await,
        Err(Error::Refused(Refusal::BankEntryIs {
            state: BankEntryState::Recorded
        }))
    ));
    // What went out is never recorded.
    assert!(matches!(
        aside::take_up(&scope, found[1].id).await,
        Err(Error::Refused(Refusal::BankEntryIs {
            state: BankEntryState::NotIn
        }))
    ));
    let fee = RecordPayment {
        amount: usd(-100),
        ..form
    };
    assert!(record::record(&scope, found[1].id, &fee).await.is_err());
    assert_eq!(
        acts(&world, "bank_entry").await,
        ["set_aside", "take_up", "record"]
    );
}

#[tokio::test]
async fn a_payment_that_is_not_what_came_in_is_found() {
    let world = World::new().await;
    let scope = seller(&world);
    let file = bring(&scope, &[entry(10_000, "x")]).await;
    let row = rows(&scope, file).await.remove(0);
    let form = typed(&scope, &world, &row).await;
    record::record(&scope, row.id, &form).await.unwrap();
    assert_clean(&world).await;
    tamper(&world, row.id).await;
    let findings = check::run(&world.backend).await.unwrap();
    assert!(
        findings
            .iter()
            .any(|finding| finding.check == "payment of a bank's entry"),
        "{findings:?}"
    );
}

async fn tamper(world: &World, id: BankEntryId) {
    let row = bank_entry::ActiveModel {
        seller_id: sea_orm::ActiveValue::Set(world.distributor().id().0),
        id: sea_orm::ActiveValue::Set(id.0),
        amount_minor: sea_orm::ActiveValue::Set(1),
        ..Default::default()
    };
    bank_entry::Entity::update(row)
        .exec_without_returning(world.backend.system().writer())
        .await
        .unwrap();
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
pub(super) async fn entries(world: &World) -> u64 {
    bank_entry::Entity::find()
        .count(world.backend.system().db())
        .await
        .unwrap()
}
