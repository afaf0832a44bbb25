//! The page of one finding: what each side says, what to do, and the forms to do it.

use super::{
    api::{RecordFoundCharge, SettleFinding, find_finding},
    list::badge,
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::{Amount, Moment},
        customers::more_found,
        form::{Failed, Field, FormErrors, typed_form},
        icon::{Glyph, Icon},
        loaded::both,
        page::PageHead,
    },
};
use domain::{
    address::pairs,
    gateway::{Finding, FindingPage, FindingState},
    ids::{FindingId, FormKey},
    payments::offline::FoundPayers,
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::{use_location, use_params_map};

/// What the page loads.
struct Loads {
    found: Loading<FindingPage>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let id = Memo::new(move |_| {
            params
                .read()
                .get("id")
                .and_then(|id| id.parse::<FindingId>().ok())
        });
        let search = use_location().search;
        Self {
            found: load(
                move || (id.get(), searched(&search.get())),
                |(id, search)| async move {
                    match id {
                        Some(id) => find_finding(id, search).await,
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
    let text = searched(&use_location().search.get_untracked());
    let Loads { found, typed } = Loads::new();
    both(found, typed, move |page: FindingPage, failed: Failed| {
        view! { <One page failed search=text.clone()/> }
    })
    .into_any()
}

/// The name that is looked for.
fn searched(query: &str) -> String {
    let mut found = pairs(query).filter_map(|(key, value)| (key == "search").then_some(value));
    found.next().unwrap_or_default()
}

#[component]
fn One(page: FindingPage, failed: Failed, search: String) -> impl IntoView {
    let FindingPage { key, finding, payers } = page;
    let (id, kind, state) = (finding.id, finding.kind, finding.state);
    let is_open = state == FindingState::Open;
    let record = payers.map(|found| view! { <Record id key found search/> });
    let advice = is_open.then(|| view! { <p>{kind.advice()}</p> });
    let settle = is_open.then(|| view! { <Settle id failed=failed.clone()/> });
    view! {
        <PageHead title=kind.label() up=("/compared", "Compared with the gateway")/>
        <div class="stack loose">
            <FormErrors failed title="Nothing was changed"/>
            <p>{badge(state)}</p>
            {advice}
            <Facts finding/>
            {record}
            {settle}
        </div>
    }
}

#[component]
fn Facts(finding: Finding) -> impl IntoView {
    let Finding {
        reference,
        happened_at,
        there,
        here,
        by,
        description,
        account,
        payment,
        note,
        ended,
        ..
    } = finding;
    let fact = |name: &'static str, value: Option<String>| {
        let value = value.filter(|value| !value.is_empty());
        value.map(|value| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
    };
    view! {
        <dl class=css::FACTS>
            {there.map(|amount| view! { <div><dt>"The gateway says"</dt><dd><Amount of=amount/></dd></div> })}
            {here.map(|amount| view! { <div><dt>"Here stands"</dt><dd><Amount of=amount/></dd></div> })}
            <div><dt>"Charged"</dt><dd><Moment of=happened_at/></dd></div>
            {fact("By", Some(by))}
            <div><dt>"Reference"</dt><dd class="code">{reference}</dd></div>
            {fact("Written on it", Some(description))}
            {account.map(|(account, name)| view! {
                <div><dt>"Customer"</dt><dd><a href=format!("/explain/account/{account}")>{name}</a></dd></div>
            })}
            {payment.map(|(payment, number)| view! {
                <div><dt>"Payment"</dt><dd><a href=format!("/payments/{payment}")>{number}</a></dd></div>
            })}
            {fact("Note", note)}
            {ended.map(|(who, at)| view! { <div><dt>"Ended by"</dt><dd>{who}", "<Moment of=at/></dd></div> })}
        </dl>
    }
}

/// Whose payment it is: a customer is looked for and chosen.
#[component]
fn Record(id: FindingId, key: FormKey, found: FoundPayers, search: String) -> impl IntoView {
    let nobody = found.payers.is_empty();
    let choices = found.payers.into_iter().map(|payer| {
        let name = match payer.external_id {
            Some(id) => format!("{} ({id})", payer.name),
            None => payer.name,
        };
        view! {
            <label><input type="radio" name="account" value=payer.account.to_string() required=true autocomplete="off"/>{name}</label>
        }
    });
    let choices = choices.collect_view();
    view! {
        <section class="part ruled stack">
            <h2>"Record it as a payment"</h2>
            <form class=css::SIEVE method="get" action=format!("/compared/{id}") role="search">
                <Field name="search" label="Name or external ID" autocomplete="off" value=search/>
                <div class="buttons"><button class=css::BUTTON><Icon of=Glyph::Search/>"Find"</button></div>
            </form>
            {if nobody {
                view! { <p>"No customer has that in its name or external ID."</p> }.into_any()
            } else {
                view! {
                    <form class=css::FORM method="post" action=RecordFoundCharge::url()>
                        <input type="hidden" name="id" value=id.to_string()/>
                        <input type="hidden" name="key" value=key.to_string()/>
                        <fieldset class=css::WHOSE>
                            <legend>"Whose payment it is"</legend>
                            {choices}
                        </fieldset>
                        {found.more.then(more_found)}
                        <p class="soft">"The money stays unapplied on the customer's account until you put it to invoices."</p>
                        <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Record payment"</button></div>
                    </form>
                }.into_any()
            }}
        </section>
    }
}

#[component]
fn Settle(id: FindingId, failed: Failed) -> impl IntoView {
    view! {
        <section class="part ruled stack">
            <h2>"Settle it"</h2>
            <form class=css::FORM method="post" action=SettleFinding::url()>
                <input type="hidden" name="id" value=id.to_string()/>
                <Field name="note" label="What was done about it" autocomplete="off" required=true
                    value=failed.text("note").unwrap_or_default() error=failed.refusal("note")
                    help="For whoever looks at it later. Nothing is booked."/>
                <div class="buttons"><button class=css::BUTTON>"Settle"</button></div>
            </form>
        </section>
    }
}
