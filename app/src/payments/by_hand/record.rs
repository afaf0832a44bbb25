//! The page `Record a payment`: who paid, how much, when and how, and where it goes (P12 to P16).

use super::{
    api::{OpenedRecord, open_record},
    attach::FileField,
    lines::{OpenLines, some},
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Day},
        currencies::Currencies,
        customers::{Columns, FindCustomer},
        form::{Failed, Field, FormErrors, typed_form},
        loaded::both,
        page::{Alert, PageHead, Tone},
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::{
    bank_files::BankPrefill,
    locale::format_amount,
    payments::offline::{FoundPayers, PutTo, RecordForm, UnappliedPayment},
};
use leptos::prelude::*;
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
            OpenedRecord::Search { found, entry } => find(found, entry, failed),
            OpenedRecord::Form(form, entry) => view! { <Form form=*form entry failed/> }.into_any(),
        },
    )
    .into_any()
}

fn find(found: FoundPayers, entry: Option<BankPrefill>, failed: Failed) -> AnyView {
    let keep = entry.as_ref().map(|entry| ("entry", entry.entry.to_string()));
    let columns: Columns = &[("Open", |sums| sums.open), ("Unapplied", |sums| sums.unapplied)];
    view! {
        <PageHead title="Record a payment" up=("/payments", "Payments") note="Checks, transfers, cash: whatever did not come through the portal. Who paid?"/>
        <div class="stack">
            <FormErrors failed title="Nothing was recorded"/>
            {entry.map(|entry| view! { <FromBank entry/> })}
            <FindCustomer page=PAGE keep found columns/>
        </div>
    }
    .into_any()
}

#[component]
fn Form(form: RecordForm, entry: Option<BankPrefill>, failed: Failed) -> impl IntoView {
    let RecordForm {
        key,
        payer,
        currency,
        today,
        mut lines,
        more,
        unapplied,
    } = form;
    let account = payer.account;
    for line in &mut lines {
        let proposed = entry.iter().flat_map(|entry| &entry.lines);
        line.amount = proposed
            .filter(|(invoice, _)| *invoice == line.invoice)
            .map(|(_, amount)| *amount)
            .next();
    }
    let is_proposed = lines.iter().any(|line| line.amount.is_some());
    let likely = payer.balances.iter().map(|sums| sums.open.currency()).collect();
    // What a bank's entry came in is in its currency.
    let currencies = entry
        .is_none()
        .then(|| view! { <Currencies page=PAGE account currency likely/> });
    let text = |field: &str| failed.text(field);
    let day = entry.as_ref().map_or(today, |entry| entry.booked_on);
    let day = text("paid_on").unwrap_or_else(|| day.to_string());
    let locale = use_locale();
    let amount = entry.as_ref().map(|entry| format_amount(entry.amount, locale));
    let amount = text("amount").or(amount).unwrap_or_default();
    let memo = entry.as_ref().map(|entry| entry.memo.clone());
    let memo = text("memo").or(memo).unwrap_or_default();
    let of_bank = entry.as_ref().map(|entry| entry.entry.to_string());
    let nothing_open = lines.is_empty();
    let way = text("put")
        .and_then(|word| PutTo::from_code(&word))
        .unwrap_or(if nothing_open {
            PutTo::Nothing
        } else if is_proposed {
            PutTo::Chosen
        } else {
            PutTo::Oldest
        });
    // What a bank said came in is no matter of choice.
    let came_in = if entry.is_some() {
        view! {
            <input type="hidden" name="form[amount]" value=amount/>
            <input type="hidden" name="form[paid_on]" value=day/>
        }
        .into_any()
    } else {
        view! {
            <Field name="amount" inside="form" label=format!("Amount in {currency}") inputmode="decimal" autocomplete="off"
                value=amount error=failed.refusal("amount") required=true/>
            <Field name="paid_on" inside="form" label="Received on" kind="date" value=day error=failed.refusal("paid_on") required=true/>
        }
        .into_any()
    };
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
            {currencies}
            <FormErrors failed=failed.clone() title="Nothing was recorded"/>
            {entry.map(|entry| view! { <FromBank entry/> })}
            {(!unapplied.is_empty()).then(|| view! { <Waiting unapplied/> })}
            <form class=css::RECORD method="post" action="/payments/recorded" enctype="multipart/form-data">
                <input type="hidden" name="form[key]" value=key.to_string()/>
                <input type="hidden" name="form[account]" value=account.to_string()/>
                <input type="hidden" name="form[currency]" value=currency.code()/>
                {of_bank.map(|id| view! { <input type="hidden" name="form[entry]" value=id/> })}
                <div class="facts-in">
                    {came_in}
                    <div class="wide">
                        <Field name="memo" inside="form" label="Check number or cash payment memo" autocomplete="off"
                            value=memo error=failed.refusal("memo") help="The customer sees it on the receipt and on the invoices."/>
                    </div>
                    <div class="wide"><FileField failed=failed.clone()/></div>
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

/// What the bank says of the money that is being recorded.
#[component]
fn FromBank(entry: BankPrefill) -> impl IntoView {
    let BankPrefill {
        entry,
        amount,
        booked_on,
        payer,
        ..
    } = entry;
    let from = payer.map(|payer| format!(" from {payer}"));
    view! {
        <Alert tone=Tone::Info>
            <p><a href=format!("/bank/entries/{entry}")>"The bank\u{2019}s entry"</a>": "<Amount of=amount/>{from}" on "<Day of=booked_on/>"."</p>
        </Alert>
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
