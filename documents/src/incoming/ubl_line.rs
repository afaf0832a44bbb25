//! Lines of a UBL document (V6).
//!
//! A line that lacks a price gets its net amount as the price of its whole quantity, and one that lacks a tax category
//! gets the only one that the document has; anything else that is missing is an issue.

use super::{
    party::one_line,
    ubl_parts::{Reading, plain, too_large},
    xml::Element,
};
use domain::imports::{
    AdjustmentKind, Breaks, DraftLine, DraftTax, Field, LONG_TEXT, Problem, bounded, price_for,
};
use domain::{Money, Quantity, TaxRate, UnitPrice, invoices::TaxCategory};

impl Reading {
    /// A line (V6).
    pub(super) fn line(&mut self, element: &Element) {
        let issues_before = self.issues.len();
        let one = Quantity::from_scaled(1_000_000);
        let path = if element.name == "InvoiceLine" {
            "InvoicedQuantity"
        } else {
            "CreditedQuantity"
        };
        let quantity = self.quantity(element, path, Field::Quantity).unwrap_or(one);
        let stated_net = self.amount(element, "LineExtensionAmount", Field::LineNet);
        let (mut discount, mut charge) = (None, None);
        for adjustment in element.all("AllowanceCharge") {
            let kind = self.indicator(adjustment);
            let amount = self.needed_amount(adjustment, "Amount", Field::Discount);
            let (Some(kind), Some(amount)) = (kind, amount) else {
                continue;
            };
            let sum = match kind {
                AdjustmentKind::Discount => &mut discount,
                AdjustmentKind::Charge => &mut charge,
            };
            match sum.map_or(Ok(amount), |sum: Money| sum.checked_add(amount)) {
                Ok(new) => *sum = Some(new),
                Err(_) => self.issue(adjustment, "Amount", Field::Discount, too_large(&adjustment.text)),
            }
        }
        let price = self.price(element, quantity, stated_net, discount, charge);
        let description = self.description(element);
        let item_code = [
            "Item/SellersItemIdentification/ID",
            "Item/StandardItemIdentification/ID",
        ];
        let item_code = item_code.into_iter().find_map(|path| element.find(path));
        let item_code = item_code.and_then(|code| self.short(code, Field::ItemCode));
        let tax = self.line_tax(element);
        let unit = element
            .find(path)
            .and_then(|quantity| quantity.attribute("unitCode"))
            .map(one_line);
        let (Some((unit_price, price_base)), Some(description), Some(tax), Some(currency)) =
            (price, description, tax, self.currency)
        else {
            return;
        };
        if self.issues.len() > issues_before {
            return;
        }
        self.lines.push(DraftLine {
            source_line: element.line,
            description,
            item_code,
            quantity,
            unit: unit.filter(|unit| !unit.is_empty()),
            unit_price,
            price_base,
            discount_percent: TaxRate::from_scaled(0),
            discount: discount.unwrap_or(Money::zero(currency)),
            charge: charge.unwrap_or(Money::zero(currency)),
            stated_net,
            stated_tax: None,
            tax,
        });
    }

    /// Price and the quantity it is for. Without a price, the line's amount is the price of its whole quantity.
    fn price(
        &mut self,
        line: &Element,
        quantity: Quantity,
        net: Option<Money>,
        discount: Option<Money>,
        charge: Option<Money>,
    ) -> Option<(UnitPrice, Quantity)> {
        let one = Quantity::from_scaled(1_000_000);
        let base = self
            .quantity(line, "Price/BaseQuantity", Field::PriceBase)
            .unwrap_or(one);
        let zero = Quantity::from_scaled(0);
        if base == zero {
            self.issue(
                line,
                "Price/BaseQuantity",
                Field::PriceBase,
                Problem::ZeroPriceBase,
            );
            return None;
        }
        let path = "Price/PriceAmount";
        if let Some(price) = line.find(path).filter(|price| !price.text.is_empty()) {
            self.same_currency(line, price, path, Field::UnitPrice);
            let price = plain(price).and_then(|value| price_for(value, base));
            return self.or_issue(line, path, Field::UnitPrice, price);
        }
        let Some(net) = net else {
            self.issue(line, "LineExtensionAmount", Field::UnitPrice, Problem::NoPrice);
            return None;
        };
        if quantity == zero {
            self.issue(
                line,
                "LineExtensionAmount",
                Field::Quantity,
                Problem::ZeroQuantity,
            );
            return None;
        }
        let gross = net.checked_add(discount.unwrap_or(Money::zero(net.currency())));
        let gross = gross.and_then(|gross| gross.checked_sub(charge.unwrap_or(Money::zero(net.currency()))));
        let price = gross.and_then(|gross| UnitPrice::from_decimal(gross.to_decimal()));
        let price = price.map_err(|_| too_large(&net.to_decimal().to_string()));
        self.or_issue(line, "LineExtensionAmount", Field::LineNet, price)
            .map(|price| (price, quantity))
    }

    /// Name and, where it says more, description.
    fn description(&mut self, line: &Element) -> Option<String> {
        let name = line.text_of("Item/Name").map(one_line);
        let more = line
            .text_of("Item/Description")
            .map(one_line)
            .filter(|more| Some(more) != name.as_ref());
        let text = [name, more].into_iter().flatten().collect::<Vec<_>>().join("\n");
        if text.is_empty() {
            self.missing(line, "Item/Name", Field::Description);
            return None;
        }
        self.or_issue(
            line,
            "Item",
            Field::Description,
            bounded(&text, LONG_TEXT, Breaks::Kept),
        )
    }

    /// The line's category; without one the only group of the document, or none at all when it states no tax.
    fn line_tax(&mut self, line: &Element) -> Option<DraftTax> {
        let mut categories = line
            .find("Item")
            .into_iter()
            .flat_map(|item| item.all("ClassifiedTaxCategory"));
        let (first, second) = (categories.next(), categories.next());
        if second.is_some() {
            let name = "ClassifiedTaxCategory".to_owned();
            self.issue(
                line,
                "Item/ClassifiedTaxCategory",
                Field::TaxCategory,
                Problem::Repeated { name },
            );
            return None;
        }
        match (first, self.stated.groups.as_slice(), self.stated.tax) {
            (Some(category), ..) => self.tax(category),
            (None, [only], _) => Some(only.tax.clone()),
            (None, [], None) => Some(DraftTax {
                category: TaxCategory::O,
                rate: TaxRate::from_scaled(0),
                reason: None,
            }),
            (None, ..) => {
                self.missing(line, "Item/ClassifiedTaxCategory", Field::TaxCategory);
                None
            }
        }
    }
}
