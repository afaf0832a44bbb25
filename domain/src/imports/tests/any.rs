//! Documents of any kind, for properties.

use super::*;
use proptest::prelude::*;

/// A document as the file could hold any: texts with everything that CSV has to guard, all options on and off.
pub(super) fn any_document() -> impl Strategy<Value = DraftDocument> {
    let head = (
        any_text(),
        any_key(),
        option(any_text()),
        option(any_text()),
        any_text(),
        0..3_usize,
    );
    let amounts = (
        option(any_amount()),
        option(any_amount()),
        option(any_amount()),
        any_amount(),
        any_amount(),
    );
    let lines = prop::collection::vec(any_line(), 1..4);
    let adjustments = prop::collection::vec(any_adjustment(), 0..3);
    let groups = prop::collection::vec((any_tax(), option(any_amount()), option(any_amount())), 0..3);
    (
        head,
        amounts,
        lines,
        adjustments,
        groups,
        any::<bool>(),
        0..60_000_u64,
    )
        .prop_map(|(head, amounts, lines, adjustments, groups, is_invoice, days)| {
            let (number, customer, order_id, note, invoice, invoices) = head;
            let (tax, total, due, prepaid, rounding) = amounts;
            let first = NaiveDate::from_ymd_opt(1950, 1, 1).unwrap();
            let issue_date = first.checked_add_days(chrono::Days::new(days)).unwrap();
            let groups = groups.into_iter().map(|(tax, base, amount)| StatedGroup {
                source_line: 0,
                tax,
                base,
                amount,
            });
            DraftDocument {
                kind: if is_invoice {
                    DocumentKind::Invoice
                } else {
                    DocumentKind::CreditNote
                },
                number,
                customer,
                order_id,
                invoices: vec![invoice; invoices],
                due_date: note.as_ref().map(|_| issue_date),
                note,
                lines,
                adjustments,
                stated: StatedTotals {
                    tax,
                    total,
                    due,
                    lines: due,
                    groups: groups.collect(),
                    ..StatedTotals::default()
                },
                prepaid,
                rounding,
                tax_currency_total: total.map(|total| Money::new(total.minor(), Currency::JPY)),
                issue_date,
                first_line: 0,
                last_line: 0,
                ..invoice_head()
            }
        })
}

fn invoice_head() -> DraftDocument {
    invoice(&[])
}

fn option<S: Strategy>(strategy: S) -> impl Strategy<Value = Option<S::Value>> {
    prop::option::of(strategy)
}

fn any_text() -> impl Strategy<Value = String> {
    let characters = prop::sample::select(
        "aZ09=+-@'\"|,;\u{fc}\u{ff1d}\u{1f4b6} "
            .chars()
            .collect::<Vec<_>>(),
    );
    prop::collection::vec(characters, 1..8).prop_map(|text| {
        let text: String = text.into_iter().collect();
        if text.trim().is_empty() {
            "x".to_owned()
        } else {
            text.trim().to_owned()
        }
    })
}

fn any_key() -> impl Strategy<Value = CustomerKey> {
    (
        any_text(),
        option(any_text()),
        option(any_text()),
        option(any_text()),
    )
        .prop_map(|(name, external_id, tax_id, email)| CustomerKey {
            external_id,
            tax_id,
            email,
            name: Some(name),
        })
}

fn any_amount() -> impl Strategy<Value = Money> {
    (-1_000_000_000_000..1_000_000_000_000_i64).prop_map(eur)
}

fn any_tax() -> impl Strategy<Value = DraftTax> {
    let rates = prop_oneof![
        (1..1_000_000_i64).prop_map(|rate| (TaxCategory::S, rate)),
        Just((TaxCategory::AE, 0))
    ];
    (rates, option(any_text())).prop_map(|((category, rate), reason)| DraftTax {
        category,
        rate: TaxRate::from_scaled(rate),
        reason,
    })
}

fn any_line() -> impl Strategy<Value = DraftLine> {
    let texts = (any_text(), option(any_text()), option(any_text()));
    let numbers = (any::<i32>(), any::<i32>(), 1..10_000_000_i64, 0..1_000_000_i64);
    let amounts = (
        any_amount(),
        any_amount(),
        option(any_amount()),
        option(any_amount()),
    );
    (texts, numbers, amounts, any_tax()).prop_map(|(texts, numbers, amounts, tax)| DraftLine {
        source_line: 0,
        description: texts.0,
        item_code: texts.1,
        quantity: Quantity::from_scaled(numbers.0.into()),
        unit: texts.2,
        unit_price: UnitPrice::from_scaled(numbers.1.into()),
        price_base: Quantity::from_scaled(numbers.2),
        discount_percent: TaxRate::from_scaled(numbers.3),
        discount: amounts.0,
        charge: amounts.1,
        stated_net: amounts.2,
        stated_tax: amounts.3,
        tax,
    })
}

fn any_adjustment() -> impl Strategy<Value = Adjustment> {
    (any::<bool>(), any_amount(), option(any_text()), option(any_tax())).prop_map(
        |(is_charge, amount, reason, tax)| {
            let kind = if is_charge {
                AdjustmentKind::Charge
            } else {
                AdjustmentKind::Discount
            };
            Adjustment {
                source_line: 0,
                kind,
                reason,
                amount,
                tax,
            }
        },
    )
}
