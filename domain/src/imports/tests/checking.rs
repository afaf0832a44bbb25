//! V6 to V9 and V11.

use super::any::any_document;
use super::*;
use proptest::prelude::*;
use rust_decimal::Decimal;

fn sums(document: &DraftDocument) -> Vec<(Sum, i64, i64)> {
    let issues = check(document).unwrap_err();
    let differ = issues.iter().map(|issue| match &issue.problem {
        Problem::Differs {
            sum,
            stated,
            computed,
        } => (*sum, stated.minor(), computed.minor()),
        other => panic!("{other:?}"),
    });
    differ.collect()
}

#[test]
fn what_a_document_does_not_state_is_computed() {
    // 3 x 0.335 = 1.005 and rounds away from zero, once a line (V2, V4).
    let checked = check(&invoice(&[
        ("3", "0.335", "20"),
        ("1", "0.015", "20"),
        ("-1", "0.005", "0"),
    ]))
    .unwrap();
    let nets: Vec<_> = checked.lines.iter().map(|line| line.net.minor()).collect();
    assert_eq!(nets, [101, 2, -1]);
    let totals = checked.totals;
    assert_eq!(
        (totals.lines, totals.net, totals.tax, totals.total),
        (eur(102), eur(102), eur(21), eur(123))
    );
    let bases: Vec<_> = totals
        .taxes
        .iter()
        .map(|group| (group.category, group.base, group.tax))
        .collect();
    assert_eq!(
        bases,
        [
            (TaxCategory::S, eur(103), eur(21)),
            (TaxCategory::Z, eur(-1), eur(0))
        ]
    );
}

#[test]
fn each_stated_number_that_differs_is_told_with_both() {
    let mut document = invoice(&[("2", "10", "20")]);
    document.prepaid = eur(5_00);
    document.rounding = eur(-1);
    document.adjustments = vec![adjustment(AdjustmentKind::Charge, 1_00, Some(standard("20")))];
    let right = StatedTotals {
        line: 7,
        lines: Some(eur(20_00)),
        discounts: Some(eur(0)),
        charges: Some(eur(1_00)),
        net: Some(eur(21_00)),
        tax: Some(eur(4_20)),
        total: Some(eur(25_20)),
        due: Some(eur(20_19)),
        groups: vec![StatedGroup {
            source_line: 8,
            tax: standard("20"),
            base: Some(eur(21_00)),
            amount: Some(eur(4_20)),
        }],
    };
    document.lines[0].stated_net = Some(eur(20_00));
    document.lines[0].stated_tax = Some(eur(4_00));
    document.stated = right.clone();
    let checked = check(&document).unwrap();
    assert_eq!(
        (checked.prepaid, checked.due, checked.totals.rounding),
        (eur(5_00), eur(20_19), eur(-1))
    );

    let one = Some(eur(1));
    type Change = fn(&mut DraftDocument, Option<Money>);
    let changes: [(Change, Sum, i64); 10] = [
        (|d, m| d.lines[0].stated_net = m, Sum::LineNet, 20_00),
        (|d, m| d.lines[0].stated_tax = m, Sum::LineTax, 4_00),
        (|d, m| d.stated.lines = m, Sum::Lines, 20_00),
        (|d, m| d.stated.discounts = m, Sum::Discounts, 0),
        (|d, m| d.stated.charges = m, Sum::Charges, 1_00),
        (|d, m| d.stated.net = m, Sum::Net, 21_00),
        (|d, m| d.stated.tax = m, Sum::Tax, 4_20),
        (|d, m| d.stated.total = m, Sum::Total, 25_20),
        (|d, m| d.stated.due = m, Sum::Due, 20_19),
        (|d, m| d.stated.groups[0].amount = m, Sum::GroupTax, 4_20),
    ];
    for (change, sum, computed) in changes {
        let mut wrong = document.clone();
        change(&mut wrong, one);
        assert_eq!(sums(&wrong), [(sum, 1, computed)]);
    }
    document.stated.groups[0].base = one;
    assert_eq!(sums(&document), [(Sum::GroupBase, 1, 21_00)]);
    assert_eq!(check(&document).unwrap_err()[0].line, 8);
}

#[test]
fn a_group_that_is_not_stated_and_a_group_without_lines_are_found() {
    let mut document = invoice(&[("1", "10", "20"), ("1", "10", "0")]);
    let group = |rate, base| StatedGroup {
        source_line: 8,
        tax: standard(rate),
        base: Some(eur(base)),
        amount: None,
    };
    document.stated.groups = vec![group("20", 10_00), group("7", 10_00)];
    let issues = check(&document).unwrap_err();
    assert!(matches!(
        issues[0].problem,
        Problem::Differs {
            sum: Sum::GroupBase,
            ..
        }
    ));
    assert!(matches!(
        issues[1].problem,
        Problem::GroupNotStated {
            category: TaxCategory::Z,
            ..
        }
    ));
}

