//! The chain of the audit under every hand that could change it.

use super::{Flaw, Proof, verify};
use crate::{
    Error,
    scope::{Act, Scope},
    testing::World,
    transact::transact,
};
use domain::access::ViewIssuedInvoices;
use sea_orm::ConnectionTrait;

/// A world whose distributor wrote entries of its own, some at once.
async fn written() -> World {
    let world = World::new().await;
    let scope: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let owner = world.distributor().id();
    for round in 0..5 {
        let outcome: Result<(), Error> = async {
            transact!(scope, tx => {
                for part in 0..=round {
                    let told = serde_json::json!({ "round": round, "part": part, "a": { "z": "é", "b": null } });
                    tx.audit(Act::new(owner, "note", "tenant", owner.0).after(told));
                }
                Ok(())
            })
        }
        .await;
        outcome.unwrap();
    }
    world
}

async fn proof_after(statement: &str) -> Proof {
    let world = written().await;
    let before = verify(&world.backend).await.unwrap();
    assert_eq!(before.broken, [], "before {statement}");
    assert!(before.entries >= 15);
    let outside = world.outside().await;
    let done = outside.execute_unprepared(statement).await.unwrap();
    assert!(done.rows_affected() > 0, "{statement} did nothing");
    verify(&world.backend).await.unwrap()
}

/// The distributor's entries are found by what they say.
const ROUND: &str =
    "action = 'note' AND seq = (SELECT MAX(seq) - 7 FROM audit_entries WHERE action = 'note')";

fn flaws(proof: &Proof) -> Vec<Flaw> {
    proof.broken.iter().map(|broken| broken.flaw).collect()
}

#[tokio::test]
async fn an_entry_that_was_edited_is_found() {
    for change in [
        "after = '{\"round\":9}'",
        "after = NULL",
        "before = '{\"a\":1}'",
        "actor_name = 'Somebody else'",
        "actor_id = NULL, actor_kind = 'system'",
        "at = '2001-02-03T04:05:06Z'",
        "reason = 'none'",
        "action = 'nothing'",
        "address = '203.0.113.9'",
        "hash = prev_hash",
    ] {
        let proof = proof_after(&format!("UPDATE audit_entries SET {change} WHERE {ROUND}")).await;
        assert_eq!(flaws(&proof).first(), Some(&Flaw::Changed), "{change}");
    }
}

#[tokio::test]
async fn an_entry_that_was_taken_out_is_found() {
    let proof = proof_after(&format!("DELETE FROM audit_entries WHERE {ROUND}")).await;
    assert_eq!(flaws(&proof), [Flaw::Missing]);
}

#[tokio::test]
async fn entries_that_changed_places_are_found() {
    // Two neighbours swap numbers, each with its own hashes, by way of negative ones because of the primary key.
    let world = written().await;
    let writer = world.outside().await;
    let last = "(SELECT MAX(seq) FROM audit_entries WHERE action = 'note')";
    let aside = format!(
        "UPDATE audit_entries SET seq = seq + 7 - 2 * {last} \
         WHERE action = 'note' AND seq BETWEEN {last} - 4 AND {last} - 3"
    );
    let back = "UPDATE audit_entries SET seq = -seq WHERE seq < 0";
    for statement in [aside.as_str(), back] {
        let done = writer.execute_unprepared(statement).await.unwrap();
        assert_eq!(done.rows_affected(), 2, "{statement}");
    }
    let proof = verify(&world.backend).await.unwrap();
    assert!(!proof.broken.is_empty());
    assert!(proof.broken.iter().all(|broken| broken.flaw != Flaw::CutOff));
}

#[tokio::test]
async fn an_end_that_was_cut_off_is_found() {
    let proof = proof_after(
        "DELETE FROM audit_entries WHERE action = 'note' AND seq >= (SELECT MAX(seq) - 2 FROM audit_entries WHERE action = 'note')",
    )
    .await;
    assert_eq!(flaws(&proof), [Flaw::CutOff]);
    let proof = proof_after("UPDATE audit_heads SET hash = NULL").await;
    assert!(flaws(&proof).iter().all(|flaw| *flaw == Flaw::CutOff));
    let proof = proof_after("DELETE FROM audit_heads").await;
    assert!(!proof.broken.is_empty());
}

#[tokio::test]
async fn what_was_written_before_the_chain_is_linked_up() {
    // As a database looks that the first version wrote.
    let world = written().await;
    let expected = verify(&world.backend).await.unwrap();
    let writer = world.outside().await;
    for statement in [
        "UPDATE audit_entries SET prev_hash = NULL, hash = NULL",
        "ALTER TABLE audit_heads DROP COLUMN hash",
        "DELETE FROM seaql_migrations WHERE version LIKE '%chain_audit_entries'",
    ] {
        writer.execute_unprepared(statement).await.unwrap();
    }
    migration::run(&writer, None).await.unwrap();
    assert_eq!(verify(&world.backend).await.unwrap(), expected);
}

