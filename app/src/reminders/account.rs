//! The page of an account's reminders: what is overdue, when each invoice was reminded of, a letter by hand, and the switch
//! that stops those which are sent by themselves.

use super::api::{ResumeReminders, SendReminders, StopReminders, find_account_reminders};
use crate::loading::{Loading, load_named};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Day, Moment},
        form::{Failed, Field, FormErrors, Said, typed_form},
        icon::Glyph,
        loaded::both,
        page::{Empty, PageHead},
        table::{Head, Table},
    },
};
use domain::{
    ids::{AccountId, FormKey},
    reminders::{AccountReminders, OverdueInvoice, Reminded, Stopped},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

/// The page.
pub(crate) fn view() -> AnyView {
    let found: Loading<AccountReminders> = load_named(find_account_reminders);
    both(found, typed_form(), |found: AccountReminders, failed: Failed| {
        view! { <Account found failed/> }
    })
    .into_any()
}

#[component]
fn Account(found: AccountReminders, failed: Failed) -> impl IntoView {
    let AccountReminders {
        account,
        with,
        key,
        is_on,
        stopped,
        invoices,
    } = found;
    // One error belongs to one of the two forms, told by its fields.
    let (on_stop, on_send) = if failed.text("reason").is_some() {
        (failed, Failed::default())
    } else {
        (Failed::default(), failed)
    };
    let none = invoices.is_empty();
    view! {
        <PageHead title=format!("Reminders of {with}") up=("/invoices?side=issued", "Invoices")>
            <a class=css::BUTTON href="/reminders">"When reminders are sent"</a>
        </PageHead>
        <div class="stack loose">
            <Said words=&[
                ("sent", "The reminder is on its way."),
                ("stopped", "Nothing is sent to them by itself any more."),
                ("resumed", "Reminders are sent to them by themselves again."),
            ]/>
            <section class="part" aria-labelledby="overdue">
                <h2 id="overdue">"Overdue"</h2>
                {none.then(|| view! {
                    <Empty glyph=Glyph::CheckCircle title="Nothing is overdue"><p>"There is nothing to remind of."</p></Empty>
                })}
                {(!none).then(|| view! { <Overdue account key invoices failed=on_send/> })}
            </section>
            <ByThemselves account is_on stopped failed=on_stop/>
        </div>
    }
}

/// What is overdue, with ticks at what the next letter is about.
#[component]
fn Overdue(account: AccountId, key: FormKey, invoices: Vec<OverdueInvoice>, failed: Failed) -> impl IntoView {
    // The page of an invoice leads here for that one; nothing else is ticked for anybody.
    let only = use_query_map().read_untracked().get("invoice");
    let ticked = |id: &str| match (&failed.error, &only) {
        (Some(_), _) => failed.fields.values().any(|value| value == id),
        (None, Some(only)) => only == id,
        (None, None) => false,
    };
    let any = invoices.iter().any(|one| one.may_send);
    let rows = invoices.iter().map(|one| row(one, ticked(&one.id.to_string())));
    let rows = rows.collect_view();
    let heads = vec![
        Head::of("Send"),
        Head::of("Invoice"),
        Head::of("Due"),
        Head::amount("Asked for"),
        Head::amount("Disputed"),
        Head::of("Reminded"),
    ];
    view! {
        <FormErrors failed=failed.clone() title="No reminder was sent"/>
        <form class="stack" method="post" action=SendReminders::url()>
            <input type="hidden" name="id" value=account.to_string()/>
            <input type="hidden" name="key" value=key.to_string()/>
            <Table caption="Overdue invoices" heads>{rows}</Table>
            {any.then(|| view! {
                <div class=css::FORM>
                    <Field name="words" label="What you say first (optional)" autocomplete="off"
                        value=failed.text("words").unwrap_or_default() error=failed.refusal("words")/>
                    <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Send a reminder now"</button></div>
                </div>
            })}
            {(!any).then(|| view! { <p class="soft">"All of it is being paid, disputed or was reminded of today."</p> })}
        </form>
    }
}

fn row(one: &OverdueInvoice, ticked: bool) -> impl IntoView + use<> {
    let OverdueInvoice {
        id,
        number,
        due,
        asked,
        disputed,
        last,
        may_send,
    } = one.clone();
    let tick = may_send.then(|| {
        let label = format!("Remind of {number}");
        view! {
            <label><input type="checkbox" name="invoices[]" value=id.to_string() checked=ticked autocomplete="off" aria-label=label/></label>
        }
    });
    view! {
        <tr role="row">
            <td role="cell" class="pick">{tick}</td>
            <th scope="row" role="rowheader"><a href=format!("/invoices/{id}")>{number}</a></th>
            <td role="cell" class="when" data-label="Due"><Day of=due/></td>
            <td role="cell" class="num lead" data-label="Asked for"><Amount of=asked/></td>
            <td role="cell" class="num soft" data-label="Disputed"><Amount of=disputed/></td>
            <td role="cell" class="when" data-label="Reminded">{last.map(reminded)}</td>
        </tr>
    }
}

fn reminded(last: Reminded) -> impl IntoView {
    let how = match last.step {
        Some(step) => format!("step {step}"),
        None => "by hand".to_owned(),
    };
    view! { <Day of=last.on/>", "{how} }
}

/// Whether reminders are sent to them by themselves, and the switch.
#[component]
fn ByThemselves(account: AccountId, is_on: bool, stopped: Option<Stopped>, failed: Failed) -> impl IntoView {
    let state = match (is_on, &stopped) {
        (false, _) => "Your reminders are off: nobody gets one by itself.",
        (true, None) => "What is overdue is reminded of by itself at your steps.",
        (true, Some(_)) => "Nothing is sent to them by itself. A letter by hand still goes.",
    };
    let switch = match stopped {
        Some(Stopped { by, at, reason }) => view! {
            <p class="soft"><b>{by}</b>" stopped it, "<Moment of=at/>": "{reason}</p>
            <form method="post" action=ResumeReminders::url()>
                <input type="hidden" name="id" value=account.to_string()/>
                <button class=css::BUTTON>"Send reminders again"</button>
            </form>
        }
        .into_any(),
        None => view! {
            <form class=css::FORM method="post" action=StopReminders::url()>
                <FormErrors failed=failed.clone() title="Nothing was changed"/>
                <input type="hidden" name="id" value=account.to_string()/>
                <Field name="reason" label="Reason" autocomplete="off" value=failed.text("reason").unwrap_or_default()
                    error=failed.refusal("reason") required=true help="It stands in the audit. The customer does not see it."/>
                <div class="buttons"><button class=css::BUTTON>"Stop reminders to them"</button></div>
            </form>
        }
        .into_any(),
    };
    view! {
        <section class="part ruled" aria-labelledby="by-themselves">
            <h2 id="by-themselves">"By themselves"</h2>
            <p>{state}</p>
            {switch}
        </section>
    }
}
