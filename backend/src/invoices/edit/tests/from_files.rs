//! Changing what a file brought: nothing that it said of the whole document is lost.

use super::{costs::with_costs, *};
use domain::invoices::{Cost, editing::cost_changes};
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
    let now = revisions::revisions(&world.acme().scope::<ViewReceivedInvoices>(), id)
        .await
        .unwrap()
        .now;
    assert_eq!(now.totals.taxes[0].reason.as_deref(), Some("Article 196"));
    assert_clean(&world).await;
}

#[tokio::test]
async fn a_charge_without_a_name_is_not_lost_by_a_revision() {
    let world = World::new().await;
    let scope = writer(&world);
    let id = world.acme().invoice("100.00").await;
    let charged = "UPDATE invoices SET charge_minor = 500, lines_minor = lines_minor - 500";
    as_a_file_brings_it(&world, charged).await;
    let shown = form(&scope, id).await.unwrap();
    let said = Cost {
        description: "Charge".to_owned(),
        amount: usd(500),
    };
    assert_eq!(shown.costs, [said]);
    write(&scope, &with_costs(&shown, WriteAct::Save, &[("Freight", 700)]))
        .await
        .unwrap();
    let changes = changes_of(&world, id).await;
    let (before, now) = (&changes.before[0].snapshot, &changes.now);
    assert_eq!((before.totals.charge, now.totals.charge), (usd(500), usd(700)));
    let names: Vec<String> = cost_changes(&before.costs, &now.costs)
        .into_iter()
        .map(|change| change.description)
        .collect();
    assert_eq!(names, ["Freight", "Charge"]);
}

#[tokio::test]
async fn a_rounding_of_the_whole_is_not_lost_by_a_revision() {
    let world = World::new().await;
    let scope = writer(&world);
    let id = world.acme().invoice("100.00").await;
    let before = form(&scope, id).await.unwrap();
    let rounded = "UPDATE invoices SET rounding_minor = 5, tax_minor = tax_minor - 5";
    as_a_file_brings_it(&world, rounded).await;
    let why = Locked::HasRounding;
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

#[tokio::test]
async fn a_cost_that_is_taxed_by_a_rate_of_its_own_is_not_spread_by_a_revision() {
    let world = World::new().await;
    let scope = writer(&world);
    let id = world.acme().invoice("100.00").await;
    // The lines bear no tax; of the whole 5.00 are freight, which bears 20 %.
    let import = "INSERT INTO imports (seller_id, id, state, file_name, format, sha256, byte_count, created_by_name, \
        created_at) SELECT seller_id, id, 'published', 'a.xml', 'ubl', 'x', 1, 'Somebody', created_at FROM invoices";
    let freight = "UPDATE invoices SET charge_minor = 500, lines_minor = 9400, net_minor = 9900, tax_minor = 100, \
        import_id = id";
    for statement in [
        import,
        freight,
        "UPDATE invoice_lines SET net_minor = 9400",
        "UPDATE invoice_taxes SET category = 'Z', rate = 0, base_minor = 9400, tax_minor = 0",
        "INSERT INTO invoice_taxes (seller_id, invoice_id, category, rate, base_minor, tax_minor) \
            SELECT seller_id, id, 'S', 200000, 500, 100 FROM invoices",
    ] {
        as_a_file_brings_it(&world, statement).await;
    }
    let why = Locked::TaxedApart;
    let shown = form(&scope, id).await.unwrap().writing;
    assert!(
        matches!(&shown, Writing::Refused { why: found, .. } if *found == why),
        "{shown:?}"
    );
}
