//! The page `Background work`: the tenant's jobs, the newest first, and a way to repeat what failed.

use super::api::{RepeatJob, list_jobs};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::Moment,
        badge::Badge,
        form::{Failed, FormErrors, Said, typed_form},
        icon::Glyph,
        loaded::both,
        page::{Empty, PageHead},
        table::{Foot, Head, Table},
    },
};
use domain::{
    jobs::{JobQuery, JobRow, JobState},
    list::{Page, Position},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_location;

/// What the page loads.
struct Loads {
    search: Memo<String>,
    jobs: Loading<Page<JobRow>>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        Self {
            search,
            jobs: load(move || search.get(), list_jobs),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { search, jobs, typed } = Loads::new();
    let query = JobQuery::from_query(&search.get_untracked());
    let at = query.clone();
    let tab = move |state: Option<JobState>, name: &'static str| {
        let current = (query.state == state).then_some("page");
        let to = JobQuery {
            state,
            position: Position::First,
        };
        view! { <a href=address(&to) aria-current=current>{name}</a> }
    };
    view! {
        <PageHead title="Background work" note="Mails, imports and what else is done after a page has answered. What fails is tried again by itself, later and later."/>
        <nav class=css::TABS aria-label="State">
            {tab(None, "All")}
            {JobState::ALL.map(|state| tab(Some(state), state.label())).collect_view()}
        </nav>
        <div class="stack">
            <Said words=&[("repeated", "It is run again now.")]/>
            {both(jobs, typed, move |page: Page<JobRow>, failed: Failed| view! {
                <FormErrors failed title="It was not repeated"/>
                <Jobs page query=at.clone()/>
            })}
        </div>
    }
    .into_any()
}

fn address(query: &JobQuery) -> String {
    format!("/jobs?{}", query.to_query())
}

#[component]
fn Jobs(page: Page<JobRow>, query: JobQuery) -> impl IntoView {
    let Page {
        rows,
        previous,
        next,
        total,
    } = page;
    if rows.is_empty() {
        let (title, text) = match query.state {
            Some(JobState::Dead) => (
                "Nothing was given up",
                "All that was begun is done or still tried.",
            ),
            Some(JobState::Queued | JobState::Running) => ("Nothing waits", "All that was begun is done."),
            Some(JobState::Done) | None => (
                "Nothing was done yet",
                "What is done in the background appears here for thirty days.",
            ),
        };
        return view! { <Empty glyph=Glyph::CheckCircle title><p>{text}</p></Empty> }.into_any();
    }
    let heads = vec![
        Head::of("Work"),
        Head::of("State"),
        Head::of("Runs"),
        Head::sorted("Asked for", "descending"),
        Head::of("Next"),
        Head::acts(),
    ];
    let to = move |position: Position| address(&query.at(position));
    view! {
        <Table caption="Background work" heads>{rows.into_iter().map(row).collect_view()}</Table>
        <Foot total previous next to/>
    }
    .into_any()
}

fn row(row: JobRow) -> impl IntoView {
    let JobRow {
        id,
        work,
        subject,
        state,
        runs,
        created_at,
        next_run,
        finished_at,
    } = row;
    let failed = state.can_be_repeated(runs);
    let label = format!("Run again: {work}");
    let next = match (next_run, finished_at) {
        (Some(at), _) => view! { <Moment of=at/> }.into_any(),
        (None, Some(at)) => view! { "Ended "<Moment of=at/> }.into_any(),
        (None, None) => ().into_any(),
    };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                {match subject {
                    Some(subject) => view! { <a href=subject.link()>{work}</a> }.into_any(),
                    None => work.into_any(),
                }}
                {failed.then(|| view! { <span class="soft">{format!(" In the server’s log: {id}")}</span> })}
            </th>
            <td role="cell" class="state" data-label="State"><StateBadge state failed/></td>
            <td role="cell" data-label="Runs">{runs}</td>
            <td role="cell" class="soft nowrap" data-label="Asked for"><Moment of=created_at/></td>
            <td role="cell" class="soft nowrap" data-label="Next">{next}</td>
            <td role="cell" class="acts">{failed.then(|| view! {
                <div><form method="post" action=RepeatJob::url()>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <button class=format!("{} small", css::BUTTON) aria-label=label>"Run again"</button>
                </form></div>
            })}</td>
        </tr>
    }
}

#[component]
fn StateBadge(
    /// How far it is.
    state: JobState,
    /// It was run without success.
    failed: bool,
) -> impl IntoView {
    let (kind, glyph, label) = match state {
        JobState::Queued if failed => ("warn", Glyph::Alert, "Failed, waits"),
        JobState::Queued | JobState::Running => ("warn", Glyph::Clock, state.label()),
        JobState::Done => ("good", Glyph::CheckCircle, state.label()),
        JobState::Dead => ("bad", Glyph::Alert, state.label()),
    };
    view! { <Badge kind glyph label/> }
}
