//! Credit notes of a file against what is left of the invoices that they name, or what is due on the account (V12, V37).

use super::*;
use crate::{
    credit_notes,
    invoices::{void, write_off},
};
use domain::{
    access::{IssueCreditNotes, VoidInvoices, WriteOffInvoices},
    credit_notes::{
        CreditReason, HowMuch, IssueCredit,
        sums::{Beyond, Measure},
    },
    ids::{CreditNoteId, InvoiceId},
    refusal::{Locked, NotPayable},
};

fn note_row(line: u64, number: &str, price: &str, credited: &str) -> Staged {
    row(line, "credit note", number, price, credited, "")
}

async fn id(world: &World, number: &str) -> InvoiceId {
    let rows = invoices(world).await;
    let found = rows.iter().find(|row| row.number.as_deref() == Some(number));
    InvoiceId(found.unwrap().id)
}

/// What is open, in the order of the numbers.
async fn open(world: &World) -> Vec<i64> {
    invoices(world).await.iter().map(|row| row.open_minor).collect()
}

/// Credits an invoice by hand, all that is left of it.
async fn credit_everything(world: &World, invoice: InvoiceId) -> (Money, Result<CreditNoteId, Error>) {
    let issuer: Scope<IssueCreditNotes> = world.acme().scope();
    let form = credit_notes::read::form(&issuer, invoice).await.unwrap();
    let credit = IssueCredit {
        key: form.key,
        invoice,
        seen: form.left,
        reason: CreditReason::Correction,
        note: String::new(),
        how_much: HowMuch::Everything,
        parts: Vec::new(),
        pay_back: None,
    };
    (form.left, credit_notes::write::issue(&issuer, &credit).await)
}

/// Why a file is refused: line and problem of each issue.
async fn refused(world: &World, items: &[Staged]) -> Vec<(u64, Problem)> {
    let before = counts(world).await;
    let (scope, import) = upload(world, items).await;
    let found = read::find(&scope, import).await.unwrap();
    assert!(matches!(
        publish(&scope, import).await,
        Err(Error::Refused(Refusal::FileRefused { .. }))
    ));
    assert_eq!(counts(world).await, before);
    let issues = found.issues.into_iter();
    issues.map(|issue| (issue.line, issue.problem)).collect()
}

fn beyond(number: &str, invoices: &[&str], measure: Measure, credited: i64, left: i64) -> Problem {
    Problem::BeyondInvoices {
        number: number.to_owned(),
        invoices: invoices.iter().map(|&number| number.to_owned()).collect(),
        beyond: Beyond {
            measure,
            credited: eur(credited),
            left: eur(left),
        },
    }
}

