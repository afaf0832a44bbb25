//! Documents add up exactly, and the mirror of a document has the mirror of its totals.

use super::*;
use crate::{
    refusal::Figure,
    strategies::{currency, eur},
};
use proptest::{prelude::*, sample::select};

const NORMAL: TaxRate = TaxRate::from_scaled(190_000);
const REDUCED: TaxRate = TaxRate::from_scaled(70_000);
const NONE: TaxRate = TaxRate::from_scaled(0);

#[test]
fn a_line_is_rounded_once_half_away_from_zero() {
    // quantity and price in millionths, discount and net in cents
    let cases = [
        (3_000_000, 333_333, 0, 100),
        (1_000_000, 5_000, 0, 1),
        (-1_000_000, 5_000, 0, -1),
        (1_000_000, 4_999, 0, 0),
        (1_500_000, 10_000_000, 50, 1_450),
        (1_000_000, 5_000, 1, -1),
        (1_000_000, 10_000_000, -250, 1_250),
        (0, 10_000_000, 0, 0),
    ];
    for (quantity, price, discount, net) in cases {
        let (quantity, price) = (Quantity::from_scaled(quantity), UnitPrice::from_scaled(price));
        assert_eq!(
            line_net(quantity, price, eur(discount)),
            Ok(eur(net)),
            "{quantity} × {price} − {discount}"
        );
    }
}

#[test]
fn a_line_of_extreme_factors_is_refused_and_never_wrong() {
    for (quantity, price, discount) in [
        (i64::MAX, i64::MAX, 0),
        (i64::MIN, i64::MIN, i64::MIN),
        (i64::MIN, i64::MAX, i64::MAX),
    ] {
        let net = line_net(
            Quantity::from_scaled(quantity),
            UnitPrice::from_scaled(price),
            eur(discount),
        );
        assert_eq!(net, Err(Refusal::AmountTooLarge));
    }
    let dear = line_net(
        Quantity::from_scaled(1_000_000),
        UnitPrice::from_scaled(i64::MAX),
        eur(0),
    );
    assert_eq!(dear, Ok(eur(922_337_203_685_478)));
}

#[test]
fn tax_is_rounded_once_for_each_group() {
    // Three lines of 0.33 at 19 %: 0.0627 each would be 0.18 if rounded by line; the group's 0.1881 is 0.19.
    let lines = [line(33, TaxCategory::S, NORMAL); 3];
    let totals = plain(&lines);
    assert_eq!(totals.taxes.len(), 1);
    assert_eq!(
        (totals.net, totals.tax, totals.total),
        (eur(99), eur(19), eur(118))
    );
}

#[test]
fn each_category_and_rate_is_a_group_of_its_own() {
    let lines = [
        line(10_000, TaxCategory::S, NORMAL),
        line(5_000, TaxCategory::S, REDUCED),
        line(2_000, TaxCategory::E, NONE),
        line(1_000, TaxCategory::S, NORMAL),
    ];
    let totals = plain(&lines);
    let groups: Vec<_> = totals
        .taxes
        .iter()
        .map(|g| (g.category, g.rate, g.base, g.tax))
        .collect();
    assert_eq!(
        groups,
        [
            (TaxCategory::S, REDUCED, eur(5_000), eur(350)),
            (TaxCategory::S, NORMAL, eur(11_000), eur(2_090)),
            (TaxCategory::E, NONE, eur(2_000), eur(0)),
        ]
    );
    assert_eq!(totals.total, eur(18_000 + 2_440));
}

#[test]
fn a_document_discount_lowers_the_bases_in_proportion() {
    let lines = [
        line(10_000, TaxCategory::S, NORMAL),
        line(5_000, TaxCategory::S, REDUCED),
    ];
    let whole = WholeDocument {
        discount: eur(1_000),
        charge: eur(1),
        ..WholeDocument::plain(Currency::EUR)
    };
    let totals = totals(Currency::EUR, &lines, &whole).unwrap();
    let bases: Vec<_> = totals.taxes.iter().map(|group| group.base).collect();
    // The discount's odd cent goes to the larger remainder, the charge's only cent too.
    assert_eq!(bases, [eur(5_000 - 333), eur(10_000 - 667 + 1)]);
    assert_eq!(totals.net, eur(14_001));
}

#[test]
fn a_returned_item_takes_no_part_in_the_discount() {
    let lines = [
        line(10_000, TaxCategory::S, NORMAL),
        line(-2_000, TaxCategory::S, REDUCED),
    ];
    let whole = WholeDocument {
        discount: eur(100),
        ..WholeDocument::plain(Currency::EUR)
    };
    let totals = totals(Currency::EUR, &lines, &whole).unwrap();
    let bases: Vec<_> = totals.taxes.iter().map(|group| group.base).collect();
    assert_eq!(bases, [eur(-2_000), eur(9_900)]);
}

