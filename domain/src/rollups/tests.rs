//! Bills by company, how far they are, and what is wrong with a form.

use super::{
    list::{RollupQuery, RollupStatus},
    *,
};
use uuid::Uuid;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn day(n: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, n).unwrap()
}

fn line(company: &str, n: u32, amount: i64) -> RollupLine {
    RollupLine {
        invoice: InvoiceId(Uuid::from_u128(u128::from(n))),
        number: format!("INV-{n}"),
        company: company.to_owned(),
        issue_date: day(1),
        due_date: day(n),
        amount: usd(amount),
        open: usd(amount / 2),
        reached: true,
    }
}

fn fields() -> RollupFields {
    RollupFields {
        account: Uuid::from_u128(7).to_string(),
        currency: "USD".to_owned(),
        period_from: "2026-03-01".to_owned(),
        period_to: "2026-03-31".to_owned(),
        key: Uuid::from_u128(8).to_string(),
        due_date: "2026-04-14".to_owned(),
        seen: "1250".to_owned(),
        shown: "mark".to_owned(),
    }
}

#[test]
fn each_company_has_a_block_with_its_sum_and_what_is_due_first_comes_first() {
    let lines = vec![
        line("Cedar", 4, 100),
        line("Borealis", 9, 300),
        line("Cedar", 2, 50),
    ];
    let blocks = blocks(lines).unwrap();
    let shown: Vec<_> = blocks
        .iter()
        .map(|block| {
            let numbers: Vec<&str> = block.lines.iter().map(|line| line.number.as_str()).collect();
            (
                block.company.as_str(),
                numbers,
                block.amount.minor(),
                block.open.minor(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("Borealis", vec!["INV-9"], 300, 150),
            ("Cedar", vec!["INV-2", "INV-4"], 150, 75)
        ]
    );
}

#[test]
fn two_currencies_make_no_bill() {
    let mut other = line("Cedar", 2, 50);
    other.amount = Money::new(50, Currency::EUR);
    let refused = blocks(vec![line("Cedar", 1, 50), other]);
    assert!(matches!(refused, Err(Refusal::MixedCurrencies { .. })));
}

#[test]
fn a_bill_is_as_far_as_its_invoices_are() {
    let sums = |open, written_off| Sums {
        total: usd(100),
        open: usd(open),
        written_off: usd(written_off),
    };
    let of = |open| state(false, sums(open, 0));
    assert_eq!(of(100), RollupState::Open);
    assert_eq!(of(1), RollupState::PartlyPaid);
    assert_eq!(of(0), RollupState::Paid);
    // A bank took money back that was paid before the bill.
    assert_eq!(of(120), RollupState::Open);
    assert_eq!(state(false, sums(0, 100)), RollupState::WrittenOff);
    assert_eq!(state(false, sums(30, 70)), RollupState::PartlyPaid);
    assert_eq!(state(true, sums(0, 0)), RollupState::Void);
}

#[test]
fn a_bill_that_is_being_paid_stays() {
    assert_eq!(voiding(false, usd(0)), Ok(()));
    assert_eq!(voiding(false, usd(1)), Err(Locked::Pending));
    assert_eq!(voiding(true, usd(0)), Err(Locked::Void));
}

#[test]
fn a_form_is_read() {
    let read = fields().parse().unwrap();
    assert_eq!(read.key, FormKey(Uuid::from_u128(8)));
    assert_eq!(read.wanted.account, AccountId(Uuid::from_u128(7)));
    assert_eq!(
        read.wanted.period,
        Period {
            from: day(1),
            to: day(31)
        }
    );
    assert_eq!(read.seen, usd(1_250));
}

#[test]
fn each_wrong_field_is_named() {
    let wrong = RollupFields {
        account: String::new(),
        currency: "dollars".to_owned(),
        period_from: "March".to_owned(),
        ..fields()
    };
    let FieldErrors(errors) = wrong.wanted().unwrap_err();
    let named: Vec<&str> = errors.keys().map(String::as_str).collect();
    assert_eq!(named, ["account", "currency", "period_from"]);
    let reversed = RollupFields {
        period_to: "2026-02-01".to_owned(),
        ..fields()
    };
    assert_eq!(
        reversed.wanted().unwrap_err().0.get("period_to"),
        Some(&Refusal::RangeReversed)
    );
    let broken = RollupFields {
        seen: "all".to_owned(),
        ..fields()
    };
    assert_eq!(broken.parse().unwrap_err().0.get(""), Some(&Refusal::FormBroken));
}

#[test]
fn an_address_of_the_list_is_read_as_it_was_written() {
    let text = "side=issued&search=a%26b&status=settled&from=2026-03-01&to=2026-03-31&on=2026-03-15";
    let query = RollupQuery::from_query(text);
    assert_eq!(query.search.as_deref(), Some("a&b"));
    assert_eq!(query.status, Some(RollupStatus::Settled));
    assert_eq!(RollupQuery::from_query(&query.to_query()), query);
    assert!(query.is_narrowed());
    // What cannot be read narrows nothing.
    let wrong = RollupQuery::from_query("status=lost&from=yesterday&search=%20&side=issued");
    assert!(!wrong.is_narrowed());
}

#[test]
fn a_line_of_an_export_is_guarded_and_plain() {
    let row = RollupRow {
        id: RollupId(Uuid::nil()),
        number: "ROL-2026-000001".to_owned(),
        counterparty: "=Acme".to_owned(),
        period: Period {
            from: day(1),
            to: day(31),
        },
        issue_date: day(31),
        due_date: day(31),
        total: usd(123_450),
        open: usd(50),
        state: RollupState::PartlyPaid,
    };
    let line = "\"ROL-2026-000001\",\"Partly paid\",\"'=Acme\",\"2026-03-01\",\"2026-03-31\",\"2026-03-31\",\"2026-03-31\",\"USD\",\"1234.50\",\"0.50\"\r\n";
    assert_eq!(list::csv_row(&row), line);
    let columns = list::csv_header(Side::Seller).split(',').count();
    assert_eq!(columns, line.split(',').count());
}
