//! A field for an amount in a row of a table: part of a form whose lines are documents.

use super::{
    form::Failed,
    icon::{Glyph, Icon},
};
use crate::markup::view;
use crate::{css, viewer::use_locale};
use domain::{Currency, payments::form::line_field};
use leptos::prelude::*;

/// Name of a field of a line in the post: `form[lines][0][amount]`.
pub fn line_name(index: usize, field: &str) -> String {
    format!("form[lines][{index}][{field}]")
}

/// The amount of a line.
#[component]
pub fn Part(
    /// Which line of the form.
    index: usize,
    /// What it begins with.
    text: String,
    /// The currency, shown beside it.
    currency: Currency,
    /// What it is called for who cannot see the table.
    label: String,
    /// What is wrong with it.
    why: Option<String>,
) -> impl IntoView {
    let error_id = format!("line-{index}-error");
    view! {
        <div class=format!("{} part", css::FIELD)>
            <span class="money">
                <input class="input" id=line_field(index, "amount") name=line_name(index, "amount") value=text inputmode="decimal"
                    autocomplete="off" aria-label=label aria-invalid=why.is_some().then_some("true")
                    aria-describedby=why.is_some().then(|| error_id.clone())/>
                <span class="unit">{currency.code()}</span>
            </span>
            {why.map(|why| view! { <p class="error" id=error_id><Icon of=Glyph::Alert/>{why}</p> })}
        </div>
    }
}

/// What was typed for a document before, and what is wrong with it: found by its id, since what the form shows may have
/// changed meanwhile.
pub fn typed_before(failed: &Failed, id: &str) -> Option<(String, Option<String>)> {
    let locale = use_locale();
    let place = (0..).map_while(|index| Some((index, failed.text(&line_field(index, "invoice"))?)));
    let (index, _) = place.into_iter().find(|(_, invoice)| invoice == id)?;
    let field = line_field(index, "amount");
    let why = failed.refusal(&field).map(|why| why.message(locale));
    Some((failed.text(&field).unwrap_or_default(), why))
}
