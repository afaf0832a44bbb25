//! Credit notes and prepaid amounts of an import, and taking it back.

use super::*;

#[tokio::test]
async fn prepaid_amounts_and_credit_notes_lower_what_is_open() {
    let world = World::new().await;
    let items = [
        header(),
        // Before the invoice that it names.
        row(2, "credit note", "C-1", "30.00", "A-1", ""),
        row(3, "invoice", "A-1", "100.00", "", "20.00"),
        row(4, "invoice", "A-2", "10.00", "", "15.00"),
        row(5, "credit note", "C-2", "8.00", "", ""),
        row(6, "credit note", "C-3", "60.00", "A-1", ""),
    ];
    let (scope, import) = upload(&world, &items).await;
    let preview = read::find(&scope, import).await.unwrap();
    assert_eq!(preview.row.errors, 0, "{:?}", preview.issues);
    assert_eq!(preview.totals, [eur(1_200)]);
    publish_now(&world, &scope, import).await;
    let rows = invoices(&world).await;
    let of = |row: &invoice::Model| (row.paid_minor, row.credited_minor, row.open_minor);
    assert_eq!(of(&rows[0]), (2_000, 8_000, 0));
    assert_eq!(of(&rows[1]), (1_000, 0, 0));
    // Two openings, one of them with five unapplied; C-3 keeps ten, C-2 all of its eight.
    assert_eq!(counts(&world).await, [2, 3, 2, 4]);

    undo(&scope, import).await.unwrap();
    assert_eq!(crate::check::run(&world.backend).await.unwrap(), []);
    assert_eq!(counts(&world).await, [0; 4]);
    assert_eq!(
        read::find(&scope, import).await.unwrap().row.state,
        ImportState::Undone
    );
    // The mended file may come with the same numbers.
    let (scope, again) = upload(&world, &items).await;
    assert_eq!(
        publish_now(&world, &scope, again).await.row.state,
        ImportState::Published
    );
}

#[tokio::test]
async fn an_import_that_was_paid_on_is_not_undone() {
    let world = World::new().await;
    let (scope, import) = upload(
        &world,
        &[
            header(),
            invoice_row(2, "A-1", "10.00"),
            invoice_row(3, "A-2", "9.00"),
        ],
    )
    .await;
    publish_now(&world, &scope, import).await;
    let payer = world.daisy().scope();
    let form = payments::read::form(&payer, &PaymentChoice::default())
        .await
        .unwrap();
    let line = form.groups[0]
        .lines
        .iter()
        .find(|line| line.number == "A-2")
        .unwrap();
    let form = SubmitPayment {
        key: form.key,
        lines: vec![SubmitLine {
            invoice: line.invoice,
            seen: line.payable,
            amount: eur(100),
        }],
        card: CardChoice::Token("pm_ok".to_owned()),
        save_card: false,
        make_default: false,
        email_receipt: false,
        uses: Vec::new(),
    };
    payments::write::submit(&payer, &form).await.unwrap();
    work(&world).await;
    match undo(&scope, import).await {
        Err(Error::Refused(Refusal::ImportInUse { numbers })) => assert_eq!(numbers, ["A-2"]),
        other => panic!("{other:?}"),
    }
    assert_eq!(counts(&world).await, [2, 0, 1, 1]);
}

#[tokio::test]
async fn credits_of_an_undone_import_go_back_to_older_invoices() {
    let world = World::new().await;
    world
        .daisy()
        .invoice("50.00")
        .currency(Currency::EUR)
        .number("OLD")
        .await;
    let (scope, import) = upload(
        &world,
        &[header(), row(2, "credit note", "C-1", "20.00", "OLD", "")],
    )
    .await;
    publish_now(&world, &scope, import).await;
    assert_eq!(invoices(&world).await[0].open_minor, 3_000);
    undo(&scope, import).await.unwrap();
    assert_eq!(invoices(&world).await[0].open_minor, 5_000);
}

