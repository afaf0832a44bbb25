//! What is proposed, and what never is.

use super::{day, entry, eur};
use crate::{
    bank_files::{
        Candidates, Confidence, EntryKind, KnownCustomer, OpenInvoice, Proposal, Reason, RecordedPayment,
        StatementEntry, propose,
    },
    ids::{AccountId, InvoiceId},
    money::Money,
};
use proptest::prelude::*;
use uuid::Uuid;

const ACME: AccountId = AccountId(Uuid::from_u128(1));
const BOLT: AccountId = AccountId(Uuid::from_u128(2));

fn invoice(id: u128, account: AccountId, number: &str, payable: i64) -> OpenInvoice {
    OpenInvoice {
        invoice: InvoiceId(Uuid::from_u128(id)),
        account,
        number: number.into(),
        rollup: None,
        due: day(u32::try_from(id).unwrap()),
        payable: eur(payable),
        offered: eur(payable),
    }
}

fn customers() -> Vec<KnownCustomer> {
    let customer = |account, name: &str, id: &str| KnownCustomer {
        account,
        name: name.into(),
        external_id: Some(id.into()),
    };
    vec![
        customer(ACME, "Acme M\u{fc}ller GmbH", "K-1001"),
        customer(BOLT, "Bolt Ltd", "K-1002"),
    ]
}

fn invoices() -> Vec<OpenInvoice> {
    vec![
        invoice(1, ACME, "INV-2026-0001", 100_00),
        invoice(2, ACME, "INV-2026-0002", 50_00),
        invoice(3, BOLT, "INV-2026-0003", 100_00),
        invoice(4, BOLT, "7", 30_00),
        invoice(5, BOLT, "INV-2026-0005", 0),
    ]
}

fn proposed(entry: &StatementEntry) -> Proposal {
    proposed_with(entry, &[], &[])
}

fn proposed_with(
    entry: &StatementEntry,
    paid_from_here: &[AccountId],
    recorded: &[RecordedPayment],
) -> Proposal {
    proposed_of(entry, &invoices(), paid_from_here, recorded)
}

fn proposed_of(
    entry: &StatementEntry,
    invoices: &[OpenInvoice],
    paid_from_here: &[AccountId],
    recorded: &[RecordedPayment],
) -> Proposal {
    propose(
        entry,
        Candidates {
            invoices,
            customers: &customers(),
            paid_from_here,
            recorded,
        },
    )
    .unwrap()
}

fn amounts(proposal: &Proposal) -> Vec<(&str, i64)> {
    let line = |line: &'_ crate::bank_files::ProposedLine| line.amount.minor();
    proposal
        .lines
        .iter()
        .map(|one| (one.number.as_str(), line(one)))
        .collect()
}

#[test]
fn named_invoices_with_their_exact_sum_are_certain() {
    let both = proposed(&entry(150_00, "inv 2026 0001 + INV20260002"));
    assert_eq!((both.confidence, both.account), (Confidence::Certain, Some(ACME)));
    assert_eq!(
        amounts(&both),
        [("INV-2026-0001", 100_00), ("INV-2026-0002", 50_00)]
    );
    assert!(both.rest.is_zero());
    assert!(both.reasons.contains(&Reason::SumFits));
    let by_reference = StatementEntry {
        references: vec!["INV-2026-0003".into()],
        ..entry(100_00, "")
    };
    assert_eq!(proposed(&by_reference).confidence, Confidence::Certain);
}

#[test]
fn more_than_the_named_total_stays_unapplied_and_less_goes_to_what_is_due_first() {
    let more = proposed(&entry(120_00, "INV-2026-0001"));
    assert_eq!((more.confidence, more.rest), (Confidence::Likely, eur(20_00)));
    assert_eq!(amounts(&more), [("INV-2026-0001", 100_00)]);
    let less = proposed(&entry(120_00, "INV-2026-0002 INV-2026-0001"));
    assert_eq!(less.confidence, Confidence::Likely);
    assert_eq!(
        amounts(&less),
        [("INV-2026-0001", 100_00), ("INV-2026-0002", 20_00)]
    );
    assert!(
        less.reasons
            .contains(&Reason::LessThanNamed { missing: eur(30_00) })
    );
}

