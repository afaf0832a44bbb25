//! The costs of an invoice as a whole as fields: those that are there, and some blank ones below them (I9).

use super::lines::why;
use crate::markup::view;
use crate::{
    css,
    ui::{
        form::Failed,
        icon::{Glyph, Icon},
    },
    viewer::use_locale,
};
use domain::{
    invoices::{
        Cost,
        editing::{MOST_COSTS, cost_field},
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
    let back = (0..MOST_COSTS)
        .take_while(|index| typed(*index, "description").is_some())
        .count();
    let count = if back > 0 {
        back
    } else {
        (costs.len() + BLANK).min(MOST_COSTS)
    };
    let rows = (0..count).map(|index| {
        let stored = costs.get(index).filter(|_| back == 0);
        let description = stored.map(|cost| cost.description.clone());
        let amount = stored.map(|cost| format_amount(cost.amount, locale));
        let shown = |field, stored: Option<String>| stored.or_else(|| typed(index, field)).unwrap_or_default();
        view! {
            <fieldset class="line cost">
                <legend>{format!("Cost {}", index + 1)}</legend>
                {input(index, "description", "Description", "text", shown("description", description), &failed)}
                {input(index, "amount", "Amount without tax", "decimal", shown("amount", amount), &failed)}
            </fieldset>
        }
    });
    view! { <div class="lines">{rows.collect_view()}</div> }
}

fn input(
    index: usize,
    field: &'static str,
    label: &'static str,
    keyboard: &'static str,
    text: String,
    failed: &Failed,
) -> impl IntoView + use<> {
    let id = cost_field(index, field);
    let why = why(failed, &id);
    let error_id = format!("cost-{index}-{field}-error");
    view! {
        <div class=format!("{} {field}", css::FIELD)>
            <label for=id.clone()>{label}</label>
            <input class="input" id=id name=format!("form[costs][{index}][{field}]") value=text inputmode=keyboard autocomplete="off"
                aria-invalid=why.is_some().then_some("true") aria-describedby=why.is_some().then(|| error_id.clone())/>
            {why.map(|why| view! { <p class="error" id=error_id><Icon of=Glyph::Alert/>{why}</p> })}
        </div>
    }
}
