//! What an address and a posted plan say, and that a plan holds only against what was seen.

use super::*;
use crate::{
    FieldErrors, Refusal,
    invoices::Stage,
    locale::Locale,
    payments::{
        allocation::{Current, Unused},
        form::LineFields,
    },
    strategies::{day, eur, invoice},
};

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

#[test]
fn an_address_is_read_as_it_was_written() {
    let query = WorkbenchQuery {
        account: Some(AccountId(id(7))),
        of: Some(id(8)),
        search: "Acme & Co".to_owned(),
        currency: Some(Currency::EUR),
        rule: Rule::ProRata,
        from: Some(vec![id(1), id(2)]),
        typed: vec![(invoice(3), "1.234,50".to_owned()), (invoice(4), String::new())],
    };
    assert_eq!(WorkbenchQuery::from_query(&query.to_query()), query);
    assert_eq!(WorkbenchQuery::from_query(""), WorkbenchQuery::default());
    let none = WorkbenchQuery::from_query("ticked=1&rule=nonsense");
    assert_eq!((none.from, none.rule), (Some(Vec::new()), Rule::Due));
}

#[test]
fn no_address_ticks_more_than_a_page_shows() {
    let many: String = (0..300).map(|n| format!("&from={}", id(n))).collect();
    let read = WorkbenchQuery::from_query(&many);
    assert_eq!(read.from.map(|from| from.len()), Some(MOST_SOURCES));
}

fn fields() -> PlanFields {
    let line = |n: u128, amount: &str| LineFields {
        invoice: invoice(n).to_string(),
        apply: None,
        seen: "300".to_owned(),
        currency: "EUR".to_owned(),
        amount: amount.to_owned(),
    };
    PlanFields {
        key: id(9).to_string(),
        account: id(1).to_string(),
        currency: "EUR".to_owned(),
        rule: "smallest".to_owned(),
        sources: vec![SourceFields {
            id: id(5).to_string(),
            seen: "250".to_owned(),
        }],
        lines: vec![line(1, ""), line(2, "2.50")],
    }
}

fn sources(amount: i64) -> Vec<Unused> {
    vec![Unused {
        from: id(5),
        account: AccountId(id(1)),
        number: "REC-5".to_owned(),
        day: day("2026-01-01"),
        amount: eur(amount),
    }]
}

fn current() -> Vec<Current> {
    vec![Current {
        invoice: invoice(2),
        rollup: None,
        account: AccountId(id(1)),
        number: "INV-2".to_owned(),
        stage: Stage::Open,
        open: eur(300),
        pending: eur(0),
        disputed: eur(0),
    }]
}

#[test]
fn a_plan_is_read_checked_and_drawn() {
    let plan = fields().parse(Locale::EnUs).unwrap();
    assert_eq!((plan.rule, plan.lines.len()), (Rule::Smallest, 1));
    let drawn = check_plan(&plan, &sources(250), &current()).unwrap();
    assert_eq!(drawn.len(), 1);
    assert_eq!((drawn[0].0, drawn[0].1[0].amount), (id(5), eur(250)));
}

#[test]
fn what_was_seen_must_still_be_there() {
    let plan = fields().parse(Locale::EnUs).unwrap();
    assert_eq!(
        check_plan(&plan, &sources(200), &current()),
        Err(FieldErrors::one(
            "",
            Refusal::OpenAmountMoved {
                number: "REC-5".to_owned(),
                seen: eur(250),
                now: eur(200),
            }
        ))
    );
    let mut more = plan.clone();
    more.lines[0].amount = eur(251);
    assert_eq!(
        check_plan(&more, &sources(250), &current()),
        Err(FieldErrors::one(
            "",
            Refusal::MoreThanAvailable { available: eur(250) }
        ))
    );
    let mut twice = plan;
    twice.sources.push(twice.sources[0]);
    assert_eq!(
        check_plan(&twice, &sources(250), &current()),
        Err(FieldErrors::one("", Refusal::FormBroken))
    );
}

#[test]
fn nothing_meant_and_what_was_tampered_with_are_refused() {
    let refused = |change: fn(&mut PlanFields)| {
        let mut fields = fields();
        change(&mut fields);
        fields.parse(Locale::EnUs).unwrap_err()
    };
    let nothing = FieldErrors::one("", Refusal::NothingChosen);
    assert_eq!(refused(|fields| fields.lines[1].amount.clear()), nothing);
    assert_eq!(refused(|fields| fields.sources.clear()), nothing);
    let broken = FieldErrors::one("", Refusal::FormBroken);
    assert_eq!(refused(|fields| fields.rule.clear()), broken);
    assert_eq!(refused(|fields| fields.sources[0].seen.clear()), broken);
    assert_eq!(refused(|fields| fields.key.clear()), broken);
}