#[test]
fn a_group_may_be_stated_in_parts() {
    let mut document = invoice(&[("1", "10", "0"), ("1", "5", "0")]);
    let part = |base| StatedGroup {
        source_line: 8,
        tax: standard("0"),
        base: Some(eur(base)),
        amount: Some(eur(0)),
    };
    document.stated.groups = vec![part(10_00), part(5_00)];
    assert!(check(&document).is_ok());
}

#[test]
fn a_discount_without_category_lowers_the_bases_by_largest_remainder() {
    let mut document = invoice(&[("1", "10.00", "20"), ("1", "10.00", "7"), ("1", "10.00", "0")]);
    document.adjustments = vec![adjustment(AdjustmentKind::Discount, 1_00, None)];
    let totals = check(&document).unwrap().totals;
    let bases: Vec<_> = totals.taxes.iter().map(|group| group.base.minor()).collect();
    assert_eq!((totals.discount, totals.net), (eur(1_00), eur(29_00)));
    assert_eq!(bases, [966, 967, 967]);
}

#[test]
fn a_return_takes_no_part_in_sharing_a_discount() {
    let mut document = invoice(&[("1", "10.00", "20"), ("-1", "2.00", "0")]);
    document.adjustments = vec![adjustment(AdjustmentKind::Discount, 1_00, None)];
    let bases: Vec<_> = check(&document)
        .unwrap()
        .totals
        .taxes
        .iter()
        .map(|group| group.base.minor())
        .collect();
    assert_eq!(bases, [9_00, -2_00]);
}

#[test]
fn a_document_below_zero_is_refused_or_turned() {
    let document = invoice(&[("-1", "10", "20")]);
    assert!(
        matches!(check(&document).unwrap_err()[0].problem, Problem::NegativeTotal { total } if total == eur(-12_00))
    );
    let turned = settle_sign(document.clone(), NegativeDocuments::AsCreditNote);
    assert_eq!(
        (turned.kind, check(&turned).unwrap().totals.total),
        (DocumentKind::CreditNote, eur(12_00))
    );
    assert_eq!(settle_sign(document.clone(), NegativeDocuments::Refuse), document);
}

#[test]
fn stated_nets_stand_against_prices_only_when_the_sum_of_lines_confirms_them() {
    let mut document = invoice(&[("2", "10", "20"), ("1", "5", "20"), ("3", "7", "20")]);
    let state = |document: &mut DraftDocument, nets: [i64; 3]| {
        document
            .lines
            .iter_mut()
            .zip(nets)
            .for_each(|(line, net)| line.stated_net = Some(eur(net)));
    };
    state(&mut document, [20_00, -5_00, 7_00]);
    let (same, notices) = settle_lines(document.clone(), LinePrices::Informative);
    assert_eq!((&same, notices), (&document, Vec::new()));
    assert!(check(&same).is_err());

    document.stated.lines = Some(eur(22_00));
    let (settled, notices) = settle_lines(document.clone(), LinePrices::Informative);
    assert_eq!(notices.len(), 2);
    assert_eq!(settled.lines[1].quantity.to_string(), "-1");
    let checked = check(&settled).unwrap();
    assert_eq!(checked.totals.lines, eur(22_00));
    assert_eq!(
        (
            checked.lines[2].quantity.to_string(),
            checked.lines[2].unit_price.to_string()
        ),
        ("3".into(), "2.333333".into())
    );

    // Under Peppol a price binds but for the cents that rounding on the way may cost.
    let (bound, _) = settle_lines(document.clone(), LinePrices::Binding);
    assert!(check(&bound).is_err());
    state(&mut document, [20_02, -5_00, 20_99]);
    document.stated.lines = Some(eur(36_01));
    let (bound, notices) = settle_lines(document, LinePrices::Binding);
    assert_eq!(
        (notices.len(), check(&bound).unwrap().totals.net),
        (3, eur(36_01))
    );
}

#[test]
fn stored_lines_add_up_by_themselves() {
    let mut document = invoice(&[("1000000", "1", "20"), ("2", "10", "20"), ("3", "9.99", "20")]);
    document.lines[0].price_base = Quantity::from_scaled(3_000_000);
    document.lines[1].price_base = Quantity::from_scaled(3_000_000);
    document.lines[2].discount_percent = TaxRate::from_scaled(100_000);
    let lines = check(&document).unwrap().lines;
    let told: Vec<_> = lines
        .iter()
        .map(|l| {
            (
                l.quantity.to_string(),
                l.unit_price.to_string(),
                l.discount.minor(),
                l.net.minor(),
            )
        })
        .collect();
    let told: Vec<_> = told
        .iter()
        .map(|(q, p, d, n)| (q.as_str(), p.as_str(), *d, *n))
        .collect();
    // A third of a cent a piece cannot be kept, so a million of them become one; the last one's 10 % are an amount.
    assert_eq!(
        told,
        [
            ("1", "333333.33", 0, 33_333_333),
            ("2", "3.333333", 0, 6_67),
            ("3", "9.99", 3_00, 26_97)
        ]
    );
    assert_eq!(lines[0].description, "line 0 (1000000 \u{d7} 1 / 3)");
}

