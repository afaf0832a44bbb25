//! The one status badge: an icon and a word, never colour alone.

use super::icon::{Glyph, Icon};
use crate::css;
use crate::markup::view;
use domain::invoices::Status;
use leptos::prelude::*;

/// Status of an invoice.
#[component]
pub fn StatusBadge(
    /// Which.
    of: Status,
) -> impl IntoView {
    status_badge(of)
}

/// The same for the cells of a table.
pub fn status_badge(of: Status) -> AnyView {
    let (kind, glyph) = match of {
        Status::Draft => ("draft", Glyph::Dashed),
        Status::Open => ("open", Glyph::Circle),
        Status::PartiallyPaid => ("partially-paid", Glyph::Half),
        Status::Overdue => ("overdue", Glyph::Alert),
        Status::Paid => ("paid", Glyph::CheckCircle),
        Status::Void => ("void", Glyph::Ban),
        Status::WrittenOff => ("written-off", Glyph::X),
    };
    view! { <Badge kind glyph label=of.label()/> }
}

/// A badge of any kind that the style sheet knows.
#[component]
pub fn Badge(
    /// Class of the style sheet.
    kind: &'static str,
    /// Icon.
    glyph: Glyph,
    /// Word.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let class = format!("{} {kind}", css::BADGE);
    view! { <span class=class><Icon of=glyph/>{label}</span> }
}
