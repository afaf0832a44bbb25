//! Entries in a list, with what they probably are; the certain ones are recorded from here.

use super::api::RecordBankEntries;
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::{Amount, Day},
        badge::Badge,
        form::{Failed, FormErrors},
        icon::Glyph,
        table::{Foot, Head, Table},
    },
    viewer::use_locale,
};
use domain::{
    bank_files::{BankEntryRow, BankEntryState, ChosenEntry, Confidence, EntryKind, Proposal},
    ids::BankFileId,
    list::{Page, Position},
    locale::format_amount_with_code,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// A page of entries.
#[component]
pub(super) fn Entries(page: Page<BankEntryRow>, failed: Failed, file: Option<BankFileId>) -> impl IntoView {
    let Page {
        rows,
        total,
        previous,
        next,
    } = page;
    let offered = rows.iter().filter(|row| row.offered()).count();
    let address = match file {
        Some(file) => format!("/bank/{file}"),
        None => "/bank/waiting".to_owned(),
    };
    let to = move |position: Position| match position.to_pair() {
        Some((key, value)) => {
            let query = domain::address::query_string([(key, value.as_str())]);
            format!("{address}?{query}")
        }
        None => address.clone(),
    };
    let heads = vec![
        Head::of("Record"),
        Head::of("Payer"),
        Head::of("Text"),
        Head::of("Belongs to"),
        Head::of("State"),
        Head::sorted("Booked", "descending"),
        Head::amount("Amount"),
    ];
    let failures = view! { <Failures failed=failed.clone() rows=rows.clone()/> };
    let lines = rows.into_iter().map(row);
    view! {
        {failures}
        <form class=css::RECORD method="post" action=RecordBankEntries::url()>
            <input type="hidden" name="file" value=file.map(|file| file.to_string()).unwrap_or_default()/>
            <Table caption="Entries" heads>{lines.collect_view()}</Table>
            {(offered > 0).then(|| view! {
                <p class="soft">"Ticked is what names its invoices and fits to the cent. Each becomes a payment of its own."</p>
                <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Record what is ticked"</button></div>
            })}
        </form>
        <Foot total previous next to/>
    }
}

/// What could not be recorded, by entry.
#[component]
fn Failures(failed: Failed, rows: Vec<BankEntryRow>) -> impl IntoView {
    let locale = use_locale();
    let Some(AppError::Invalid(errors)) = &failed.error else {
        return view! { <FormErrors failed title="Nothing was recorded"/> }.into_any();
    };
    let line = |(field, why): (&str, &domain::Refusal)| {
        let row = rows.iter().find(|row| format!("entry-{}", row.id) == field);
        let name = row.map(|row| {
            format!(
                "{}, {}: ",
                payer(row),
                format_amount_with_code(row.amount, locale)
            )
        });
        let text = format!("{}{}", name.unwrap_or_default(), why.message(locale));
        view! { <li><a href=format!("#{field}")>{text}</a></li> }
    };
    let lines = errors.iter().map(line).collect_view();
    view! {
        <div class=css::FORM_ERRORS role="alert" tabindex="-1">
            <h2>"These were not recorded; what else was ticked is"</h2>
            <ul>{lines}</ul>
        </div>
    }
    .into_any()
}

/// Who paid, or what stands for it.
pub(super) fn payer(row: &BankEntryRow) -> String {
    row.payer.clone().unwrap_or_else(|| match row.kind {
        EntryKind::MoneyIn => "Unnamed payer".to_owned(),
        EntryKind::MoneyOut | EntryKind::Reversal | EntryKind::Pending => row.kind.label().to_owned(),
    })
}

fn row(row: BankEntryRow) -> impl IntoView {
    let locale = use_locale();
    let name = payer(&row);
    let offered = row.offered();
    let badge = state(&row);
    let BankEntryRow {
        id,
        booked_on,
        amount,
        kind: _,
        payer: _,
        text,
        state: _,
        reason,
        payment,
        reversed: _,
        proposal,
    } = row;
    let seen = proposal.as_ref().map(Proposal::token).filter(|_| offered);
    let token = seen.map(|seen| ChosenEntry { entry: id, seen }.write());
    let pick = token.map(|token| {
        let label = format!("Record {name}, {}", format_amount_with_code(amount, locale));
        view! {
            <label><input type="checkbox" name="entries[]" value=token checked=true aria-label=label autocomplete="off"/></label>
        }
    });
    let belongs = match (payment, reason, proposal) {
        (Some((payment, receipt)), _, _) => {
            view! { <a href=format!("/payments/{payment}")>{receipt}</a> }.into_any()
        }
        (None, Some(reason), _) => reason.into_any(),
        (None, None, Some(proposal)) => in_short(&proposal).into_any(),
        (None, None, None) => view! { <span class="soft">"–"</span> }.into_any(),
    };
    view! {
        <tr role="row" id=format!("entry-{id}")>
            <td role="cell" class="pick">{pick}</td>
            <th scope="row" role="rowheader"><a href=format!("/bank/entries/{id}")>{name}</a></th>
            <td role="cell" class="cut" data-label="Text">{text}</td>
            <td role="cell" data-label="Belongs to">{belongs}</td>
            <td role="cell" class="state" data-label="State">{badge}</td>
            <td role="cell" class="when" data-label="Booked"><Day of=booked_on/></td>
            <td role="cell" class="num lead" data-label="Amount"><Amount of=amount/></td>
        </tr>
    }
}

/// The badge of an entry: while it waits, how sure it is what it is.
pub(super) fn state(row: &BankEntryRow) -> AnyView {
    let confidence = row.proposal.as_ref().map(|proposal| proposal.confidence);
    let (kind, glyph, label) = match (row.state, confidence) {
        (BankEntryState::Waiting, Some(Confidence::Certain)) => ("good", Glyph::CheckCircle, "Certain"),
        (BankEntryState::Waiting, Some(Confidence::Likely)) => ("open", Glyph::Half, "Likely"),
        (BankEntryState::Waiting, Some(Confidence::AmountOnly)) => ("warn", Glyph::Circle, "Only the amount"),
        (BankEntryState::Waiting, Some(Confidence::None) | None) => ("warn", Glyph::Clock, "Waiting"),
        (BankEntryState::Recorded, _) if row.reversed => ("bad", Glyph::Refresh, "Reversed"),
        (BankEntryState::Recorded, _) => ("good", Glyph::CheckCircle, row.state.label()),
        (BankEntryState::Aside, _) => ("draft", Glyph::Dashed, row.state.label()),
        (BankEntryState::NotIn, _) => ("draft", Glyph::Dashed, row.kind.label()),
    };
    view! { <Badge kind glyph label/> }.into_any()
}

/// Customer and invoices, or the invoices that have the same amount.
fn in_short(proposal: &Proposal) -> String {
    let numbers: Vec<&str> = proposal.lines.iter().map(|line| line.number.as_str()).collect();
    match (
        &proposal.customer,
        numbers.is_empty(),
        proposal.same_amount.is_empty(),
    ) {
        (Some(customer), false, _) => format!("{customer}: {}", numbers.join(", ")),
        (Some(customer), true, _) => customer.clone(),
        (None, _, false) => format!("{}?", proposal.same_amount.join("? ")),
        (None, _, true) => "Nothing found".to_owned(),
    }
}
