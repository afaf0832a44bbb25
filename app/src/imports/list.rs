//! The page `Import`: bring a file, and what became of earlier ones.

use super::{Steps, api::list_imports};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::Moment,
        badge::Badge,
        form::{Failed, FormErrors},
        icon::{Glyph, Icon},
        loaded::loaded,
        page::PageHead,
    },
};
use domain::{
    address::pairs,
    imports::{ImportRow, ImportState},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    imports: Loading<Vec<ImportRow>>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        let typed = Memo::new(move |_| {
            pairs(&search.get()).find_map(|(key, value)| (key == "typed").then_some(value))
        });
        Self {
            imports: load(|| (), |()| list_imports()),
            typed: load(move || typed.get(), crate::sessions::api::find_typed),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let this = Loads::new();
    view! {
        <PageHead title="Import" up=("/invoices", "Invoices") note="Invoices and credit notes from your books, as CSV or UBL."/>
        <Steps at=0/>
        <div class="stack loose">
            {loaded(this.typed, |failed: Failed| view! { <Upload failed/> })}
            {loaded(this.imports, |rows: Vec<ImportRow>| view! { <Earlier rows/> })}
        </div>
    }
    .into_any()
}

#[component]
fn Upload(failed: Failed) -> impl IntoView {
    view! {
        <form class=css::FORM method="post" action="/invoices/import/upload" enctype="multipart/form-data">
            <FormErrors failed title="The file was not taken"/>
            <div class=css::FIELD>
                <label for="encoding">"Encoding of a CSV file"</label>
                <select class="input" id="encoding" name="encoding" aria-describedby="encoding-help">
                    <option value="auto">"UTF-8 or UTF-16, found by itself"</option>
                    <option value="windows-1252">"Windows-1252, of older programs"</option>
                </select>
                <p class="help" id="encoding-help">"If the file does not fit, it is refused with the place where it breaks."</p>
            </div>
            <label class=css::DROP for="file">
                <Icon of=Glyph::Upload large=true/>
                <b>"Choose a file"</b>
                <small>"CSV of any layout, UBL 2.1 XML, or a ZIP of those, up to 200 MB"</small>
                <input type="file" id="file" name="file" accept=".csv,.txt,.xml,.zip" required=true/>
            </label>
            <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Upload and check"</button></div>
            <p class="muted">"Nothing is written before you have seen what the import would do."</p>
        </form>
    }
}

#[component]
fn Earlier(rows: Vec<ImportRow>) -> impl IntoView {
    if rows.is_empty() {
        return ().into_any();
    }
    let body = rows.into_iter().map(row).collect_view();
    view! {
        <section class="part" aria-labelledby="earlier">
            <h2 id="earlier">"Earlier imports"</h2>
            <div class=css::DATA_TABLE>
                <table role="table">
                    <caption>"Earlier imports"</caption>
                    <thead role="rowgroup"><tr role="row">
                        <th scope="col" role="columnheader">"File"</th>
                        <th scope="col" role="columnheader">"State"</th>
                        <th scope="col" role="columnheader">"When"</th>
                        <th scope="col" role="columnheader">"By"</th>
                        <th scope="col" role="columnheader" class="num">"Documents"</th>
                    </tr></thead>
                    <tbody role="rowgroup">{body}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn row(row: ImportRow) -> impl IntoView {
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a href=format!("/invoices/import/{}", row.id)>{row.file_name}</a></th>
            <td role="cell" class="state" data-label="State"><StateBadge of=row.state/></td>
            <td role="cell" class="when" data-label="When"><Moment of=row.created_at/></td>
            <td role="cell" class="soft" data-label="By">{row.by}</td>
            <td role="cell" class="num lead" data-label="Documents">{row.documents}</td>
        </tr>
    }
}

/// How far an import is.
#[component]
pub(super) fn StateBadge(of: ImportState) -> impl IntoView {
    let (kind, glyph) = match of {
        ImportState::Staged => ("draft", Glyph::Dashed),
        ImportState::Checked => ("open", Glyph::Circle),
        ImportState::Publishing => ("partially-paid", Glyph::Half),
        ImportState::Published => ("paid", Glyph::CheckCircle),
        ImportState::Failed => ("overdue", Glyph::Alert),
        ImportState::Undone => ("void", Glyph::Ban),
    };
    view! { <Badge kind glyph label=of.label()/> }
}
