//! Costs of the whole, such as freight, are credited and disputed by themselves, with the tax that they bore (I9).

use super::*;
use crate::disputes;
use domain::{
    access::DisputeInvoices,
    disputes::{DisputeState, OpenDispute},
    ids::FormKey,
    invoices::billed::cost_position,
};

async fn issued(world: &World, id: InvoiceId, parts: &[(u32, i64)]) -> domain::ids::CreditNoteId {
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    write::issue(&scope, &typed(&scope, id, parts).await)
        .await
        .unwrap()
}

#[tokio::test]
async fn each_cost_is_credited_up_to_itself_and_all_parts_are_the_invoice() {
    let world = World::new().await;
    let id = world
        .acme()
        .invoice("100.00")
        .tax(19)
        .cost("Freight", "10.01")
        .cost("Insurance", "5.00")
        .await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let form = read::form(&scope, id).await.unwrap();
    let shown: Vec<_> = form
        .lines
        .iter()
        .map(|line| (line.of.description.as_str(), line.left))
        .collect();
    assert_eq!(
        shown,
        [
            ("Service", usd(10_000)),
            ("Freight", usd(1_001)),
            ("Insurance", usd(500))
        ]
    );
    let (freight, insurance) = (cost_position(0), cost_position(1));
    let too_much = write::issue(&scope, &typed(&scope, id, &[(insurance, 501)]).await).await;
    assert!(matches!(too_much, Err(Error::Invalid(errors))
        if errors.get("lines[0][amount]") == Some(&Refusal::MoreThanLeft { left: usd(500) })));

    let note = issued(&world, id, &[(freight, 333)]).await;
    let issued_scope: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let document = read::find(&issued_scope, note).await.unwrap();
    assert_eq!(document.lines[0].description, "Freight");
    assert_eq!((document.totals.net, document.totals.tax), (usd(333), usd(63)));
    let form = read::form(&scope, id).await.unwrap();
    assert_eq!((form.lines[1].left, form.lines[2].left), (usd(668), usd(500)));
    assert_clean(&world).await;

    issued(&world, id, &[(1, 10_000), (freight, 668), (insurance, 499)]).await;
    issued(&world, id, &[(insurance, 1)]).await;
    let form = read::form(&scope, id).await.unwrap();
    assert_eq!((form.left, form.due.free), (usd(0), usd(0)));
    assert_clean(&world).await;
}

#[tokio::test]
async fn what_is_left_of_costs_goes_with_everything_that_is_left() {
    let world = World::new().await;
    let id = world
        .acme()
        .invoice("100.00")
        .tax(7)
        .cost("Freight", "9.99")
        .await;
    issued(&world, id, &[(cost_position(0), 500)]).await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let rest = IssueCredit {
        how_much: HowMuch::Everything,
        parts: Vec::new(),
        ..typed(&scope, id, &[]).await
    };
    let note = write::issue(&scope, &rest).await.unwrap();
    let form = read::form(&scope, id).await.unwrap();
    assert_eq!((form.left, form.lines[1].left), (usd(0), usd(0)));
    // Withdrawn, it is there again: less what was credited by name.
    let all: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let charge = read::find(&all, note).await.unwrap().totals.charge;
    assert_eq!(charge, usd(499));
    assert_clean(&world).await;
}

#[tokio::test]
async fn a_cost_is_disputed_and_the_answer_credits_it() {
    let world = World::new().await;
    let id = world
        .acme()
        .invoice("100.00")
        .tax(19)
        .cost("Freight", "20.00")
        .await;
    let buyer: Scope<DisputeInvoices> = world.acme().scope();
    let wanted = OpenDispute {
        key: FormKey(crate::new_id()),
        invoice: id,
        reason: "It was free".to_owned(),
        parts: vec![(cost_position(0), usd(2_381))],
    };
    let more = disputes::write::open(&buyer, &wanted).await;
    assert!(matches!(more, Err(Error::Invalid(errors))
        if errors.get("lines[0][amount]") == Some(&Refusal::MoreThanDisputable { left: usd(2_380) })));
    let wanted = OpenDispute {
        key: FormKey(crate::new_id()),
        parts: vec![(cost_position(0), usd(1_190))],
        ..wanted
    };
    let dispute = disputes::write::open(&buyer, &wanted).await.unwrap();
    assert_clean(&world).await;

    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let form = read::answer_form(&scope, id, dispute).await.unwrap();
    assert_eq!(
        (form.lines[0].asked, form.lines[1].asked),
        (None, Some(usd(1_000)))
    );
    let credit = typed(&scope, id, &[(cost_position(0), 1_000)]).await;
    write::answer(&scope, &credit, dispute).await.unwrap();
    let received: Scope<ViewReceivedInvoices> = world.acme().scope();
    let seen = disputes::read::of_invoice(&received, id, None).await.unwrap();
    assert_eq!(
        (seen.all[0].state, seen.open, seen.disputed),
        (DisputeState::Credited, usd(13_090), usd(0))
    );
    assert_eq!(seen.all[0].parts[0].description, "Freight");
    assert_clean(&world).await;
}
