//! Costs of an invoice as a whole (I9): their names and sums.

use super::*;
use domain::invoices::{
    Cost,
    editing::{CostChange, cost_changes},
};

/// A hundred dollars of seats, and costs by name and cents.
pub(super) fn with_costs(form: &InvoiceForm, act: WriteAct, costs: &[(&str, i64)]) -> WriteInvoice {
    let mut written = typed(form, act, &[("Seats", 10, 1_000)]);
    let cost = |(description, cents): &(&str, i64)| Cost {
        description: (*description).to_owned(),
        amount: usd(*cents),
    };
    written.costs = costs.iter().map(cost).collect();
    let whole = WholeDocument {
        charge: usd(costs.iter().map(|(_, cents)| cents).sum()),
        ..WholeDocument::plain(Currency::USD)
    };
    let added: Vec<Line> = written.lines.iter().map(Line::from).collect();
    written.totals = totals(Currency::USD, &added, &whole).unwrap();
    written
}

#[tokio::test]
async fn costs_of_the_whole_are_kept_with_their_names_through_draft_issue_and_revision() {
    let world = World::new().await;
    let scope = writer(&world);
    let fresh = new_form(&scope, world.acme().account()).await.unwrap();
    let draft = with_costs(&fresh, WriteAct::Save, &[("Freight", 1_000)]);
    let id = write(&scope, &draft).await.unwrap();
    let again = form(&scope, id).await.unwrap();
    assert_eq!(again.costs, draft.costs);
    let issued = with_costs(&again, WriteAct::Issue, &[("Freight", 1_000), ("Customs", 250)]);
    write(&scope, &issued).await.unwrap();
    let seen = read::find(&world.acme().scope::<ViewReceivedInvoices>(), id)
        .await
        .unwrap();
    assert_eq!(seen.costs, issued.costs);
    // (100.00 + 12.50) and 19 % of it.
    assert_eq!((seen.totals.charge, seen.totals.total), (usd(1_250), usd(13_388)));
    assert_clean(&world).await;

    let issued_form = form(&scope, id).await.unwrap();
    let revised = with_costs(
        &issued_form,
        WriteAct::Save,
        &[("Freight", 800), ("Customs", 250)],
    );
    write(&scope, &revised).await.unwrap();
    let changes = changes_of(&world, id).await;
    let changed = cost_changes(&changes.before[0].snapshot.costs, &changes.now.costs);
    let freight = CostChange {
        description: "Freight".to_owned(),
        before: Some(usd(1_000)),
        after: Some(usd(800)),
    };
    assert_eq!(changed, [freight]);
    assert_clean(&world).await;
}
