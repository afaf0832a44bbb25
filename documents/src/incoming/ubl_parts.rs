//! Discounts, taxes and totals of a UBL document, and the amounts that all of its parts are made of.
//!
//! UBL writes numbers one way only, so nothing of the mapper's leniency applies: a thousands separator or a currency
//! sign in an amount is an error. Each issue names the path of its element.

use super::{party::one_line, xml::Element};
use chrono::NaiveDate;
use domain::imports::{
    Adjustment, AdjustmentKind, Breaks, DateOrder, DecimalMark, DraftLine, DraftTax, Field, ImportIssue,
    LONG_TEXT, Problem, SHORT_TEXT, StatedGroup, StatedTotals, bounded, category, date, decimal, money,
    percent,
};
use domain::{Currency, Money, Quantity, TaxRate, invoices::TaxCategory};

/// The parts that have amounts, and what was wrong with them.
pub(super) struct Reading {
    pub(super) currency: Option<Currency>,
    pub(super) lines: Vec<DraftLine>,
    pub(super) adjustments: Vec<Adjustment>,
    pub(super) stated: StatedTotals,
    pub(super) prepaid: Option<Money>,
    pub(super) rounding: Option<Money>,
    pub(super) tax_currency_total: Option<Money>,
    pub(super) issues: Vec<ImportIssue>,
    pub(super) limit: usize,
}

