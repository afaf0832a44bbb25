//! The page of one bill: its columns while they wait to be named, then what is in it.

use super::{
    HOME, address,
    api::{BILLS, NameBillColumns, SETTINGS, find_vendor_bill},
    bills::{state, title},
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::{Amount, Day, Moment},
        columns::{ColumnField, ColumnFile, ColumnMapper},
        form::{Failed, Said, typed_form},
        loaded::both,
        page::PageHead,
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::{
    Money,
    ids::VendorBillId,
    locale::{format_count, format_quantity},
    reconciliation::{
        BillColumns, BillField, BillLine, BillOffer, LineKind, ReconciliationQuery, VendorBillDetail,
        VendorBillRow, VendorBillState,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// What the page loads.
struct Loads {
    bill: Loading<VendorBillDetail>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let id = Memo::new(move |_| {
            params
                .read()
                .get("id")
                .and_then(|id| id.parse::<VendorBillId>().ok())
        });
        Self {
            bill: load(
                move || id.get(),
                |id| async move {
                    match id {
                        Some(id) => find_vendor_bill(id).await,
                        None => Err(AppError::NotFound),
                    }
                },
            ),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { bill, typed } = Loads::new();
    both(bill, typed, |bill: VendorBillDetail, failed: Failed| {
        view! { <Bill bill failed/> }
    })
    .into_any()
}

#[component]
fn Bill(bill: VendorBillDetail, failed: Failed) -> impl IntoView {
    let VendorBillDetail {
        row,
        offer,
        sums,
        lines,
    } = bill;
    let of_month = |page: &str| {
        let query = ReconciliationQuery {
            month: Some(row.month),
            ..ReconciliationQuery::default()
        };
        address(page, &query)
    };
    let current = row.state == VendorBillState::Current;
    let (dashboard, settings) = (of_month(HOME), of_month(SETTINGS));
    let heading = title(&row);
    let body = match offer {
        Some(offer) => view! { <Columns id=row.id offer failed/> }.into_any(),
        None => view! { <Read row sums lines/> }.into_any(),
    };
    view! {
        <PageHead title=heading up=(BILLS, "Vendors’ bills")>
            {current.then(|| view! {
                <a class=css::BUTTON href=settings>"Map companies and products"</a>
                <a class=css::BUTTON href=dashboard>"Compare"</a>
            })}
        </PageHead>
        <div class="stack loose">
            <Said words=&[("read", "The bill was read. Its month is compared with it from now on.")]/>
            {body}
        </div>
    }
}

#[component]
fn Columns(id: VendorBillId, offer: BillOffer, failed: Failed) -> impl IntoView {
    let BillOffer {
        header,
        sample,
        columns,
    } = offer;
    let BillColumns {
        columns,
        date_order,
        decimal_mark,
        currency,
    } = columns;
    let field = |field: &BillField| ColumnField {
        code: field.code(),
        label: field.label(),
        column: columns.get(field).cloned(),
    };
    let file = ColumnFile {
        id: id.to_string(),
        header,
        sample,
        fields: BillField::ALL.iter().map(field).collect(),
        date_order,
        decimal_mark,
        currency,
    };
    view! { <ColumnMapper action=NameBillColumns::url() file failed/> }
}

#[component]
fn Read(row: VendorBillRow, sums: Vec<(LineKind, Money)>, lines: Vec<BillLine>) -> impl IntoView {
    let locale = use_locale();
    let badge = state(row.state);
    let shown = lines.len();
    let sums = sums
        .into_iter()
        .map(|(kind, sum)| view! { <div><dt>{kind.label()}</dt><dd><Amount of=sum/></dd></div> })
        .collect_view();
    let heads = vec![
        Head::of("Company"),
        Head::of("Product"),
        Head::of("Kind"),
        Head::of("Term"),
        Head::of("Ends"),
        Head::amount("Quantity"),
        Head::amount("Cost"),
    ];
    let rows = lines.into_iter().map(move |line| {
        let name = line.sku.map(|sku| view! { <small>{sku}</small> });
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">{line.company}</th>
                <td role="cell" data-label="Product">{line.product}{name}</td>
                <td role="cell" data-label="Kind">{line.kind.label()}</td>
                <td role="cell" class="soft" data-label="Term">{line.term}</td>
                <td role="cell" data-label="Ends">{line.ends_on.map(|day| view! { <Day of=day/> })}</td>
                <td role="cell" class="num" data-label="Quantity">{format_quantity(line.quantity, locale)}</td>
                <td role="cell" class="num lead" data-label="Cost"><Amount of=line.cost/></td>
            </tr>
        }
    });
    view! {
        <p>{badge}</p>
        <dl class=format!("{} across", css::FACTS)>
            {sums}
            <div><dt>"Lines"</dt><dd>{format_count(row.lines, locale)}</dd></div>
            <div><dt>"File"</dt><dd>{row.name}</dd></div>
            <div><dt>"Brought by"</dt><dd>{row.by}", "<Moment of=row.at/></dd></div>
        </dl>
        <section class="stack">
            <h2>"Lines"</h2>
            <Table caption="Lines of the bill" heads>{rows.collect_view()}</Table>
            {(row.lines > shown as u64).then(|| view! { <p class="soft">{format!("These are the first {shown}.")}</p> })}
        </section>
    }
}
