//! The invoice page: parties, lines, tax, totals, what was paid and credited, what happened, and what may be done
//! next, or why not (I15).

use super::{api::find_invoice, settlements::Settlements};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::{Amount, Day, Moment},
        badge::StatusBadge,
        icon::{Glyph, Icon},
        loaded::loaded,
        page::PageHead,
        paper::{PartyBlock, PrintButton, RollupNumber},
    },
    viewer::{use_locale, use_viewer},
};
use domain::{
    access::{Permission, Side},
    ids::InvoiceId,
    invoices::{Happening, InvoiceDetail, InvoiceLine, Status, Totals},
    locale::{format_amount, format_amount_with_code, format_quantity, format_rate, format_unit_price},
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

/// The document: parties, terms, lines, totals, what was paid and credited. Stands in `css::INVOICE`.
#[component]
pub(crate) fn Paper(
    /// What it is called.
    title: String,
    /// What it says.
    invoice: InvoiceDetail,
) -> impl IntoView {
    view! {
            <div class="paper">
                <div class=css::PARTIES>
                    <PartyBlock title="From" party=invoice.seller.clone()/>
                    <PartyBlock title="Bill to" party=invoice.buyer.clone()/>
                </div>
                <dl class=format!("{} across terms", css::FACTS)>
                    {invoice.row.issue_date.map(|day| view! { <div><dt>"Issued"</dt><dd><Day of=day/></dd></div> })}
                    <div><dt>"Due"</dt><dd><Day of=invoice.row.due_date/></dd></div>
                    {invoice.row.order_id.clone().map(|order| view! { <div><dt>"Order"</dt><dd>{order}</dd></div> })}
                    {invoice.profile.clone().into_iter().map(|(heading, text)| view! { <div><dt>{heading}</dt><dd>{text}</dd></div> }).collect_view()}
                    <div><dt>"Source"</dt><dd>{invoice.row.source.label()}</dd></div>
                </dl>
                <Lines title invoice=invoice.clone()/>
                <Settlements of=invoice.settlements.clone()/>
                {invoice.note.clone().map(|note| view! { <p class="note">{note}</p> })}
            </div>
    }
}

#[component]
fn Lines(title: String, invoice: InvoiceDetail) -> impl IntoView {
    let rows = invoice.lines.iter().map(line).collect_view();
    view! {
        <section class="part" aria-labelledby="lines">
            <h2 id="lines">"Lines"</h2>
            <div class=format!("{} lines", css::DATA_TABLE)>
                <table role="table">
                    <caption>{format!("Lines of {}", title.to_ascii_lowercase())}</caption>
                    <thead role="rowgroup"><tr role="row">
                        <th scope="col" role="columnheader">"Description"</th>
                        <th scope="col" role="columnheader" class="num">"Quantity"</th>
                        <th scope="col" role="columnheader" class="num">"Unit price"</th>
                        <th scope="col" role="columnheader" class="num rare">"Tax"</th>
                        <th scope="col" role="columnheader" class="num">"Net amount"</th>
                    </tr></thead>
                    <tbody role="rowgroup">{rows}</tbody>
                </table>
            </div>
            <TotalsBlock invoice/>
        </section>
    }
}

fn line(line: &InvoiceLine) -> impl IntoView + use<> {
    let locale = use_locale();
    let currency = line.net.currency();
    let small = [
        line.item_code.clone(),
        (!line.discount.is_zero())
            .then(|| format!("less {}", format_amount_with_code(line.discount, locale))),
    ];
    let small = small.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{line.description.clone()}{(!small.is_empty()).then(|| view! { <small>{small}</small> })}</th>
            <td role="cell" class="num" data-label="Quantity">{format_quantity(line.quantity, locale)}</td>
            <td role="cell" class="num" data-label="Unit price">{format_unit_price(line.unit_price, currency, locale)}</td>
            <td role="cell" class="num soft rare" data-label="Tax">{format_rate(line.tax_rate, locale)}</td>
            <td role="cell" class="num lead" data-label="Net amount">{format_amount(line.net, locale)}</td>
        </tr>
    }
}

#[component]
fn TotalsBlock(invoice: InvoiceDetail) -> impl IntoView {
    let locale = use_locale();
    let InvoiceDetail {
        totals,
        costs,
        paid,
        credited,
        written_off,
        row,
        ..
    } = invoice;
    let Totals {
        lines,
        discount,
        charge: _,
        net,
        taxes,
        tax: _,
        rounding,
        total,
    } = totals;
    let entry = |class: &'static str, name: String, amount: domain::Money| {
        view! { <div class=class><dt>{name}</dt><dd><Amount of=amount/></dd></div> }
    };
    let minus = |amount: domain::Money| amount.checked_neg().unwrap_or(amount);
    view! {
        <dl class=css::TOTALS>
            {(!discount.is_zero() || !costs.is_empty()).then(|| entry("", "Sum of lines".to_owned(), lines))}
            {(!discount.is_zero()).then(|| entry("", "Discount".to_owned(), minus(discount)))}
            {costs.into_iter().map(|cost| entry("", cost.description, cost.amount)).collect_view()}
            {entry("", "Total without tax".to_owned(), net)}
            {taxes.into_iter().map(|group| {
                let name = format!("Tax {} on {}", format_rate(group.rate, locale), format_amount(group.base, locale));
                let name = group.reason.map_or(name.clone(), |reason| format!("{name} ({reason})"));
                entry("", name, group.tax)
            }).collect_view()}
            {(!rounding.is_zero()).then(|| entry("", "Rounding".to_owned(), rounding))}
            {entry("sum", "Total".to_owned(), total)}
            {(!paid.is_zero()).then(|| entry("", "Paid".to_owned(), minus(paid)))}
            {(!credited.is_zero()).then(|| entry("", "Credited".to_owned(), minus(credited)))}
            {(!written_off.is_zero()).then(|| entry("", "Written off".to_owned(), minus(written_off)))}
            {entry("due", "Open".to_owned(), row.open)}
        </dl>
        <p class="explains no-print"><a href=format!("/explain/{}", row.id)>"How it adds up"</a></p>
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
    let credits = invoice.side == Side::Seller && may(Permission::IssueCreditNotes) && issued;
    let writes = alone
        && invoice.side == Side::Seller
        && may(Permission::WriteInvoices)
        && !matches!(row.status, Status::Paid | Status::Void)
        && invoice.credited.is_zero()
        && invoice.written_off.is_zero();
    let disputes = invoice.was_disputed
        || (invoice.side == Side::Buyer && may(Permission::DisputeInvoices) && row.open.is_positive());
    let gone = invoice.written_off.is_positive();
    let gives_up =
        invoice.side == Side::Seller && may(Permission::WriteOffInvoices) && (invoice.can_write_off || gone);
    let reminds = invoice.side == Side::Seller
        && may(Permission::SendMail)
        && matches!(row.status, Status::Overdue | Status::PartiallyPaid)
        && invoice.billed_with.is_none();
    let account = row.account;
    let why = match (invoice.can_pay, invoice.side, pays) {
        (Err(NotPayable::Draft), ..) => "It is a draft: it can be paid once it is issued.",
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
            {(voids || records || credits || writes || gives_up || disputes || reminds || invoice.revised).then(|| view! {
                <div class="buttons">
                    {writes.then(|| view! { <a class=css::BUTTON href=format!("/write/{}", row.id)>{if row.status == Status::Draft { "Edit or issue" } else { "Change" }}</a> })}
                    {invoice.revised.then(|| view! { <a class=css::BUTTON href=format!("/revisions/{}", row.id)>"Changes"</a> })}
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
