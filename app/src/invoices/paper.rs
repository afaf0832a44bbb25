//! The paper that an invoice is: parties, terms, lines, tax, totals, what was paid and credited. The parts of it that a
//! revision which was replaced has too are functions of their own.

use super::settlements::Settlements;
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Day},
        paper::PartyBlock,
    },
    viewer::use_locale,
};
use chrono::NaiveDate;
use domain::{
    Money,
    invoices::{Cost, InvoiceDetail, InvoiceLine, Totals},
    locale::{format_amount, format_amount_with_code, format_quantity, format_rate, format_unit_price},
};
use leptos::prelude::*;

/// The document: parties, terms, lines, totals, what was paid and credited. Stands in `css::INVOICE`.
#[component]
pub(crate) fn Paper(
    /// What it is called.
    title: String,
    /// What it says.
    invoice: InvoiceDetail,
) -> impl IntoView {
    view! {
        <div class="paper">
            {parties(&invoice)}
            <dl class=format!("{} across terms", css::FACTS)>
                {terms(&invoice, invoice.row.due_date)}
                {invoice.changed.map(|changed| view! {
                    <div><dt>"Changed on"</dt><dd><Day of=changed.on/>{format!(", revision {}", changed.revision)}</dd></div>
                })}
            </dl>
            <section class="part" aria-labelledby="lines">
                {lines(&title, &invoice.lines)}
                <TotalsBlock invoice=invoice.clone()/>
            </section>
            <Settlements of=invoice.settlements.clone()/>
            {invoice.note.clone().map(|note| view! { <p class="note">{note}</p> })}
        </div>
    }
}

/// Seller and buyer.
pub(super) fn parties(invoice: &InvoiceDetail) -> impl IntoView + use<> {
    view! {
        <div class=css::PARTIES>
            <PartyBlock title="From" party=invoice.seller.clone()/>
            <PartyBlock title="Bill to" party=invoice.buyer.clone()/>
        </div>
    }
}

/// What it says of itself; no revision changes more of it than the day on which it is due.
pub(super) fn terms(invoice: &InvoiceDetail, due: NaiveDate) -> impl IntoView + use<> {
    view! {
        {invoice.row.issue_date.map(|day| view! { <div><dt>"Issued"</dt><dd><Day of=day/></dd></div> })}
        <div><dt>"Due"</dt><dd><Day of=due/></dd></div>
        {invoice.row.order_id.clone().map(|order| view! { <div><dt>"Order"</dt><dd>{order}</dd></div> })}
        {invoice.profile.clone().into_iter().map(|(heading, text)| view! { <div><dt>{heading}</dt><dd>{text}</dd></div> }).collect_view()}
        <div><dt>"Source"</dt><dd>{invoice.row.source.label()}</dd></div>
    }
}

/// Its lines, below their heading `lines`.
pub(super) fn lines(title: &str, lines: &[InvoiceLine]) -> impl IntoView + use<> {
    let rates = lines.iter().map(|line| line.tax_rate);
    let several = rates.clone().zip(rates.skip(1)).any(|(one, next)| one != next);
    // Where lines bear different taxes the column stays however narrow it gets.
    let tax = if several { "num soft" } else { "num soft rare" };
    let rows = lines.iter().map(|one| line(one, tax)).collect_view();
    view! {
        <h2 id="lines">"Lines"</h2>
        <div class=format!("{} lines", css::DATA_TABLE)>
            <table role="table">
                <caption>{format!("Lines of {}", title.to_ascii_lowercase())}</caption>
                <thead role="rowgroup"><tr role="row">
                    <th scope="col" role="columnheader">"Description"</th>
                    <th scope="col" role="columnheader" class="num">"Quantity"</th>
                    <th scope="col" role="columnheader" class="num">"Unit price"</th>
                    <th scope="col" role="columnheader" class=tax>"Tax"</th>
                    <th scope="col" role="columnheader" class="num">"Net amount"</th>
                </tr></thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
}

fn line(line: &InvoiceLine, tax: &'static str) -> impl IntoView + use<> {
    let locale = use_locale();
    let currency = line.net.currency();
    let small = [
        line.item_code.clone(),
        (!line.discount.is_zero())
            .then(|| format!("less {}", format_amount_with_code(line.discount, locale))),
    ];
    let small = small.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{line.description.clone()}{(!small.is_empty()).then(|| view! { <small>{small}</small> })}</th>
            <td role="cell" class="num" data-label="Quantity">{format_quantity(line.quantity, locale)}</td>
            <td role="cell" class="num" data-label="Unit price">{format_unit_price(line.unit_price, currency, locale)}</td>
            <td role="cell" class=tax data-label="Tax">{format_rate(line.tax_rate, locale)}</td>
            <td role="cell" class="num lead" data-label="Net amount">{format_amount(line.net, locale)}</td>
        </tr>
    }
}

#[component]
fn TotalsBlock(invoice: InvoiceDetail) -> impl IntoView {
    let minus = |amount: Money| amount.checked_neg().unwrap_or(amount);
    let less =
        |name: &str, amount: Money| (!amount.is_zero()).then(|| entry("", name.to_owned(), minus(amount)));
    view! {
        <dl class=css::TOTALS>
            {billed(&invoice.totals, &invoice.costs)}
            {less("Paid", invoice.paid)}
            {less("Credited", invoice.credited)}
            {less("Written off", invoice.written_off)}
            {entry("due", "Open".to_owned(), invoice.row.open)}
        </dl>
        <p class="explains no-print"><a href=format!("/explain/{}", invoice.row.id)>"How it adds up"</a></p>
    }
}

/// From the lines to the total, with what stands between them. Stands in `css::TOTALS`.
pub(super) fn billed(totals: &Totals, costs: &[Cost]) -> impl IntoView + use<> {
    let locale = use_locale();
    let Totals {
        lines,
        discount,
        charge: _,
        net,
        taxes,
        tax: _,
        rounding,
        total,
    } = totals;
    let (lines, discount, rounding) = (*lines, *discount, *rounding);
    let is_more_than_lines = !discount.is_zero() || !costs.is_empty();
    let costs = costs
        .iter()
        .map(|cost| entry("", cost.description.clone(), cost.amount))
        .collect_view();
    let taxes = taxes.iter().map(|group| {
        let name = format!(
            "Tax {} on {}",
            format_rate(group.rate, locale),
            format_amount(group.base, locale)
        );
        let name = match &group.reason {
            Some(reason) => format!("{name} ({reason})"),
            None => name,
        };
        entry("", name, group.tax)
    });
    view! {
        {is_more_than_lines.then(|| entry("", "Sum of lines".to_owned(), lines))}
        {(!discount.is_zero()).then(|| entry("", "Discount".to_owned(), discount.checked_neg().unwrap_or(discount)))}
        {costs}
        {entry("", "Total without tax".to_owned(), *net)}
        {taxes.collect_view()}
        {(!rounding.is_zero()).then(|| entry("", "Rounding".to_owned(), rounding))}
        {entry("sum", "Total".to_owned(), *total)}
    }
}

fn entry(class: &'static str, name: String, amount: Money) -> impl IntoView + use<> {
    view! { <div class=class><dt>{name}</dt><dd><Amount of=amount/></dd></div> }
}
