//! The column mapper: which column is which field, how dates, amounts and signs are written, what tax codes mean.

use super::api::MapImport;
use crate::css;
use crate::markup::view;
use domain::{
    ids::ImportId,
    imports::{DateOrder, DecimalMark, DraftTax, Field, Layout, MappingOffer, NegativeDocuments, SignRule},
};
use leptos::{prelude::*, server_fn::ServerFn};
use std::collections::BTreeMap;

pub(super) const CREDIT: &str = "as_credit_note";
pub(super) const ORDERS: [(&str, DateOrder); 3] = [
    ("dmy", DateOrder::Dmy),
    ("mdy", DateOrder::Mdy),
    ("ymd", DateOrder::Ymd),
];
pub(super) const MARKS: [(&str, DecimalMark); 2] =
    [("point", DecimalMark::Point), ("comma", DecimalMark::Comma)];
pub(super) const SIGNS: [(&str, SignRule, &str); 3] = [
    ("as_written", SignRule::AsWritten, "As they are"),
    (
        "quantities_reversed",
        SignRule::QuantitiesReversed,
        "Quantities of sales are negative",
    ),
    (
        "all_reversed",
        SignRule::AllReversed,
        "Quantities and amounts of sales are negative",
    ),
];

/// What most files have a column for.
const USUAL: [Field; 13] = [
    Field::Number,
    Field::CustomerId,
    Field::CustomerName,
    Field::Currency,
    Field::IssueDate,
    Field::DueDate,
    Field::Description,
    Field::ItemCode,
    Field::Quantity,
    Field::UnitPrice,
    Field::LineNet,
    Field::TaxRate,
    Field::TaxCode,
];

fn written(codes: &BTreeMap<String, DraftTax>) -> String {
    let lines = codes.iter().map(|(code, tax)| {
        let standard = tax.category == domain::invoices::TaxCategory::S;
        if standard {
            format!("{code} = {} %", tax.rate)
        } else {
            format!("{code} = {}", tax.category.code())
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// See the module.
#[component]
pub(super) fn Mapper(id: ImportId, offer: MappingOffer) -> impl IntoView {
    let MappingOffer {
        header,
        sample,
        layout,
        map,
        saved,
    } = offer;
    let known = match (&saved, layout) {
        (Some((_, name)), _) => format!("Columns as saved under “{name}”."),
        (None, Layout::QuickBooks) => "Recognised as a QuickBooks invoice file.".to_owned(),
        (None, Layout::Xero) => "Recognised as a Xero invoice file.".to_owned(),
        (None, Layout::Quittance) => "Recognised as a Quittance file.".to_owned(),
        (None, Layout::Unknown) => "Choose what each field is taken from.".to_owned(),
    };
    let first = |heading: &str| {
        let at = header.iter().position(|column| column == heading)?;
        sample.first()?.get(at).cloned()
    };
    let row = |field: &Field| {
        let chosen = map.columns.get(field).cloned();
        let value = chosen.as_deref().and_then(first).unwrap_or_default();
        let options = header
            .iter()
            .map(|column| {
                let selected = chosen.as_ref() == Some(column);
                view! { <option value=column.clone() selected=selected>{column.clone()}</option> }
            })
            .collect_view();
        let name = format!("columns[{}]", field.own_heading());
        let needed = field.required().then(|| view! { <small>"needed"</small> });
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">{field.label()}{needed}</th>
                <td role="cell" data-label="Column"><div class=css::FIELD>
                    <select class="input" name=name aria-label=format!("Column of {}", field.label())>
                        <option value="" selected=chosen.is_none()>"Not in the file"</option>
                        {options}
                    </select>
                </div></td>
                <td role="cell" data-label="First value"><span class="sample">{value}</span></td>
            </tr>
        }
    };
    // What every file has, and what was found in this one, comes first; forty fields at once help nobody.
    let (usual, rare): (Vec<&Field>, Vec<&Field>) = Field::ALL
        .iter()
        .partition(|field| USUAL.contains(field) || map.columns.contains_key(field));
    let usual = usual.into_iter().map(row).collect_view();
    let rare = rare.into_iter().map(row).collect_view();
    let currency = map
        .default_currency
        .map(|currency| currency.code())
        .unwrap_or_default();
    view! {
        <section class="part ruled" aria-labelledby="columns-title">
            <h2 id="columns-title">"Columns"</h2>
            <p>{known}</p>
            <form class=format!("{} wide", css::FORM) method="post" action=MapImport::url()>
                <input type="hidden" name="id" value=id.to_string()/>
                <div class=css::COLUMN_CHOICES>
                    <Choice name="date_order" label="Dates are written">
                        {ORDERS.map(|(word, order)| view! { <option value=word selected=map.date_order == order>{order.words()}</option> }).collect_view()}
                    </Choice>
                    <Choice name="decimal_mark" label="Decimal mark">
                        {MARKS.map(|(word, mark)| view! { <option value=word selected=map.decimal_mark == mark>{mark.word()}</option> }).collect_view()}
                    </Choice>
                    <Choice name="signs" label="Signs">
                        {SIGNS.map(|(word, signs, text)| view! { <option value=word selected=map.signs == signs>{text}</option> }).collect_view()}
                    </Choice>
                    <Choice name="negative_documents" label="Documents below zero">
                        <option value="refuse" selected=map.negative_documents == NegativeDocuments::Refuse>"are refused"</option>
                        <option value=CREDIT selected=map.negative_documents == NegativeDocuments::AsCreditNote>"become credit notes"</option>
                    </Choice>
                    <div class=css::FIELD>
                        <label for="default_currency">"Currency of rows that name none"</label>
                        <input class="input" id="default_currency" name="default_currency" value=currency maxlength="3" autocomplete="off"/>
                    </div>
                    <div class=css::FIELD>
                        <label for="save_as">"Save these columns as"</label>
                        <input class="input" id="save_as" name="save_as" maxlength="80" autocomplete="off" aria-describedby="save-help"/>
                        <p class="help" id="save-help">"Used by itself for the next file with the same headings."</p>
                    </div>
                    <div class=css::FIELD>
                        <label for="tax_codes">"Tax codes"</label>
                        <textarea class="input" id="tax_codes" name="tax_codes" rows="3" aria-describedby="tax-help">{written(&map.tax_codes)}</textarea>
                        <p class="help" id="tax-help">"One a line: code = 19 %, or code = E (exempt), Z, AE, K, G, O."</p>
                    </div>
                </div>
                {table("Columns of the file", usual)}
                <details class=css::MORE_FIELDS>
                    <summary>"More fields"</summary>
                    {table("More fields of the file", rare)}
                </details>
                <div class="buttons"><button class=css::BUTTON>"Check with these columns"</button></div>
            </form>
        </section>
    }
}

fn table(caption: &'static str, rows: impl IntoView + 'static) -> impl IntoView {
    view! {
        <div class=format!("{} mapper {}", css::DATA_TABLE, css::MAPPER)>
            <table role="table">
                <caption>{caption}</caption>
                <thead role="rowgroup"><tr role="row">
                    <th scope="col" role="columnheader">"Field"</th>
                    <th scope="col" role="columnheader">"Column in the file"</th>
                    <th scope="col" role="columnheader">"First value"</th>
                </tr></thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Choice(name: &'static str, label: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class=css::FIELD>
            <label for=name>{label}</label>
            <select class="input" id=name name=name>{children()}</select>
        </div>
    }
}
