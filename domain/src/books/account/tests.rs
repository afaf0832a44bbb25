//! The balance of an account adds up by kind and by book, one currency at a time.

use super::*;
use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

fn sum(kind: EntryKind, way: Way, currency: Currency, (open, unapplied, credit): (i64, i64, i64)) -> KindSum {
    let money = |minor| Money::new(minor, currency);
    KindSum {
        kind,
        way,
        count: 2,
        open: money(open),
        unapplied: money(unapplied),
        credit: money(credit),
    }
}

fn account(sums: Vec<KindSum>) -> ExplainedAccount {
    ExplainedAccount {
        account: AccountId(Uuid::nil()),
        side: Side::Seller,
        counterparty: "Blue & Sons".to_owned(),
        company: None,
        on: NaiveDate::default(),
        today: NaiveDate::default(),
        sums,
    }
}

#[test]
fn the_balance_is_what_is_open_less_what_is_put_to_nothing() {
    let (eur, usd) = (Currency::EUR, Currency::USD);
    let sums = vec![
        sum(EntryKind::Issue, Way::Money, eur, (1_000, 0, 0)),
        sum(EntryKind::Receive, Way::Money, eur, (0, 700, 0)),
        sum(EntryKind::Allocate, Way::Money, eur, (-600, -600, 0)),
        sum(EntryKind::Credit, Way::Credit, eur, (0, 0, 50)),
        sum(EntryKind::Issue, Way::Money, usd, (7, 0, 0)),
        sum(EntryKind::Fee, Way::Money, usd, (0, 0, 0)),
    ];
    let account = account(sums);
    assert_eq!(account.currencies(), [eur, usd]);
    let steps = explain(&account, eur).unwrap();
    assert!(steps.iter().all(Step::adds_up));
    let amounts: Vec<(&str, i64)> = steps
        .iter()
        .map(|step| (step.name, step.amount.minor()))
        .collect();
    assert_eq!(
        amounts,
        [
            ("Balance", 250),
            ("Where it lies", 250),
            ("Open on invoices", 400),
            ("Unapplied money", 100),
            ("Unused credit", 50)
        ]
    );
    let parts: Vec<(&str, i64, &str)> = steps[0]
        .parts
        .iter()
        .map(|part| {
            let how = part.how.as_deref().unwrap_or_default();
            (part.name.as_str(), part.amount.minor(), how)
        })
        .collect();
    // Putting money to an invoice changes nothing of what is owed in all.
    assert_eq!(
        parts,
        [
            ("Invoices issued", 1_000, "2 times"),
            ("Payments received", -700, "2 times"),
            ("Credit notes issued", -50, "2 times")
        ]
    );
    assert_eq!(
        steps[0].parts[1].link.as_deref(),
        Some("/payments?side=issued&counterparty=Blue%20%26%20Sons&on=1970-01-01")
    );
    assert_eq!(explain(&account, usd).unwrap().len(), 3);
}

proptest! {
    #[test]
    fn every_step_adds_up(
        effects in vec((0..EntryKind::ALL.len(), 0..Way::ALL.len(), (-9_000_i64..9_000, -9_000_i64..9_000, -9_000_i64..9_000)), 0..20),
    ) {
        let sums = effects.into_iter().map(|(kind, way, effect)| {
            sum(EntryKind::ALL[kind], Way::ALL[way], Currency::EUR, effect)
        });
        let steps = explain(&account(sums.collect()), Currency::EUR).unwrap();
        prop_assert!(steps.iter().all(Step::adds_up));
        prop_assert_eq!(steps[0].amount, steps[1].amount);
    }
}
