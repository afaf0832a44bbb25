//! Whether a document's numbers agree (V6 to V9), and what it adds up to.
//!
//! Every total that the file states is compared with what its lines give, exactly and with both numbers in the issue;
//! what it does not state is computed. Rounding happens once a line and once a tax group, half away from zero (V2, V4).

use super::{
    fields::Field,
    issues::{ImportIssue, Problem, Sum},
    stored::{costs, stored},
    types::{AdjustmentKind, DraftDocument, DraftLine, DraftTax, StatedGroup},
};
use crate::{
    decimal::TaxRate,
    invoices::{Cost, InvoiceLine, TaxCategory, TaxGroup, Totals},
    money::{Currency, Money},
    refusal::Refusal,
};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// A document that agrees with itself, in the words of storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Its lines, each with `net = quantity × unit price − discount`, rounded once (V6).
    pub lines: Vec<InvoiceLine>,
    /// Its costs as a whole, if each of its charges is one (I9).
    pub costs: Vec<Cost>,
    /// What it adds up to; `total` is without the rounding (V9).
    pub totals: Totals,
    /// Already paid.
    pub prepaid: Money,
    /// Total less prepaid, with the rounding (V9).
    pub due: Money,
}

/// Checks a document.
///
/// # Errors
/// An issue for each number that disagrees; amounts beyond 64 bits are [`Problem::TooLarge`].
pub fn check(document: &DraftDocument) -> Result<Checked, Vec<ImportIssue>> {
    let at_document = |refusal| vec![ImportIssue::at(document.first_line, problem_of(&refusal))];
    if document.lines.is_empty() {
        return Err(vec![ImportIssue::at(document.first_line, Problem::NoLines)]);
    }
    let nets = nets(document)?;
    let sums = Sums::of(document, &nets).map_err(at_document)?;
    let mut issues = Vec::new();
    compare_lines(document, &nets, &mut issues);
    compare_totals(document, &sums, &mut issues);
    compare_groups(document, &sums, &mut issues);
    if sums.total.is_negative() {
        issues.push(ImportIssue::at(
            document.first_line,
            Problem::NegativeTotal { total: sums.total },
        ));
    }
    if !issues.is_empty() {
        return Err(issues);
    }
    let mut lines = Vec::with_capacity(nets.len());
    for ((line, net), position) in document.lines.iter().zip(&nets).zip(1..) {
        let too_large = |r| vec![ImportIssue::of(line.source_line, Field::LineNet, problem_of(&r))];
        lines.push(stored(line, *net, position, document.currency).map_err(too_large)?);
    }
    Ok(sums.checked(document, lines))
}

/// What a document comes to with tax, right or wrong; none when it cannot be computed.
pub(super) fn total(document: &DraftDocument) -> Option<Money> {
    Some(Sums::of(document, &nets(document).ok()?).ok()?.total)
}

/// What makes a tax group (V8).
type GroupKey = (TaxCategory, TaxRate);

/// Everything that a document adds up to.
struct Sums {
    lines: Money,
    discounts: Money,
    charges: Money,
    net: Money,
    groups: BTreeMap<GroupKey, (Money, Money)>,
    tax: Money,
    total: Money,
    due: Money,
}

impl Sums {
    fn of(document: &DraftDocument, nets: &[Money]) -> Result<Self, Refusal> {
        let currency = document.currency;
        let sum_of = |kind| {
            let of_kind = document
                .adjustments
                .iter()
                .filter(|adjustment| adjustment.kind == kind);
            Money::sum(currency, of_kind.map(|adjustment| adjustment.amount))
        };
        let lines = Money::sum(currency, nets.iter().copied())?;
        let discounts = sum_of(AdjustmentKind::Discount)?;
        let charges = sum_of(AdjustmentKind::Charge)?;
        let net = lines.checked_sub(discounts)?.checked_add(charges)?;
        let mut groups = BTreeMap::new();
        for (key, base) in bases(document, nets)? {
            let tax = Money::round_half_away(base.to_decimal() * fraction(key.1), currency)?;
            groups.insert(key, (base, tax));
        }
        let tax = Money::sum(currency, groups.values().map(|(_, tax)| *tax))?;
        let total = net.checked_add(tax)?;
        let due = total
            .checked_sub(document.prepaid)?
            .checked_add(document.rounding)?;
        Ok(Self {
            lines,
            discounts,
            charges,
            net,
            groups,
            tax,
            total,
            due,
        })
    }

