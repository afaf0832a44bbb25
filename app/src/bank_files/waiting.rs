//! The page of all entries that wait, whichever file brought them.

use super::{api::list_waiting_entries, entries::Entries};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        form::{Failed, Said, typed_form},
        icon::Glyph,
        loaded::both,
        page::{Empty, PageHead},
    },
};
use domain::{bank_files::BankEntryRow, list::Page};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What the page loads.
struct Loads {
    entries: Loading<Page<BankEntryRow>>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        Self {
            entries: load(move || search.get(), list_waiting_entries),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { entries, typed } = Loads::new();
    both(entries, typed, |page: Page<BankEntryRow>, failed: Failed| {
        let nothing = page.rows.is_empty();
        view! {
            <PageHead title="Waiting entries" up=("/bank", "Bank files") note="What came in and is neither recorded nor set aside."/>
            <div class="stack loose">
                <Said words=&[("recorded", "The payments were recorded.")]/>
                {if nothing {
                    view! {
                        <Empty glyph=Glyph::CheckCircle title="Nothing waits">
                            <p>"All that came in is recorded or set aside."</p>
                            <p><a class=css::BUTTON href="/bank">"Bank files"</a></p>
                        </Empty>
                    }.into_any()
                } else {
                    view! { <Entries page failed file=None/> }.into_any()
                }}
            </div>
        }
    })
    .into_any()
}
