//! Sound data has no findings, and every planted fault is found under its name.

mod faults;

use self::faults::{FAULTS, RARE_FAULTS};
use super::{orphans::ORPHANS, run};
use crate::{
    Actor,
    invoices::balance::{self, Change},
    new_id,
    scope::tests::a_row_everywhere,
    seed::settle::{self, Credit},
    testing::World,
};
use domain::{
    Money, Quantity, TaxRate, UnitPrice,
    ids::{InvoiceId, TenantId},
    invoices::{InvoiceLine, TaxCategory},
};
use entity::{attempt_line, codes::AttemptState, payment_attempt};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbBackend, Statement, TransactionTrait};
use std::collections::BTreeSet;

/// Open, partly paid, paid and credited invoices, a void one, a draft, and an attempt that is not decided.
async fn sound() -> World {
    let world = World::new().await;
    let acme = world.acme();
    let open = acme.invoice("100.00").tax(19).await;
    acme.invoice("80.00").paid("30.00").await;
    acme.invoice("50.00").paid("50.00").await;
    acme.invoice("5.00").draft().await;
    let credited = acme.invoice("60.00").await;
    let void = acme.invoice("7.00").await;
    world.daisy().invoice("12.00").await;
    let founder = Actor::founder(&world.backend, acme.seller(), "Founder");
    let mut tx = founder.found().await.unwrap();
    let today = tx.now().date_naive();
    let facts = crate::invoices::write::account_facts(&tx, acme.account(), None)
        .await
        .unwrap();
    settle::void(&mut tx, &facts, void, today).await.unwrap();
    let zero = Money::zero(domain::Currency::USD);
    let line = InvoiceLine {
        position: 1,
        item_code: None,
        description: "Returned".to_owned(),
        quantity: Quantity::from_scaled(1_000_000),
        unit_price: UnitPrice::from_scaled(10_000_000),
        discount: zero,
        net: Money::new(1_000, zero.currency()),
        tax_category: TaxCategory::Z,
        tax_rate: TaxRate::from_scaled(0),
    };
    let credit = Credit {
        invoice: credited,
        date: today,
        reason: "Returned".to_owned(),
        lines: vec![line],
    };
    settle::credit(&mut tx, &[(&facts, credit.clone()), (&facts, credit)])
        .await
        .unwrap();
    reserve(&tx, acme.seller(), &facts, open).await;
    tx.commit().await.unwrap();
    world
}

async fn reserve(
    tx: &crate::scope::Tx,
    seller: TenantId,
    facts: &crate::invoices::write::AccountFacts,
    invoice: InvoiceId,
) {
    let id = new_id();
    tx.insert(payment_attempt::ActiveModel {
        seller_id: Set(seller.0),
        id: Set(id),
        account_id: Set(facts.account.0),
        buyer_id: Set(facts.buyer.0),
        state: Set(AttemptState::Submitted),
        kind: Set(entity::codes::MethodKind::Card),
        look_up_at: Set(None),
        form_key: Set(new_id()),
        idempotency_key: Set(id.to_string()),
        currency: Set("USD".to_owned()),
        amount_minor: Set(500),
        save_card: Set(false),
        make_default: Set(false),
        email_receipt: Set(false),
        created_by_name: Set("Somebody".to_owned()),
        created_at: Set(tx.now()),
        submitted_at: Set(tx.now()),
        ..Default::default()
    })
    .await
    .unwrap();
    tx.insert(attempt_line::ActiveModel {
        seller_id: Set(seller.0),
        attempt_id: Set(id),
        invoice_id: Set(invoice.0),
        amount_minor: Set(500),
        seen_minor: Set(11_900),
    })
    .await
    .unwrap();
    let change = Change {
        reserved: 500,
        ..Change::default()
    };
    balance::change(tx, seller, invoice, change).await.unwrap();
}

/// Does what no code of ours could do: goes round checks and foreign keys.
#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn plant(world: &World, statement: &str) {
    let writer = world.outside().await;
    if writer.get_database_backend() == DbBackend::Postgres {
        let tx = writer.begin().await.unwrap();
        tx.execute_unprepared(
            "DO $$ DECLARE r record; BEGIN FOR r IN SELECT conrelid::regclass AS t, conname FROM pg_constraint \
             WHERE contype = 'c' AND connamespace = 'public'::regnamespace LOOP \
             EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', r.t, r.conname); END LOOP; END $$",
        )
        .await
        .unwrap();
        tx.execute_unprepared("SET LOCAL session_replication_role = replica")
            .await
            .unwrap();
        tx.execute_unprepared(statement).await.unwrap();
        tx.commit().await.unwrap();
    } else {
        for pragma in [
            "PRAGMA foreign_keys = OFF",
            "PRAGMA ignore_check_constraints = ON",
        ] {
            writer.execute_unprepared(pragma).await.unwrap();
        }
        let guards = Statement::from_string(
            DbBackend::Sqlite,
            "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        );
        for guard in writer.query_all_raw(guards).await.unwrap() {
            let name: String = guard.try_get_by_index(0).unwrap();
            writer
                .execute_unprepared(&format!("DROP TRIGGER {name}"))
                .await
                .unwrap();
        }
        writer.execute_unprepared(statement).await.unwrap();
    }
}

#[tokio::test]
async fn sound_data_has_no_findings() {
    let world = sound().await;
    assert_eq!(run(&world.backend).await.unwrap(), Vec::new());
}

async fn assert_found(world: &World, check: &str, fault: &str) {
    plant(world, fault).await;
    let findings = run(&world.backend).await.unwrap();
    assert!(
        findings.iter().any(|finding| finding.check == check),
        "{check}: {fault}: {findings:?}"
    );
}

#[tokio::test]
async fn every_planted_fault_is_found() {
    for (check, fault) in FAULTS {
        assert_found(&sound().await, check, fault).await;
    }
    for (check, fault) in RARE_FAULTS {
        let world = World::new().await;
        a_row_everywhere(&world).await;
        assert_found(&world, check, fault).await;
    }
}

#[tokio::test]
async fn every_orphan_is_found() {
    for rule in ORPHANS {
        let (child, key) = rule
            .check
            .strip_prefix("orphan ")
            .and_then(|names| names.split_once('.'))
            .unwrap();
        let world = World::new().await;
        a_row_everywhere(&world).await;
        // An id of its own for each row, since some may be there once only.
        let nobodys = match world.outside().await.get_database_backend() {
            DbBackend::Postgres => "gen_random_uuid()",
            _ => "randomblob(16)",
        };
        let fault = format!("UPDATE {child} SET {key} = {nobodys}");
        assert_found(&world, rule.check, &fault).await;
    }
}

/// A rule that nothing has ever broken may be one that finds nothing.
#[test]
fn every_rule_has_a_fault() {
    let planted: BTreeSet<&str> = FAULTS
        .iter()
        .chain(RARE_FAULTS)
        .map(|(check, _)| *check)
        .collect();
    let rules = super::all().filter(|rule| !ORPHANS.iter().any(|orphan| orphan.check == rule.check));
    let untried: Vec<&str> = rules
        .map(|rule| rule.check)
        .filter(|check| !planted.contains(check))
        .collect();
    assert_eq!(untried, Vec::<&str>::new());
}
