//! Mails: what was sent in the tenant's name, and what the tenant was sent.

pub mod api;
mod detail;
mod list;

pub(crate) use detail::view as mail_page;
pub(crate) use list::view as sent_mail_page;

use crate::markup::view;
use crate::ui::{badge::Badge, icon::Glyph};
use domain::mail::MailState;
use leptos::prelude::*;

/// How far a mail has come.
#[component]
pub(crate) fn MailBadge(
    /// How far.
    of: MailState,
) -> impl IntoView {
    let (kind, glyph, label) = match of {
        MailState::Queued => ("warn", Glyph::Clock, "Waiting"),
        MailState::Sent => ("good", Glyph::CheckCircle, "Sent"),
        MailState::Failed => ("bad", Glyph::Alert, "Refused"),
    };
    view! { <Badge kind glyph label/> }
}
