//! The page `Workbench`: whose money is to be put to invoices.

use super::{PAGE, api::open_workbench, bench::Bench};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::ui::{
    customers::{Columns, FindCustomer},
    form::{Failed, typed_form},
    icon::Glyph,
    loaded::both,
    page::{Empty, PageHead},
};
use domain::{
    payments::offline::FoundPayers,
    workbench::{OpenedWorkbench, WorkbenchQuery},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What the page loads.
struct Loads {
    search: Memo<String>,
    opened: Loading<OpenedWorkbench>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        Self {
            search,
            opened: load(move || search.get(), open_workbench),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads {
        search,
        opened,
        typed,
    } = Loads::new();
    both(
        opened,
        typed,
        move |opened: OpenedWorkbench, failed: Failed| match opened {
            OpenedWorkbench::Search(found) => find(found),
            OpenedWorkbench::Bench(bench) => {
                let typed = WorkbenchQuery::from_query(&search.get_untracked()).typed;
                view! { <Bench bench=*bench typed failed/> }.into_any()
            }
        },
    )
    .into_any()
}

fn find(found: FoundPayers) -> AnyView {
    let columns: Columns = &[("Open", |sums| sums.open), ("Unapplied", |sums| sums.unapplied)];
    let waiting = found.text.is_empty();
    let caption = if waiting {
        "Customers whose money waits longest"
    } else {
        "Customers"
    };
    let nothing = (waiting && found.payers.is_empty()).then(|| {
        view! {
            <Empty glyph=Glyph::CheckCircle title="Nothing waits">
                <p>"All money and credit is put to invoices. Look for a customer to see what was done."</p>
            </Empty>
        }
    });
    view! {
        <PageHead title="Workbench" up=("/payments", "Payments") note="Payments and credit that are put to nothing, and the invoices that they could pay. Whose?"/>
        <div class="stack">
            <FindCustomer page=PAGE found columns caption/>
            {nothing}
        </div>
    }
    .into_any()
}
