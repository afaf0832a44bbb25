//! Amounts, dates and times on screen: the only place that turns them into text.

use crate::markup::view;
use crate::viewer::use_locale;
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    Money,
    locale::{Locale, format_amount, format_date, format_datetime},
};
use leptos::prelude::*;

/// An amount with its currency code beside it.
#[component]
pub fn Amount(
    /// How much.
    of: Money,
) -> impl IntoView {
    amount(of, use_locale())
}

/// The same in a locale that is known: a table asks for it once and not in every cell.
pub fn amount(of: Money, locale: Locale) -> AnyView {
    let mut text = format_amount(of, locale);
    text.push(' ');
    view! { <span class="amount">{text}<abbr>{of.currency().code()}</abbr></span> }
}

/// A day.
#[component]
pub fn Day(
    /// Which.
    of: NaiveDate,
) -> impl IntoView {
    day(of, use_locale())
}

/// The same in a locale that is known.
pub fn day(of: NaiveDate, locale: Locale) -> AnyView {
    let iso = of.to_string();
    view! { <time datetime=iso>{format_date(of, locale)}</time> }
}

/// A moment, in UTC and said so.
#[component]
pub fn Moment(
    /// When.
    of: DateTime<Utc>,
) -> impl IntoView {
    let iso = of.to_rfc3339();
    view! { <time datetime=iso>{format_datetime(of, 0, use_locale())}" UTC"</time> }
}
