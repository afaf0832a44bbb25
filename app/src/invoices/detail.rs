//! The invoice page: the document, what happened, and what may be done next, or why not (I15).

use super::{api::find_invoice, paper::Paper};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::Moment,
        badge::StatusBadge,
        icon::{Glyph, Icon},
        loaded::loaded,
        page::PageHead,
        paper::{PrintButton, RollupNumber},
    },
    viewer::{use_locale, use_viewer},
};
use domain::{
    access::{Permission, Side},
    ids::InvoiceId,
    invoices::{Happening, InvoiceDetail, Status},
    locale::{format_amount, format_amount_with_code},
    refusal::NotPayable,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    invoice: Loading<InvoiceDetail>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let id = Memo::new(move |_| {
            params
                .read()
                .get("id")
                .and_then(|id| id.parse::<InvoiceId>().ok())
        });
        let invoice = load(
            move || id.get(),
            |id| async move {
                match id {
                    Some(id) => find_invoice(id).await,
                    None => Err(AppError::NotFound),
                }
            },
        );
        Self { invoice }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let this = Loads::new();
    loaded(
        this.invoice,
        |invoice: InvoiceDetail| view! { <Invoice invoice/> },
    )
    .into_any()
}

#[component]
fn Invoice(invoice: InvoiceDetail) -> impl IntoView {
    let number = invoice.row.number.clone();
    let title = number.clone().map_or_else(
        || "Draft invoice".to_owned(),
        |number| format!("Invoice {number}"),
    );
    let status = invoice.row.status;
    view! {
        <PageHead title=title.clone() up=("/invoices", "Invoices") mark=move || view! { <StatusBadge of=status/> }>
            <PrintButton/>
        </PageHead>
        <div class=format!("{} columns", css::INVOICE)>
            <Paper title invoice=invoice.clone()/>
            <aside class="stick">
                <Next invoice=invoice.clone()/>
                <History happenings=invoice.history/>
            </aside>
        </div>
    }
}

