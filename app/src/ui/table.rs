//! The table of short lists: people, sessions, roles. The invoice grid has its own.
//!
//! Below 640 px each row is a card, so every part says its role in so many words: a browser forgets a table's own when
//! it is laid out as something else.

use crate::css;
use crate::markup::view;
use crate::viewer::use_locale;
use domain::list::{Cursor, Position, Total};
use leptos::prelude::*;

/// A heading.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    name: &'static str,
    class: Option<&'static str>,
    sort: Option<&'static str>,
}

impl Head {
    /// A heading of text.
    pub const fn of(name: &'static str) -> Self {
        Self {
            name,
            class: None,
            sort: None,
        }
    }

    /// A heading of amounts.
    pub const fn amount(name: &'static str) -> Self {
        Self {
            name,
            class: Some("num"),
            sort: None,
        }
    }

    /// One by which the rows are sorted: `ascending` or `descending`.
    pub const fn sorted(name: &'static str, direction: &'static str) -> Self {
        Self {
            name,
            class: None,
            sort: Some(direction),
        }
    }

    /// The heading of the column of what can be done; it is read aloud only.
    pub const fn acts() -> Self {
        Self {
            name: "Actions",
            class: Some("acts"),
            sort: None,
        }
    }
}

/// A table with its caption, which is read aloud only, and headings.
#[component]
pub fn Table(
    /// What the table shows.
    caption: &'static str,
    /// One a column.
    heads: Vec<Head>,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let heads = heads.into_iter().map(|head| {
        let hidden = head.class == Some("acts");
        let name = if hidden {
            view! { <span class="hide">{head.name}</span> }.into_any()
        } else {
            head.name.into_any()
        };
        view! { <th scope="col" role="columnheader" class=head.class aria-sort=head.sort>{name}</th> }
    });
    view! {
        <div class=css::DATA_TABLE>
            <table role="table">
                <caption>{caption}</caption>
                <thead role="rowgroup"><tr role="row">{heads.collect_view()}</tr></thead>
                <tbody role="rowgroup">{children()}</tbody>
            </table>
        </div>
    }
}

/// The foot of a list that comes in pages: how long it is, and the ways to its other parts.
#[component]
pub fn Foot(
    /// How long the list is.
    total: Total,
    /// Where the page before ends.
    previous: Option<Cursor>,
    /// Where the next page begins.
    next: Option<Cursor>,
    /// The address of a part.
    to: impl Fn(Position) -> String,
) -> impl IntoView {
    let small = format!("{} small", css::BUTTON);
    let move_to = |position: Option<Position>, name: &'static str| match position {
        Some(position) => view! { <a class=small.clone() href=to(position)>{name}</a> }.into_any(),
        None => view! { <span class=small.clone() aria-disabled="true">{name}</span> }.into_any(),
    };
    let moves = [
        move_to(previous.is_some().then_some(Position::First), "First"),
        move_to(previous.map(Position::Before), "Previous"),
        move_to(next.clone().map(Position::After), "Next"),
        move_to(next.is_some().then_some(Position::Last), "Last"),
    ];
    let total = total.label(use_locale());
    view! {
        <div class=css::DATA_TABLE>
            <div class="foot"><span>{format!("{total} in all")}</span><nav aria-label="Pages">{moves.into_iter().collect_view()}</nav></div>
        </div>
    }
}
