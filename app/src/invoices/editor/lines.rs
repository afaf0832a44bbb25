//! The lines of an invoice as fields: those that are there, and some blank ones below them.

use crate::markup::view;
use crate::{
    css,
    ui::{
        form::Failed,
        icon::{Glyph, Icon},
        part::line_name,
    },
    viewer::use_locale,
};
use domain::{
    Currency, TaxRate,
    invoices::{
        InvoiceLine, TaxCategory,
        editing::{LineText, MOST_LINES},
    },
    locale::{Locale, format_amount, format_quantity, format_rate, format_unit_price},
    payments::form::line_field,
};
use leptos::prelude::*;

/// How many blank lines stand below those that are there.
const BLANK: usize = 3;
/// How many more there are at most once those were filled.
const MOST_BLANK: usize = 12;
/// Fields of a line that are inputs: name, label, keyboard.
const FIELDS: [(&str, &str, &str); 6] = [
    ("description", "Description", "text"),
    ("item", "Item", "text"),
    ("quantity", "Quantity", "decimal"),
    ("price", "Unit price", "decimal"),
    ("discount", "Discount", "decimal"),
    ("rate", "Tax in %", "decimal"),
];

/// See the module.
#[component]
pub(crate) fn Lines(
    /// The lines as they are stored.
    lines: Vec<InvoiceLine>,
    /// The tax that a blank one begins with.
    usual: (TaxCategory, TaxRate),
    /// The currency of prices.
    currency: Currency,
    /// What came back of a post that failed.
    failed: Failed,
) -> impl IntoView {
    let locale = use_locale();
    let posted = typed_lines(&failed).len();
    let typed = posted > 0;
    let count = if typed {
        rows_shown(posted, filled(&failed, line_field, posted), BLANK, &failed)
    } else {
        lines.len() + BLANK
    };
    let count = count.min(MOST_LINES);
    let rows = (0..count).map(move |index| {
        let stored = lines.get(index).filter(|_| !typed);
        let text = |field: &str| match stored {
            Some(line) => shown(line, field, currency, locale),
            None if index < posted => failed.text(&line_field(index, field)).unwrap_or_default(),
            None if field == "rate" && usual.0 == TaxCategory::S => rate(usual.1, locale),
            None => String::new(),
        };
        let category = stored.map(|line| line.tax_category).unwrap_or_else(|| {
            let typed = failed.text(&line_field(index, "category"));
            typed
                .and_then(|code| TaxCategory::from_code(&code))
                .unwrap_or(usual.0)
        });
        let inputs = FIELDS
            .iter()
            .map(|(field, label, keyboard)| {
                let names = (line_field(index, field), line_name(index, field));
                input(names, field, label, keyboard, text(field), &failed)
            })
            .collect_view();
        view! {
            <fieldset class="line">
                <legend>{format!("Line {}", index + 1)}</legend>
                {inputs}
                {choice(index, category, &failed)}
            </fieldset>
        }
    });
    view! { <div class="lines">{rows.collect_view()}</div> }
}

/// The lines that came back of a post.
pub(crate) fn typed_lines(failed: &Failed) -> Vec<LineText> {
    let line = |index: usize| {
        let text = |field: &str| failed.text(&line_field(index, field));
        let other = |field: &str| text(field).unwrap_or_default();
        Some(LineText {
            description: text("description")?,
            item: other("item"),
            quantity: other("quantity"),
            price: other("price"),
            discount: other("discount"),
            category: other("category"),
            rate: other("rate"),
        })
    };
    (0..).map_while(line).collect()
}

/// How many lines or costs came back with something in them, and blank ones among those.
pub(super) fn filled(failed: &Failed, name: fn(usize, &str) -> String, posted: usize) -> usize {
    let description = |index: usize| failed.text(&name(index, "description")).unwrap_or_default();
    let last = (0..posted).rfind(|index| !description(*index).trim().is_empty());
    last.map_or(0, |last| last + 1)
}