#[test]
fn no_tax_is_a_category_with_a_reason_and_never_a_rate() {
    let exempt = plain(&[line(100, TaxCategory::AE, NONE)]);
    assert_eq!(exempt.taxes[0].reason.as_deref(), Some("Reverse charge"));
    let reasons = BTreeMap::from([(TaxCategory::AE, "Art. 196".to_owned())]);
    let whole = WholeDocument {
        reasons,
        ..WholeDocument::plain(Currency::EUR)
    };
    let given = totals(Currency::EUR, &[line(100, TaxCategory::AE, NONE)], &whole).unwrap();
    assert_eq!(given.taxes[0].reason.as_deref(), Some("Art. 196"));
    for (category, rate) in [
        (TaxCategory::S, NONE),
        (TaxCategory::E, NORMAL),
        (TaxCategory::Z, NORMAL),
    ] {
        let refused = totals(
            Currency::EUR,
            &[line(100, category, rate)],
            &WholeDocument::plain(Currency::EUR),
        );
        assert_eq!(refused, Err(Refusal::RateUnfit { category, rate }));
    }
}

#[test]
fn lines_of_two_currencies_do_not_add_up() {
    let yen = Line {
        net: Money::new(1, Currency::JPY),
        category: TaxCategory::S,
        rate: NORMAL,
    };
    let refused = totals(
        Currency::EUR,
        &[line(1, TaxCategory::S, NORMAL), yen],
        &WholeDocument::plain(Currency::EUR),
    );
    assert!(matches!(refused, Err(Refusal::MixedCurrencies { .. })));
}

#[test]
fn a_document_without_lines_is_nothing() {
    assert_eq!(plain(&[]).total, eur(0));
    let whole = WholeDocument {
        discount: eur(1),
        ..WholeDocument::plain(Currency::EUR)
    };
    assert_eq!(
        totals(Currency::EUR, &[], &whole),
        Err(Refusal::NothingToShareAmong)
    );
}