impl Reading {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            currency: None,
            lines: Vec::new(),
            adjustments: Vec::new(),
            stated: StatedTotals::default(),
            prepaid: None,
            rounding: None,
            tax_currency_total: None,
            issues: Vec::new(),
            limit,
        }
    }

    pub(super) fn document_currency(&mut self, code: &Element) {
        let found = self.currency(code);
        if let (Some(document), Some(new)) = (self.currency, found)
            && document != new
        {
            let problem = Problem::CurrencyDiffers {
                found: new.code().to_owned(),
                document,
            };
            self.issue(code, "", Field::Currency, problem);
        }
        self.currency = self.currency.or(found);
    }

    pub(super) fn currency(&mut self, code: &Element) -> Option<Currency> {
        let unknown = |_| Problem::UnknownCurrency {
            text: code.text.chars().take(20).collect(),
        };
        self.or_issue(
            code,
            "",
            Field::Currency,
            code.text.parse::<Currency>().map_err(unknown),
        )
    }

    pub(super) fn short(&mut self, element: &Element, field: Field) -> Option<String> {
        let text = one_line(&element.text);
        let bounded = bounded(&text, SHORT_TEXT, Breaks::Refused);
        self.or_issue(element, "", field, bounded)
            .filter(|text| !text.is_empty())
    }

    pub(super) fn date(&mut self, element: &Element, field: Field) -> Option<NaiveDate> {
        if element.text.is_empty() {
            return None;
        }
        // A zone may follow the day, as in 2026-12-31+01:00; the day is the seller's.
        let day = element.text.get(..10).unwrap_or(&element.text);
        self.or_issue(element, "", field, date(day, DateOrder::Ymd))
    }

    /// A discount or charge of the document (V7).
    pub(super) fn adjustment(&mut self, element: &Element) {
        let kind = self.indicator(element);
        let amount = self.needed_amount(element, "Amount", Field::LineNet);
        let tax = element
            .find("TaxCategory")
            .and_then(|category| self.tax(category));
        let reason = self.long(element, "AllowanceChargeReason", Field::Description);
        let (Some(kind), Some(amount)) = (kind, amount) else {
            return;
        };
        self.adjustments.push(Adjustment {
            source_line: element.line,
            kind,
            reason,
            amount,
            tax,
        });
    }

    /// The tax total with its groups (V8). A second one is the total in the tax office's currency.
    pub(super) fn tax_total(&mut self, element: &Element, tax_currency: Option<Currency>) {
        let named = element
            .find("TaxAmount")
            .and_then(|amount| amount.attribute("currencyID"));
        let named = named.and_then(|code| code.parse::<Currency>().ok());
        if let (Some(named), Some(document)) = (named, self.currency)
            && named != document
            && tax_currency.is_none_or(|tax_currency| tax_currency == named)
        {
            self.tax_currency_total = self.amount_in(element, "TaxAmount", Field::TaxCurrencyTotal, named);
            return;
        }
        if self.stated.tax.is_some() {
            self.issue(
                element,
                "",
                Field::TotalTax,
                Problem::Repeated {
                    name: "TaxTotal".to_owned(),
                },
            );
            return;
        }
        self.stated.tax = self.amount(element, "TaxAmount", Field::TotalTax);
        for part in element.all("TaxSubtotal") {
            let base = self.amount(part, "TaxableAmount", Field::LineNet);
            let amount = self.amount(part, "TaxAmount", Field::LineTax);
            let Some(category) = part.find("TaxCategory") else {
                self.missing(part, "TaxCategory", Field::TaxCategory);
                continue;
            };
            if let Some(tax) = self.tax_with(category, part.text_of("Percent")) {
                self.stated.groups.push(StatedGroup {
                    source_line: part.line,
                    tax,
                    base,
                    amount,
                });
            }
        }
    }

    /// The totals (V6 to V9).
    pub(super) fn totals(&mut self, element: &Element) {
        self.stated.line = element.line;
        self.stated.lines = self.amount(element, "LineExtensionAmount", Field::TotalLines);
        self.stated.net = self.amount(element, "TaxExclusiveAmount", Field::TotalNet);
        self.stated.total = self.amount(element, "TaxInclusiveAmount", Field::Total);
        self.stated.discounts = self.amount(element, "AllowanceTotalAmount", Field::TotalDiscounts);
        self.stated.charges = self.amount(element, "ChargeTotalAmount", Field::TotalCharges);
        self.prepaid = self.amount(element, "PrepaidAmount", Field::Prepaid);
        self.rounding = self.amount(element, "PayableRoundingAmount", Field::Rounding);
        self.stated.due = self.amount(element, "PayableAmount", Field::Due);
    }

    pub(super) fn tax(&mut self, element: &Element) -> Option<DraftTax> {
        self.tax_with(element, None)
    }

    /// Category, rate and reason. Older documents state the rate beside the category.
    fn tax_with(&mut self, element: &Element, percent_beside: Option<&str>) -> Option<DraftTax> {
        let zero = TaxRate::from_scaled(0);
        let text = element.text_of("Percent").or(percent_beside);
        let rate = match text.map(|text| percent(text, DecimalMark::Point)) {
            Some(rate) => Some(self.or_issue(element, "Percent", Field::TaxRate, rate)?),
            None => None,
        };
        let category = match element.text_of("ID") {
            Some(text) => {
                let unknown = || Problem::UnknownTaxCategory {
                    text: text.chars().take(20).collect(),
                };
                let known = category(text).ok_or_else(unknown);
                self.or_issue(element, "ID", Field::TaxCategory, known)?
            }
            None if rate.is_some_and(|rate| rate != zero) => TaxCategory::S,
            None => {
                self.missing(element, "ID", Field::TaxCategory);
                return None;
            }
        };
        if category == TaxCategory::S && rate.is_none() {
            self.missing(element, "Percent", Field::TaxRate);
            return None;
        }
        let rate = rate.unwrap_or(zero);
        if category != TaxCategory::S && rate != zero {
            self.issue(
                element,
                "Percent",
                Field::TaxRate,
                Problem::RateWithoutTax { category, rate },
            );
            return None;
        }
        let reason = ["TaxExemptionReason", "TaxExemptionReasonCode"];
        let reason = reason
            .into_iter()
            .find_map(|path| element.text_of(path))
            .map(one_line);
        Some(DraftTax {
            category,
            rate,
            reason,
        })
    }

    pub(super) fn indicator(&mut self, element: &Element) -> Option<AdjustmentKind> {
        match element.text_of("ChargeIndicator") {
            Some("true" | "1") => Some(AdjustmentKind::Charge),
            Some("false" | "0") => Some(AdjustmentKind::Discount),
            Some(_) | None => {
                self.missing(element, "ChargeIndicator", Field::RowKind);
                None
            }
        }
    }

    fn long(&mut self, element: &Element, path: &str, field: Field) -> Option<String> {
        let text = one_line(element.text_of(path)?);
        self.or_issue(element, path, field, bounded(&text, LONG_TEXT, Breaks::Kept))
    }

    pub(super) fn quantity(&mut self, element: &Element, path: &str, field: Field) -> Option<Quantity> {
        let found = element.find(path).filter(|found| !found.text.is_empty())?;
        let quantity = plain(found).and_then(|value| {
            if value.scale() > Quantity::SCALE {
                return Err(Problem::TooManyDecimals {
                    text: found.text.clone(),
                    kept: Quantity::SCALE,
                });
            }
            Quantity::from_decimal(value).map_err(|_| too_large(&found.text))
        });
        self.or_issue(element, path, field, quantity)
    }

    pub(super) fn needed_amount(&mut self, element: &Element, path: &str, field: Field) -> Option<Money> {
        if element.text_of(path).is_none() {
            self.missing(element, path, field);
            return None;
        }
        self.amount(element, path, field)
    }

    pub(super) fn amount(&mut self, element: &Element, path: &str, field: Field) -> Option<Money> {
        let found = element.find(path).filter(|found| !found.text.is_empty())?;
        let currency = self.same_currency(element, found, path, field)?;
        self.amount_in(element, path, field, currency)
    }

    fn amount_in(
        &mut self,
        element: &Element,
        path: &str,
        field: Field,
        currency: Currency,
    ) -> Option<Money> {
        let found = element.find(path).filter(|found| !found.text.is_empty())?;
        let amount = plain(found).and_then(|_| money(&found.text, DecimalMark::Point, currency));
        self.or_issue(element, path, field, amount)
    }

    /// The document's currency, which the amount must have too (V3). The first amount decides when the document does
    /// not say.
    pub(super) fn same_currency(
        &mut self,
        element: &Element,
        amount: &Element,
        path: &str,
        field: Field,
    ) -> Option<Currency> {
        let named = match amount.attribute("currencyID").map(str::parse::<Currency>) {
            Some(Ok(named)) => Some(named),
            Some(Err(_)) => {
                let text = amount
                    .attribute("currencyID")
                    .unwrap_or_default()
                    .chars()
                    .take(20)
                    .collect();
                self.issue(element, path, field, Problem::UnknownCurrency { text });
                return None;
            }
            None => None,
        };
        match (self.currency, named) {
            (Some(document), Some(named)) if document != named => {
                let found = named.code().to_owned();
                self.issue(element, path, field, Problem::CurrencyDiffers { found, document });
                None
            }
            (None, Some(named)) => {
                self.currency = Some(named);
                self.currency
            }
            (document, _) => document,
        }
    }

    pub(super) fn missing(&mut self, element: &Element, path: &str, field: Field) {
        self.issue(
            element,
            path,
            field,
            Problem::MissingElement {
                name: path.to_owned(),
            },
        );
    }

    pub(super) fn or_issue<T>(
        &mut self,
        element: &Element,
        path: &str,
        field: Field,
        read: Result<T, Problem>,
    ) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(problem) => {
                self.issue(element, path, field, problem);
                None
            }
        }
    }

    pub(super) fn issue(&mut self, element: &Element, path: &str, field: Field, problem: Problem) {
        let line = element.find(path).map_or(element.line, |found| found.line);
        let column = if path.is_empty() {
            element.name.clone()
        } else {
            format!("{}/{path}", element.name)
        };
        self.issues
            .push(ImportIssue::of(line, field, problem).column(column));
    }
}

/// The number of an element as XML writes it: digits, a point, a sign.
pub(super) fn plain(element: &Element) -> Result<rust_decimal::Decimal, Problem> {
    if !element
        .text
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'))
    {
        let text = element.text.chars().take(60).collect();
        return Err(Problem::NotANumber {
            text,
            mark: DecimalMark::Point,
        });
    }
    decimal(&element.text, DecimalMark::Point).map(|(value, _)| value)
}

pub(super) fn too_large(text: &str) -> Problem {
    Problem::TooLarge {
        text: text.to_owned(),
    }
}