/// What is open and what may be done about it, or why nothing may.
#[component]
fn Next(invoice: InvoiceDetail) -> impl IntoView {
    let locale = use_locale();
    let viewer = use_viewer();
    let row = invoice.row.clone();
    let may = |permission| viewer.as_ref().is_some_and(|viewer| viewer.may(permission));
    let billed = invoice.billed_with.clone();
    // In a bill of its parent it is paid there.
    let alone = billed.is_none();
    let pays = alone && invoice.side == Side::Buyer && may(Permission::PayInvoices);
    let voids = invoice.side == Side::Seller && may(Permission::VoidInvoices) && invoice.can_void.is_ok();
    let records =
        alone && invoice.side == Side::Seller && may(Permission::RecordPayments) && invoice.can_pay.is_ok();
    let issued = !matches!(row.status, Status::Draft | Status::Void | Status::WrittenOff);
    let credits = invoice.side == Side::Seller
        && may(Permission::IssueCreditNotes)
        && issued
        && row.total.is_positive();
    // What stands in the way, and is not said here, its page says.
    let writes = invoice.side == Side::Seller
        && may(Permission::WriteInvoices)
        && !matches!(row.status, Status::Paid | Status::Void);
    let disputes = invoice.was_disputed
        || (invoice.side == Side::Buyer && may(Permission::DisputeInvoices) && row.open.is_positive());
    let gone = invoice.written_off.is_positive();
    let gives_up =
        invoice.side == Side::Seller && may(Permission::WriteOffInvoices) && (invoice.can_write_off || gone);
    let reminds = invoice.side == Side::Seller
        && may(Permission::SendMail)
        && row.status == Status::Overdue
        && invoice.billed_with.is_none();
    let account = row.account;
    let revised = invoice.changed.is_some();
    let why = match (invoice.can_pay, invoice.side, pays) {
        (Err(NotPayable::Draft), ..) => "It is a draft: it can be paid once it is issued.",
        (Err(NotPayable::Paid), ..) if voids => "Nothing is open.",
        (Err(NotPayable::Paid), ..) => "Nothing is open. It can be neither edited nor deleted.",
        (Err(NotPayable::Void), ..) => "It was voided; its number stays.",
        (Err(NotPayable::WrittenOff), Side::Seller, _) => {
            "What was open of it is written off. If it is paid after all, take that back first."
        }
        (Err(NotPayable::WrittenOff), Side::Buyer, _) => {
            "Nothing is asked for any more. To pay it after all, ask the seller."
        }
        (Err(NotPayable::Pending), ..) => {
            "All of it is being paid right now. Your bank is still confirming; don’t pay again."
        }
        (Ok(()), ..) if !alone => "It is paid with the bill of the parent company.",
        (Ok(()), Side::Seller, _) => "Waits for the buyer’s payment.",
        (Ok(()), Side::Buyer, false) => "Your role may look, not pay. Ask the lead contact of your company.",
        (Ok(()), Side::Buyer, true) => "Pay all of it or a part; the rest stays open.",
    };
    let settled = invoice.paid.checked_add(invoice.credited).unwrap_or(invoice.paid);
    view! {
        <section class=format!("panel {} no-print", css::DUE_NOW) aria-label="Open amount">
            <p class="label">"Open"</p>
            <p class="figure">{format_amount(row.open, locale)}" "<abbr>{row.open.currency().code()}</abbr></p>
            {row.disputed.is_positive().then(|| view! {
                <p class="note">{format!("{} of it is disputed.", format_amount_with_code(row.disputed, locale))}</p>
            })}
            {settled.is_positive().then(|| view! {
                <progress max=row.total.minor().to_string() value=settled.minor().to_string() aria-label="Part that is paid"></progress>
            })}
            <p class="note">{why}</p>
            {billed.map(|billed| view! { <p class="note">"Billed with "<RollupNumber of=billed/></p> })}
            {(pays && row.offered().is_positive()).then(|| view! {
                <div class="buttons">
                    <a class=format!("{} primary large", css::BUTTON) href=format!("/payments/new?invoice={}", row.id) rel="external">
                        {format!("Pay {}", format_amount_with_code(row.offered(), locale))}
                    </a>
                </div>
            })}
            {(voids || records || credits || writes || gives_up || disputes || reminds || revised).then(|| view! {
                <div class="buttons">
                    {writes.then(|| view! { <a class=css::BUTTON href=format!("/write/{}", row.id)>{if row.status == Status::Draft { "Edit or issue" } else { "Change" }}</a> })}
                    {revised.then(|| view! { <a class=css::BUTTON href=format!("/revisions/{}", row.id)>"Changes"</a> })}
                    {disputes.then(|| view! { <a class=css::BUTTON href=format!("/disputes/{}", row.id)>{if invoice.was_disputed { "Disputes" } else { "Dispute" }}</a> })}
                    {records.then(|| view! { <a class=css::BUTTON href=format!("/payments/record?account={account}&currency={}", row.open.currency())>"Record a payment"</a> })}
                    {reminds.then(|| view! { <a class=css::BUTTON href=format!("/reminders/{account}?invoice={}", row.id)>"Remind"</a> })}
                    {credits.then(|| view! { <a class=css::BUTTON href=format!("/credit/{}", row.id)>"Credit note"</a> })}
                    {gives_up.then(|| view! { <a class=css::BUTTON href=format!("/write-off/{}", row.id)>{if gone { "Take write-off back" } else { "Write off" }}</a> })}
                    {voids.then(|| view! { <a class=css::BUTTON href=format!("/void/{}", row.id)>"Delete"</a> })}
                </div>
            })}
        </section>
    }
}

#[component]
fn History(happenings: Vec<Happening>) -> impl IntoView {
    let items = happenings
        .into_iter()
        .map(|one| view! {
            <li><span class="sign"><Icon of=Glyph::Clock/></span><p><b>{one.who}</b>" "{one.what}</p><small><Moment of=one.at/></small></li>
        })
        .collect_view();
    view! {
        <section class="part" aria-labelledby="history">
            <h2 id="history">"History"</h2>
            <ol class=css::TIMELINE>{items}</ol>
        </section>
    }
}
