//! The form of an invoice as a browser posts it.

use super::{
    DESCRIPTION_MAX, ITEM_MAX, MOST_COSTS, MOST_LINES, NOTE_MAX, REASON_MAX, WriteAct, WriteInvoice,
};
use crate::{
    decimal::{Quantity, UnitPrice},
    ids::InvoiceId,
    invoices::{
        Cost, InvoiceLine, TaxCategory,
        totals::{Line, WholeDocument, line_net, totals},
    },
    locale::{Locale, parse_amount, parse_date, parse_quantity, parse_rate, parse_unit_price},
    money::{Currency, Money},
    payments::form::line_field,
    refusal::{FieldErrors, Refusal},
    text,
};
use serde::{Deserialize, Serialize};

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceFields {
    /// Key of the rendering.
    #[serde(default)]
    pub key: String,
    /// The version that the writer saw.
    #[serde(default)]
    pub version: String,
    /// The trading account.
    #[serde(default)]
    pub account: String,
    /// The billing profile; nothing is the account's default.
    #[serde(default)]
    pub billing_profile: String,
    /// Code of the currency.
    #[serde(default)]
    pub currency: String,
    /// When it is issued, as a date input sends it.
    #[serde(default)]
    pub issue_date: String,
    /// When it is due.
    #[serde(default)]
    pub due_date: String,
    /// Note on the document.
    #[serde(default)]
    pub note: String,
    /// Taken off the document.
    #[serde(default)]
    pub discount: String,
    /// Why an issued one is changed.
    #[serde(default)]
    pub reason: String,
    /// Its lines; those without anything in them are not meant.
    #[serde(default)]
    pub lines: Vec<LineText>,
    /// Its costs as a whole; those without anything in them are not meant.
    #[serde(default)]
    pub costs: Vec<CostText>,
}

/// A cost of [`InvoiceFields`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostText {
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// How much, without tax.
    #[serde(default)]
    pub amount: String,
}

/// The name of a cost's field in [`FieldErrors`].
pub fn cost_field(index: usize, field: &str) -> String {
    format!("costs[{index}][{field}]")
}

impl CostText {
    fn is_blank(&self) -> bool {
        self.description.trim().is_empty() && self.amount.trim().is_empty()
    }

    fn parse(&self, currency: Currency, locale: Locale) -> Result<Cost, Vec<(&'static str, Refusal)>> {
        let description = text::needed(&self.description, DESCRIPTION_MAX);
        let amount = if self.amount.trim().is_empty() {
            Err(Refusal::Missing)
        } else {
            parse_amount(&self.amount, currency, locale).and_then(more_than_nothing)
        };
        match (description, amount) {
            (Ok(description), Ok(amount)) => Ok(Cost { description, amount }),
            (description, amount) => {
                let wrong = [("description", description.err()), ("amount", amount.err())];
                let wrong = wrong.into_iter();
                Err(wrong.filter_map(|(field, why)| Some((field, why?))).collect())
            }
        }
    }
}

/// What lowers a document is its discount.
fn more_than_nothing(amount: Money) -> Result<Money, Refusal> {
    if amount.is_positive() {
        Ok(amount)
    } else {
        let number = String::new();
        Err(Refusal::NotPositive { number })
    }
}

/// A line of [`InvoiceFields`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineText {
    /// The seller's code of the item.
    #[serde(default)]
    pub item: String,
    /// What it is.
    #[serde(default)]
    pub description: String,
    /// How many; nothing is one.
    #[serde(default)]
    pub quantity: String,
    /// Price of one.
    #[serde(default)]
    pub price: String,
    /// Taken off the line.
    #[serde(default)]
    pub discount: String,
    /// Letter of the tax category.
    #[serde(default)]
    pub category: String,
    /// Tax rate in percent.
    #[serde(default)]
    pub rate: String,
}

impl LineText {
    /// Nothing was typed into it.
    pub(crate) fn is_blank(&self) -> bool {
        [
            &self.item,
            &self.description,
            &self.quantity,
            &self.price,
            &self.discount,
        ]
        .iter()
        .all(|text| text.trim().is_empty())
    }

    fn parse(
        &self,
        position: u32,
        currency: Currency,
        locale: Locale,
    ) -> Result<InvoiceLine, Vec<(&'static str, Refusal)>> {
        let mut wrong = Vec::new();
        macro_rules! field {
            ($name:literal, $read:expr) => {
                $read.map_err(|refusal| wrong.push(($name, refusal))).ok()
            };
        }
        let item = field!("item", text::line(&self.item, ITEM_MAX));
        let description = field!("description", text::needed(&self.description, DESCRIPTION_MAX));
        let quantity = if self.quantity.trim().is_empty() {
            Some(Quantity::ONE)
        } else {
            field!("quantity", parse_quantity(&self.quantity, locale))
        };
        let price = field!("price", price(&self.price, currency, locale));
        let discount = field!("discount", amount(&self.discount, currency, locale));
        let category = TaxCategory::from_code(self.category.trim());
        if category.is_none() {
            let text = self.category.chars().take(10).collect();
            wrong.push(("category", Refusal::UnknownChoice { text }));
        }
        let rate = field!("rate", parse_rate(&self.rate, locale));
        if let (Some(category), Some(rate)) = (category, rate)
            && let Err(refusal) = category.check_rate(rate)
        {
            wrong.push(("rate", refusal));
        }
        let (Some(item), Some(description), Some(quantity), Some(unit_price), Some(discount)) =
            (item, description, quantity, price, discount)
        else {
            return Err(wrong);
        };
        let net = match line_net(quantity, unit_price, discount) {
            Ok(net) => net,
            Err(refusal) => {
                wrong.push(("price", refusal));
                Money::zero(currency)
            }
        };
        match (category, rate) {
            (Some(tax_category), Some(tax_rate)) if wrong.is_empty() => Ok(InvoiceLine {
                position,
                item_code: Some(item).filter(|item| !item.is_empty()),
                description,
                quantity,
                unit_price,
                discount,
                net,
                tax_category,
                tax_rate,
            }),
            _ => Err(wrong),
        }
    }
}

