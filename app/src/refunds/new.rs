//! The page on which money of a payment, or what is left of a credit note, is given back (V32, V36).

use super::api::{GiveBack, open_refund};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::{Amount, Day},
        form::{Failed, Field, FormErrors, typed_form},
        loaded::both,
        page::{Alert, PageHead, Tone},
        part::{Part, line_name, typed_before},
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::{
    Money, Refusal,
    ids::Uuid,
    locale::format_amount,
    payments::Method,
    refunds::{RefundForm, RefundKind, RefundLine, RefundWay, Then},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// What the page loads.
struct Loads {
    form: Loading<RefundForm>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<Uuid>().ok()));
        Self {
            form: load(
                move || id.get(),
                |id| async move {
                    match id {
                        Some(id) => open_refund(id).await,
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
    let Loads { form, typed } = Loads::new();
    both(form, typed, |form: RefundForm, failed: Failed| {
        view! { <Refund form failed/> }
    })
    .into_any()
}

#[component]
fn Refund(form: RefundForm, failed: Failed) -> impl IntoView {
    let locale = use_locale();
    let (up, paper, what) = if form.is_credit {
        (
            ("/credits", "Credit notes"),
            format!("/credits/{}", form.from),
            "credit note",
        )
    } else {
        (
            ("/payments", "Payments"),
            format!("/payments/{}", form.from),
            "payment",
        )
    };
    let nothing = form.unapplied.is_zero() && form.lines.is_empty();
    let title = if form.is_credit {
        format!("Pay out {}", form.number)
    } else {
        format!("Give back {}", form.number)
    };
    let facts = view! {
        <dl class=format!("{} across", css::FACTS)>
            <div><dt>{if form.is_credit { "Issued" } else { "Received" }}</dt><dd><Day of=form.day/></dd></div>
            <div><dt>"Amount"</dt><dd><Amount of=form.amount/></dd></div>
            <div><dt>{if form.is_credit { "Left of it" } else { "Unapplied" }}</dt><dd><Amount of=form.unapplied/></dd></div>
        </dl>
    };
    let name = form.name.clone();
    let act = if form.under_way {
        view! { <Alert tone=Tone::Warning><p>{Refusal::RefundUnderWay.message(locale)}</p></Alert> }
            .into_any()
    } else if nothing {
        view! { <Alert tone=Tone::Info><p>{format!("All of this {what} went back or was used.")}</p></Alert> }
            .into_any()
    } else {
        view! { <Fields form failed paper=paper.clone()/> }.into_any()
    };
    view! {
        <PageHead title up=up note=name>
            <a class=css::BUTTON href=paper>{if what == "payment" { "Receipt" } else { "Credit note" }}</a>
        </PageHead>
        <div class="stack loose">{facts}{act}</div>
    }
}

#[component]
fn Fields(form: RefundForm, failed: Failed, paper: String) -> impl IntoView {
    let locale = use_locale();
    let RefundForm {
        key,
        from,
        is_credit,
        unapplied,
        lines,
        to,
        recorded,
        ..
    } = form;
    let currency = unapplied.currency();
    let typed = |field: &str| failed.text(field).unwrap_or_default();
    let kind = RefundKind::from_code(&typed("kind")).unwrap_or(RefundKind::Refund);
    let way = RefundWay::from_code(&typed("way")).unwrap_or(if to.is_some() {
        RefundWay::Gateway
    } else {
        RefundWay::ByHand
    });
    let then = Then::from_code(&typed("then")).unwrap_or(Then::Reopen);
    let choice = |of: RefundWay, label: String| (of.code(), label, of == way);
    let by_hand = choice(
        RefundWay::ByHand,
        "Beside the portal, such as by transfer".to_owned(),
    );
    let ways: Vec<_> = to
        .map(|to| choice(RefundWay::Gateway, back_to(&to)))
        .into_iter()
        .chain([by_hand])
        .collect();
    let kinds = vec![
        (
            RefundKind::Refund.code(),
            "The customer gets money back".to_owned(),
            kind == RefundKind::Refund,
        ),
        (
            RefundKind::Reversal.code(),
            "The money never came: a returned cheque, a wrong record".to_owned(),
            kind == RefundKind::Reversal,
        ),
    ];
    let thens = Then::ALL
        .iter()
        .map(|one| (one.code(), one.label().to_owned(), *one == then))
        .collect();
    // What the customer has unapplied goes back first; what lies on invoices only when it is said.
    let begin = failed.text("unapplied").unwrap_or_else(|| {
        if unapplied.is_positive() {
            format_amount(unapplied, locale)
        } else {
            String::new()
        }
    });
    let on_invoices = !lines.is_empty();
    let only_one_way = ways.len() == 1;
    let button = if is_credit { "Pay out" } else { "Give back" };
    view! {
        <form class=css::GIVING method="post" action=GiveBack::url()>
            <FormErrors failed=failed.clone() title="Nothing went back"/>
            <input type="hidden" name="id" value=from.to_string()/>
            <input type="hidden" name="form[key]" value=key.to_string()/>
            <input type="hidden" name="form[currency]" value=currency.code()/>
            {recorded.then(|| view! { <Radios legend="What happened" name="form[kind]" of=kinds/> })}
            {if only_one_way {
                view! { <input type="hidden" name="form[way]" value=way.code()/> }.into_any()
            } else {
                view! { <Radios legend="Which way" name="form[way]" of=ways/> }.into_any()
            }}
            <fieldset class="how-much">
                <legend>"How much"</legend>
                {unapplied.is_positive().then(|| view! {
                    <div class="rest">
                        <Field name="unapplied" inside="form" label=format!("{} in {currency}", if is_credit { "Amount" } else { "Of what is unapplied," })
                            inputmode="decimal" autocomplete="off" value=begin error=failed.refusal("unapplied")/>
                    </div>
                })}
                {on_invoices.then(|| view! { <Lines lines failed=failed.clone()/> })}
            </fieldset>
            {on_invoices.then(|| view! { <div class="then"><Radios legend="The invoices" name="form[then]" of=thens/></div> })}
            <div class="why">
                <Field name="reason" inside="form" label="Reason" autocomplete="off" value=typed("reason") error=failed.refusal("reason")
                    required=true help="The customer sees it."/>
            </div>
            <div class="buttons">
                <button class=format!("{} primary", css::BUTTON)>{button}</button>
                <a class=css::BUTTON href=paper>"Cancel"</a>
            </div>
        </form>
    }
}

/// Where money goes back to through the gateway.
fn back_to(method: &Method) -> String {
    match method {
        Method::Card { last4, .. } => format!("To the card •••• {last4}"),
        Method::BankDebit { last4, .. } => format!("To the bank account •••• {last4}"),
        Method::Offline | Method::Opening => RefundWay::Gateway.label().to_owned(),
    }
}

/// A choice of one among few: what is posted, what is shown, which it is now.
#[component]
fn Radios(legend: &'static str, name: &'static str, of: Vec<(&'static str, String, bool)>) -> impl IntoView {
    let ways = of.into_iter().map(move |(code, label, checked)| {
        view! { <label><input type="radio" name=name value=code checked=checked autocomplete="off"/>{label}</label> }
    });
    view! { <fieldset><legend>{legend}</legend><div class="ways">{ways.collect_view()}</div></fieldset> }
}

#[component]
fn Lines(lines: Vec<RefundLine>, failed: Failed) -> impl IntoView {
    let heads = vec![
        Head::of("Invoice"),
        Head::amount("Paid with it"),
        Head::amount("Give back"),
    ];
    let rows = lines
        .into_iter()
        .enumerate()
        .map(move |(index, line)| row(index, line, &failed));
    view! { <Table caption="Invoices that have money of it" heads>{rows.collect_view()}</Table> }
}

fn row(index: usize, line: RefundLine, failed: &Failed) -> impl IntoView + use<> {
    let RefundLine {
        invoice,
        number,
        amount,
    } = line;
    let before = typed_before(failed, &invoice.to_string());
    let (text, why) = before.unwrap_or_default();
    let currency = amount.currency();
    let label = format!("Give back of {number}");
    let hidden = |field: &str, value: String| view! { <input type="hidden" name=line_name(index, field) value=value/> };
    let seen: Money = amount;
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a href=format!("/invoices/{invoice}")>{number}</a></th>
            <td role="cell" class="num" data-label="Paid with it"><Amount of=amount/></td>
            <td role="cell" class="num" data-label="Give back">
                {hidden("invoice", invoice.to_string())}
                {hidden("seen", seen.minor().to_string())}
                {hidden("currency", currency.code().to_owned())}
                <Part index text currency label why/>
            </td>
        </tr>
    }
}