#[test]
fn what_is_disputed_gets_money_only_where_more_than_the_rest_was_paid() {
    let mut invoices = invoices();
    invoices[0].offered = eur(60_00);
    let propose = |cents, text: &str| proposed_of(&entry(cents, text), &invoices, &[ACME], &[]);
    let rest = propose(60_00, "INV-2026-0001");
    assert_eq!(rest.confidence, Confidence::Certain);
    assert_eq!(amounts(&rest), [("INV-2026-0001", 60_00)]);
    assert!(rest.reasons.contains(&Reason::UndisputedFits));
    let all = propose(100_00, "INV-2026-0001");
    assert_eq!(all.confidence, Confidence::Certain);
    assert_eq!(amounts(&all), [("INV-2026-0001", 100_00)]);
    let less = propose(50_00, "INV-2026-0001");
    assert_eq!((less.confidence, amounts(&less).len()), (Confidence::Likely, 1));
    let more = propose(80_00, "INV-2026-0001");
    assert_eq!(amounts(&more), [("INV-2026-0001", 80_00)]);
    // Where nothing is named a rule decides.
    let unnamed = propose(130_00, "thank you");
    assert_eq!(
        amounts(&unnamed),
        [("INV-2026-0001", 60_00), ("INV-2026-0002", 50_00)]
    );
    assert_eq!(unnamed.rest, eur(20_00));
}

#[test]
fn the_number_of_a_bill_names_all_of_its_invoices() {
    let mut invoices = invoices();
    invoices.push(invoice(6, ACME, "INV-2026-0006", 0));
    for place in [0, 1, 5] {
        invoices[place].rollup = Some("ROL-2026-00012".to_owned());
    }
    let bill = proposed_of(&entry(150_00, "rol 2026 00012"), &invoices, &[], &[]);
    assert_eq!((bill.confidence, bill.account), (Confidence::Certain, Some(ACME)));
    assert_eq!(
        amounts(&bill),
        [("INV-2026-0001", 100_00), ("INV-2026-0002", 50_00)]
    );
    let number = "ROL-2026-00012".to_owned();
    assert_eq!(bill.reasons, [Reason::NumberNamed { number }, Reason::SumFits]);
}

#[test]
fn the_amount_alone_names_invoices_and_proposes_none() {
    let only = proposed(&entry(100_00, "thank you"));
    assert_eq!(only.confidence, Confidence::AmountOnly);
    assert_eq!(
        (only.account, only.lines.len(), only.rest),
        (None, 0, eur(100_00))
    );
    assert_eq!(only.same_amount, ["INV-2026-0001", "INV-2026-0003"]);
    assert_eq!(proposed(&entry(99_00, "thank you")).confidence, Confidence::None);
}

#[test]
fn a_short_number_counts_only_where_the_customer_is_known_otherwise() {
    assert_eq!(
        proposed(&entry(30_00, "table 7")).confidence,
        Confidence::AmountOnly
    );
    let named = proposed(&entry(30_00, "7 of K-1002"));
    assert_eq!(
        (named.confidence, named.account),
        (Confidence::Likely, Some(BOLT))
    );
    assert_eq!(amounts(&named), [("7", 30_00)]);
}

#[test]
fn a_customer_who_is_known_is_likely_and_never_certain() {
    let from = |name: &str, minor| StatementEntry {
        payer_name: Some(name.into()),
        ..entry(minor, "payment")
    };
    let one = proposed(&from("ACME MUELLER GMBH", 50_00));
    assert_eq!((one.confidence, one.account), (Confidence::Likely, Some(ACME)));
    assert_eq!(amounts(&one), [("INV-2026-0002", 50_00)]);
    let all = proposed(&from("Acme M\u{fc}ller GmbH", 150_00));
    assert!(all.reasons.contains(&Reason::AllOpenFits));
    let some = proposed(&from("Acme M\u{fc}ller GmbH", 120_00));
    assert_eq!(
        amounts(&some),
        [("INV-2026-0001", 100_00), ("INV-2026-0002", 20_00)]
    );
    assert!(some.reasons.contains(&Reason::PurposeUnknown));
    assert_eq!(proposed(&from("Acme", 50_00)).account, None);
    let by_account = proposed_with(&entry(1_00, "x"), &[BOLT], &[]);
    assert_eq!(
        (by_account.confidence, by_account.account),
        (Confidence::Likely, Some(BOLT))
    );
}

