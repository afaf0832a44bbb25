//! The page `Compared with the gateway`: when, how many charges, what differs, and what became of earlier findings.

use super::api::{CompareGateway, find_comparison};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Moment},
        badge::Badge,
        form::{Failed, FormErrors, Said, typed_form},
        icon::{Glyph, Icon},
        loaded::both,
        page::{Alert, Empty, PageHead, Tone},
        table::{Head, Table},
    },
};
use chrono::{DateTime, Utc};
use domain::{
    Money,
    gateway::{Compared, Finding, FindingState},
    ids::FormKey,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the page loads.
struct Loads {
    compared: Loading<Compared>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        Self {
            compared: load(|| (), |()| find_comparison()),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { compared, typed } = Loads::new();
    both(compared, typed, |compared: Compared, failed: Failed| {
        view! { <All compared failed/> }
    })
    .into_any()
}

#[component]
fn All(compared: Compared, failed: Failed) -> impl IntoView {
    let Compared {
        key,
        last,
        is_under_way,
        open,
        more,
        ended,
    } = compared;
    let shown = open.len();
    let body = match (last.is_some(), shown) {
        (false, 0) => ().into_any(),
        (true, 0) => view! {
            <Empty glyph=Glyph::CheckCircle title="Nothing differs">
                <p>"All that the gateway took is a payment here, and the gateway knows every payment."</p>
            </Empty>
        }
        .into_any(),
        _ => view! { <Findings caption="Open" findings=open/> }.into_any(),
    };
    view! {
        <PageHead title="Compared with the gateway" up=("/payments", "Payments")
            note="Once a day, charges at the payment gateway are held against the payments here, both ways."/>
        <div class="stack loose">
            <Said words=&[
                ("asked", "The comparison will begin in a moment."),
                ("settled", "The difference was settled."),
            ]/>
            <FormErrors failed title="Nothing was changed"/>
            <Last key last is_under_way/>
            {body}
            {more.then(|| view! { <p class="soft">{format!("These are the oldest {shown}; there are more.")}</p> })}
            {(!ended.is_empty()).then(|| view! {
                <section class="stack">
                    <h2>"Ended lately"</h2>
                    <Findings caption="Ended lately" findings=ended/>
                </section>
            })}
        </div>
    }
}

/// When it was, and the way to have it done now.
#[component]
fn Last(key: FormKey, last: Option<(DateTime<Utc>, u64)>, is_under_way: bool) -> impl IntoView {
    let facts = last.map(|(at, counted)| {
        view! {
            <dl class=format!("{} across", css::FACTS)>
                <div><dt>"Last compared"</dt><dd><Moment of=at/></dd></div>
                <div><dt>"Charges looked at"</dt><dd>{counted}</dd></div>
            </dl>
        }
    });
    let none = facts
        .is_none()
        .then(|| view! { <Alert tone=Tone::Info><p>"Nothing was compared yet."</p></Alert> });
    let ask = if is_under_way {
        view! { <p role="status"><Icon of=Glyph::Clock/>" A comparison is under way."</p> }.into_any()
    } else {
        view! {
            <form method="post" action=CompareGateway::url()>
                <input type="hidden" name="key" value=key.to_string()/>
                <button class=css::BUTTON><Icon of=Glyph::Refresh/>"Compare now"</button>
            </form>
        }
        .into_any()
    };
    view! { {facts}{none}{ask} }
}

#[component]
fn Findings(caption: &'static str, findings: Vec<Finding>) -> impl IntoView {
    let heads = vec![
        Head::of("What differs"),
        Head::of("State"),
        Head::of("Charged"),
        Head::of("Customer"),
        Head::amount("There"),
        Head::amount("Here"),
    ];
    view! { <Table caption heads>{findings.into_iter().map(row).collect_view()}</Table> }
}

fn row(finding: Finding) -> impl IntoView {
    let Finding {
        id,
        kind,
        state,
        happened_at,
        there,
        here,
        account,
        ..
    } = finding;
    let amount = |amount: Option<Money>| match amount {
        Some(amount) => view! { <Amount of=amount/> }.into_any(),
        None => view! { <span class="soft">"–"</span> }.into_any(),
    };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a href=format!("/compared/{id}")>{kind.label()}</a></th>
            <td role="cell" class="state" data-label="State">{badge(state)}</td>
            <td role="cell" class="when" data-label="Charged"><Moment of=happened_at/></td>
            <td role="cell" data-label="Customer">{account.map(|(_, name)| name)}</td>
            <td role="cell" class="num" data-label="There">{amount(there)}</td>
            <td role="cell" class="num" data-label="Here">{amount(here)}</td>
        </tr>
    }
}

/// How it stands.
pub(super) fn badge(state: FindingState) -> impl IntoView {
    let (kind, glyph) = match state {
        FindingState::Open => ("warn", Glyph::Alert),
        FindingState::Gone | FindingState::Recorded => ("good", Glyph::CheckCircle),
        FindingState::Settled => ("info", Glyph::Check),
    };
    view! { <Badge kind glyph label=state.label()/> }
}