#[tokio::test]
async fn an_import_whose_money_or_invoices_people_touched_is_not_undone() {
    use crate::{credit_notes, payments::offline};
    use domain::credit_notes::{CreditReason, HowMuch, IssueCredit};

    let world = World::new().await;
    let items = [
        header(),
        invoice_row(2, "A-1", "10.00"),
        row(3, "invoice", "A-2", "10.00", "", "10.00"),
    ];
    let (scope, import) = upload(&world, &items).await;
    publish_now(&world, &scope, import).await;
    world.seconds_pass(1);
    let refused = async || match undo(&scope, import).await {
        Err(Error::Refused(Refusal::ImportInUse { numbers })) => numbers,
        other => panic!("{other:?}"),
    };
    // What was prepaid is taken off again.
    let rows = invoices(&world).await;
    let prepaid = rows
        .iter()
        .find(|row| row.number.as_deref() == Some("A-2"))
        .unwrap();
    #[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
    let put = allocation::Entity::find()
        .one(world.backend.system().db())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(put.invoice_id, prepaid.id);
    offline::take_off(&world.acme().scope(), put.id.into())
        .await
        .unwrap();
    assert_eq!(refused().await, ["A-2"]);
    assert_eq!(crate::check::run(&world.backend).await.unwrap(), []);

    // A credit note by hand over an invoice of another import.
    let (scope, import) = upload(&world, &[header(), invoice_row(2, "B-1", "10.00")]).await;
    publish_now(&world, &scope, import).await;
    let rows = invoices(&world).await;
    let id = rows
        .iter()
        .find(|row| row.number.as_deref() == Some("B-1"))
        .unwrap()
        .id;
    let issuer = world.acme().scope();
    let form = credit_notes::read::form(&issuer, id.into()).await.unwrap();
    let credit = IssueCredit {
        key: form.key,
        invoice: id.into(),
        seen: form.left,
        reason: CreditReason::Correction,
        note: String::new(),
        how_much: HowMuch::Everything,
        parts: Vec::new(),
        pay_back: None,
    };
    credit_notes::write::issue(&issuer, &credit).await.unwrap();
    assert!(matches!(
        undo(&scope, import).await,
        Err(Error::Refused(Refusal::ImportInUse { numbers })) if numbers == ["B-1"]
    ));
}

/// The seller puts money or credit to the first invoice that is offered for it.
async fn put_to_the_first(world: &World, from: entity::Uuid, amount: Money) {
    use crate::payments::{offline, payers};
    use domain::{access::RecordPayments, payments::offline::AllocatePayment};

    let seller: Scope<RecordPayments> = world.acme().scope();
    let form = payers::allocate_form(&seller, from).await.unwrap();
    let wanted = AllocatePayment {
        key: form.key,
        from,
        lines: vec![SubmitLine {
            invoice: form.lines[0].invoice,
            seen: form.lines[0].payable,
            amount,
        }],
    };
    offline::allocate(&seller, &wanted).await.unwrap();
}

#[tokio::test]
async fn an_import_whose_rest_pays_an_older_invoice_is_not_undone() {
    let world = World::new().await;
    world
        .daisy()
        .invoice("50.00")
        .currency(Currency::EUR)
        .number("OLD")
        .await;
    let items = [header(), row(2, "invoice", "A-1", "10.00", "", "15.00")];
    let (scope, import) = upload(&world, &items).await;
    publish_now(&world, &scope, import).await;
    #[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
    let prepaid = payment::Entity::find()
        .one(world.backend.system().db())
        .await
        .unwrap()
        .unwrap();
    // In the same moment, by the clock.
    put_to_the_first(&world, prepaid.id, eur(500)).await;
    match undo(&scope, import).await {
        Err(Error::Refused(Refusal::ImportInUse { numbers })) => assert_eq!(numbers, ["OLD"]),
        other => panic!("{other:?}"),
    }
    let rows = invoices(&world).await;
    let old = rows.iter().find(|row| row.number.as_deref() == Some("OLD"));
    assert_eq!(old.unwrap().open_minor, 4_500);
    assert_eq!(crate::check::run(&world.backend).await.unwrap(), []);
}

#[tokio::test]
async fn an_import_with_money_on_which_other_credit_stands_is_not_undone() {
    let world = World::new().await;
    let (other, earlier) = upload(&world, &[header(), row(2, "credit note", "C-1", "8.00", "", "")]).await;
    publish_now(&world, &other, earlier).await;
    let items = [header(), row(2, "invoice", "A-1", "10.00", "", "4.00")];
    let (scope, import) = upload(&world, &items).await;
    publish_now(&world, &scope, import).await;
    #[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
    let note = credit_note::Entity::find()
        .one(world.backend.system().db())
        .await
        .unwrap()
        .unwrap();
    world.seconds_pass(1);
    put_to_the_first(&world, note.id, eur(100)).await;
    for (scope, import) in [(&scope, import), (&other, earlier)] {
        match undo(scope, import).await {
            Err(Error::Refused(Refusal::ImportInUse { numbers })) => assert_eq!(numbers, ["A-1"]),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(crate::check::run(&world.backend).await.unwrap(), []);
}
