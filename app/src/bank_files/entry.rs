//! The page of one entry: what the bank says, what it probably is and why, and what can be done with it.

use super::{
    api::{RecordBankEntries, SetEntryAside, TakeEntryUp, find_bank_entry},
    entries::{payer, state},
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::{Amount, Day, Moment},
        form::{Failed, Field, FormErrors, Said, typed_form},
        loaded::both,
        page::PageHead,
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::{
    bank_files::{
        BankEntryDetail, BankEntryRow, BankEntryState, ChosenEntry, Confidence, Proposal, ProposedLine,
    },
    ids::{BankEntryId, BankFileId},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// What the page loads.
struct Loads {
    entry: Loading<BankEntryDetail>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let id = Memo::new(move |_| {
            params
                .read()
                .get("id")
                .and_then(|id| id.parse::<BankEntryId>().ok())
        });
        Self {
            entry: load(
                move || id.get(),
                |id| async move {
                    match id {
                        Some(id) => find_bank_entry(id).await,
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
    let Loads { entry, typed } = Loads::new();
    both(entry, typed, |entry: BankEntryDetail, failed: Failed| {
        view! { <Entry entry failed/> }
    })
    .into_any()
}

#[component]
fn Entry(entry: BankEntryDetail, failed: Failed) -> impl IntoView {
    let BankEntryDetail {
        row,
        file,
        file_name,
        line,
        account,
        value_on,
        text,
        references,
        payer_account,
        changed,
    } = entry;
    let (amount, booked_on) = (row.amount, row.booked_on);
    let (title, badge) = (payer(&row), state(&row));
    let from = match &payer_account {
        Some(account) => format!("{title}, {account}"),
        None => title.clone(),
    };
    let acts = acts(&row, file, &failed);
    let lines = text
        .into_iter()
        .map(|line| view! { <div>{line}</div> })
        .collect_view();
    let payment = row.payment.clone();
    let fact = |name: &'static str, value: Option<String>| {
        value.map(|value| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
    };
    view! {
        <PageHead title=format!("Entry of {title}") up=("/bank", "Bank files")>
            <a class=css::BUTTON href=format!("/bank/{file}")>"Its file"</a>
        </PageHead>
        <div class="stack loose">
            <Said words=&[
                ("aside", "The entry was set aside."),
                ("up", "The entry waits again."),
            ]/>
            <FormErrors failed=failed.clone() title="Nothing was changed"/>
            <p>{badge}</p>
            <dl class=css::FACTS>
                <div><dt>"Amount"</dt><dd><Amount of=amount/></dd></div>
                <div><dt>"Booked"</dt><dd><Day of=booked_on/></dd></div>
                {value_on.map(|day| view! { <div><dt>"Value day"</dt><dd><Day of=day/></dd></div> })}
                {fact("From", Some(from))}
                <div><dt>"Text"</dt><dd>{lines}</dd></div>
                {fact("References", Some(references.join(", ")).filter(|text| !text.is_empty()))}
                {fact("Own account", account)}
                {fact("Where it stands", Some(format!("{file_name}, line {line}")))}
                {fact("Set aside because", row.reason.clone())}
                {payment.map(|(payment, receipt)| view! {
                    <div><dt>"Payment"</dt><dd><a href=format!("/payments/{payment}")>{receipt}</a></dd></div>
                })}
                {changed.map(|(who, at)| view! { <div><dt>"Changed by"</dt><dd>{who}", "<Moment of=at/></dd></div> })}
            </dl>
            {acts}
        </div>
    }
}

/// What can be done with it.
fn acts(row: &BankEntryRow, file: BankFileId, failed: &Failed) -> AnyView {
    let id = row.id;
    match row.state {
        BankEntryState::Waiting => {
            let proposal = row.proposal.clone();
            let failed = failed.clone();
            view! {
                {proposal.map(move |proposal| view! { <Proposed proposal id file/> })}
                <section class="part ruled stack">
                    <h2>"No payment of a customer"</h2>
                    <form class=css::FORM method="post" action=SetEntryAside::url()>
                        <input type="hidden" name="id" value=id.to_string()/>
                        <Field name="reason" label="Why" autocomplete="off" required=true
                            value=failed.text("reason").unwrap_or_default() error=failed.refusal("reason")
                            help="For whoever looks at it later: interest, a transfer of your own."/>
                        <div class="buttons"><button class=css::BUTTON>"Set aside"</button></div>
                    </form>
                </section>
            }
            .into_any()
        }
        BankEntryState::Recorded if row.reversed => view! {
            <section class="part ruled stack">
                <h2>"Its payment was reversed"</h2>
                <p class="soft">"If the money did come in, and only the record was wrong, the entry can be recorded anew."</p>
                {wait_again(id)}
            </section>
        }
        .into_any(),
        BankEntryState::Aside => wait_again(id),
        BankEntryState::Recorded | BankEntryState::NotIn => ().into_any(),
    }
}

fn wait_again(id: BankEntryId) -> AnyView {
    view! {
            <form method="post" action=TakeEntryUp::url()>
                <input type="hidden" name="id" value=id.to_string()/>
                <button class=css::BUTTON>"Let it wait again"</button>
            </form>
    }
    .into_any()
}

/// What it probably is, why, and the ways to record it.
#[component]
fn Proposed(proposal: Proposal, id: BankEntryId, file: BankFileId) -> impl IntoView {
    let locale = use_locale();
    let token = ChosenEntry {
        entry: id,
        seen: proposal.token(),
    }
    .write();
    let Proposal {
        confidence,
        account,
        customer,
        lines,
        rest,
        same_amount,
        reasons,
    } = proposal;
    let why = reasons
        .into_iter()
        .map(move |why| view! { <li>{why.message(locale)}</li> });
    let choose = match account {
        Some(account) => format!("/payments/record?entry={id}&account={account}"),
        None => format!("/payments/record?entry={id}"),
    };
    let known = matches!(confidence, Confidence::Certain | Confidence::Likely);
    let record = known.then(|| {
        view! {
            <form method="post" action=RecordBankEntries::url()>
                <input type="hidden" name="file" value=file.to_string()/>
                <input type="hidden" name="entries[]" value=token/>
                <button class=format!("{} primary", css::BUTTON)>"Record as proposed"</button>
            </form>
        }
    });
    let other = known.then(
        || view! { <a class=css::BUTTON href=format!("/payments/record?entry={id}")>"Another customer"</a> },
    );
    let rest = (known && rest.is_positive()).then(|| view! { <p>"Stays unapplied: "<Amount of=rest/></p> });
    view! {
        <section class="stack">
            <h2>{customer.unwrap_or_else(|| confidence.label().to_owned())}</h2>
            <ul>{why.collect_view()}</ul>
            {(!same_amount.is_empty()).then(|| view! {
                <p class="soft">{format!("Open with the same amount: {}.", same_amount.join(", "))}</p>
            })}
            {(!lines.is_empty()).then(|| view! { <Lines lines/> })}
            {rest}
            <div class="row">{record}<a class=css::BUTTON href=choose>"Choose the invoices"</a>{other}</div>
        </section>
    }
}

#[component]
fn Lines(lines: Vec<ProposedLine>) -> impl IntoView {
    let heads = vec![Head::of("Invoice"), Head::amount("Open"), Head::amount("Gets")];
    let rows = lines.into_iter().map(|line| {
        let ProposedLine {
            invoice,
            number,
            payable,
            amount,
        } = line;
        view! {
            <tr role="row">
                <th scope="row" role="rowheader"><a href=format!("/invoices/{invoice}")>{number}</a></th>
                <td role="cell" class="num" data-label="Open"><Amount of=payable/></td>
                <td role="cell" class="num" data-label="Gets"><Amount of=amount/></td>
            </tr>
        }
    });
    view! { <Table caption="Where it would go" heads>{rows.collect_view()}</Table> }
}
