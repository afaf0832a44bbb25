//! What narrows a list of papers: a form that asks for the same page again.

use super::{
    form::Choice,
    icon::{Glyph, Icon},
};
use crate::{css, markup::view, viewer::use_companies};
use chrono::NaiveDate;
use domain::access::Side;
use leptos::prelude::*;

/// The form with its buttons; `children` are its fields.
#[component]
pub fn Sieve(
    /// Where the list is.
    page: &'static str,
    /// The side that it shows.
    side: Side,
    /// Something is narrowed already, and can be cleared.
    narrowed: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <form class=css::SIEVE method="get" action=page role="search">
            <input type="hidden" name="side" value=side.code()/>
            {children()}
            <div class="buttons">
                <button class=css::BUTTON><Icon of=Glyph::Filter/>"Filter"</button>
                {narrowed.then(|| view! { <a class=format!("{} plain", css::BUTTON) href=format!("{page}?side={}", side.code())>"Clear all"</a> })}
            </div>
        </form>
    }
}

/// The choice of a company, for a buyer who sees several.
#[component]
pub fn CompanyChoice(
    /// The side of the list.
    side: Side,
    /// The one that is chosen, or nothing.
    value: String,
) -> impl IntoView {
    let companies = companies(side);
    (!companies.is_empty())
        .then(|| view! { <Choice name="company" label="Company" options=companies value/> })
}

/// Among which companies one can choose, on a side.
pub fn companies(side: Side) -> Vec<(String, String)> {
    match side {
        Side::Seller => Vec::new(),
        Side::Buyer => use_companies(),
    }
}

/// The options of a choice: any, and each of `all` by code and label.
pub fn any_of<'a>(all: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    let any = [(String::new(), "Any".to_owned())];
    let all = all
        .into_iter()
        .map(|(code, label)| (code.to_owned(), label.to_owned()));
    any.into_iter().chain(all).collect()
}

/// A day in a field of a day; nothing when there is none.
pub fn typed_day(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}
