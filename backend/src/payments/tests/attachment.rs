//! Files beside recorded payments: judged by their content, read by both sides, found by nobody else.

use super::{
    offline::{seller, typed},
    *,
};
use crate::payments::{
    attachment::{KeptFile, MOST_BYTES, NewFile, attach, file, open},
    offline, read,
};
use domain::{
    access::{RecordPayments, ViewIssuedInvoices, ViewReceivedInvoices},
    ids::PaymentId,
};
use entity::{audit_entry, payment_attachment};

fn pdf(name: &str, text: &str) -> NewFile {
    NewFile::judge(name, format!("%PDF-1.7 {text}").into_bytes()).unwrap()
}

fn refused(name: &str, bytes: Vec<u8>) -> Refusal {
    match NewFile::judge(name, bytes) {
        Err(Error::Invalid(errors)) => errors.get("file").cloned().unwrap(),
        other => panic!("{other:?}"),
    }
}

async fn recorded(world: &World) -> PaymentId {
    let scope = seller(world);
    let record = typed(&scope, world.acme(), 5_000, &[]).await;
    offline::record(&scope, &record).await.unwrap()
}

async fn kept(world: &World, id: PaymentId) -> KeptFile {
    let scope = world.acme().scope::<ViewReceivedInvoices>();
    file(&scope, id).await.unwrap()
}

#[test]
fn a_file_is_what_its_content_says() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    assert!(NewFile::judge("check.pdf", png).is_ok());
    assert_eq!(refused("check.pdf", Vec::new()), Refusal::Missing);
    for other in ["<html>", "GIF89a", "MZ", "PK\u{3}\u{4}"] {
        assert_eq!(
            refused("check.pdf", other.as_bytes().to_vec()),
            Refusal::NotAnAttachment
        );
    }
    let mut large = b"%PDF-".to_vec();
    large.resize(MOST_BYTES, b' ');
    assert!(NewFile::judge("check.pdf", large.clone()).is_ok());
    large.push(b' ');
    assert_eq!(
        refused("check.pdf", large),
        Refusal::AttachmentTooLarge { megabytes: 5 }
    );
}

#[tokio::test]
async fn both_sides_read_the_file_and_see_its_name_on_the_receipt() {
    let world = World::new().await;
    let id = recorded(&world).await;
    attach(&seller(&world), id, &pdf("C:\\scans\\check\n7.pdf", "one"))
        .await
        .unwrap();
    let receipt = read::receipt(&world.acme().scope::<ViewReceivedInvoices>(), id).await;
    assert_eq!(receipt.unwrap().attachment.as_deref(), Some("check 7.pdf"));
    let theirs = file(&world.distributor().scope::<ViewIssuedInvoices>(), id).await;
    assert_eq!(theirs.unwrap().bytes, b"%PDF-1.7 one");
    assert_eq!(kept(&world, id).await.media_type, "application/pdf");
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
#[tokio::test]
async fn another_file_takes_its_place_and_the_same_one_changes_nothing() {
    let world = World::new().await;
    let id = recorded(&world).await;
    for text in ["one", "one", "two"] {
        attach(&seller(&world), id, &pdf("check.pdf", text))
            .await
            .unwrap();
    }
    assert_eq!(kept(&world, id).await.bytes, b"%PDF-1.7 two");
    let db = world.backend.system().db();
    assert_eq!(payment_attachment::Entity::find().all(db).await.unwrap().len(), 1);
    let entries = audit_entry::Entity::find().all(db).await.unwrap();
    let told: Vec<bool> = entries
        .iter()
        .filter(|entry| entry.action == "attach")
        .map(|entry| entry.before.is_some())
        .collect();
    assert_eq!(told, [false, true]);
}

#[tokio::test]
async fn nobody_else_finds_the_file_or_puts_one_there() {
    let world = World::new().await;
    let id = recorded(&world).await;
    attach(&seller(&world), id, &pdf("check.pdf", "one"))
        .await
        .unwrap();
    let other = world.borealis();
    let unknown = PaymentId(crate::new_id());
    let records = other.scope::<RecordPayments>();
    for outcome in [
        file(&other.scope::<ViewReceivedInvoices>(), id).await.map(drop),
        file(&other.scope::<ViewIssuedInvoices>(), id).await.map(drop),
        open(&records, id).await.map(drop),
        attach(&records, id, &pdf("check.pdf", "two")).await,
        attach(&seller(&world), unknown, &pdf("check.pdf", "two")).await,
        file(&world.acme().scope::<ViewReceivedInvoices>(), unknown)
            .await
            .map(drop),
    ] {
        assert!(matches!(outcome, Err(Error::NotFound)), "{outcome:?}");
    }
    assert_eq!(kept(&world, id).await.bytes, b"%PDF-1.7 one");
}
