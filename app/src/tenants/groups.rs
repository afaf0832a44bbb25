//! The page `Groups`: partners or customers that are switched on together (T16).

use super::{
    api::{DeleteGroup, MakeGroup, SwitchGroup, list_groups},
    made_in_words,
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::Moment,
        badge::Badge,
        form::{Failed, Field, FormErrors, Said, typed_form},
        icon::Glyph,
        loaded::both,
        page::PageHead,
        table::{Head, Table},
    },
};
use domain::tenants::GroupRow;
use leptos::{prelude::*, server_fn::ServerFn};

/// What the page loads.
struct Loads {
    groups: Loading<Vec<GroupRow>>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        Self {
            groups: load(|| (), |()| list_groups()),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { groups, typed } = Loads::new();
    let (_, many) = made_in_words();
    view! {
        <PageHead title="Groups" up=("/tenants", many)
            note="Until a group is switched on, its people are told to wait, and whom to ask."/>
        <div class="stack loose">
            <Said words=&[
                ("made", "The group is made. It is not switched on yet."),
                ("on", "The group is switched on. Its people can work."),
                ("off", "The group is switched off. Its people are told to wait."),
                ("deleted", "The group was deleted."),
            ]/>
            {both(groups, typed, |groups: Vec<GroupRow>, failed: Failed| view! {
                <FormErrors failed=failed.clone() title="Nothing was changed"/>
                <Groups groups/>
                <section class="part ruled">
                    <h2>"Make a group"</h2>
                    <form class=css::FORM method="post" action=MakeGroup::url()>
                        <Field name="group_name" label="Name" autocomplete="off" required=true
                            value=failed.text("group_name").unwrap_or_default() error=failed.refusal("group_name")/>
                        <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Make the group"</button></div>
                    </form>
                </section>
            })}
        </div>
    }
    .into_any()
}

#[component]
fn Groups(groups: Vec<GroupRow>) -> impl IntoView {
    if groups.is_empty() {
        return view! { <p class="muted">"There is no group yet. Who is in none can work at once."</p> }
            .into_any();
    }
    let heads = vec![
        Head::sorted("Name", "ascending"),
        Head::of("State"),
        Head::of("Members"),
        Head::of("Switched on"),
        Head::acts(),
    ];
    view! { <Table caption="Groups" heads>{groups.into_iter().map(row).collect_view()}</Table> }.into_any()
}

fn row(group: GroupRow) -> impl IntoView {
    let GroupRow {
        id,
        name,
        opened_at,
        tenants,
    } = group;
    let on = opened_at.is_some();
    let badge = if on {
        view! { <Badge kind="good" glyph=Glyph::CheckCircle label="On"/> }
    } else {
        view! { <Badge kind="warn" glyph=Glyph::Clock label="Off"/> }
    };
    let (act, to) = if on {
        ("Switch off", "false")
    } else {
        ("Switch on", "true")
    };
    let small = format!("{} small", css::BUTTON);
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{name.clone()}</th>
            <td role="cell" class="state" data-label="State">{badge}</td>
            <td role="cell" data-label="Members"><a href=format!("/tenants?group={id}")>{tenants.to_string()}</a></td>
            <td role="cell" class="soft nowrap" data-label="Switched on">{opened_at.map(|at| view! { <Moment of=at/> })}</td>
            <td role="cell" class="acts"><div>
                <form method="post" action=SwitchGroup::url()>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <input type="hidden" name="on" value=to/>
                    <button class=small.clone() aria-label=format!("{act} {name}")>{act}</button>
                </form>
                {(tenants == 0).then(|| view! {
                    <form method="post" action=DeleteGroup::url()>
                        <input type="hidden" name="id" value=id.to_string()/>
                        <button class=small aria-label=format!("Delete {name}")>"Delete"</button>
                    </form>
                })}
            </div></td>
        </tr>
    }
}
