//! The page `Bank files`: bring a file, what waits, and what became of earlier files.

use super::api::list_bank_files;
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::Moment,
        badge::Badge,
        form::{Failed, FormErrors, typed_form},
        icon::{Glyph, Icon},
        loaded::both,
        page::PageHead,
        table::{Head, Table},
    },
};
use domain::bank_files::{BankFileRow, BankFileState, BankFiles};
use leptos::prelude::*;

/// What the page loads.
struct Loads {
    files: Loading<BankFiles>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        Self {
            files: load(|| (), |()| list_bank_files()),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { files, typed } = Loads::new();
    both(files, typed, |files: BankFiles, failed: Failed| {
        view! { <Files files failed/> }
    })
    .into_any()
}

#[component]
fn Files(files: BankFiles, failed: Failed) -> impl IntoView {
    let BankFiles { files, more, waiting } = files;
    let shown = files.len();
    let waits = match waiting {
        0 => None,
        1 => Some("1 entry waits".to_owned()),
        many => Some(format!("{many} entries wait")),
    };
    view! {
        <PageHead title="Bank files" up=("/payments", "Payments") note="What your bank says came in. Nothing is recorded before you say so.">
            {waits.map(|text| view! { <a class=css::BUTTON href="/bank/waiting"><Icon of=Glyph::Clock/>{text}</a> })}
        </PageHead>
        <div class="stack loose">
            <form class=css::FORM method="post" action="/bank/upload" enctype="multipart/form-data">
                <FormErrors failed title="The file was not taken"/>
                <label class=css::DROP for="file">
                    <Icon of=Glyph::Upload large=true/>
                    <b>"Choose a file"</b>
                    <small>"camt.053, OFX or QFX, BAI2, MT940 or CSV, up to 8 MB"</small>
                    <input type="file" id="file" name="file" required=true/>
                </label>
                <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Upload"</button></div>
                <p class="muted">"What was in an earlier file is known and not offered twice."</p>
            </form>
            {(shown > 0).then(|| view! { <Earlier files/> })}
            {more.then(|| view! { <p class="soft">{format!("These are the latest {shown}; there are more.")}</p> })}
        </div>
    }
}

#[component]
fn Earlier(files: Vec<BankFileRow>) -> impl IntoView {
    let heads = vec![
        Head::of("File"),
        Head::of("State"),
        Head::of("Format"),
        Head::sorted("When", "descending"),
        Head::of("By"),
        Head::amount("New entries"),
        Head::amount("Waiting"),
    ];
    view! {
        <section class="stack">
            <h2>"Earlier files"</h2>
            <Table caption="Earlier files" heads>{files.into_iter().map(row).collect_view()}</Table>
        </section>
    }
}

fn row(file: BankFileRow) -> impl IntoView {
    let BankFileRow {
        id,
        name,
        format,
        state,
        entries,
        known: _,
        waiting,
        by,
        at,
    } = file;
    let (kind, glyph, label) = match (state, waiting) {
        (BankFileState::Columns, _) => ("warn", Glyph::Dashed, state.label()),
        (BankFileState::Read, 0) => ("good", Glyph::CheckCircle, "Done"),
        (BankFileState::Read, _) => ("open", Glyph::Circle, "Waiting"),
    };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a href=format!("/bank/{id}")>{name}</a></th>
            <td role="cell" class="state" data-label="State"><Badge kind glyph label/></td>
            <td role="cell" class="soft" data-label="Format">{format}</td>
            <td role="cell" class="when" data-label="When"><Moment of=at/></td>
            <td role="cell" class="soft" data-label="By">{by}</td>
            <td role="cell" class="num" data-label="New entries">{entries}</td>
            <td role="cell" class="num lead" data-label="Waiting">{waiting}</td>
        </tr>
    }
}
