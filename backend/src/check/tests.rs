//! Sound data has no findings, and every planted fault is found under its name.

use super::run;
use crate::{
    Actor,
    invoices::balance::{self, Change},
    new_id,
    seed::settle::{self, Credit},
    testing::World,
};
use domain::{
    Money, Quantity, TaxRate, UnitPrice,
    ids::{InvoiceId, TenantId},
    invoices::{InvoiceLine, TaxCategory},
};
use entity::{attempt_line, codes::AttemptState, payment_attempt};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbBackend, TransactionTrait};

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
    settle::credit(&mut tx, &[(&facts, credit)]).await.unwrap();
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
            "DROP TRIGGER postings_no_update",
            "DROP TRIGGER postings_no_delete",
            statement,
        ] {
            writer.execute_unprepared(pragma).await.unwrap();
        }
    }
}

#[tokio::test]
async fn sound_data_has_no_findings() {
    let world = sound().await;
    assert_eq!(run(&world.backend).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn every_planted_fault_is_found() {
    let faults = [
        (
            "open amount",
            "UPDATE invoices SET open_minor = open_minor + 1 WHERE stage = 'open'",
        ),
        (
            "negative amount",
            "UPDATE invoices SET reserved_minor = open_minor + 1 WHERE stage = 'open'",
        ),
        ("stage", "UPDATE invoices SET stage = 'paid' WHERE stage = 'open'"),
        ("stage", "UPDATE invoices SET number = NULL WHERE stage = 'paid'"),
        (
            "paid",
            "UPDATE invoices SET paid_minor = paid_minor + 1 WHERE stage = 'partly_paid'",
        ),
        ("paid", "DELETE FROM allocations WHERE payment_id IS NOT NULL"),
        (
            "credited",
            "UPDATE invoices SET credited_minor = 1 WHERE stage = 'paid'",
        ),
        ("reserved", "UPDATE invoices SET reserved_minor = 0"),
        ("reserved", "UPDATE payment_attempts SET state = 'failed'"),
        (
            "lines of invoice",
            "UPDATE invoice_lines SET net_minor = net_minor + 1",
        ),
        (
            "tax of invoice",
            "UPDATE invoice_taxes SET tax_minor = tax_minor + 1",
        ),
        (
            "tax bases of invoice",
            "UPDATE invoice_taxes SET base_minor = base_minor - 1",
        ),
        (
            "total of invoice",
            "UPDATE invoices SET rounding_minor = 3 WHERE stage = 'void'",
        ),
        (
            "parties of invoice",
            "DELETE FROM invoice_parties WHERE role = 'buyer'",
        ),
        (
            "buyer of account",
            "UPDATE invoices SET buyer_id = seller_id WHERE stage = 'draft'",
        ),
        (
            "parts of payment",
            "UPDATE payments SET unapplied_minor = unapplied_minor + 5",
        ),
        (
            "applied credit",
            "UPDATE credit_notes SET applied_minor = 1, remaining_minor = total_minor - 1",
        ),
        (
            "parts of credit note",
            "UPDATE credit_notes SET remaining_minor = -1",
        ),
        ("lines of credit note", "DELETE FROM credit_note_lines"),
        ("tax of credit note", "UPDATE credit_note_taxes SET tax_minor = 4"),
        ("lines of attempt", "UPDATE attempt_lines SET amount_minor = 499"),
        (
            "attempt without its payment",
            "UPDATE payment_attempts SET state = 'succeeded'",
        ),
        (
            "payment to a stranger's invoice",
            "UPDATE payments SET currency = 'EUR'",
        ),
        (
            "credit to a stranger's invoice",
            "UPDATE credit_notes SET currency = 'EUR'",
        ),
        ("reversal", "UPDATE allocations SET reversal_of = id"),
        (
            "money put to a draft or a void invoice",
            "UPDATE invoices SET stage = 'void' WHERE stage = 'partly_paid'",
        ),
        (
            "receivable of invoice",
            "UPDATE postings SET amount_minor = amount_minor - 1 WHERE debit = 'receivable' AND kind = 'issue'",
        ),
        (
            "receivable of invoice",
            "DELETE FROM postings WHERE kind = 'void'",
        ),
        (
            "revenue of invoice",
            "UPDATE postings SET credit = 'rounding' WHERE credit = 'revenue'",
        ),
        (
            "tax of invoice in the books",
            "UPDATE postings SET credit = 'revenue' WHERE credit = 'tax'",
        ),
        (
            "unapplied of payment",
            "DELETE FROM postings WHERE debit = 'unapplied'",
        ),
        (
            "cash of payment",
            "UPDATE postings SET debit = 'fees' WHERE kind = 'receive'",
        ),
        (
            "transfer between companies",
            "UPDATE postings SET credit = 'transfer' WHERE kind = 'allocate' AND credit = 'receivable'",
        ),
        (
            "payment to a stranger's invoice",
            "UPDATE allocations SET payer_id = id WHERE payment_id IS NOT NULL",
        ),
        (
            "credit to a stranger's invoice",
            "UPDATE allocations SET payer_id = id WHERE credit_note_id IS NOT NULL",
        ),
        (
            "rest of credit note",
            "UPDATE postings SET debit = 'unapplied' WHERE debit = 'credit'",
        ),
        (
            "numbers of invoices",
            "UPDATE number_counters SET last = last + 1 WHERE kind = 'invoice'",
        ),
        (
            "numbers of payments",
            "DELETE FROM payments WHERE amount_minor = 3000",
        ),
        ("numbers of credit_notes", "DELETE FROM credit_notes"),
        (
            "dates of invoices",
            "UPDATE invoices SET issue_date = '2001-01-01' WHERE number LIKE '%-000002'",
        ),
        ("currencies of account", "DELETE FROM account_currencies"),
        (
            "profile of invoice",
            "UPDATE invoices SET profile_id = id WHERE stage = 'open'",
        ),
        (
            "default profile of account",
            "UPDATE billing_profiles SET is_default = FALSE",
        ),
        ("audit numbers", "DELETE FROM audit_entries WHERE seq = 1"),
        ("tenant tree", "DELETE FROM tenant_paths WHERE depth = 2"),
        (
            "orphan invoice_lines.invoice_id",
            "DELETE FROM invoices WHERE stage = 'draft'",
        ),
        (
            "orphan allocations.invoice_id",
            "DELETE FROM invoices WHERE stage = 'paid'",
        ),
        ("orphan allocations.payment_id", "DELETE FROM payments"),
        ("orphan allocations.credit_note_id", "DELETE FROM credit_notes"),
        ("orphan invoices.account_id", "DELETE FROM accounts"),
        ("orphan attempt_lines.attempt_id", "DELETE FROM payment_attempts"),
        ("orphan attempt_lines.invoice_id", "DELETE FROM invoices"),
    ];
    for (check, fault) in faults {
        let world = sound().await;
        plant(&world, fault).await;
        let findings = run(&world.backend).await.unwrap();
        assert!(
            findings.iter().any(|finding| finding.check == check),
            "{fault}: {findings:?}"
        );
    }
}
