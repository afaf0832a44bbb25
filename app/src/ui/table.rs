//! The table of short lists: people, sessions, roles. The invoice grid has its own.
//!
//! Below 640 px each row is a card, so every part says its role in so many words: a browser forgets a table's own when
//! it is laid out as something else.

use crate::css;
use crate::markup::view;
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