#[test]
fn what_speaks_against_it_makes_it_less_sure() {
    let other = StatementEntry {
        payer_name: Some("Bolt Ltd".into()),
        ..entry(100_00, "INV-2026-0001")
    };
    let other = proposed(&other);
    assert_eq!(
        (other.confidence, other.account),
        (Confidence::Likely, Some(ACME))
    );
    assert!(other.reasons.contains(&Reason::OtherCustomer {
        name: "Bolt Ltd".into()
    }));

    let several = proposed(&entry(200_00, "INV-2026-0001 INV-2026-0003"));
    assert_eq!((several.confidence, several.account), (Confidence::None, None));
    assert!(several.reasons.contains(&Reason::SeveralCustomers));

    let settled = proposed(&entry(100_00, "INV-2026-0003 INV-2026-0005"));
    assert_eq!(settled.confidence, Confidence::Likely);
    let only_settled = proposed(&entry(10_00, "INV-2026-0005"));
    assert_eq!(
        (only_settled.account, only_settled.rest),
        (Some(BOLT), eur(10_00))
    );
    assert_eq!(only_settled.confidence, Confidence::Likely);

    let recorded = |day| RecordedPayment {
        account: ACME,
        receipt: "REC-1".into(),
        day,
        amount: eur(100_00),
    };
    let again = entry(100_00, "INV-2026-0001");
    let twice = proposed_with(&again, &[], &[recorded(day(18))]);
    assert_eq!(twice.confidence, Confidence::Likely);
    let long_ago = proposed_with(&again, &[], &[recorded(day(1))]);
    assert_eq!(long_ago.confidence, Confidence::Certain);
}

#[test]
fn other_currencies_and_what_is_no_money_in_are_not_proposed() {
    let dollars = StatementEntry {
        amount: Money::new(100_00, crate::Currency::USD),
        ..entry(0, "INV-2026-0001")
    };
    assert_eq!(proposed(&dollars).confidence, Confidence::None);
    for kind in [EntryKind::MoneyOut, EntryKind::Reversal, EntryKind::Pending] {
        let other = StatementEntry {
            kind,
            ..entry(100_00, "INV-2026-0001")
        };
        assert_eq!(proposed(&other).account, None, "{kind:?}");
    }
    assert_eq!(proposed(&entry(-100_00, "INV-2026-0001")).account, None);
    assert_eq!(proposed(&entry(0, "INV-2026-0001")).account, None);
}

#[test]
fn the_token_changes_with_customer_invoice_and_amount() {
    let one = proposed(&entry(100_00, "INV-2026-0001"));
    let tokens = [
        proposed(&entry(90_00, "INV-2026-0001")).token(),
        proposed(&entry(100_00, "INV-2026-0003")).token(),
        proposed(&entry(100_00, "nothing")).token(),
    ];
    assert!(tokens.iter().all(|token| *token != one.token()));
    assert_eq!(
        proposed(&entry(100_00, "INV-2026-0001 again")).token(),
        one.token()
    );
}

fn any_entry() -> impl Strategy<Value = StatementEntry> {
    let words = prop_oneof![
        Just("INV-2026-0001".to_owned()),
        Just("INV20260002".to_owned()),
        Just("inv 2026 0003".to_owned()),
        Just("7".to_owned()),
        Just("K-1001".to_owned()),
        "[a-z0-9 ]{0,12}",
    ];
    let name = proptest::option::of(prop_oneof![Just("bolt ltd".to_owned()), "[a-z ]{0,10}"]);
    let amount = prop_oneof![Just(100_00), Just(150_00), Just(30_00), -5_i64..300_00];
    (proptest::collection::vec(words, 0..4), name, amount).prop_map(|(words, payer_name, minor)| {
        StatementEntry {
            payer_name,
            ..entry(minor, &words.join(" "))
        }
    })
}

proptest! {
    #[test]
    fn no_proposal_takes_more_than_came_in_or_is_open(entry in any_entry()) {
        let proposal = proposed(&entry);
        let known = invoices();
        let mut sum = 0;
        for line in &proposal.lines {
            let open = known.iter().find(|one| one.invoice == line.invoice).unwrap();
            prop_assert!(line.amount.is_positive() && line.amount.minor() <= open.payable.minor());
            prop_assert_eq!(Some(open.account), proposal.account);
            sum += line.amount.minor();
        }
        if entry.can_be_recorded() {
            prop_assert_eq!(sum + proposal.rest.minor(), entry.amount.minor());
            prop_assert!(!proposal.rest.is_negative());
        } else {
            prop_assert!(proposal.lines.is_empty());
        }
    }

    #[test]
    fn without_a_word_that_names_anything_nothing_is_likely(minor in 1_i64..400_00, text in "[a-z ]{0,30}") {
        let proposal = proposed(&entry(minor, &text));
        prop_assert!(matches!(proposal.confidence, Confidence::AmountOnly | Confidence::None));
        prop_assert_eq!(proposal.account, None);
        prop_assert!(proposal.lines.is_empty());
    }

    #[test]
    fn certain_is_only_what_names_every_invoice_and_fits_to_the_cent(entry in any_entry()) {
        let proposal = proposed(&entry);
        if proposal.confidence == Confidence::Certain {
            prop_assert!(proposal.rest.is_zero());
            for line in &proposal.lines {
                let number = line.number.clone();
                let is_named = proposal.reasons.contains(&Reason::NumberNamed { number });
                prop_assert!(is_named && line.amount == line.payable);
            }
        }
    }
}
