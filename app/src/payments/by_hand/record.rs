//! The page `Record a payment`: who paid, how much, when and how, and where it goes (P12 to P16).

use super::{
    api::{OpenedRecord, RecordPayment, open_record},
    lines::{OpenLines, some},
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Day},
        form::{Failed, Field, FormErrors, typed_form},
        icon::{Glyph, Icon},
        loaded::both,
        page::{Empty, PageHead},
        table::{Head, Table},
    },
};
use domain::payments::offline::{Payer, PayerBalance, PutTo, RecordForm, UnappliedPayment};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_location;

const PAGE: &str = "/payments/record";

/// What the page loads.
struct Loads {
    opened: Loading<OpenedRecord>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        Self {
            opened: load(move || search.get(), open_record),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { opened, typed } = Loads::new();
    both(
        opened,
        typed,
        |opened: OpenedRecord, failed: Failed| match opened {
            OpenedRecord::Search { text, found } => view! { <Search text found failed/> }.into_any(),
            OpenedRecord::Form(form) => view! { <Form form=*form failed/> }.into_any(),
        },
    )
    .into_any()
}

#[component]
fn Search(text: String, found: Vec<Payer>, failed: Failed) -> impl IntoView {
    let nothing = found.is_empty();
    let heads = vec![
        Head::sorted("Customer", "ascending"),
        Head::of("External ID"),
        Head::amount("Open"),
        Head::amount("Unapplied"),
    ];
    let rows = found.into_iter().map(|payer| {
        let Payer {
            account,
            name,
            external_id,
            balances,
        } = payer;
        let sums = |of: fn(&PayerBalance) -> domain::Money| {
            let some: Vec<_> = balances.iter().map(of).filter(|sum| !sum.is_zero()).collect();
            if some.is_empty() {
                return view! { <span class="soft">"–"</span> }.into_any();
            }
            some.into_iter()
                .map(|sum| view! { <div><Amount of=sum/></div> })
                .collect_view()
                .into_any()
        };
        view! {
            <tr role="row">
                <th scope="row" role="rowheader"><a href=format!("{PAGE}?account={account}")>{name}</a></th>
                <td role="cell" data-label="External ID">{external_id}</td>
                <td role="cell" class="num" data-label="Open">{sums(|balance| balance.open)}</td>
                <td role="cell" class="num" data-label="Unapplied">{sums(|balance| balance.unapplied)}</td>
            </tr>
        }
    });
    view! {
        <PageHead title="Record a payment" up=("/payments", "Payments") note="Checks, transfers, cash: whatever did not come through the portal. Who paid?"/>
        <div class="stack">
            <FormErrors failed title="Nothing was recorded"/>
            <form class=css::SIEVE method="get" action=PAGE role="search">
                <Field name="search" label="Name or external ID" autocomplete="off" value=text.clone()/>
                <div class="buttons"><button class=css::BUTTON><Icon of=Glyph::Search/>"Find"</button></div>
            </form>
            {if nothing {
                view! {
                    <Empty glyph=Glyph::Search title="Nobody was found">
                        <p>{format!("No customer has “{text}” in its name or external ID.")}</p>
                        <p><a class=css::BUTTON href=PAGE>"Show all"</a></p>
                    </Empty>
                }.into_any()
            } else {
                view! { <Table caption="Customers" heads>{rows.collect_view()}</Table> }.into_any()
            }}
        </div>
    }
}

#[component]
fn Form(form: RecordForm, failed: Failed) -> impl IntoView {
    let RecordForm {
        key,
        payer,
        currency,
        today,
        lines,
        more,
        unapplied,
    } = form;
    let account = payer.account;
    let mut codes: Vec<_> = payer.balances.iter().map(|sums| sums.open.currency()).collect();
    if !codes.contains(&currency) {
        codes.push(currency);
    }
    let others = (codes.len() > 1).then(|| {
        let link = |code: domain::Currency| {
            let here = (code == currency).then_some("page");
            view! { <a href=format!("{PAGE}?account={account}&currency={code}") aria-current=here>{code.code()}</a> }
        };
        view! { <nav class=css::TABS aria-label="Currency">{codes.into_iter().map(link).collect_view()}</nav> }
    });
    let text = |field: &str| failed.text(field);
    let typed = |field: &str| failed.text(field).unwrap_or_default();
    let day = text("paid_on").unwrap_or_else(|| today.to_string());
    let nothing_open = lines.is_empty();
    let way = text("put")
        .and_then(|word| PutTo::from_code(&word))
        .unwrap_or(if nothing_open {
            PutTo::Nothing
        } else {
            PutTo::Oldest
        });
    let ways = PutTo::ALL
        .iter()
        .filter(|one| !nothing_open || **one == PutTo::Nothing)
        .map(|one| {
            let checked = *one == way;
            view! {
                <label><input type="radio" name="form[put]" value=one.code() checked=checked autocomplete="off"/>{one.label()}</label>
            }
        });
    let open = payer
        .balances
        .iter()
        .find(|sums| sums.open.currency() == currency)
        .map(|sums| sums.open);
    let note = [payer.external_id.clone()]
        .into_iter()
        .flatten()
        .collect::<String>();
    view! {
        <PageHead title=format!("Payment of {}", payer.name) up=(PAGE, "Record a payment") note/>
        <div class="stack loose">
            {others}
            <FormErrors failed=failed.clone() title="Nothing was recorded"/>
            {(!unapplied.is_empty()).then(|| view! { <Waiting unapplied/> })}
            <form class=css::RECORD method="post" action=RecordPayment::url()>
                <input type="hidden" name="form[key]" value=key.to_string()/>
                <input type="hidden" name="form[account]" value=account.to_string()/>
                <input type="hidden" name="form[currency]" value=currency.code()/>
                <div class="facts-in">
                    <Field name="amount" inside="form" label=format!("Amount in {currency}") inputmode="decimal" autocomplete="off"
                        value=typed("amount") error=failed.refusal("amount") required=true/>
                    <Field name="paid_on" inside="form" label="Received on" kind="date" value=day error=failed.refusal("paid_on") required=true/>
                    <div class="wide">
                        <Field name="memo" inside="form" label="Check number or cash payment memo" autocomplete="off"
                            value=typed("memo") error=failed.refusal("memo") help="The customer sees it on the receipt and on the invoices."/>
                    </div>
                </div>
                <fieldset>
                    <legend>"Where it goes"</legend>
                    {open.map(|open| view! { <p class="soft nowrap">{format!("{} owes ", payer.name)}{some(open)}</p> })}
                    <div class="ways">{ways.collect_view()}</div>
                    {(!nothing_open).then(|| view! { <OpenLines lines more failed/> })}
                </fieldset>
                <div class="buttons">
                    <button class=format!("{} primary", css::BUTTON)>"Record payment"</button>
                    <a class=css::BUTTON href="/payments">"Cancel"</a>
                </div>
            </form>
        </div>
    }
}

/// Money of the customer that waits already: it comes before new money.
#[component]
fn Waiting(unapplied: Vec<UnappliedPayment>) -> impl IntoView {
    let rows = unapplied.into_iter().map(|one| {
        let UnappliedPayment {
            payment,
            receipt,
            paid_on,
            unapplied,
        } = one;
        view! {
            <tr role="row">
                <th scope="row" role="rowheader"><a href=format!("/payments/{payment}")>{receipt}</a></th>
                <td role="cell" class="when" data-label="Received"><Day of=paid_on/></td>
                <td role="cell" class="num" data-label="Unapplied"><Amount of=unapplied/></td>
                <td role="cell" class="acts"><a class=format!("{} small", css::BUTTON) href=format!("/allocate/{payment}")>"Apply"</a></td>
            </tr>
        }
    });
    let heads = vec![
        Head::of("Receipt"),
        Head::of("Received"),
        Head::amount("Unapplied"),
        Head::acts(),
    ];
    view! {
        <section class="stack">
            <h2>"Money that waits already"</h2>
            <Table caption="Unapplied payments" heads>{rows.collect_view()}</Table>
        </section>
    }
}
