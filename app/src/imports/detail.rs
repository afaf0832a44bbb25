//! The page of one import: how far it is, what it would do, and what can be done with it now.

use super::{
    Steps,
    api::{PublishImport, UndoImport, find_import},
    list::StateBadge,
    mapper::Mapper,
    preview::Preview,
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        form::{Failed, FormErrors},
        loaded::loaded,
        page::{Alert, PageHead, Tone},
    },
    viewer::use_locale,
};
use domain::{
    address::pairs,
    ids::ImportId,
    imports::{ImportDetail, ImportState},
    list::Total,
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::{use_location, use_params_map};
use std::time::Duration;

/// Pause between two looks at an import that is being worked on.
const PAUSE: Duration = Duration::from_millis(1_000);

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    import: Loading<ImportDetail>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let search = use_location().search;
        let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<ImportId>().ok()));
        let typed = Memo::new(move |_| {
            pairs(&search.get()).find_map(|(key, value)| (key == "typed").then_some(value))
        });
        let import = load(
            move || id.get(),
            |id| async move {
                match id {
                    Some(id) => find_import(id).await,
                    None => Err(AppError::NotFound),
                }
            },
        );
        Self {
            import,
            typed: load(move || typed.get(), crate::sessions::api::find_typed),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let this = Loads::new();
    let Loads { import, typed } = this;
    view! {
        {loaded(typed, |failed: Failed| view! { <FormErrors failed title="That was not possible"/> })}
        {loaded(import, move |detail: ImportDetail| view! { <Import detail again=move || import.refetch()/> })}
    }
    .into_any()
}

#[component]
fn Import<Again>(detail: ImportDetail, again: Again) -> impl IntoView
where
    Again: Fn() + Copy + Send + Sync + 'static,
{
    let state = detail.row.state;
    let step = match state {
        ImportState::Staged if detail.mapping.is_some() => 1,
        ImportState::Staged | ImportState::Checked => 2,
        ImportState::Publishing | ImportState::Published | ImportState::Failed | ImportState::Undone => 3,
    };
    if detail.busy {
        // The page looks again by itself; without script there is a link.
        Effect::new(move |_| {
            let timer = set_timeout_with_handle(again, PAUSE).ok();
            on_cleanup(move || {
                if let Some(timer) = timer {
                    timer.clear();
                }
            });
        });
    }
    let busy = detail.busy;
    view! {
        <PageHead title=detail.row.file_name.clone() up=("/invoices/import", "Import") mark=move || view! { <StateBadge of=state/> }/>
        <Steps at=step/>
        <div class="stack loose">
            {detail.failure.clone().map(|why| view! {
                <Alert tone=Tone::Error><p><b>"Nothing was written. "</b>{why}</p></Alert>
            })}
            {busy.then(|| view! { <Working detail=detail.clone()/> })}
            {(!busy).then(|| view! { <Acts detail=detail.clone()/> })}
            {(!busy).then(|| view! { <Preview detail=detail.clone()/> })}
            {(!busy && matches!(state, ImportState::Staged | ImportState::Checked)).then(|| {
                detail.mapping.clone().map(|offer| view! { <Mapper id=detail.row.id offer/> })
            })}
        </div>
    }
    .into_any()
}

/// A job is at work: how far it is.
#[component]
fn Working(detail: ImportDetail) -> impl IntoView {
    let locale = use_locale();
    let what = if detail.row.state == ImportState::Publishing {
        "Importing"
    } else {
        "Checking"
    };
    let number = |n: u64| Total::Exactly(n).label(locale);
    let words = format!("{} of {}", number(detail.done), number(detail.total));
    view! {
        <div class=css::PROGRESS role="group" aria-labelledby="job">
            <p class="line"><b id="job">{what}</b><span role="status">{words}</span></p>
            <progress max=detail.total.max(1).to_string() value=detail.done.to_string() aria-labelledby="job"></progress>
            <p class="muted">"You can leave this page; the work goes on. Nothing shows in your lists before all of it is in. "
                <a href="" rel="external">"Look again"</a></p>
        </div>
    }
}

/// What can be done now, and why something cannot.
#[component]
fn Acts(detail: ImportDetail) -> impl IntoView {
    let id = detail.row.id.to_string();
    let count = detail.row.documents;
    match detail.row.state {
        ImportState::Checked if detail.row.errors == 0 && count > 0 => view! {
            <form class="row" method="post" action=PublishImport::url()>
                <input type="hidden" name="id" value=id/>
                <button class=format!("{} primary large", css::BUTTON)>{format!("Import {count} documents")}</button>
                <p class="muted">"All of them or none."</p>
            </form>
        }
        .into_any(),
        ImportState::Checked => view! {
            <Alert tone=Tone::Warning><p>
                <b>"Nothing was written. "</b>
                "Correct the file and upload it again, or match its columns differently."
            </p></Alert>
        }
        .into_any(),
        ImportState::Published => view! {
            <Alert tone=Tone::Success><p><b>{format!("{count} documents are in. ")}</b><a href="/invoices?side=issued&source=import">"See the invoices"</a></p></Alert>
            <form class="row" method="post" action=UndoImport::url()>
                <input type="hidden" name="id" value=id/>
                <button class=format!("{} bad", css::BUTTON)>"Undo this import"</button>
                <p class="muted">"Possible while nothing was paid or credited on its documents."</p>
            </form>
        }
        .into_any(),
        ImportState::Failed | ImportState::Undone => view! {
            <p><a class=css::BUTTON href="/invoices/import">"Upload another file"</a></p>
        }
        .into_any(),
        ImportState::Staged | ImportState::Publishing => ().into_any(),
    }
}
