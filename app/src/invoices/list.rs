//! The page `Invoices`: which side, narrowed to what, the grid and what is chosen to be paid (I1 to I4, I14).

use super::{
    address,
    api::{InvoiceList, list_invoices},
    filters::Filters,
    grid::Grid,
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        icon::{Glyph, Icon},
        loaded::loaded,
        page::PageHead,
        sides::{SideTabs, Sides},
    },
    viewer::use_viewer,
};
use domain::{
    access::{Permission, Side},
    address::pairs,
    invoices::{InvoiceQuery, Status, form},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    sides: Sides,
    side: Memo<Side>,
    list: Loading<InvoiceList>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        let sides = Sides::of_papers(use_viewer().as_ref(), Side::Buyer);
        let side = Memo::new(move |_| {
            let word = pairs(&search.get()).find_map(|(key, value)| (key == "side").then_some(value));
            sides.choose(word.as_deref().and_then(Side::from_code))
        });
        let list = load(
            move || (side.get(), asked(side.get(), search.get())),
            |(side, search)| list_invoices(side, search),
        );
        Self { sides, side, list }
    }
}

/// What the grid opens with when the address says nothing: a buyer comes to see what is open (D2).
fn asked(side: Side, search: String) -> String {
    match side {
        Side::Buyer if search.is_empty() => format!("status={}", Status::Open.code()),
        Side::Buyer | Side::Seller => search,
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let this = Loads::new();
    let Loads { sides, side, list } = this;
    let viewer = use_viewer();
    let may = move |permission| viewer.as_ref().is_some_and(|viewer| viewer.may(permission));
    let pays = may(Permission::PayInvoices);
    let imports = may(Permission::ImportInvoices);
    let writes = may(Permission::WriteInvoices);
    let first = if pays { "" } else { " primary" };
    view! {
        <PageHead title="Invoices">
            <a class=css::BUTTON href="/as-of">"As of a day"</a>
            {imports.then(|| view! { <a class=css::BUTTON href="/invoices/import"><Icon of=Glyph::Upload/>"Import"</a> })}
            {writes.then(|| view! { <a class=format!("{}{first}", css::BUTTON) href="/write"><Icon of=Glyph::Plus/>"New invoice"</a> })}
            {pays.then(|| view! {
                <a class=format!("{} primary", css::BUTTON) href="/payments/new" rel="external">"Make a payment"</a>
            })}
        </PageHead>
        <SideTabs sides shown=side tabs=[(Side::Buyer, "To pay"), (Side::Seller, "Issued")] address=|side| address(side, "")/>
        {loaded(list, move |list: InvoiceList| {
            let InvoiceList {
                query,
                errors,
                page,
                choices,
            } = list;
            let pays = pays && query.side == Side::Buyer;
            view! {
                <Filters query=query.clone() errors total=page.total choices/>
                <Views query=query.clone()/>
                <Grid query page pays/>
            }
        })}
    }
    .into_any()
}

/// The usual questions, one link each.
#[component]
fn Views(query: InvoiceQuery) -> impl IntoView {
    let side = query.side;
    let view = |name: &'static str, statuses: Vec<Status>| {
        let current = (query.filter.statuses == statuses).then_some("true");
        let mut query = query.clone();
        query.filter.statuses = statuses;
        query.position = Default::default();
        query.count_all = false;
        view! { <a href=address(side, &form::to_query(&query)) aria-current=current>{name}</a> }
    };
    let views = [
        view("All", vec![]),
        view("Open", vec![Status::Open]),
        view("Overdue", vec![Status::Overdue]),
        view("Partially paid", vec![Status::PartiallyPaid]),
        view("Paid", vec![Status::Paid]),
    ];
    let label = format!("Views of {}", side.label().to_ascii_lowercase());
    view! { <nav class=format!("{} views", css::TABS) aria-label=label>{views.into_iter().collect_view()}</nav> }
}