#[test]
fn numbers_without_end_are_refused_and_do_not_panic() {
    let mut document = invoice(&[("1", "1", "20"), ("1", "1", "20")]);
    document.lines[0].quantity = Quantity::from_scaled(i64::MAX);
    document.lines[0].unit_price = UnitPrice::from_scaled(i64::MAX);
    assert!(matches!(
        check(&document).unwrap_err()[0].problem,
        Problem::TooLarge { .. }
    ));
    document.lines[0].quantity = Quantity::from_scaled(1_000_000);
    document.lines[0].unit_price = UnitPrice::from_scaled(1_000_000);
    document.lines[0].charge = eur(i64::MAX - 100);
    assert!(matches!(
        check(&document).unwrap_err()[0].problem,
        Problem::TooLarge { .. }
    ));
    document.lines[0].price_base = Quantity::from_scaled(0);
    assert_eq!(check(&document).unwrap_err()[0].problem, Problem::ZeroPriceBase);
}

proptest! {
    #[test]
    fn what_passes_adds_up_to_the_last_unit(document in any_document()) {
        let document = DraftDocument { stated: StatedTotals::default(), ..document };
        let document = settle_sign(without_stated_lines(document), NegativeDocuments::AsCreditNote);
        let Ok(checked) = check(&document) else { return Ok(()) };
        let totals = &checked.totals;
        let minor = |amounts: Vec<Money>| amounts.iter().map(|amount| i128::from(amount.minor())).sum::<i128>();
        prop_assert_eq!(minor(checked.lines.iter().map(|line| line.net).collect()), i128::from(totals.lines.minor()));
        prop_assert_eq!(totals.net.minor(), totals.lines.minor() - totals.discount.minor() + totals.charge.minor());
        prop_assert_eq!(minor(totals.taxes.iter().map(|group| group.base).collect()), i128::from(totals.net.minor()));
        prop_assert_eq!(minor(totals.taxes.iter().map(|group| group.tax).collect()), i128::from(totals.tax.minor()));
        prop_assert_eq!(totals.total.minor(), totals.net.minor() + totals.tax.minor());
        prop_assert_eq!(checked.due.minor(), totals.total.minor() - checked.prepaid.minor() + totals.rounding.minor());
        for line in &checked.lines {
            let gross = line.quantity.to_decimal() * line.unit_price.to_decimal();
            let net = Money::round_half_away(gross - line.discount.to_decimal(), Currency::EUR).unwrap();
            prop_assert_eq!(net, line.net, "{:?}", line);
        }
    }

    #[test]
    fn a_document_with_its_own_totals_passes_and_with_one_unit_off_does_not(document in any_document(), off in 1..5_i64) {
        let document = DraftDocument { stated: StatedTotals::default(), ..without_stated_lines(document) };
        let document = settle_sign(document, NegativeDocuments::AsCreditNote);
        let Ok(checked) = check(&document) else { return Ok(()) };
        let mut stated = document.clone();
        stated.stated.total = Some(checked.totals.total);
        stated.stated.tax = Some(checked.totals.tax);
        prop_assert!(check(&stated).is_ok());
        stated.stated.total = Some(Money::new(checked.totals.total.minor() + off, Currency::EUR));
        prop_assert!(check(&stated).is_err());
    }

    #[test]
    fn a_credit_note_is_the_mirror_of_its_invoice(quantity in 1..100_000_i64, price in 1..100_000_000_i64, rate in 1..300_000_i64) {
        let mut document = invoice(&[("1", "1", "20")]);
        document.lines[0].quantity = Quantity::from_scaled(quantity * 1_000);
        document.lines[0].unit_price = UnitPrice::from_scaled(price);
        document.lines[0].tax.rate = TaxRate::from_scaled(rate);
        let mut negative = document.clone();
        negative.lines[0].quantity = Quantity::from_scaled(-quantity * 1_000);
        let turned = settle_sign(negative, NegativeDocuments::AsCreditNote);
        let (one, other) = (check(&document).unwrap(), check(&turned).unwrap());
        prop_assert_eq!(one.totals.total, other.totals.total);
        prop_assert!(one.totals.total.to_decimal() >= Decimal::ZERO);
    }
}

fn without_stated_lines(mut document: DraftDocument) -> DraftDocument {
    for line in &mut document.lines {
        (line.stated_net, line.stated_tax) = (None, None);
    }
    document
}
