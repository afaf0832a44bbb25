//! One credit note: the document, where it went, and what may be done with it.

use super::{
    api::{VoidCredit, find_credit_note},
    rest::{parts, sums},
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::{Amount, Day},
        badge::Badge,
        form::{Failed, Field, FormErrors, Said, typed_form},
        given_back::GivenBack,
        icon::Glyph,
        loaded::both,
        page::{Alert, PageHead, Tone},
        paper::{InvoiceNumber, PartyBlock, PlainPrintButton},
        table::{Head, Table},
    },
    viewer::{use_locale, use_viewer},
};
use domain::{
    access::{Permission, Side},
    credit_notes::{CreditNote, Split},
    ids::CreditNoteId,
    invoices::InvoiceLine,
    locale::{format_amount, format_quantity, format_rate, format_unit_price},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// What the page loads.
struct Loads {
    note: Loading<(Side, CreditNote)>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let id = Memo::new(move |_| {
            params
                .read()
                .get("id")
                .and_then(|id| id.parse::<CreditNoteId>().ok())
        });
        Self {
            note: load(
                move || id.get(),
                |id| async move {
                    match id {
                        Some(id) => find_credit_note(id).await,
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
    let Loads { note, typed } = Loads::new();
    both(note, typed, |(side, note): (Side, CreditNote), failed: Failed| {
        view! { <Note side note failed/> }
    })
    .into_any()
}

#[component]
fn Note(side: Side, note: CreditNote, failed: Failed) -> impl IntoView {
    let viewer = use_viewer();
    let may = |permission| viewer.as_ref().is_some_and(|viewer| viewer.may(permission));
    let seller = side == Side::Seller;
    let unused = note.remaining == note.totals.total;
    let applies = seller && !note.void && may(Permission::RecordPayments);
    let id = note.id;
    let void = note.void;
    let back = note.back.clone();
    // Until the gateway has decided, the credit waits to take the place of the money.
    let waits = back.iter().any(|refund| refund.state.is_under_way());
    let has_credit = note.remaining.is_positive() && !waits;
    let applies = applies && !waits;
    let on_workbench = applies && has_credit;
    let voids = seller && !void && unused && !waits && may(Permission::IssueCreditNotes);
    let pays_out = seller && !void && has_credit && may(Permission::RefundPayments);
    let heads = vec![
        Head::of("Description"),
        Head::amount("Quantity"),
        Head::amount("Unit price"),
        Head::amount("Tax"),
        Head::amount("Net amount"),
    ];
    let lines = note.lines.iter().map(line).collect_view();
    let where_to = note.applied.clone();
    view! {
        <PageHead title=format!("Credit note {}", note.number) up=("/credits", "Credit notes")
            mark=move || void.then(|| view! { <Badge kind="void" glyph=Glyph::Ban label="Void"/> })>
            <PlainPrintButton/>
            {pays_out.then(|| view! { <a class=css::BUTTON href=format!("/refund/{id}")>"Pay out"</a> })}
            {on_workbench.then(|| view! { <a class=css::BUTTON href=format!("/workbench?of={id}")>"Workbench"</a> })}
            {applies.then(|| view! { <a class=css::BUTTON href=format!("/allocate/{id}")>"Apply or take off"</a> })}
        </PageHead>
        <div class=format!("{} stack loose", css::INVOICE)>
            <Said words=&[
                ("issued", "The credit note was issued. What was due went down first."),
                ("void", "It was withdrawn and keeps its number."),
                ("paid-out", "It was paid out."),
            ]/>
            <FormErrors failed=failed.clone() title="Nothing was changed"/>
            <div class=css::PARTIES>
                <PartyBlock title="From" party=note.seller.clone()/>
                <PartyBlock title="To" party=note.buyer.clone()/>
            </div>
            <dl class=format!("{} across", css::FACTS)>
                <div><dt>"Issued"</dt><dd><Day of=note.issue_date/></dd></div>
                <div><dt>"Reason"</dt><dd>{note.reason.clone()}</dd></div>
                {note.invoices.iter().map(|(id, number)| view! {
                    <div><dt>"Invoice"</dt><dd><a href=format!("/invoices/{id}")>{number.clone()}</a></dd></div>
                }).collect_view()}
            </dl>
            <Table caption="Lines" heads>{lines}</Table>
            <Sums note=note.clone()/>
            {(!back.is_empty()).then(|| view! {
                <section class="stack">
                    <h2>"Paid back"</h2>
                    {waits.then(|| view! {
                        <Alert tone=Tone::Info><p>"Money is on its way back. Until that is decided, this credit waits for it."</p></Alert>
                    })}
                    <GivenBack refunds=back/>
                </section>
            })}
            {(!where_to.is_empty()).then(|| view! {
                <section class="stack">
                    <h2>"Put to invoices"</h2>
                    <Table caption="Invoices that it was put to" heads=vec![Head::of("Invoice"), Head::amount("Credited")]>
                        {where_to.into_iter().map(|put| view! {
                            <tr role="row">
                                <th scope="row" role="rowheader"><InvoiceNumber id=put.invoice number=put.number reached=put.reached/></th>
                                <td role="cell" class="num" data-label="Credited"><Amount of=put.amount/></td>
                            </tr>
                        }).collect_view()}
                    </Table>
                </section>
            })}
            {voids.then(|| view! {
                <form class=format!("{} no-print", css::FORM) method="post" action=VoidCredit::url()>
                    <h2>"Withdraw it"</h2>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <Field name="reason" label="Reason" autocomplete="off" value=failed.text("reason").unwrap_or_default()
                        error=failed.refusal("reason") required=true help="Nothing of it was used, so it can be withdrawn. It keeps its number."/>
                    <div class="buttons"><button class=css::BUTTON>"Withdraw credit note"</button></div>
                </form>
            })}
        </div>
    }
}

fn line(line: &InvoiceLine) -> impl IntoView + use<> {
    let locale = use_locale();
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{line.description.clone()}</th>
            <td role="cell" class="num" data-label="Quantity">{format_quantity(line.quantity, locale)}</td>
            <td role="cell" class="num" data-label="Unit price">{format_unit_price(line.unit_price, line.net.currency(), locale)}</td>
            <td role="cell" class="num soft" data-label="Tax">{format_rate(line.tax_rate, locale)}</td>
            <td role="cell" class="num lead" data-label="Net amount">{format_amount(line.net, locale)}</td>
        </tr>
    }
}

#[component]
fn Sums(note: CreditNote) -> impl IntoView {
    // What was withdrawn is nobody's, so it has no parts.
    let split = Split::of(&note).ok().filter(|_| !note.void);
    view! {
        <dl class=css::TOTALS>{sums(&note.totals)}{split.map(parts)}</dl>
        <p class="explains no-print"><a href=format!("/explain/credit/{}", note.id)>"How it adds up"</a></p>
    }
}
