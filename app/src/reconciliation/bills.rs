//! The page `Vendors’ bills`: bring one for a month, and those that were brought.

use super::{
    HOME,
    api::{BILLS, list_vendor_bills},
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::Moment,
        badge::Badge,
        form::{Failed, Field, FormErrors, typed_form},
        icon::{Glyph, Icon},
        loaded::both,
        page::PageHead,
        table::{Head, Table},
    },
    viewer::use_viewer,
};
use domain::reconciliation::{Month, VENDOR_MAX, VendorBillRow, VendorBillState, VendorBills};
use leptos::prelude::*;

/// What the page loads.
struct Loads {
    bills: Loading<VendorBills>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        Self {
            bills: load(|| (), |()| list_vendor_bills()),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { bills, typed } = Loads::new();
    both(bills, typed, |bills: VendorBills, failed: Failed| {
        view! { <Bills bills failed/> }
    })
    .into_any()
}

#[component]
fn Bills(bills: VendorBills, failed: Failed) -> impl IntoView {
    let VendorBills { bills, more, vendors } = bills;
    let shown = bills.len();
    view! {
        <PageHead title="Vendors’ bills" up=(HOME, "Reconciliation") note="What a vendor billed you for a month, for all of your customers."/>
        <div class="stack loose">
            <Upload vendors failed/>
            {(shown > 0).then(|| view! { <Earlier bills/> })}
            {more.then(|| view! { <p class="soft">{format!("These are the latest {shown}; there are more.")}</p> })}
        </div>
    }
}

#[component]
fn Upload(vendors: Vec<String>, failed: Failed) -> impl IntoView {
    // Most bring the month that is over.
    let before = use_viewer().map(|viewer| Month::of(viewer.today).earlier(1).to_string());
    let month = failed.text("month").or(before).unwrap_or_default();
    let last = vendors.first().cloned().filter(|_| vendors.len() == 1);
    let vendor = failed.text("vendor").or(last).unwrap_or_default();
    let help = match &vendors[..] {
        [] => format!("As you call it, {VENDOR_MAX} characters at most."),
        known => format!("So far: {}.", known.join(", ")),
    };
    view! {
        <form class=css::FORM method="post" action="/reconciliation/upload" enctype="multipart/form-data">
            <FormErrors failed=failed.clone() title="The bill was not taken"/>
            <div class="pair">
                <Field name="vendor" label="Vendor" autocomplete="off" required=true value=vendor help
                    error=failed.refusal("vendor")/>
                <Field name="month" label="Month" kind="month" autocomplete="off" required=true value=month
                    help="Such as 2026-10." error=failed.refusal("month")/>
            </div>
            <label class=css::DROP for="file">
                <Icon of=Glyph::Upload large=true/>
                <b>"Choose a file"</b>
                <small>"CSV with a heading, up to 8 MB and 10,000 lines"</small>
                <input type="file" id="file" name="file" required=true/>
            </label>
            <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Upload"</button></div>
            <p class="muted">"A month that is there already gets a new version, which is compared from then on. The old one is kept."</p>
        </form>
    }
}

#[component]
fn Earlier(bills: Vec<VendorBillRow>) -> impl IntoView {
    let heads = vec![
        Head::of("Bill"),
        Head::of("State"),
        Head::of("File"),
        Head::sorted("When", "descending"),
        Head::of("By"),
        Head::amount("Lines"),
    ];
    view! {
        <section class="stack">
            <h2>"Bills so far"</h2>
            <Table caption="Bills so far" heads>{bills.into_iter().map(row).collect_view()}</Table>
        </section>
    }
}

fn row(bill: VendorBillRow) -> impl IntoView {
    let title = title(&bill);
    let VendorBillRow {
        id,
        vendor: _,
        month: _,
        version: _,
        state: stands,
        name,
        lines,
        by,
        at,
    } = bill;
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a href=format!("{BILLS}/{id}")>{title}</a></th>
            <td role="cell" class="state" data-label="State">{state(stands)}</td>
            <td role="cell" class="soft" data-label="File">{name}</td>
            <td role="cell" class="when" data-label="When"><Moment of=at/></td>
            <td role="cell" class="soft" data-label="By">{by}</td>
            <td role="cell" class="num" data-label="Lines">{lines}</td>
        </tr>
    }
}

/// What a bill is called: its vendor, month and version.
pub(super) fn title(bill: &VendorBillRow) -> String {
    let version = bill.version.filter(|version| *version > 1);
    let version = version.map(|version| format!(", version {version}"));
    format!(
        "{}, {}{}",
        bill.vendor,
        bill.month.label(),
        version.unwrap_or_default()
    )
}

/// Where a bill stands.
pub(super) fn state(of: VendorBillState) -> impl IntoView {
    let (kind, glyph) = match of {
        VendorBillState::Columns => ("warn", Glyph::Dashed),
        VendorBillState::Current => ("good", Glyph::CheckCircle),
        VendorBillState::Replaced => ("void", Glyph::Ban),
    };
    view! { <Badge kind glyph label=of.label()/> }
}
