//! The two sides of the money on a list: the one that it shows, and the tabs between them (D2).

use crate::{css, markup::view};
use domain::{
    access::{Permission, Side},
    sessions::Viewer,
};
use leptos::prelude::*;

/// Which sides of something the viewer has.
#[derive(Clone, Copy)]
pub struct Sides {
    sells: bool,
    buys: bool,
    first: Side,
}

impl Sides {
    /// Of what is seen by one permission as the seller and by another one as the buyer. `first` is what is shown when the
    /// address names no side.
    pub fn seen(viewer: Option<&Viewer>, as_seller: Permission, as_buyer: Permission, first: Side) -> Self {
        let may = |permission| viewer.is_some_and(|viewer| viewer.may(permission));
        Self {
            sells: may(as_seller),
            buys: may(as_buyer),
            first,
        }
    }

    /// Of invoices and what goes with them.
    pub fn of_papers(viewer: Option<&Viewer>, first: Side) -> Self {
        Self::seen(
            viewer,
            Permission::ViewIssuedInvoices,
            Permission::ViewReceivedInvoices,
            first,
        )
    }

    /// Whether there is a choice.
    pub const fn both(self) -> bool {
        self.sells && self.buys
    }

    /// The side that an address names, if the viewer has it; else one that the viewer has.
    pub fn choose(self, named: Option<Side>) -> Side {
        let has = |side: &Side| match side {
            Side::Seller => self.sells,
            Side::Buyer => self.buys,
        };
        let second = match self.first {
            Side::Seller => Side::Buyer,
            Side::Buyer => Side::Seller,
        };
        named
            .filter(has)
            .or(Some(self.first).filter(has))
            .unwrap_or(second)
    }
}

/// Tabs from one side to the other in the order that they stand in, where there is a choice.
#[component]
pub fn SideTabs(
    /// Which the viewer has.
    sides: Sides,
    /// The one that the list shows.
    #[prop(into)]
    shown: Signal<Side>,
    /// What the sides are called here.
    tabs: [(Side, &'static str); 2],
    /// Where a side is found.
    address: impl Fn(Side) -> String,
) -> impl IntoView {
    sides.both().then(|| {
        let tab = |(side, name): (Side, &'static str)| {
            let current = move || (shown.get() == side).then_some("page");
            view! { <a href=address(side) aria-current=current>{name}</a> }
        };
        view! { <nav class=css::TABS aria-label="Side">{tabs.map(tab).collect_view()}</nav> }
    })
}