mod listing {
    use crate::{
        Scope,
        audit::read::{choices, list},
        testing::World,
    };
    use domain::{
        access::ViewAudit,
        audit::{AuditFilter, AuditQuery},
        list::{Position, Total},
    };

    async fn found(scope: &Scope<ViewAudit>, filter: AuditFilter) -> Vec<String> {
        let query = AuditQuery {
            filter,
            position: Position::First,
        };
        let page = list(scope, &query).await.unwrap();
        page.rows
            .into_iter()
            .map(|row| format!("{} {}", row.action, row.name.unwrap_or_default()))
            .collect()
    }

    #[tokio::test]
    async fn what_was_done_is_found_by_document_person_tenant_and_day() {
        let world = World::new().await;
        let scope: Scope<ViewAudit> = world.distributor().scope();
        let first = world.acme().invoice("100.00").number("INV-1").paid("40.00").await;
        world.days_pass(3);
        world.borealis().invoice("50.00").number("INV-2").await;
        let by_number = AuditFilter {
            document: Some("inv-1".to_owned()),
            ..AuditFilter::default()
        };
        assert_eq!(found(&scope, by_number).await, ["Paid INV-1", "Issued INV-1"]);
        let about = AuditFilter {
            about: Some(first.0),
            ..AuditFilter::default()
        };
        assert_eq!(found(&scope, about).await.len(), 2);
        let unknown = AuditFilter {
            document: Some("INV-9".to_owned()),
            ..AuditFilter::default()
        };
        assert!(found(&scope, unknown).await.is_empty());
        let person = AuditFilter {
            person: Some(world.distributor().user()),
            ..AuditFilter::default()
        };
        assert!(
            found(&scope, person).await.is_empty(),
            "the founder made all of it"
        );
        let tenant = AuditFilter {
            tenant: Some(world.distributor().id()),
            ..AuditFilter::default()
        };
        assert!(found(&scope, tenant).await.len() >= 3);
        let today = AuditFilter {
            from: Some(world.today()),
            ..AuditFilter::default()
        };
        assert_eq!(found(&scope, today).await, ["Issued INV-2"]);
        let before = AuditFilter {
            to: world.today().pred_opt(),
            ..AuditFilter::default()
        };
        assert!(!found(&scope, before).await.contains(&"Issued INV-2".to_owned()));
        let offered = choices(&scope).await.unwrap();
        let names: Vec<_> = offered.tenants.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["Acme", "Borealis"]);
    }

    #[tokio::test]
    async fn a_tenant_sees_its_own_audit_and_nobody_elses_names() {
        let world = World::new().await;
        world.acme().invoice("100.00").number("INV-1").await;
        world.daisy().invoice("9.00").number("INV-9").await;
        let acme: Scope<ViewAudit> = world.acme().scope();
        let all = found(&acme, AuditFilter::default()).await;
        assert!(
            all.contains(&"Issued INV-9".to_owned()) && !all.iter().any(|row| row.ends_with("INV-1")),
            "{all:?}"
        );
        let foreign = AuditFilter {
            document: Some("INV-1".to_owned()),
            ..AuditFilter::default()
        };
        assert!(found(&acme, foreign).await.is_empty());
    }

    #[tokio::test]
    async fn its_pages_come_in_order_both_ways() {
        let world = World::new().await;
        for _ in 0..120 {
            world.acme().invoice("1.00").await;
        }
        let scope: Scope<ViewAudit> = world.distributor().scope();
        let mut query = AuditQuery::default();
        let mut seen = Vec::new();
        loop {
            let page = list(&scope, &query).await.unwrap();
            let Total::Exactly(total) = page.total else {
                panic!("too many")
            };
            seen.extend(page.rows.iter().map(|row| row.seq));
            let Some(next) = page.next else {
                assert_eq!(u64::try_from(seen.len()).unwrap(), total);
                break;
            };
            query = query.at(Position::After(next));
        }
        assert!(
            seen.windows(2).all(|pair| pair[0] == pair[1] + 1),
            "newest first, without a gap"
        );
        let last = list(&scope, &AuditQuery::default().at(Position::Last))
            .await
            .unwrap();
        assert_eq!(last.rows.last().unwrap().seq, *seen.last().unwrap());
        let back = list(
            &scope,
            &AuditQuery::default().at(Position::Before(last.previous.unwrap())),
        )
        .await
        .unwrap();
        assert_eq!(back.rows.last().unwrap().seq, last.rows[0].seq + 1);
    }
}