    fn checked(self, document: &DraftDocument, lines: Vec<InvoiceLine>) -> Checked {
        let Self {
            lines: lines_total,
            discounts,
            charges,
            net,
            groups,
            tax,
            total,
            due,
        } = self;
        let taxes = groups
            .into_iter()
            .map(|((category, rate), (base, tax))| TaxGroup {
                category,
                rate,
                base,
                tax,
                reason: reason(document, category, rate),
            });
        let totals = Totals {
            lines: lines_total,
            discount: discounts,
            charge: charges,
            net,
            taxes: taxes.collect(),
            tax,
            rounding: document.rounding,
            total,
        };
        Checked {
            lines,
            costs: costs(document),
            totals,
            prepaid: document.prepaid,
            due,
        }
    }
}

/// Net of each line (V6).
fn nets(document: &DraftDocument) -> Result<Vec<Money>, Vec<ImportIssue>> {
    let mut issues = Vec::new();
    let mut nets = Vec::with_capacity(document.lines.len());
    for line in &document.lines {
        match line_net(line, document.currency) {
            Ok(net) => nets.push(net),
            Err(problem) => issues.push(ImportIssue::of(line.source_line, Field::LineNet, problem)),
        }
    }
    if issues.is_empty() { Ok(nets) } else { Err(issues) }
}

/// Quantity times price over the quantity it is for, less percentage, less discount, plus charge; rounded once (V6).
pub(super) fn line_net(line: &DraftLine, currency: Currency) -> Result<Money, Problem> {
    let too_large = || Problem::TooLarge {
        text: format!("{} \u{d7} {}", line.quantity, line.unit_price),
    };
    if line.price_base.scaled() == 0 {
        return Err(Problem::ZeroPriceBase);
    }
    let gross = line
        .quantity
        .to_decimal()
        .checked_mul(line.unit_price.to_decimal());
    let gross = gross.and_then(|gross| gross.checked_div(line.price_base.to_decimal()));
    let net = gross
        .and_then(|gross| gross.checked_mul(Decimal::ONE - fraction(line.discount_percent)))
        .and_then(|net| net.checked_sub(line.discount.to_decimal()))
        .and_then(|net| net.checked_add(line.charge.to_decimal()))
        .ok_or_else(too_large)?;
    Money::round_half_away(net, currency).map_err(|_| too_large())
}

/// Bases of the tax groups (V8). Discounts and charges that name a category move its base; the others are shared by
/// all groups in proportion, by largest remainder (V11, V5).
fn bases(document: &DraftDocument, nets: &[Money]) -> Result<BTreeMap<GroupKey, Money>, Refusal> {
    let zero = Money::zero(document.currency);
    let mut bases: BTreeMap<GroupKey, Money> = BTreeMap::new();
    let mut unnamed = zero;
    let lines = document
        .lines
        .iter()
        .zip(nets)
        .map(|(line, net)| (Some(&line.tax), Ok(*net)));
    let adjustments = document.adjustments.iter().map(|adjustment| {
        let signed = match adjustment.kind {
            AdjustmentKind::Discount => adjustment.amount.checked_neg(),
            AdjustmentKind::Charge => Ok(adjustment.amount),
        };
        (adjustment.tax.as_ref(), signed)
    });
    for (tax, amount) in lines.chain(adjustments) {
        let amount = amount?;
        let base = match tax {
            Some(DraftTax { category, rate, .. }) => bases.entry((*category, *rate)).or_insert(zero),
            None => &mut unnamed,
        };
        *base = base.checked_add(amount)?;
    }
    // Groups below zero (returns) take no part while there is one above.
    let some_above = bases.values().any(|base| base.is_positive());
    let weight = |base: &Money| {
        if some_above && base.is_negative() {
            0
        } else {
            base.minor().unsigned_abs()
        }
    };
    let weights: Vec<u64> = bases.values().map(weight).collect();
    let shares = unnamed.allocate(&weights)?;
    bases
        .into_iter()
        .zip(shares)
        .map(|((key, base), share)| Ok((key, base.checked_add(share)?)))
        .collect()
}

fn compare_lines(document: &DraftDocument, nets: &[Money], issues: &mut Vec<ImportIssue>) {
    for (line, net) in document.lines.iter().zip(nets) {
        let mut compare = |field, sum, stated: Option<Money>, computed: Money| {
            issues.extend(difference(line.source_line, field, sum, stated, computed));
        };
        compare(Field::LineNet, Sum::LineNet, line.stated_net, *net);
        let tax = Money::round_half_away(net.to_decimal() * fraction(line.tax.rate), document.currency);
        if let Ok(tax) = tax {
            compare(Field::LineTax, Sum::LineTax, line.stated_tax, tax);
        }
    }
}

