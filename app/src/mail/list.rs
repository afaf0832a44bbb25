//! The page `Sent mail`: receipts and notices, newest first.

use super::{MailBadge, api::list_mail};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::Moment,
        icon::Glyph,
        loaded::loaded,
        page::{Empty, PageHead},
        sides::{SideTabs, Sides},
        table::{Foot, Head, Table},
    },
    viewer::use_viewer,
};
use domain::{
    access::{Permission, Side},
    address::pairs,
    list::{Page, Position},
    mail::MailRow,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    sides: Sides,
    side: Memo<Side>,
    mails: Loading<Page<MailRow>>,
}

impl Loads {
    fn new() -> Self {
        let sides = Sides::seen(
            use_viewer().as_ref(),
            Permission::ViewSentMail,
            Permission::ViewReceivedMail,
            Side::Seller,
        );
        let search = use_location().search;
        let side = Memo::new(move |_| sides.choose(named(&search.get())));
        let mails = load(
            move || (side.get(), search.get()),
            |(side, query)| list_mail(side, query),
        );
        Self { sides, side, mails }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let this = Loads::new();
    let Loads { sides, side, mails } = this;
    let reminds = use_viewer().is_some_and(|viewer| viewer.may(Permission::SendMail));
    view! {
        <PageHead title="Sent mail">
            {reminds.then(|| view! { <a class=css::BUTTON href="/reminders">"Reminders"</a> })}
        </PageHead>
        <SideTabs sides shown=side tabs=[(Side::Seller, "To customers"), (Side::Buyer, "To us")]
            address=|side| address(side, &Position::First)/>
        {loaded(mails, move |page: Page<MailRow>| view! { <Mails page side=side.get_untracked()/> })}
    }
    .into_any()
}

fn named(query: &str) -> Option<Side> {
    pairs(query).find_map(|(key, value)| Side::from_code(&value).filter(|_| key == "side"))
}

/// Which part of the list an address names.
pub(super) fn position(query: &str) -> Position {
    pairs(query)
        .find_map(|(key, value)| Position::from_pair(&key, &value))
        .unwrap_or_default()
}

fn address(side: Side, position: &Position) -> String {
    let place = position.to_pair();
    let place = place.map_or_else(String::new, |(key, value)| format!("&{key}={value}"));
    format!("/mail?side={}{place}", side.code())
}

#[component]
fn Mails(page: Page<MailRow>, side: Side) -> impl IntoView {
    let Page {
        rows,
        previous,
        next,
        total,
    } = page;
    if rows.is_empty() {
        return view! {
            <Empty glyph=Glyph::Mail title="No mail yet">
                <p>"Receipts and notices appear here as soon as they are written."</p>
            </Empty>
        }
        .into_any();
    }
    let heads = vec![
        Head::of("Subject"),
        Head::of("State"),
        Head::of("To"),
        Head::sorted("Written", "descending"),
    ];
    let to = move |position: Position| address(side, &position);
    view! {
        <Table caption="Sent mail" heads>{rows.into_iter().map(row).collect_view()}</Table>
        <Foot total previous next to/>
    }
    .into_any()
}

fn row(row: MailRow) -> impl IntoView {
    let MailRow {
        id,
        to,
        subject,
        state,
        created_at,
    } = row;
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a href=format!("/mail/{id}")>{subject}</a></th>
            <td role="cell" class="state" data-label="State"><MailBadge of=state/></td>
            <td role="cell" class="cut" data-label="To">{to}</td>
            <td role="cell" class="when" data-label="Written"><Moment of=created_at/></td>
        </tr>
    }
}
