//! What a program records is recorded once, under its key's name.

use super::{acmes, fields, opens};
use crate::{
    Error, Once, Scope, api_keys::write::make, audit::read as audit, payments::by_program::record,
    testing::World,
};
use domain::{
    Money, Refusal,
    access::{RecordPayments, ViewAudit},
    api_keys::POSSIBLE,
    audit::{AuditFilter, AuditQuery},
    ids::InvoiceId,
    payments::by_program::{ProgramPart, ProgramPayment},
};
use uuid::Uuid;

fn payment(world: &World, amount: i64, parts: &[(InvoiceId, i64)]) -> ProgramPayment {
    let usd = |minor| Money::new(minor, domain::Currency::USD);
    ProgramPayment {
        amount: usd(amount),
        paid_on: world.today(),
        memo: Some("Wire 17".to_owned()),
        parts: parts
            .iter()
            .map(|(invoice, minor)| ProgramPart {
                invoice: *invoice,
                amount: usd(*minor),
            })
            .collect(),
    }
}

#[tokio::test]
async fn a_program_records_a_payment_once_and_the_audit_names_its_key() {
    let world = World::new().await;
    let (one, other) = (
        world.daisy().invoice("10.00").await,
        world.daisy().invoice("20.00").await,
    );
    let program = opens(&world.backend, &acmes(&world).await).await.unwrap();
    let scope: Scope<RecordPayments> = program.permit().unwrap();
    let wanted = payment(&world, 2_500, &[(one, 1_000), (other, 1_200)]);
    let Once::Now(recorded) = record(&scope, "wire-17", &wanted).await.unwrap() else {
        panic!("it was not recorded before");
    };
    assert_eq!(recorded.unapplied.minor(), 300);
    let again = record(&scope, "wire-17", &wanted).await.unwrap();
    assert_eq!(again, Once::Before(recorded));
    let less = payment(&world, 2_400, &[(one, 1_000)]);
    assert_eq!(record(&scope, "wire-17", &less).await.unwrap(), Once::Otherwise);
    let key = program.api_key().map(|(id, _)| id).unwrap();
    let query = AuditQuery {
        filter: AuditFilter {
            key: Some(key),
            ..Default::default()
        },
        ..Default::default()
    };
    let auditor: Scope<ViewAudit> = world.acme().scope();
    let told = audit::list(&auditor, &query).await.unwrap();
    assert!(told.rows.iter().all(|row| row.by_key && row.actor == "ERP"));
    assert_eq!(told.rows.len(), 3, "the payment and two invoices");
    assert_eq!(told.rows[0].address.as_deref(), Some("192.0.2.7"));
    let choices = audit::choices(&auditor).await.unwrap();
    assert_eq!(choices.keys, [(key, "ERP".to_owned())]);
    assert_eq!(crate::check::run(&world.backend).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn what_is_refused_leaves_the_idempotency_key_as_it_was() {
    let world = World::new().await;
    let (own, foreign) = (
        world.daisy().invoice("10.00").await,
        world.party("Fjord").invoice("10.00").await,
    );
    let program = opens(&world.backend, &acmes(&world).await).await.unwrap();
    let scope: Scope<RecordPayments> = program.permit().unwrap();
    let beside = payment(&world, 1_000, &[(own, 500), (foreign, 500)]);
    assert!(matches!(record(&scope, "k", &beside).await, Err(Error::NotFound)));
    let nowhere = payment(&world, 1_000, &[(InvoiceId(Uuid::from_u128(1)), 500)]);
    assert!(matches!(
        record(&scope, "k", &nowhere).await,
        Err(Error::NotFound)
    ));
    let too_much = payment(&world, 2_000, &[(own, 1_001)]);
    assert!(matches!(
        record(&scope, "k", &too_much).await,
        Err(Error::Invalid(_))
    ));
    let other = world.party("Elm").invoice("5.00").await;
    let mixed = payment(&world, 1_000, &[(own, 500), (other, 500)]);
    let Err(Error::Invalid(errors)) = record(&scope, "k", &mixed).await else {
        panic!("two accounts in one payment");
    };
    assert_eq!(errors.get("lines[1][amount]"), Some(&Refusal::FormBroken));
    let right = payment(&world, 1_000, &[(own, 1_000)]);
    assert!(matches!(record(&scope, "k", &right).await.unwrap(), Once::Now(_)));
    // Keys of programs are apart: another one's word is free.
    let second = make(&world.acme().scope(), &fields("Bank", &POSSIBLE))
        .await
        .unwrap();
    let second: Scope<RecordPayments> = opens(&world.backend, &second).await.unwrap().permit().unwrap();
    let third = payment(&world, 100, &[(other, 100)]);
    assert!(matches!(
        record(&second, "k", &third).await.unwrap(),
        Once::Now(_)
    ));
}

#[tokio::test]
async fn two_that_record_the_same_at_once_record_it_once() {
    let world = World::new().await;
    let invoice = world.daisy().invoice("10.00").await;
    let program = opens(&world.backend, &acmes(&world).await).await.unwrap();
    let scope: Scope<RecordPayments> = program.permit().unwrap();
    let wanted = payment(&world, 400, &[(invoice, 400)]);
    let all = (0..4).map(|_| record(&scope, "k", &wanted));
    let mut now = 0;
    for outcome in futures::future::join_all(all).await {
        match outcome.unwrap() {
            Once::Now(_) => now += 1,
            Once::Before(recorded) => assert_eq!(recorded.amount.minor(), 400),
            Once::Otherwise => panic!("it was the same"),
        }
    }
    assert_eq!(now, 1);
}
