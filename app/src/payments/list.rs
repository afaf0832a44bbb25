//! The page `Payments`: what came in and what was paid, newest first (P11).

use super::api::list_payments;
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Day},
        badge::Badge,
        form::{Choice, Field},
        icon::{Glyph, Icon},
        loaded::loaded,
        page::{Empty, PageHead},
        paper::card_name,
        sides::{SideTabs, Sides},
        sieve::{CompanyChoice, Sieve, any_of, companies, typed_day},
        table::{Foot, Head, Table},
    },
    viewer::use_viewer,
};
use domain::{
    access::{Permission, Side},
    list::{Page, Position},
    payments::{Method, PaymentQuery, PaymentRow, PaymentStatus},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

const PAGE: &str = "/payments";

/// What the page loads.
struct Loads {
    query: Memo<PaymentQuery>,
    side: Memo<Side>,
    sides: Sides,
    /// May record what came in beside the portal.
    records: bool,
    rows: Loading<Page<PaymentRow>>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        let query = Memo::new(move |_| PaymentQuery::from_query(&search.get()));
        let sides = Sides::of_papers(use_viewer().as_ref(), Side::Seller);
        let side = Memo::new(move |_| sides.choose(query.get().side));
        Self {
            query,
            side,
            sides,
            records: use_viewer().is_some_and(|viewer| viewer.may(Permission::RecordPayments)),
            rows: load(
                move || (side.get(), search.get()),
                |(side, query)| list_payments(side, query),
            ),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads {
        query,
        side,
        sides,
        records,
        rows,
    } = Loads::new();
    let record = move || {
        (records && side.get() == Side::Seller).then(|| {
            view! {
                <a class=css::BUTTON href="/compared">"Compared with the gateway"</a>
                <a class=css::BUTTON href="/workbench">"Workbench"</a>
                <a class=format!("{} primary", css::BUTTON) href="/payments/record"><Icon of=Glyph::Plus/>"Record a payment"</a>
            }
        })
    };
    view! {
        <PageHead title="Payments">
            {move || view! { <a class=css::BUTTON href=format!("/payments/attempts?side={}", side.get().code())>"Under way and refused"</a> }}
            {record}
        </PageHead>
        <div class="stack">
            <SideTabs sides shown=side tabs=[(Side::Seller, "Received"), (Side::Buyer, "Paid by us")]
                address=|side| format!("{PAGE}?side={}", side.code())/>
            {move || view! { <Filters query=query.get() side=side.get()/> }}
            {loaded(rows, move |page: Page<PaymentRow>| {
                view! { <Rows page query=query.get_untracked() side=side.get_untracked()/> }
            })}
        </div>
    }
    .into_any()
}

#[component]
fn Filters(query: PaymentQuery, side: Side) -> impl IntoView {
    let narrowed = query.is_narrowed();
    let states = any_of(
        PaymentStatus::ALL
            .iter()
            .map(|status| (status.code(), status.label())),
    );
    let status = query
        .status
        .map(|status| status.code().to_owned())
        .unwrap_or_default();
    let (from, to, on) = (typed_day(query.from), typed_day(query.to), typed_day(query.on));
    let other = match side {
        Side::Seller => "Customer or external ID",
        Side::Buyer => "Seller",
    };
    let company = query.company.map(|id| id.to_string()).unwrap_or_default();
    view! {
        <Sieve page=PAGE side narrowed>
            <Field name="number" label="Payment or check number" autocomplete="off" value=query.number.unwrap_or_default()/>
            <Field name="counterparty" label=other autocomplete="off" value=query.counterparty.unwrap_or_default()/>
            <Choice name="status" label="Status" options=states value=status/>
            <CompanyChoice side value=company/>
            <Field name="from" label="From" kind="date" value=from/>
            <Field name="to" label="To" kind="date" value=to/>
            <Field name="on" label="As of" kind="date" value=on/>
        </Sieve>
    }
}

#[component]
fn Rows(page: Page<PaymentRow>, query: PaymentQuery, side: Side) -> impl IntoView {
    let Page {
        rows,
        previous,
        next,
        total,
    } = page;
    if rows.is_empty() {
        let (title, text) = if query.is_narrowed() {
            (
                "Nothing was found",
                "There is no payment that fits these filters.",
            )
        } else {
            ("No payments yet", "What is paid by card appears here by itself.")
        };
        return view! { <Empty glyph=Glyph::Card title><p>{text}</p></Empty> }.into_any();
    }
    let several = !companies(side).is_empty();
    let mut heads = vec![
        Head::of("Payment"),
        Head::of("Status"),
        Head::of(match side {
            Side::Seller => "Customer",
            Side::Buyer => "Seller",
        }),
    ];
    heads.extend(several.then(|| Head::of("Company")));
    heads.extend([
        Head::of("Method"),
        Head::sorted("Date", "descending"),
        Head::amount("Unapplied"),
        Head::amount("Amount"),
    ]);
    let lines = rows.into_iter().map(move |row| line(row, side));
    let query_of_export = query.clone();
    let to = move |position: Position| {
        let query = PaymentQuery {
            side: Some(side),
            ..query.at(position)
        };
        format!("{PAGE}?{}", query.to_query())
    };
    let export = PaymentQuery {
        side: Some(side),
        position: Position::First,
        ..query_of_export
    };
    view! {
        <p><a class=format!("{} small", css::BUTTON) href=format!("/payments/export.csv?{}", export.to_query()) rel="external" download=""><Icon of=Glyph::Download/>"Export"</a></p>
        <Table caption="Payments" heads>{lines.collect_view()}</Table>
        <Foot total previous next to/>
    }
    .into_any()
}

fn line(row: PaymentRow, side: Side) -> impl IntoView {
    let status = row.status();
    // Most of what is called unapplied is so in part only.
    let label = match status {
        PaymentStatus::Unapplied if row.unapplied != row.amount => "Partly applied",
        other => other.label(),
    };
    let PaymentRow {
        id,
        receipt,
        counterparty,
        company,
        method,
        memo,
        paid_on,
        amount,
        unapplied,
        refunded: _,
        back: _,
        reference: _,
        fee: _,
    } = row;
    let method = match method {
        Method::Card { brand: name, last4 } | Method::BankDebit { bank: name, last4 } => {
            card_name(&name, &last4)
        }
        Method::Offline => memo.unwrap_or_else(|| "Recorded by hand".to_owned()),
        Method::Opening => "Before the import".to_owned(),
    };
    let other = match side {
        Side::Seller => "Customer",
        Side::Buyer => "Seller",
    };
    let unapplied = if unapplied.is_zero() {
        view! { <span class="soft">"–"</span> }.into_any()
    } else {
        view! { <Amount of=unapplied/> }.into_any()
    };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a href=format!("/payments/{id}")>{receipt}</a></th>
            <td role="cell" class="state" data-label="Status"><PaymentBadge of=status label/></td>
            <td role="cell" class="cut" data-label=other>{counterparty}</td>
            {company.map(|company| view! { <td role="cell" class="cut" data-label="Company">{company}</td> })}
            <td role="cell" class="cut" data-label="Method">{method}</td>
            <td role="cell" class="when" data-label="Date"><Day of=paid_on/></td>
            <td role="cell" class="num soft" data-label="Unapplied">{unapplied}</td>
            <td role="cell" class="num lead" data-label="Amount"><Amount of=amount/></td>
        </tr>
    }
}

/// What became of a payment.
#[component]
fn PaymentBadge(of: PaymentStatus, label: &'static str) -> impl IntoView {
    let (kind, glyph) = match of {
        PaymentStatus::Applied => ("good", Glyph::CheckCircle),
        PaymentStatus::Unapplied => ("warn", Glyph::Half),
        PaymentStatus::PartlyRefunded | PaymentStatus::Refunded => ("info", Glyph::Refresh),
        PaymentStatus::Reversed | PaymentStatus::ChargedBack => ("bad", Glyph::Refresh),
    };
    view! { <Badge kind glyph label/> }
}
