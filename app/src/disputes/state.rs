//! How far a dispute is, as a badge.

use crate::markup::view;
use crate::ui::{badge::Badge, icon::Glyph};
use domain::disputes::DisputeState;
use leptos::prelude::*;

/// The badge.
#[component]
pub(super) fn StateBadge(of: DisputeState) -> impl IntoView {
    let (kind, glyph) = match of {
        DisputeState::Open => ("warn", Glyph::Alert),
        DisputeState::Credited => ("good", Glyph::CheckCircle),
        DisputeState::Refused => ("bad", Glyph::Ban),
        DisputeState::Withdrawn => ("void", Glyph::X),
    };
    view! { <Badge kind glyph label=of.label()/> }
}
