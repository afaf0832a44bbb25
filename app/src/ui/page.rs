//! Head of a page, messages in it, and the pages that say that there is nothing.

use super::icon::{Glyph, Icon};
use crate::css;
use crate::markup::view;
use leptos::prelude::*;
use leptos_meta::Title;

/// Title of a page, where it came from, and what can be done on it.
#[component]
pub fn PageHead(
    /// The heading.
    #[prop(into)]
    title: String,
    /// Address and name of the page above.
    #[prop(optional)]
    up: Option<(&'static str, &'static str)>,
    /// Shown behind the heading: a badge.
    #[prop(optional, into)]
    mark: ViewFn,
    /// One line below.
    #[prop(optional, into)]
    note: Option<String>,
    /// Actions: quiet ones first, the main one last.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <Title text=title.clone()/>
        <div class=css::PAGE_HEAD>
            {up.map(|(to, name)| view! { <div class="up"><a href=to><Icon of=Glyph::ChevronLeft/>{name}</a></div> })}
            <div class="title"><h1>{title}</h1>{mark.run()}{note.map(|note| view! { <p>{note}</p> })}</div>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
}

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// For information.
    Info,
    /// It worked.
    Success,
    /// Mind this.
    Warning,
    /// It did not work.
    Error,
}

/// A message in the page.
#[component]
pub fn Alert(
    /// How it is meant.
    tone: Tone,
    /// What happened and what to do next.
    children: Children,
) -> impl IntoView {
    let (kind, role, glyph) = match tone {
        Tone::Info => ("info", "status", Glyph::Info),
        Tone::Success => ("success", "status", Glyph::CheckCircle),
        Tone::Warning => ("warning", "status", Glyph::Alert),
        Tone::Error => ("error", "alert", Glyph::Alert),
    };
    let class = format!("{} {kind}", css::ALERT);
    view! { <div class=class role=role><Icon of=glyph/><div>{children()}</div></div> }
}

/// Nothing to show: why, and the way on.
#[component]
pub fn Empty(
    /// Icon.
    glyph: Glyph,
    /// What there is not.
    #[prop(into)]
    title: String,
    /// It is all there is on the page, so its title is the page's.
    #[prop(optional)]
    whole: bool,
    /// Why, and the way on.
    children: Children,
) -> impl IntoView {
    let title = if whole {
        view! { <h1>{title}</h1> }
    } else {
        view! { <h2>{title}</h2> }
    };
    view! { <div class=css::EMPTY><Icon of=glyph large=true/>{title}{children()}</div> }
}

/// The page for an address that leads nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    crate::awake::mark();
    #[cfg(feature = "ssr")]
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
        options.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="Not found"/>
        <Empty glyph=Glyph::Search title="There is nothing here" whole=true>
            <p>"The address is wrong, or what it showed is not yours to see."</p>
            <p><a class=css::BUTTON href="/">"Go to the start"</a></p>
        </Empty>
    }
}