#[tokio::test]
async fn a_note_over_several_invoices_counts_on_each_of_them() {
    let world = World::new().await;
    let items = [
        header(),
        invoice_row(2, "A-1", "100.00"),
        invoice_row(3, "A-2", "50.00"),
        note_row(4, "C-1", "120.00", "A-1\nA-2"),
    ];
    let (scope, import) = upload(&world, &items).await;
    publish_now(&world, &scope, import).await;
    assert_eq!(open(&world).await, [0, 3_000]);
    let (first, second) = (id(&world, "A-1").await, id(&world, "A-2").await);
    // Neither is withdrawn any more, though the credit is taken off.
    for invoice in [first, second] {
        let form = void::form(&world.acme().scope::<VoidInvoices>(), invoice).await;
        assert_eq!(form.unwrap().possible, Err(Locked::HasCredits));
    }
    let (left, nothing) = credit_everything(&world, first).await;
    assert_eq!(left, eur(0));
    assert!(matches!(nothing, Err(Error::Refused(Refusal::NothingToCredit))));
    let (left, rest) = credit_everything(&world, second).await;
    assert_eq!(left, eur(3_000));
    rest.unwrap();
    assert_eq!(open(&world).await, [0, 0]);
    work(&world).await;
    // Taking the import back would leave the credit note by hand without its invoice.
    match undo(&scope, import).await {
        Err(Error::Refused(Refusal::ImportInUse { numbers })) => assert_eq!(numbers, ["A-2"]),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_note_names_its_invoices_and_gives_them_back_when_its_import_is_undone() {
    let world = World::new().await;
    let old = [
        header(),
        invoice_row(2, "A-1", "100.00"),
        invoice_row(3, "A-2", "50.00"),
    ];
    let (scope, older) = upload(&world, &old).await;
    publish_now(&world, &scope, older).await;
    world.seconds_pass(1);
    let (scope, import) = upload(&world, &[header(), note_row(2, "C-1", "150.00", "A-1\nA-2")]).await;
    publish_now(&world, &scope, import).await;
    assert_eq!(open(&world).await, [0, 0]);
    #[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
    let note = credit_note::Entity::find()
        .one(world.backend.system().db())
        .await
        .unwrap()
        .unwrap();
    let buyer: Scope<domain::access::ViewReceivedInvoices> = world.daisy().scope();
    let seen = credit_notes::read::find(&buyer, CreditNoteId(note.id))
        .await
        .unwrap();
    let numbers: Vec<&str> = seen.invoices.iter().map(|(_, number)| number.as_str()).collect();
    assert_eq!(numbers, ["A-1", "A-2"]);
    // As long as it stands, the import of the invoices does not go.
    match undo(&scope, older).await {
        Err(Error::Refused(Refusal::ImportInUse { numbers })) => assert_eq!(numbers, ["A-1", "A-2"]),
        other => panic!("{other:?}"),
    }
    undo(&scope, import).await.unwrap();
    assert_eq!(open(&world).await, [10_000, 5_000]);
    let (left, _) = credit_everything(&world, id(&world, "A-2").await).await;
    assert_eq!(left, eur(5_000));
    work(&world).await;
}

#[tokio::test]
async fn a_note_beyond_the_invoices_that_it_names_keeps_the_file_out() {
    let world = World::new().await;
    let mut other_tax = note_row(4, "C-1", "10.00", "A-1");
    if let Staged::Row(_, fields) = &mut other_tax {
        fields[9] = "E".to_owned();
    }
    let exempt = Measure::Base(domain::invoices::TaxCategory::E, domain::TaxRate::from_scaled(0));
    let cases = [
        (
            vec![note_row(4, "C-1", "120.00", "A-1")],
            (4, beyond("C-1", &["A-1"], Measure::Total, 12_000, 10_000)),
        ),
        (
            vec![note_row(4, "C-1", "150.01", "A-1\nA-2")],
            (4, beyond("C-1", &["A-1", "A-2"], Measure::Total, 15_001, 15_000)),
        ),
        (
            vec![
                note_row(4, "C-1", "60.00", "A-1"),
                note_row(5, "C-2", "60.00", "A-1\nA-1"),
            ],
            (5, beyond("C-2", &["A-1"], Measure::Total, 6_000, 4_000)),
        ),
        (vec![other_tax], (4, beyond("C-1", &["A-1"], exempt, 1_000, 0))),
    ];
    for (notes, expected) in cases {
        let mut items = vec![
            header(),
            invoice_row(2, "A-1", "100.00"),
            invoice_row(3, "A-2", "50.00"),
        ];
        items.extend(notes);
        assert_eq!(refused(&world, &items).await, [expected]);
    }
}

#[tokio::test]
async fn a_note_counts_what_was_credited_before_it_came() {
    let world = World::new().await;
    let old = [
        header(),
        invoice_row(2, "A-1", "100.00"),
        invoice_row(3, "A-2", "40.00"),
        note_row(4, "C-1", "90.00", "A-1"),
    ];
    let (scope, import) = upload(&world, &old).await;
    publish_now(&world, &scope, import).await;
    let file = [header(), note_row(2, "C-2", "20.00", "A-1")];
    let expected = beyond("C-2", &["A-1"], Measure::Total, 2_000, 1_000);
    assert_eq!(refused(&world, &file).await, [(2, expected)]);
    // What is given up is not credited, too.
    let (seller, invoice) = (world.acme().scope::<WriteOffInvoices>(), id(&world, "A-2").await);
    write_off::write_off(&seller, invoice, "Gone").await.unwrap();
    let file = [header(), note_row(2, "C-2", "20.00", "A-2")];
    let expected = Problem::NotCreditable {
        number: "A-2".to_owned(),
        why: NotPayable::WrittenOff,
    };
    assert_eq!(refused(&world, &file).await, [(2, expected)]);
}

#[tokio::test]
async fn what_is_credited_after_the_check_keeps_the_file_out() {
    let world = World::new().await;
    let (scope, import) = upload(&world, &[header(), invoice_row(2, "A-1", "100.00")]).await;
    publish_now(&world, &scope, import).await;
    let (scope, import) = upload(&world, &[header(), note_row(2, "C-1", "20.00", "A-1")]).await;
    let (_, issued) = credit_everything(&world, id(&world, "A-1").await).await;
    issued.unwrap();
    let done = publish_now(&world, &scope, import).await;
    assert_eq!((done.row.state, done.row.errors), (ImportState::Checked, 1));
    let expected = beyond("C-1", &["A-1"], Measure::Total, 2_000, 0);
    assert_eq!(done.issues[0].problem, expected);
    assert_eq!(counts(&world).await, [1, 1, 0, 1]);
}

#[tokio::test]
async fn a_note_that_names_none_lowers_what_is_due_first() {
    let world = World::new().await;
    let older = world
        .daisy()
        .invoice("50.00")
        .currency(Currency::EUR)
        .number("A-0")
        .await;
    let due = invoices(&world).await[0].due_date;
    let items = [
        header(),
        // Before the invoices and before the note that names one of them.
        note_row(2, "C-1", "100.00", ""),
        invoice_row(3, "A-1", "80.00"),
        row(4, "invoice", "A-2", "10.00", "", "10.00"),
        note_row(5, "C-2", "70.00", "A-1"),
        note_row(6, "C-3", "7.00", ""),
    ];
    let (scope, import) = upload(&world, &items).await;
    publish_now(&world, &scope, import).await;
    // The older one is due later than those of the file.
    assert!(invoices(&world).await[1].due_date < due);
    assert_eq!(open(&world).await, [0, 0, 0]);
    #[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
    let mut notes = credit_note::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap();
    notes.sort_by(|a, b| a.number.cmp(&b.number));
    let rests: Vec<_> = notes
        .iter()
        .map(|note| (note.applied_minor, note.remaining_minor))
        .collect();
    assert_eq!(rests, [(6_000, 4_000), (7_000, 0), (0, 700)]);
    undo(&scope, import).await.unwrap();
    let rows = invoices(&world).await;
    assert_eq!((rows.len(), rows[0].id, rows[0].open_minor), (1, older.0, 5_000));
    work(&world).await;
}