/// How many lines or costs a form that was posted shows: as many as there were, and if nothing was wrong and few are blank,
/// as many blank ones as are filled, within reason.
pub(super) fn rows_shown(posted: usize, filled: usize, blank: usize, failed: &Failed) -> usize {
    if failed.error.is_some() || posted >= filled + blank {
        return posted;
    }
    filled + filled.clamp(blank, MOST_BLANK)
}

/// An input of a line or a cost by its id and name; `field` is its class.
pub(super) fn input(
    (id, name): (String, String),
    field: &'static str,
    label: &'static str,
    keyboard: &'static str,
    text: String,
    failed: &Failed,
) -> impl IntoView + use<> {
    let why = why(failed, &id);
    let error_id = format!("{id}-error");
    view! {
        <div class=format!("{} {field}", css::FIELD)>
            <label for=id.clone()>{label}</label>
            <input class="input" id=id name=name value=text inputmode=keyboard autocomplete="off"
                aria-invalid=why.is_some().then_some("true") aria-describedby=why.is_some().then(|| error_id.clone())/>
            {why.map(|why| view! { <p class="error" id=error_id><Icon of=Glyph::Alert/>{why}</p> })}
        </div>
    }
}

fn choice(index: usize, chosen: TaxCategory, failed: &Failed) -> impl IntoView + use<> {
    let id = line_field(index, "category");
    let why = why(failed, &id);
    let error_id = format!("line-{index}-category-error");
    let options = TaxCategory::ALL.iter().map(move |category| {
        let selected = *category == chosen;
        view! { <option value=category.code() selected=selected>{category.label()}</option> }
    });
    view! {
        <div class=format!("{} category", css::FIELD)>
            <label for=id.clone()>"Tax"</label>
            <select class="input" id=id name=line_name(index, "category") aria-invalid=why.is_some().then_some("true")
                aria-describedby=why.is_some().then(|| error_id.clone())>{options.collect_view()}</select>
            {why.map(|why| view! { <p class="error" id=error_id><Icon of=Glyph::Alert/>{why}</p> })}
        </div>
    }
}

/// What is wrong with a field, as a sentence.
fn why(failed: &Failed, field: &str) -> Option<String> {
    failed.refusal(field).map(|why| why.message(use_locale()))
}

/// A field of a stored line as people type it.
fn shown(line: &InvoiceLine, field: &str, currency: Currency, locale: Locale) -> String {
    match field {
        "description" => line.description.clone(),
        "item" => line.item_code.clone().unwrap_or_default(),
        "quantity" => format_quantity(line.quantity, locale),
        "price" => format_unit_price(line.unit_price, currency, locale),
        "discount" if line.discount.is_zero() => String::new(),
        "discount" => format_amount(line.discount, locale),
        "rate" if line.tax_category == TaxCategory::S => rate(line.tax_rate, locale),
        _ => String::new(),
    }
}

/// A rate without its sign.
fn rate(rate: TaxRate, locale: Locale) -> String {
    let text = format_rate(rate, locale);
    text.trim_end_matches(['%', '\u{a0}', '\u{202f}']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::AppError;

    #[test]
    fn more_blank_lines_come_when_few_are_left_and_none_while_something_is_wrong() {
        let fine = Failed::default();
        let shown = |posted, filled| rows_shown(posted, filled, BLANK, &fine);
        assert_eq!([shown(3, 0), shown(3, 1), shown(3, 3)], [3, 4, 6]);
        assert_eq!([shown(6, 6), shown(12, 7), shown(12, 12)], [12, 12, 24]);
        assert_eq!(shown(40, 40), 40 + MOST_BLANK);
        let wrong = Failed {
            error: Some(AppError::NotFound),
            ..Failed::default()
        };
        assert_eq!(rows_shown(3, 3, BLANK, &wrong), 3);
    }
}
