//! Recording by hand: what is typed is read or refused at its field, and parts never exceed what there is.

use super::*;
use crate::ids::InvoiceId;
use crate::payments::allocation::Debt;
use crate::{
    invoices::Stage,
    payments::allocation::apply,
    strategies::{day, eur},
};
use proptest::prelude::*;
use uuid::Uuid;

fn fields(amount: &str, lines: &[&str]) -> RecordFields {
    let line = |(place, amount): (usize, &&str)| LineFields {
        invoice: invoice(place).to_string(),
        apply: None,
        seen: "10000".to_owned(),
        currency: "EUR".to_owned(),
        amount: (*amount).to_owned(),
    };
    RecordFields {
        key: Uuid::from_u128(1).to_string(),
        account: Uuid::from_u128(2).to_string(),
        currency: "EUR".to_owned(),
        amount: amount.to_owned(),
        paid_on: "2026-03-14".to_owned(),
        memo: " Cheque  10442 ".to_owned(),
        put: "chosen".to_owned(),
        lines: lines.iter().enumerate().map(line).collect(),
        entry: String::new(),
    }
}

fn invoice(place: usize) -> InvoiceId {
    InvoiceId(Uuid::from_u128(100 + u128::try_from(place).unwrap()))
}

fn current(place: usize, account: u128) -> Current {
    Current {
        invoice: invoice(place),
        rollup: None,
        account: AccountId(Uuid::from_u128(account)),
        number: format!("INV-{place}"),
        stage: Stage::Open,
        open: eur(10_000),
        pending: eur(0),
        disputed: eur(0),
    }
}

fn errors(fields: &RecordFields) -> Vec<(String, Refusal)> {
    let current = [current(0, 2), current(1, 2), current(2, 9)].map(|now| (now, day("2026-03-31")));
    let checked = fields.parse(Locale::EnUs).and_then(|record| {
        check_record(&record, &current, day("2026-03-15")).map_err(|errors| fields.place(errors))
    });
    checked.map_or_else(|errors| errors.0.into_iter().collect(), |_| Vec::new())
}

#[test]
fn empty_lines_are_not_meant_and_the_rest_stays_unapplied() {
    let record = fields("1,250.00", &["", "100", " "]).parse(Locale::EnUs).unwrap();
    assert_eq!(record.amount, eur(125_000));
    assert_eq!(record.memo.as_deref(), Some("Cheque 10442"));
    assert_eq!(record.lines.len(), 1);
    let checked = check_record(&record, &[(current(1, 2), day("2026-03-31"))], day("2026-03-14")).unwrap();
    assert_eq!(checked.len(), 1);
    assert_eq!(errors(&fields("50", &[])), []);
}

#[test]
fn what_is_in_a_bill_of_a_parent_is_refused_with_its_number() {
    let record = fields("1,250.00", &["", "100", ""]).parse(Locale::EnUs).unwrap();
    let billed = Current {
        rollup: Some("ROL-2026-000003".to_owned()),
        ..current(1, 9)
    };
    let refused =
        check_record(&record, &[(billed.clone(), day("2026-03-31"))], day("2026-03-14")).unwrap_err();
    let why = Refusal::PaidWithRollup {
        number: "INV-1".to_owned(),
        rollup: "ROL-2026-000003".to_owned(),
    };
    assert_eq!(refused.0.into_values().collect::<Vec<_>>(), [why]);
    let parents = AccountId(Uuid::from_u128(9));
    assert_eq!(billed.paid_by(parents), Ok(()));
}

#[test]
fn the_oldest_comes_first_or_nothing_at_all() {
    let due = [
        (current(0, 2), day("2026-03-31")),
        (current(1, 2), day("2026-01-31")),
    ];
    let put = |word: &str| {
        let fields = RecordFields {
            put: word.to_owned(),
            ..fields("150", &["1", "2"])
        };
        let record = fields.parse(Locale::EnUs).unwrap();
        let checked = check_record(&record, &due, day("2026-03-15")).unwrap();
        checked
            .iter()
            .map(|line| (line.invoice, line.amount.minor()))
            .collect::<Vec<_>>()
    };
    assert_eq!(put("oldest"), [(invoice(1), 10_000), (invoice(0), 5_000)]);
    assert_eq!(put("nothing"), []);
    assert_eq!(put("chosen"), [(invoice(0), 100), (invoice(1), 200)]);
}