fn compare_totals(document: &DraftDocument, sums: &Sums, issues: &mut Vec<ImportIssue>) {
    let stated = &document.stated;
    let line = if stated.line == 0 {
        document.first_line
    } else {
        stated.line
    };
    let totals = [
        (Field::TotalLines, Sum::Lines, stated.lines, sums.lines),
        (
            Field::TotalDiscounts,
            Sum::Discounts,
            stated.discounts,
            sums.discounts,
        ),
        (Field::TotalCharges, Sum::Charges, stated.charges, sums.charges),
        (Field::TotalNet, Sum::Net, stated.net, sums.net),
        (Field::TotalTax, Sum::Tax, stated.tax, sums.tax),
        (Field::Total, Sum::Total, stated.total, sums.total),
        (Field::Due, Sum::Due, stated.due, sums.due),
    ];
    issues.extend(
        totals
            .into_iter()
            .filter_map(|(f, sum, stated, computed)| difference(line, f, sum, stated, computed)),
    );
}

/// Tax groups (V8). A group may be stated in parts, for several exemption reasons; the parts are added up.
fn compare_groups(document: &DraftDocument, sums: &Sums, issues: &mut Vec<ImportIssue>) {
    if document.stated.groups.is_empty() {
        return;
    }
    let mut stated: BTreeMap<GroupKey, Vec<&StatedGroup>> = BTreeMap::new();
    for group in &document.stated.groups {
        stated
            .entry((group.tax.category, group.tax.rate))
            .or_default()
            .push(group);
    }
    let zero = Money::zero(document.currency);
    for (key, parts) in &stated {
        let (base, tax) = sums.groups.get(key).copied().unwrap_or((zero, zero));
        let line = parts.first().map_or(document.first_line, |part| part.source_line);
        let added = |of: fn(&StatedGroup) -> Option<Money>| {
            parts.iter().try_fold(zero, |sum, part| {
                of(part).and_then(|amount| sum.checked_add(amount).ok())
            })
        };
        issues.extend(difference(
            line,
            Field::LineNet,
            Sum::GroupBase,
            added(|part| part.base),
            base,
        ));
        issues.extend(difference(
            line,
            Field::LineTax,
            Sum::GroupTax,
            added(|part| part.amount),
            tax,
        ));
    }
    for ((category, rate), (base, tax)) in &sums.groups {
        let says_nothing = base.is_zero() && tax.is_zero();
        if !says_nothing && !stated.contains_key(&(*category, *rate)) {
            let problem = Problem::GroupNotStated {
                category: *category,
                rate: *rate,
                computed: *base,
            };
            issues.push(ImportIssue::of(document.first_line, Field::TaxCategory, problem));
        }
    }
}

fn difference(
    line: u64,
    field: Field,
    sum: Sum,
    stated: Option<Money>,
    computed: Money,
) -> Option<ImportIssue> {
    let stated = stated.filter(|stated| *stated != computed)?;
    Some(ImportIssue::of(
        line,
        field,
        Problem::Differs {
            sum,
            stated,
            computed,
        },
    ))
}

/// Why a group has no tax: what the file says, or the plain words of the category (V10).
fn reason(document: &DraftDocument, category: TaxCategory, rate: TaxRate) -> Option<String> {
    let of_groups = document.stated.groups.iter().map(|group| &group.tax);
    let of_lines = document.lines.iter().map(|line| &line.tax);
    let same = |tax: &&DraftTax| tax.category == category && tax.rate == rate;
    let said = of_groups
        .chain(of_lines)
        .filter(same)
        .find_map(|tax| tax.reason.clone());
    let plain = match category {
        TaxCategory::S | TaxCategory::Z => None,
        TaxCategory::E => Some("Exempt from tax"),
        TaxCategory::AE => Some("Reverse charge"),
        TaxCategory::K => Some("Intra-community supply"),
        TaxCategory::G => Some("Export outside the EU"),
        TaxCategory::O => Some("Not subject to tax"),
    };
    said.or_else(|| plain.map(str::to_owned))
}

/// A rate in percent as a factor.
fn fraction(rate: TaxRate) -> Decimal {
    Decimal::new(rate.scaled(), TaxRate::SCALE + 2)
}

fn problem_of(refusal: &Refusal) -> Problem {
    match refusal {
        Refusal::MixedCurrencies { one, other } => Problem::CurrencyDiffers {
            found: other.code().to_owned(),
            document: *one,
        },
        // The other refusals of Money are about size.
        _ => Problem::TooLarge {
            text: "the sum".to_owned(),
        },
    }
}
