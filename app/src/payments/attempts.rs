//! The page `Under way and refused`: tries to pay that have not become payments, the newest first (P11).

use super::api::list_attempts;
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Moment},
        badge::Badge,
        form::Field,
        icon::{Glyph, Icon},
        loaded::loaded,
        page::{Empty, PageHead},
        paper::card_name,
        sides::{SideTabs, Sides},
        table::{Foot, Head, Table},
    },
    viewer::{use_companies, use_locale, use_viewer},
};
use domain::{
    Refusal,
    access::Side,
    list::{Page, Position},
    locale::Locale,
    payments::{
        AttemptState,
        attempts::{AttemptGroup, AttemptQuery, AttemptRow},
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

const PAGE: &str = "/payments/attempts";

/// What the page loads.
struct Loads {
    query: AttemptQuery,
    side: Side,
    sides: Sides,
    rows: Loading<Page<AttemptRow>>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        let query = AttemptQuery::from_query(&search.get_untracked());
        let sides = Sides::of_papers(use_viewer().as_ref(), Side::Seller);
        let side = sides.choose(query.side);
        Self {
            side,
            sides,
            query,
            rows: load(move || search.get(), move |query| list_attempts(side, query)),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads {
        query,
        side,
        sides,
        rows,
    } = Loads::new();
    let (chosen, on) = (query.group, query.on);
    let group = |one: Option<AttemptGroup>, name: &'static str| {
        let to = AttemptQuery {
            side: Some(side),
            group: one,
            on,
            position: Position::First,
        };
        let current = (chosen == one).then_some("page");
        view! { <a href=format!("{PAGE}?{}", to.to_query()) aria-current=current>{name}</a> }
    };
    view! {
        <PageHead title="Under way and refused" up=("/payments", "Payments")
            note="Tries to pay that have not become payments. A debit of a bank account takes days. What is under way is looked up at the gateway until it is decided."/>
        <div class="stack">
            <SideTabs sides shown=side tabs=[(Side::Seller, "By customers"), (Side::Buyer, "By us")]
                address=|side| format!("{PAGE}?side={}", side.code())/>
            <nav class=css::TABS aria-label="State">
                {group(None, "All")}
                {AttemptGroup::ALL.map(|one| group(Some(one), one.label())).collect_view()}
            </nav>
            <form class=css::SIEVE method="get" action=PAGE role="search">
                <input type="hidden" name="side" value=side.code()/>
                {chosen.map(|group| view! { <input type="hidden" name="state" value=group.code()/> })}
                <Field name="on" label="As of" kind="date" value=on.map(|day| day.to_string()).unwrap_or_default()/>
                <div class="buttons"><button class=css::BUTTON><Icon of=Glyph::Filter/>"Show"</button></div>
            </form>
            {loaded(rows, move |page: Page<AttemptRow>| view! { <Rows page query=query.clone() side/> })}
        </div>
    }
    .into_any()
}

#[component]
fn Rows(page: Page<AttemptRow>, query: AttemptQuery, side: Side) -> impl IntoView {
    let Page {
        rows,
        previous,
        next,
        total,
    } = page;
    if rows.is_empty() {
        return view! {
            <Empty glyph=Glyph::CheckCircle title="Nothing is here">
                <p>"All that was tried is paid; you find it among the payments."</p>
            </Empty>
        }
        .into_any();
    }
    let several = side == Side::Buyer && !use_companies().is_empty();
    let mut heads = vec![
        Head::sorted("Begun", "descending"),
        Head::of("State"),
        Head::of(match side {
            Side::Seller => "Customer",
            Side::Buyer => "Seller",
        }),
    ];
    heads.extend(several.then(|| Head::of("Company")));
    heads.extend([
        Head::of("Card or bank account"),
        Head::of("Invoices"),
        Head::of("By"),
        Head::amount("Amount"),
    ]);
    let locale = use_locale();
    let lines = rows
        .into_iter()
        .map(move |one| row(one, side, locale))
        .collect_view();
    let to = move |position: Position| {
        let query = AttemptQuery {
            side: Some(side),
            ..query.at(position)
        };
        format!("{PAGE}?{}", query.to_query())
    };
    view! {
        <Table caption="Under way and refused" heads>{lines}</Table>
        <Foot total previous next to/>
    }
    .into_any()
}

fn row(row: AttemptRow, side: Side, locale: Locale) -> impl IntoView {
    let AttemptRow {
        id: _,
        key,
        counterparty,
        company,
        amount,
        card,
        state,
        by_itself,
        by,
        at,
        failure,
        invoices,
    } = row;
    let (kind, glyph, label) = match state {
        AttemptState::Submitted | AttemptState::Unknown => ("warn", Glyph::Clock, "Being looked up"),
        AttemptState::Processing => ("open", Glyph::Clock, "Processing"),
        AttemptState::NeedsAction => ("warn", Glyph::Alert, "Payer must confirm"),
        AttemptState::Failed => ("bad", Glyph::Ban, "Refused"),
        AttemptState::Succeeded => ("good", Glyph::CheckCircle, "Paid"),
    };
    let why = failure
        .filter(|_| state == AttemptState::Failed)
        .map(|code| Refusal::Declined { code }.message(locale));
    let result = (side == Side::Buyer).then(|| format!("/payments/result/{key}"));
    let by = if by_itself { "Autopay".to_owned() } else { by };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader" class="nowrap">{match result {
                Some(to) => view! { <a href=to><Moment of=at/></a> }.into_any(),
                None => view! { <Moment of=at/> }.into_any(),
            }}</th>
            <td role="cell" class="state" data-label="State"><Badge kind glyph label/>{why.map(|why| view! { <small>{why}</small> })}</td>
            <td role="cell" class="cut" data-label="Other side">{counterparty}</td>
            {company.map(|name| view! { <td role="cell" class="cut" data-label="Company">{name}</td> })}
            <td role="cell" class="soft nowrap" data-label="Card or bank account">{card.map(|(brand, last4)| card_name(&brand, &last4))}</td>
            <td role="cell" data-label="Invoices">{invoices.into_iter().map(|(id, number)| view! {
                <a href=format!("/invoices/{id}")>{number}</a>" "
            }).collect_view()}</td>
            <td role="cell" class="soft" data-label="By">{by}</td>
            <td role="cell" class="num lead" data-label="Amount"><Amount of=amount/></td>
        </tr>
    }
}