#[test]
fn everything_wrong_is_said_at_its_field() {
    let money = |minor| eur(minor);
    let cases = [
        (fields("", &[]), "amount", Refusal::Missing),
        (
            fields("many", &[]),
            "amount",
            Refusal::NotAnAmount {
                text: "many".to_owned(),
            },
        ),
        (
            fields("-5", &[]),
            "amount",
            Refusal::NotPositive {
                number: String::new(),
            },
        ),
        (
            fields("150", &["100", "50.01"]),
            "amount",
            Refusal::MoreThanAvailable {
                available: money(15_000),
            },
        ),
        (
            fields("500", &["", "100.01"]),
            "lines[1][amount]",
            Refusal::MoreThanOpen {
                number: "INV-1".to_owned(),
                open: money(10_000),
            },
        ),
        (
            fields("500", &["", "", "100"]),
            "lines[2][amount]",
            Refusal::FormBroken,
        ),
        (
            RecordFields {
                paid_on: "2026-03-16".to_owned(),
                ..fields("5", &[])
            },
            "paid_on",
            Refusal::InFuture {
                today: day("2026-03-15"),
            },
        ),
        (
            RecordFields {
                paid_on: String::new(),
                ..fields("5", &[])
            },
            "paid_on",
            Refusal::Missing,
        ),
        (
            RecordFields {
                memo: "4242 4242 4242 4242".to_owned(),
                ..fields("5", &[])
            },
            "memo",
            Refusal::CardNumber,
        ),
        (
            RecordFields {
                account: "7".to_owned(),
                ..fields("5", &[])
            },
            "",
            Refusal::FormBroken,
        ),
        (
            RecordFields {
                currency: "USD".to_owned(),
                ..fields("5", &["1"])
            },
            "lines[0][amount]",
            Refusal::MixedCurrencies {
                one: Currency::EUR,
                other: Currency::USD,
            },
        ),
    ];
    for (fields, field, refusal) in cases {
        let found = errors(&fields);
        assert!(
            found
                .iter()
                .any(|(at, why)| at == field
                    && std::mem::discriminant(why) == std::mem::discriminant(&refusal))
                || (matches!(refusal, Refusal::MixedCurrencies { .. }) && !found.is_empty()),
            "{field}: {found:?}"
        );
    }
}

#[test]
fn nothing_to_put_is_refused() {
    let fields = AllocateFields {
        key: Uuid::from_u128(1).to_string(),
        lines: Vec::new(),
    };
    let refused = fields.parse(Uuid::from_u128(3), Locale::EnUs);
    assert_eq!(refused, Err(FieldErrors::one("", Refusal::NothingChosen)));
}

proptest! {
    /// V24, V25: what is let through always fits the money and the invoices.
    #[test]
    fn what_is_let_through_fits(available in 1_i64..30_000, parts in prop::collection::vec(1_i64..12_000, 1..3)) {
        let lines: Vec<SubmitLine> = parts.iter().enumerate().map(|(place, part)| SubmitLine {
            invoice: invoice(place),
            seen: eur(10_000),
            amount: eur(*part),
        }).collect();
        let current: Vec<Current> = (0..lines.len()).map(|place| current(place, 2)).collect();
        let sum: i64 = parts.iter().sum();
        let fits = sum <= available && parts.iter().all(|part| *part <= 10_000);
        let account = AccountId(Uuid::from_u128(2));
        let checked = check_parts(account, eur(available), &lines, &current);
        prop_assert_eq!(checked.is_ok(), fits);
        if fits {
            let wanted: Vec<_> = lines.iter().map(|line| (line.invoice, line.amount)).collect();
            let debts: Vec<Debt> = current.iter().map(|now| Debt {
                invoice: now.invoice, stage: now.stage, total: now.open, paid: eur(0), credited: eur(0), written_off: eur(0),
            }).collect();
            let applied = apply(eur(available), &wanted, &debts).unwrap();
            prop_assert_eq!(applied.unapplied, eur(available - sum));
        }
    }
}