#[test]
fn each_stated_number_is_checked() {
    let (lines, right) = document();
    assert_eq!(check(Currency::EUR, &lines, &right), Ok(()));
    let wrong = |change: &dyn Fn(&mut Vec<InvoiceLine>, &mut Totals)| {
        let (mut lines, mut totals) = (lines.clone(), right.clone());
        change(&mut lines, &mut totals);
        match check(Currency::EUR, &lines, &totals) {
            Err(Refusal::TotalDiffers { what, .. }) => what,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(wrong(&|lines, _| lines[0].net = eur(1)), Figure::LineNet);
    assert_eq!(wrong(&|_, totals| totals.lines = eur(1)), Figure::Lines);
    assert_eq!(wrong(&|_, totals| totals.net = eur(1)), Figure::Net);
    assert_eq!(wrong(&|_, totals| totals.taxes[0].base = eur(1)), Figure::TaxBase);
    assert_eq!(wrong(&|_, totals| totals.taxes[0].tax = eur(1)), Figure::Tax);
    assert_eq!(wrong(&|_, totals| totals.tax = eur(1)), Figure::Tax);
    assert_eq!(wrong(&|_, totals| totals.total = eur(1)), Figure::Total);
    assert_eq!(wrong(&|_, totals| totals.taxes.clear()), Figure::TaxBase);
}

#[test]
fn a_stated_group_without_its_reason_is_refused() {
    let (mut lines, _) = document();
    lines[0].tax_category = TaxCategory::E;
    lines[0].tax_rate = NONE;
    let mut totals = plain(&[Line::from(&lines[0])]);
    totals.taxes[0].reason = Some(" ".to_owned());
    assert_eq!(
        check(Currency::EUR, &lines, &totals),
        Err(Refusal::ReasonMissing {
            category: TaxCategory::E
        })
    );
}

proptest! {
    #[test]
    fn every_total_follows_from_its_parts((currency, lines, whole) in any_document()) {
        let totals = totals(currency, &lines, &whole).unwrap();
        let sum = |amounts: Vec<Money>| Money::sum(currency, amounts).unwrap();
        prop_assert_eq!(totals.lines, sum(lines.iter().map(|line| line.net).collect()));
        prop_assert_eq!(totals.net.minor(), totals.lines.minor() - whole.discount.minor() + whole.charge.minor());
        prop_assert_eq!(sum(totals.taxes.iter().map(|group| group.base).collect()), totals.net);
        prop_assert_eq!(sum(totals.taxes.iter().map(|group| group.tax).collect()), totals.tax);
        let total = totals.net.minor() + totals.tax.minor() + whole.rounding.minor();
        prop_assert_eq!(totals.total.minor(), total);
        for group in &totals.taxes {
            prop_assert_eq!(percentage(group.base, group.rate), Ok(group.tax));
            prop_assert_eq!(group.reason.is_some(), group.category.needs_reason());
        }
    }

    #[test]
    fn a_full_credit_is_the_exact_mirror((currency, lines, whole) in any_document()) {
        let turned = |amount: Money| amount.checked_neg().unwrap();
        let lines_turned: Vec<Line> = lines.iter().map(|line| Line { net: turned(line.net), ..*line }).collect();
        let whole_turned = WholeDocument {
            discount: turned(whole.discount),
            charge: turned(whole.charge),
            rounding: turned(whole.rounding),
            reasons: BTreeMap::new(),
        };
        let one = totals(currency, &lines, &whole).unwrap();
        let other = totals(currency, &lines_turned, &whole_turned).unwrap();
        prop_assert_eq!(turned(one.total), other.total);
        for (group, mirror) in one.taxes.iter().zip(&other.taxes) {
            prop_assert_eq!((turned(group.base), turned(group.tax)), (mirror.base, mirror.tax));
        }
    }

    #[test]
    fn a_line_turned_round_is_its_mirror(quantity in any::<i32>(), price in any::<i32>(), discount in any::<i32>()) {
        let net = |sign: i64| {
            let quantity = Quantity::from_scaled(sign * i64::from(quantity));
            line_net(quantity, UnitPrice::from_scaled(i64::from(price)), eur(sign * i64::from(discount))).unwrap()
        };
        prop_assert_eq!(net(1).minor(), -net(-1).minor());
    }

    #[test]
    fn extremes_are_refused_and_never_panic(
        quantity in any::<i64>(), price in any::<i64>(), discount in any::<i64>(), rate in 1..=i64::MAX,
        nets in prop::collection::vec(any::<i64>(), 0..4), currency in currency(),
    ) {
        let off = Money::new(discount, currency);
        let _ = line_net(Quantity::from_scaled(quantity), UnitPrice::from_scaled(price), off);
        let rate = TaxRate::from_scaled(rate);
        let lines: Vec<Line> = nets
            .iter()
            .map(|net| Line { net: Money::new(*net, currency), category: TaxCategory::S, rate })
            .collect();
        let whole = WholeDocument { discount: off, charge: off, ..WholeDocument::plain(currency) };
        let _ = totals(currency, &lines, &whole);
    }
}

fn any_document() -> impl Strategy<Value = (Currency, Vec<Line>, WholeDocument)> {
    let kind = select(vec![
        (TaxCategory::S, NORMAL),
        (TaxCategory::S, REDUCED),
        (TaxCategory::Z, NONE),
        (TaxCategory::E, NONE),
        (TaxCategory::AE, NONE),
    ]);
    let line = (-1_000_000_i64..10_000_000, kind);
    let amounts = (0_i64..100_000, 0_i64..100_000, -5_i64..5);
    (currency(), prop::collection::vec(line, 1..12), amounts).prop_map(|(currency, lines, amounts)| {
        let money = |minor| Money::new(minor, currency);
        let lines = lines
            .into_iter()
            .map(|(net, (category, rate))| Line {
                net: money(net),
                category,
                rate,
            })
            .collect();
        let (discount, charge, rounding) = amounts;
        let whole = WholeDocument {
            discount: money(discount),
            charge: money(charge),
            rounding: money(rounding),
            reasons: BTreeMap::new(),
        };
        (currency, lines, whole)
    })
}

fn line(net: i64, category: TaxCategory, rate: TaxRate) -> Line {
    Line {
        net: eur(net),
        category,
        rate,
    }
}

fn plain(lines: &[Line]) -> Totals {
    totals(Currency::EUR, lines, &WholeDocument::plain(Currency::EUR)).unwrap()
}

fn document() -> (Vec<InvoiceLine>, Totals) {
    let lines = vec![InvoiceLine {
        position: 1,
        item_code: None,
        description: "Licence".to_owned(),
        quantity: Quantity::from_scaled(3_000_000),
        unit_price: UnitPrice::from_scaled(33_330_000),
        discount: eur(99),
        net: eur(9_900),
        tax_category: TaxCategory::S,
        tax_rate: NORMAL,
    }];
    let totals = plain(&[Line::from(&lines[0])]);
    (lines, totals)
}
