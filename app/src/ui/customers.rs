//! The search for a customer, where an act begins with one.

use super::{
    amount::Amount,
    form::Field,
    icon::{Glyph, Icon},
    page::Empty,
    table::{Head, Table},
};
use crate::{css, markup::view};
use domain::{
    Money,
    payments::offline::{FoundPayers, Payer, PayerBalance},
};
use leptos::prelude::*;

/// What beside names the table shows: a head, and which of a customer's sums stands under it.
pub type Columns = &'static [(&'static str, fn(&PayerBalance) -> Money)];

/// The field and who was found; each leads on at `page` with `account` in its address, and with `keep` beside it.
#[component]
pub fn FindCustomer(
    /// Where the search and the act are.
    page: &'static str,
    /// What goes with both, in their addresses.
    #[prop(optional_no_strip)]
    keep: Option<(&'static str, String)>,
    /// Who was found.
    found: FoundPayers,
    /// What the table tells of each.
    columns: Columns,
    /// What the table is called.
    #[prop(default = "Customers")]
    caption: &'static str,
) -> impl IntoView {
    let FoundPayers { text, payers, more } = found;
    let kept = keep
        .as_ref()
        .map(|(name, value)| format!("{name}={value}"))
        .unwrap_or_default();
    let mut heads = vec![Head::of("Customer"), Head::of("External ID")];
    heads.extend(columns.iter().map(|(head, _)| Head::amount(head)));
    let answer = if !payers.is_empty() {
        let rows = payers
            .into_iter()
            .map(move |payer| row(page, &kept, payer, columns));
        view! {
            <Table caption heads>{rows.collect_view()}</Table>
            {more.then(more_found)}
        }
        .into_any()
    } else if text.is_empty() {
        ().into_any()
    } else {
        let all = format!("{page}?{kept}");
        let none = format!("No customer has “{text}” in its name or external ID.");
        view! {
            <Empty glyph=Glyph::Search title="Nobody was found">
                <p>{none}</p>
                <p><a class=css::BUTTON href=all>"Show all"</a></p>
            </Empty>
        }
        .into_any()
    };
    view! {
        <form class=css::SIEVE method="get" action=page role="search">
            {keep.map(|(name, value)| view! { <input type="hidden" name=name value=value/> })}
            <Field name="search" label="Name or external ID" autocomplete="off" value=text/>
            <div class="buttons"><button class=css::BUTTON><Icon of=Glyph::Search/>"Find"</button></div>
        </form>
        {answer}
    }
}

/// Word of those who are not named.
pub fn more_found() -> AnyView {
    view! { <p class="soft">"These are the first of them. Type more of a name to find the others."</p> }
        .into_any()
}

fn row(page: &str, kept: &str, payer: Payer, columns: Columns) -> AnyView {
    let Payer {
        account,
        name,
        external_id,
        balances,
    } = payer;
    let and = if kept.is_empty() { "" } else { "&" };
    let sums = columns.iter().map(move |(head, of)| {
        view! { <td role="cell" class="num" data-label=*head>{sums(&balances, *of)}</td> }
    });
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a href=format!("{page}?account={account}{and}{kept}")>{name}</a></th>
            <td role="cell" data-label="External ID">{external_id}</td>
            {sums.collect_view()}
        </tr>
    }
    .into_any()
}

/// One sum a currency, or a dash for nothing.
fn sums(balances: &[PayerBalance], of: fn(&PayerBalance) -> Money) -> AnyView {
    let some: Vec<Money> = balances.iter().map(of).filter(|sum| !sum.is_zero()).collect();
    if some.is_empty() {
        return view! { <span class="soft">"–"</span> }.into_any();
    }
    some.into_iter()
        .map(|sum| view! { <div><Amount of=sum/></div> })
        .collect_view()
        .into_any()
}
