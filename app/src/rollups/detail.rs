//! One roll-up bill: its invoices by company, what is open of them, and what may be done with it.

use super::{
    PAGE,
    api::{PayRollup, VoidRollup, find_rollup},
    blocks::{Blocks, Shown},
    list::badge,
};
use crate::loading::load_named;
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Day},
        form::{Failed, Field, FormErrors, Said, typed_form},
        loaded::both,
        page::{Alert, PageHead, Tone},
    },
    viewer::{use_locale, use_viewer},
};
use domain::{
    Refusal,
    access::{Permission, Side},
    locale::format_amount_with_code,
    rollups::{Rollup, RollupState},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The page.
pub(crate) fn view() -> AnyView {
    let found = load_named(find_rollup);
    both(found, typed_form(), |bill: Rollup, failed: Failed| {
        view! { <Bill bill failed/> }
    })
    .into_any()
}

#[component]
fn Bill(bill: Rollup, failed: Failed) -> impl IntoView {
    let viewer = use_viewer();
    let may = |permission| viewer.as_ref().is_some_and(|viewer| viewer.may(permission));
    let row = bill.row.clone();
    let seller = bill.side == Side::Seller;
    let collects = seller && bill.payable.is_positive() && may(Permission::RecordPayments);
    let pays = !seller && bill.payable.is_positive() && may(Permission::PayInvoices);
    let voids = seller && row.state != RollupState::Void && may(Permission::VoidInvoices);
    let account = format!("account={}&currency={}", bill.account, row.total.currency());
    let record = format!("/payments/record?{account}");
    let workbench = format!("/workbench?{account}");
    let state = row.state;
    let gone = state == RollupState::Void;
    let shown = if gone { Shown::ToBill } else { Shown::Billed };
    view! {
        <PageHead title=format!("Roll-up bill {}", row.number) up=(PAGE, "Roll-up bills") mark=move || badge(state)>
            {collects.then(|| view! { <a class=css::BUTTON href=workbench>"Workbench"</a> })}
            {collects.then(|| view! { <a class=css::BUTTON href=record>"Record a payment"</a> })}
        </PageHead>
        <div class="stack loose">
            <Said words=&[
                ("issued", "The bill was issued. From now on its invoices are paid by the parent alone."),
                ("void", "The bill was withdrawn. Its invoices are their companies’ to pay again."),
            ]/>
            <FormErrors failed=failed.clone() title="Nothing was changed"/>
            <dl class=format!("{} across", css::FACTS)>
                <div><dt>"From"</dt><dd>{bill.seller.clone()}</dd></div>
                <div><dt>"To"</dt><dd>{bill.buyer.clone()}</dd></div>
                <div><dt>"Invoices issued"</dt><dd><Day of=row.period.from/>" to "<Day of=row.period.to/></dd></div>
                <div><dt>"Issued"</dt><dd><Day of=row.issue_date/></dd></div>
                <div><dt>"Due"</dt><dd><Day of=row.due_date/></dd></div>
                <div><dt>"Total"</dt><dd><Amount of=row.total/></dd></div>
                {(!gone).then(|| view! { <div><dt>"Open"</dt><dd><Amount of=row.open/></dd></div> })}
                {bill.void_reason.clone().map(|reason| view! { <div><dt>"Withdrawn because"</dt><dd>{reason}</dd></div> })}
            </dl>
            {pays.then(|| view! { <Pay bill=bill.clone() failed=failed.clone()/> })}
            <Blocks blocks=bill.blocks.clone() shown/>
            {voids.then(|| view! { <Void bill failed/> })}
        </div>
    }
}

#[component]
fn Pay(bill: Rollup, failed: Failed) -> impl IntoView {
    let payable = format_amount_with_code(bill.payable, use_locale());
    view! {
        <form class=format!("{} no-print", css::FORM) method="post" action=PayRollup::url()>
            <h2>"Pay it"</h2>
            <input type="hidden" name="id" value=bill.row.id.to_string()/>
            <Field name="amount" label="Amount" autocomplete="off" inputmode="decimal" value=failed.text("amount").unwrap_or_default()
                help=format!("Leave it empty for all of {payable}. A part is split over the invoices in proportion to what is open; you may change that on the next page.")/>
            <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Pay"</button></div>
        </form>
    }
}

#[component]
fn Void(bill: Rollup, failed: Failed) -> impl IntoView {
    let locale = use_locale();
    match bill.can_void {
        Err(why) => {
            let refusal = Refusal::Locked {
                number: bill.row.number,
                why,
            };
            view! { <Alert tone=Tone::Info><p>{refusal.message(locale)}</p></Alert> }.into_any()
        }
        Ok(()) => view! {
            <form class=format!("{} no-print", css::FORM) method="post" action=VoidRollup::url()>
                <h2>"Withdraw it"</h2>
                <input type="hidden" name="id" value=bill.row.id.to_string()/>
                <Field name="reason" label="Reason" autocomplete="off" value=failed.text("reason").unwrap_or_default()
                    error=failed.refusal("reason") required=true
                    help="It stands on the bill, which keeps its number. The invoices are their companies’ to pay again; what was paid stays paid."/>
                <div class="buttons"><button class=css::BUTTON>"Withdraw roll-up bill"</button></div>
            </form>
        }
        .into_any(),
    }
}
