//! The page of an invoice's disputes: each with what was said and how it ended, and what may be done now.

use super::{
    api::{RefuseDispute, WithdrawDispute, find_disputes},
    new::NewDispute,
    state::StateBadge,
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::{Amount, Moment},
        form::{Failed, Field, FormErrors, typed_form},
        icon::{Glyph, Icon},
        loaded::both,
        page::{Alert, PageHead, Tone},
        table::{Head, Table},
    },
    viewer::{use_locale, use_viewer},
};
use domain::{
    access::{Permission, Side},
    disputes::{Dispute, DisputeEnd, DisputeState, Disputes},
    ids::InvoiceId,
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::{use_location, use_params_map};

/// The page.
pub(crate) fn view() -> AnyView {
    let params = use_params_map();
    let search = use_location().search;
    let id = Memo::new(move |_| {
        params
            .read()
            .get("id")
            .and_then(|id| id.parse::<InvoiceId>().ok())
    });
    let found: Loading<Disputes> = load(
        move || (id.get(), search.get()),
        |(id, query): (Option<InvoiceId>, String)| async move {
            match id {
                Some(id) => find_disputes(id, query).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    both(found, typed_form(), |found: Disputes, failed: Failed| {
        view! { <All found failed/> }
    })
    .into_any()
}

#[component]
fn All(found: Disputes, failed: Failed) -> impl IntoView {
    let viewer = use_viewer();
    let now = found.on.is_none();
    let may = |permission| now && viewer.as_ref().is_some_and(|viewer| viewer.may(permission));
    let acts = Acts {
        invoice: found.invoice,
        withdraws: found.side == Side::Buyer && may(Permission::DisputeInvoices),
        refuses: found.side == Side::Seller && may(Permission::AnswerDisputes),
        credits: found.side == Side::Seller && may(Permission::IssueCreditNotes),
    };
    let opens = acts.withdraws;
    let none = found.all.is_empty();
    let waits = |dispute: &Dispute| {
        dispute.state == DisputeState::Open && failed.text("dispute") == Some(dispute.id.to_string())
    };
    // It has ended since the page was shown, so its own form is not there to say so.
    let lost = failed.text("dispute").is_some() && !found.all.iter().any(waits);
    let all = found.all.iter().cloned();
    let all = {
        let failed = failed.clone();
        all.map(move |dispute| view! { <One dispute acts failed=failed.clone()/> })
            .collect_view()
    };
    view! {
        <PageHead title=format!("Disputes of {}", found.number) up=("/disputes", "Disputes") note=found.counterparty.clone()>
            <a class=css::BUTTON href=format!("/invoices/{}", found.invoice)>"Invoice"</a>
        </PageHead>
        <div class="stack loose">
            <AsOf on=found.on/>
            <dl class=format!("{} across", css::FACTS)>
                <div><dt>"Open"</dt><dd><Amount of=found.open/></dd></div>
                <div><dt>"Disputed"</dt><dd><Amount of=found.disputed/></dd></div>
            </dl>
            {(none && !opens).then(|| view! { <Alert tone=Tone::Info><p>"Nothing of it is or was disputed."</p></Alert> })}
            {lost.then(|| view! { <FormErrors failed=failed.clone() title="The dispute was not refused"/> })}
            {all}
            {opens.then(|| view! { <NewDispute of=found failed/> })}
        </div>
    }
}

/// The day on which the disputes are looked at.
#[component]
fn AsOf(on: Option<chrono::NaiveDate>) -> impl IntoView {
    view! {
        <form class=css::SIEVE method="get" role="search">
            <Field name="on" label="As of" kind="date" value=on.map(|day| day.to_string()).unwrap_or_default()/>
            <div class="buttons"><button class=css::BUTTON><Icon of=Glyph::Filter/>"Show"</button></div>
        </form>
    }
}

/// What the viewer may do with a dispute that waits for its answer.
#[derive(Clone, Copy)]
struct Acts {
    invoice: InvoiceId,
    withdraws: bool,
    refuses: bool,
    credits: bool,
}

#[component]
fn One(dispute: Dispute, acts: Acts, failed: Failed) -> impl IntoView {
    let Dispute {
        id,
        state,
        amount,
        parts,
        reason,
        by,
        at,
        end,
        again_without,
    } = dispute;
    let heading = format!("dispute-{id}");
    let labelled = heading.clone();
    let heads = vec![Head::of("Line"), Head::amount("Disputed, with tax")];
    let rows = parts.into_iter().map(|part| {
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">{part.description}</th>
                <td role="cell" class="num" data-label="Disputed, with tax"><Amount of=part.amount/></td>
            </tr>
        }
    });
    view! {
        <section class=css::DISPUTE aria-labelledby=labelled>
            <h2 id=heading><Amount of=amount/>" "<StateBadge of=state/></h2>
            <p class="soft">{by}", "<Moment of=at/></p>
            {again_without.map(|(id, number)| view! {
                <p>"Open again since "<a href=format!("/credits/{id}")>{number}</a>", which answered it, was withdrawn."</p>
            })}
            <blockquote>{reason}</blockquote>
            <Table caption="Disputed lines" heads>{rows.collect_view()}</Table>
            {end.map(|end| view! { <End state end/> })}
            {(state == DisputeState::Open).then(|| view! { <Waiting id=id.to_string() acts failed/> })}
        </section>
    }
}

#[component]
fn End(state: DisputeState, end: DisputeEnd) -> impl IntoView {
    let DisputeEnd {
        by,
        at,
        words,
        credit_note,
    } = end;
    let how = match state {
        DisputeState::Open => "",
        DisputeState::Credited => "credited it",
        DisputeState::Refused => "refused it",
        DisputeState::Withdrawn => "withdrew it",
    };
    let note = credit_note.map(
        |(id, number)| view! { <p>"Answered with "<a href=format!("/credits/{id}")>{number}</a>"."</p> },
    );
    view! {
        <p class="soft"><b>{by}</b>" "{how}", "<Moment of=at/></p>
        {(!words.is_empty()).then(|| view! { <blockquote>{words}</blockquote> })}
        {note}
    }
}

/// What may be done with one that waits.
#[component]
fn Waiting(id: String, acts: Acts, failed: Failed) -> impl IntoView {
    let Acts {
        invoice,
        withdraws,
        refuses,
        credits,
    } = acts;
    // What was typed belongs to one of them.
    let failed = if failed.text("dispute").as_ref() == Some(&id) {
        failed
    } else {
        Failed::default()
    };
    let credit = format!("/credit/{invoice}?dispute={id}");
    view! {
        {credits.then(|| view! { <p><a class=format!("{} primary", css::BUTTON) href=credit>"Answer with a credit note"</a></p> })}
        {refuses.then(|| view! { <Refuse invoice id=id.clone() failed/> })}
        {withdraws.then(|| view! {
            <form method="post" action=WithdrawDispute::url()>
                <input type="hidden" name="invoice" value=invoice.to_string()/>
                <input type="hidden" name="id" value=id.clone()/>
                <button class=css::BUTTON>"Withdraw dispute"</button>
            </form>
        })}
    }
}

#[component]
fn Refuse(invoice: InvoiceId, id: String, failed: Failed) -> impl IntoView {
    let locale = use_locale();
    // The summary of what is wrong leads to the one that was posted.
    let input = if failed.error.is_some() {
        "answer".to_owned()
    } else {
        format!("answer-{id}")
    };
    let error_id = format!("{input}-error");
    let label = input.clone();
    let why = failed.refusal("answer").map(|why| why.message(locale));
    let described = why.is_some().then(|| error_id.clone());
    view! {
        <form class=css::FORM method="post" action=RefuseDispute::url()>
            <FormErrors failed=failed.clone() title="The dispute was not refused"/>
            <input type="hidden" name="invoice" value=invoice.to_string()/>
            <input type="hidden" name="id" value=id/>
            <div class=css::FIELD>
                <label for=label>"Why it is owed all the same"</label>
                <input class="input" id=input name="answer" autocomplete="off" required=true value=failed.text("answer").unwrap_or_default()
                    aria-invalid=why.is_some().then_some("true") aria-describedby=described/>
                {why.map(|why| view! { <p class="error" id=error_id><Icon of=Glyph::Alert/>{why}</p> })}
            </div>
            <div class="buttons"><button class=css::BUTTON>"Refuse"</button></div>
        </form>
    }
}
