//! The page on which unapplied money, or what is left of a credit note, is put to invoices and taken off them again (V26,
//! V34).

use super::{
    api::{AllocatePayment, TakeOff, open_allocation},
    lines::{OpenLines, some},
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::{Amount, Day},
        form::{Failed, FormErrors, Said, typed_form},
        loaded::both,
        page::PageHead,
        table::{Head, Table},
    },
};
use domain::{
    ids::Uuid,
    payments::offline::{AllocateForm, PutLine},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// What the page loads.
struct Loads {
    form: Loading<AllocateForm>,
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
                        Some(id) => open_allocation(id).await,
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
    both(form, typed, |form: AllocateForm, failed: Failed| {
        view! { <Allocate form failed/> }
    })
    .into_any()
}

#[component]
fn Allocate(form: AllocateForm, failed: Failed) -> impl IntoView {
    let AllocateForm {
        key,
        from,
        is_credit,
        number,
        name,
        day,
        amount,
        unapplied,
        put,
        lines,
        more,
    } = form;
    let way = if unapplied.is_zero() && put.is_empty() {
        view! { <p class="soft">"Nothing of it is left: it went back, or is on its way."</p> }.into_any()
    } else if unapplied.is_zero() {
        view! { <p class="soft">"All of it is put to invoices. Take some off to put it elsewhere."</p> }
            .into_any()
    } else if lines.is_empty() {
        view! { <p class="soft">"Nothing is open in this currency. It waits for the next invoice."</p> }
            .into_any()
    } else {
        view! {
            <form class=css::RECORD method="post" action=AllocatePayment::url()>
                <input type="hidden" name="id" value=from.to_string()/>
                <input type="hidden" name="form[key]" value=key.to_string()/>
                <OpenLines lines more failed=failed.clone()/>
                <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Apply to invoices"</button></div>
            </form>
        }
        .into_any()
    };
    let (up, paper) = if is_credit {
        (("/credits", "Credit notes"), format!("/credits/{from}"))
    } else {
        (("/payments", "Payments"), format!("/payments/{from}"))
    };
    view! {
        <PageHead title=format!("Apply {number}") up=up note=name>
            <a class=css::BUTTON href=paper>{if is_credit { "Credit note" } else { "Receipt" }}</a>
        </PageHead>
        <div class="stack loose">
            <Said words=&[
                ("applied", "It was put to the invoices."),
                ("taken-off", "It was taken off. The invoice is open again by as much."),
            ]/>
            <FormErrors failed title="Nothing was changed"/>
            <dl class=format!("{} across", css::FACTS)>
                <div><dt>{if is_credit { "Issued" } else { "Received" }}</dt><dd><Day of=day/></dd></div>
                <div><dt>"Amount"</dt><dd><Amount of=amount/></dd></div>
                <div><dt>"Unapplied"</dt><dd>{some(unapplied)}</dd></div>
            </dl>
            {(!put.is_empty()).then(|| view! { <Standing put from/> })}
            <section class="stack"><h2>"Open invoices"</h2>{way}</section>
        </div>
    }
}

/// Where it is.
#[component]
fn Standing(put: Vec<PutLine>, from: Uuid) -> impl IntoView {
    let rows = put.into_iter().map(move |line| {
        let PutLine {
            allocation,
            invoice,
            number,
            amount,
        } = line;
        view! {
            <tr role="row">
                <th scope="row" role="rowheader"><a href=format!("/invoices/{invoice}")>{number.clone()}</a></th>
                <td role="cell" class="num" data-label="Applied"><Amount of=amount/></td>
                <td role="cell" class="acts">
                    <form method="post" action=TakeOff::url()>
                        <input type="hidden" name="id" value=allocation.to_string()/>
                        <input type="hidden" name="from" value=from.to_string()/>
                        <button class=format!("{} small", css::BUTTON) aria-label=format!("Take off {number}")>"Take off"</button>
                    </form>
                </td>
            </tr>
        }
    });
    let heads = vec![Head::of("Invoice"), Head::amount("Applied"), Head::acts()];
    view! {
        <section class="stack">
            <h2>"Put to invoices"</h2>
            <Table caption="Invoices that have money of it" heads>{rows.collect_view()}</Table>
        </section>
    }
}
