//! Changing what a file brought: nothing that it said of the whole document is lost.

use super::*;
use sea_orm::ConnectionTrait;

/// Goes round what people can do, as a file does.
async fn as_a_file_brings_it(world: &World, statement: &str) {
    let writer = world.backend.system().writer();
    writer.execute_unprepared(statement).await.unwrap();
}

#[tokio::test]
async fn why_no_tax_is_due_survives_a_revision() {
    let world = World::new().await;
    let scope = writer(&world);
    let id = world.acme().invoice("100.00").await;
    let said = "UPDATE invoice_taxes SET category = 'AE', rate = 0, reason = 'Article 196'";
    as_a_file_brings_it(&world, said).await;
    let shown = form(&scope, id).await.unwrap();
    let mut revised = typed(&shown, WriteAct::Save, &[("Seats", 1, 6_000)]);
    revised.lines[0].tax_category = TaxCategory::AE;
    revised.lines[0].tax_rate = TaxRate::from_scaled(0);
    let added: Vec<Line> = revised.lines.iter().map(Line::from).collect();
    revised.totals = totals(Currency::USD, &added, &WholeDocument::plain(Currency::USD)).unwrap();
    write(&scope, &revised).await.unwrap();
    let now = revise::revisions(&world.acme().scope::<ViewReceivedInvoices>(), id)
        .await
        .unwrap()
        .now;
    assert_eq!(now.totals.taxes[0].reason.as_deref(), Some("Article 196"));
    assert_clean(&world).await;
}

#[tokio::test]
async fn a_charge_on_the_whole_is_not_lost_by_a_revision() {
    let world = World::new().await;
    let scope = writer(&world);
    let id = world.acme().invoice("100.00").await;
    let before = form(&scope, id).await.unwrap();
    let charged = "UPDATE invoices SET charge_minor = 500, lines_minor = lines_minor - 500";
    as_a_file_brings_it(&world, charged).await;
    let why = Locked::HasCharges;
    let shown = form(&scope, id).await.unwrap().writing;
    assert!(
        matches!(&shown, Writing::Refused { why: found, .. } if *found == why),
        "{shown:?}"
    );
    let refused = write(&scope, &typed(&before, WriteAct::Save, &[("Seats", 1, 6_000)])).await;
    assert!(
        matches!(&refused, Err(Error::Refused(Refusal::Locked { why: found, .. })) if *found == why),
        "{refused:?}"
    );
    assert_eq!(row(&world, id).await.unwrap().total_minor, 10_000);
}
