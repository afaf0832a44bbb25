//! The costs of an invoice as a whole as fields: those that are there, and some blank ones below them (I9).

use super::lines::{filled, input, rows_shown};
use crate::markup::view;
use crate::{ui::form::Failed, viewer::use_locale};
use domain::{
    invoices::{
        Cost,
        editing::{CostText, MOST_COSTS, cost_field},
    },
    locale::format_amount,
};
use leptos::prelude::*;

/// How many blank costs stand below those that are there.
const BLANK: usize = 2;

/// See the module.
#[component]
pub(super) fn Costs(
    /// The costs as they are stored.
    costs: Vec<Cost>,
    /// What came back of a post that failed.
    failed: Failed,
) -> impl IntoView {
    let locale = use_locale();
    let typed = |index: usize, field: &str| failed.text(&cost_field(index, field));
    let back = typed_costs(&failed).len();
    let count = if back > 0 {
        rows_shown(back, filled(&failed, cost_field, back), BLANK, &failed)
    } else {
        costs.len() + BLANK
    };
    let count = count.min(MOST_COSTS);
    let rows = (0..count).map(|index| {
        let stored = costs.get(index).filter(|_| back == 0);
        let description = stored.map(|cost| cost.description.clone());
        let amount = stored.map(|cost| format_amount(cost.amount, locale));
        let shown =
            |field, stored: Option<String>| stored.or_else(|| typed(index, field)).unwrap_or_default();
        let field = |field, label, keyboard, text| {
            let name = format!("form[costs][{index}][{field}]");
            input(
                (cost_field(index, field), name),
                field,
                label,
                keyboard,
                text,
                &failed,
            )
        };
        view! {
            <fieldset class="line cost">
                <legend>{format!("Cost {}", index + 1)}</legend>
                {field("description", "Description", "text", shown("description", description))}
                {field("amount", "Amount without tax", "decimal", shown("amount", amount))}
            </fieldset>
        }
    });
    view! { <div class="lines">{rows.collect_view()}</div> }
}

/// The costs that came back of a post.
pub(super) fn typed_costs(failed: &Failed) -> Vec<CostText> {
    let cost = |index: usize| {
        let text = |field: &str| failed.text(&cost_field(index, field));
        Some(CostText {
            description: text("description")?,
            amount: text("amount").unwrap_or_default(),
        })
    };
    (0..).map_while(cost).collect()
}