impl InvoiceFields {
    /// Reads what was typed and adds it up.
    ///
    /// # Errors
    /// By field: [`Refusal::FormBroken`] under the empty name for what was tampered with; what is wrong with a line under
    /// `lines[N][…]`, with a cost under `costs[N][…]`; [`Refusal::Missing`] for an invoice without lines; [`Refusal::RangeReversed`] for one that is due
    /// before it is issued; [`Refusal::NotPositive`] for `discount` when it would be less than nothing.
    pub fn parse(
        &self,
        invoice: InvoiceId,
        act: WriteAct,
        locale: Locale,
    ) -> Result<WriteInvoice, FieldErrors> {
        let (Ok(key), Ok(version), Ok(account), true) = (
            self.key.trim().parse(),
            self.version.trim().parse(),
            self.account.trim().parse(),
            self.lines.len() <= MOST_LINES && self.costs.len() <= MOST_COSTS,
        ) else {
            return Err(FieldErrors::one("", Refusal::FormBroken));
        };
        let profile = match self.billing_profile.trim() {
            "" => None,
            id => match id.parse() {
                Ok(id) => Some(id),
                Err(_) => return Err(FieldErrors::one("", Refusal::FormBroken)),
            },
        };
        let mut errors = FieldErrors::default();
        let Ok(currency) = self.currency.trim().parse::<Currency>() else {
            let code = self.currency.chars().take(10).collect();
            return Err(FieldErrors::one("currency", Refusal::UnknownCurrency { code }));
        };
        let mut day = |field: &'static str, text: &str| {
            let read = if text.trim().is_empty() {
                Err(Refusal::Missing)
            } else {
                parse_date(text)
            };
            read.map_err(|refusal| errors.add(field, refusal)).ok()
        };
        let issue_date = day("issue_date", &self.issue_date);
        let due_date = day("due_date", &self.due_date);
        let note = text::line(&self.note, NOTE_MAX).map_err(|refusal| errors.add("note", refusal));
        let reason = text::line(&self.reason, REASON_MAX).map_err(|refusal| errors.add("reason", refusal));
        let discount =
            amount(&self.discount, currency, locale).map_err(|refusal| errors.add("discount", refusal));
        let lines = read_lines(&self.lines, currency, locale).unwrap_or_else(|found| {
            errors.0.extend(found.0);
            Vec::new()
        });
        let mut costs = Vec::new();
        for (index, cost) in self.costs.iter().enumerate().filter(|(_, cost)| !cost.is_blank()) {
            match cost.parse(currency, locale) {
                Ok(cost) => costs.push(cost),
                Err(wrong) => {
                    for (field, refusal) in wrong {
                        errors.add(cost_field(index, field), refusal);
                    }
                }
            }
        }
        if errors.is_empty() && lines.is_empty() {
            errors.add(line_field(0, "description"), Refusal::Missing);
        }
        let (Some(issue_date), Some(due_date), Ok(note), Ok(reason), Ok(discount), true) =
            (issue_date, due_date, note, reason, discount, errors.is_empty())
        else {
            return Err(errors);
        };
        if due_date < issue_date {
            return Err(FieldErrors::one("due_date", Refusal::RangeReversed));
        }
        let added: Vec<Line> = lines.iter().map(Line::from).collect();
        let charge = Money::sum(currency, costs.iter().map(|cost| cost.amount))
            .map_err(|refusal| FieldErrors::one(cost_field(0, "amount"), refusal))?;
        let whole = WholeDocument {
            discount,
            charge,
            ..WholeDocument::plain(currency)
        };
        let totals = totals(currency, &added, &whole).map_err(|refusal| FieldErrors::one("", refusal))?;
        if totals.total.is_negative() || totals.taxes.iter().any(|group| group.base.is_negative()) {
            let number = String::new();
            return Err(FieldErrors::one("discount", Refusal::NotPositive { number }));
        }
        Ok(WriteInvoice {
            key,
            invoice,
            version,
            account,
            profile,
            act,
            reason,
            issue_date,
            due_date,
            note: Some(note).filter(|note| !note.is_empty()),
            lines,
            costs,
            totals,
        })
    }
}

/// Reads the lines that are meant and counts them from one.
///
/// # Errors
/// What is wrong with a line under `lines[N][…]`.
pub(crate) fn read_lines(
    typed: &[LineText],
    currency: Currency,
    locale: Locale,
) -> Result<Vec<InvoiceLine>, FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut lines = Vec::new();
    for (index, line) in typed.iter().enumerate().filter(|(_, line)| !line.is_blank()) {
        let position = u32::try_from(lines.len() + 1).unwrap_or(u32::MAX);
        match line.parse(position, currency, locale) {
            Ok(line) => lines.push(line),
            Err(wrong) => {
                for (field, refusal) in wrong {
                    errors.add(line_field(index, field), refusal);
                }
            }
        }
    }
    errors.unless(lines)
}

/// An amount that may be left out.
fn amount(typed: &str, currency: Currency, locale: Locale) -> Result<Money, Refusal> {
    if typed.trim().is_empty() {
        return Ok(Money::zero(currency));
    }
    parse_amount(typed, currency, locale)
}

fn price(typed: &str, currency: Currency, locale: Locale) -> Result<UnitPrice, Refusal> {
    if typed.trim().is_empty() {
        return Err(Refusal::Missing);
    }
    parse_unit_price(typed, currency, locale)
}
