//! What was typed adds up, what is wrong is said at its field, and a change is seen for what it is.

use super::*;
use crate::{
    ids::{AccountId, FormKey, InvoiceId},
    locale::Locale,
    refusal::Refusal,
    strategies::eur,
};
use uuid::Uuid;

fn line(description: &str, quantity: &str, price: &str, rate: &str) -> LineText {
    LineText {
        description: description.to_owned(),
        quantity: quantity.to_owned(),
        price: price.to_owned(),
        category: if rate.is_empty() { "Z" } else { "S" }.to_owned(),
        rate: rate.to_owned(),
        ..LineText::default()
    }
}

fn fields(lines: Vec<LineText>) -> InvoiceFields {
    InvoiceFields {
        key: FormKey(Uuid::from_u128(1)).to_string(),
        version: "0".to_owned(),
        account: AccountId(Uuid::from_u128(2)).to_string(),
        currency: "EUR".to_owned(),
        issue_date: "2026-03-15".to_owned(),
        due_date: "2026-04-14".to_owned(),
        lines,
        ..InvoiceFields::default()
    }
}

fn read(fields: &InvoiceFields) -> Result<WriteInvoice, crate::FieldErrors> {
    fields.parse(InvoiceId(Uuid::from_u128(3)), WriteAct::Save, Locale::DeDe)
}

#[test]
fn lines_are_read_as_people_type_them_and_blank_ones_are_not_meant() {
    let written = read(&InvoiceFields {
        discount: "10".to_owned(),
        ..fields(vec![
            line("Seats", "12,5", "0,0125", "19 %"),
            LineText::default(),
            line("Set-up", "", "1.000,00", ""),
        ])
    })
    .unwrap();
    assert_eq!(written.lines.len(), 2);
    assert_eq!(written.lines[1].position, 2);
    assert_eq!(written.lines[0].net, eur(16));
    assert_eq!(written.totals.lines, eur(100_016));
    assert_eq!(written.totals.net, eur(99_016));
    assert_eq!(written.totals.taxes.len(), 2);
}

#[test]
fn who_only_looks_what_it_comes_to_keeps_nothing() {
    let acts = WriteButton::ALL.iter().map(|button| button.act());
    let acts: Vec<_> = acts.collect();
    assert_eq!(acts, [None, Some(WriteAct::Save), Some(WriteAct::Issue)]);
    assert_eq!(WriteButton::from_code("preview"), Some(WriteButton::Preview));
}

#[test]
fn what_is_wrong_is_said_at_its_field() {
    let wrong = read(&InvoiceFields {
        due_date: "soon".to_owned(),
        note: "4242 4242 4242 4242".to_owned(),
        ..fields(vec![
            line("", "1", "5", "19"),
            line("Seats", "many", "", "19"),
            LineText {
                category: "E".to_owned(),
                ..line("Books", "1", "5", "7")
            },
        ])
    })
    .unwrap_err();
    let names: Vec<&str> = wrong.0.keys().map(String::as_str).collect();
    for name in [
        "due_date",
        "note",
        "lines[0][description]",
        "lines[1][quantity]",
        "lines[1][price]",
        "lines[2][rate]",
    ] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    assert!(
        read(&fields(Vec::new()))
            .unwrap_err()
            .0
            .contains_key("lines[0][description]")
    );
    let early = InvoiceFields {
        due_date: "2026-03-14".to_owned(),
        ..fields(vec![line("Seats", "1", "5", "19")])
    };
    assert_eq!(read(&early).unwrap_err().0["due_date"], Refusal::RangeReversed);
    let less = InvoiceFields {
        discount: "6".to_owned(),
        ..fields(vec![line("Seats", "1", "5", "19")])
    };
    assert!(read(&less).unwrap_err().0.contains_key("discount"));
}

#[test]
fn changed_added_and_removed_lines_are_told_apart() {
    let lines = |lines: Vec<LineText>| read(&fields(lines)).unwrap().lines;
    let before = lines(vec![
        line("Seats", "1", "5", "19"),
        line("Seats", "2", "5", "19"),
        line("Set-up", "1", "9", "19"),
    ]);
    let after = lines(vec![
        line("Training", "1", "7", "19"),
        line("Seats", "3", "5", "19"),
        line("Seats", "1", "5", "19"),
    ]);
    let found = changes(&before, &after);
    let told: Vec<_> = found
        .iter()
        .map(|one| {
            let of = |line: &Option<InvoiceLine>| {
                line.as_ref()
                    .map(|line| (line.description.clone(), line.quantity.scaled() / 1_000_000))
            };
            (of(&one.before), of(&one.after))
        })
        .collect();
    let some = |name: &str, quantity| Some((name.to_owned(), quantity));
    assert_eq!(
        told,
        [
            (None, some("Training", 1)),
            (some("Seats", 2), some("Seats", 3)),
            (some("Set-up", 1), None)
        ]
    );
    assert_eq!(changes(&before, &before), Vec::new());
}

#[test]
fn costs_of_the_whole_are_added_and_bear_the_tax_of_the_lines() {
    let cost = |description: &str, amount: &str| CostText {
        description: description.to_owned(),
        amount: amount.to_owned(),
    };
    let typed = InvoiceFields {
        costs: vec![
            cost("Freight", "10,00"),
            CostText::default(),
            cost("Customs", "2,50"),
        ],
        ..fields(vec![line("Seats", "1", "100", "19")])
    };
    let written = read(&typed).unwrap();
    assert_eq!(written.costs.len(), 2);
    assert_eq!(written.totals.charge, eur(1_250));
    assert_eq!(
        (written.totals.net, written.totals.tax),
        (eur(11_250), eur(2_138))
    );

    let wrong = read(&InvoiceFields {
        costs: vec![cost("", "10"), cost("Customs", ""), cost("Less", "-5")],
        ..typed
    });
    let wrong = wrong.unwrap_err();
    let number = String::new();
    assert_eq!(wrong.get("costs[0][description]"), Some(&Refusal::Missing));
    assert_eq!(wrong.get("costs[1][amount]"), Some(&Refusal::Missing));
    assert_eq!(
        wrong.get("costs[2][amount]"),
        Some(&Refusal::NotPositive { number })
    );
}

#[test]
fn a_cost_that_was_renamed_is_gone_and_new_and_one_that_moved_is_the_same() {
    let cost = |description: &str, cents: i64| Cost {
        description: description.to_owned(),
        amount: eur(cents),
    };
    let before = [cost("Freight", 100), cost("Freight", 300), cost("Customs", 50)];
    let after = [cost("Duty", 50), cost("Freight", 300), cost("Freight", 200)];
    let changes = cost_changes(&before, &after);
    let said: Vec<_> = changes
        .iter()
        .map(|change| (change.description.as_str(), change.before, change.after))
        .collect();
    assert_eq!(
        said,
        [
            ("Duty", None, Some(eur(50))),
            ("Freight", Some(eur(100)), Some(eur(200))),
            ("Customs", Some(eur(50)), None),
        ]
    );
}
