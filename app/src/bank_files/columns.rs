//! Which column of a bank's CSV file is what.

use super::api::NameBankColumns;
use crate::markup::view;
use crate::{
    css,
    ui::{
        form::{Choice, Failed, Field, FormErrors},
        table::{Head, Table},
    },
};
use domain::{
    bank_files::{BankColumns, BankField, ColumnsOffer},
    ids::BankFileId,
    imports::{DateOrder, DecimalMark, labels},
};
use leptos::{prelude::*, server_fn::ServerFn};

const ORDERS: [(&str, DateOrder); 3] = [
    ("ymd", DateOrder::Ymd),
    ("dmy", DateOrder::Dmy),
    ("mdy", DateOrder::Mdy),
];
const MARKS: [(&str, DecimalMark); 2] = [("point", DecimalMark::Point), ("comma", DecimalMark::Comma)];

/// A date order by its word.
pub(super) fn order(word: &str) -> Option<DateOrder> {
    ORDERS
        .iter()
        .find(|(known, _)| *known == word)
        .map(|(_, order)| *order)
}

/// A decimal mark by its word.
pub(super) fn mark(word: &str) -> Option<DecimalMark> {
    MARKS
        .iter()
        .find(|(known, _)| *known == word)
        .map(|(_, mark)| *mark)
}

/// The form.
#[component]
pub(super) fn Columns(id: BankFileId, offer: ColumnsOffer, failed: Failed) -> impl IntoView {
    let ColumnsOffer {
        header,
        sample,
        columns,
    } = offer;
    let BankColumns {
        columns,
        date_order,
        decimal_mark,
        currency,
    } = columns;
    let labels = labels(&header);
    let was_posted = failed.error.is_some();
    let rows = BankField::ALL.iter().map(|field| {
        let typed = failed.text(&format!("columns[{}]", field.code()));
        let chosen = if was_posted {
            typed.unwrap_or_default()
        } else {
            columns.get(field).cloned().unwrap_or_default()
        };
        let place = labels.iter().position(|label| *label == chosen);
        let value = place.and_then(|place| sample.get(place)).cloned().unwrap_or_default();
        let options = labels.iter().map(|label| {
            let selected = *label == chosen;
            view! { <option value=label.clone() selected=selected>{label.clone()}</option> }
        });
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">{field.label()}</th>
                <td role="cell" data-label="Column"><div class=css::FIELD>
                    <select class="input" name=format!("columns[{}]", field.code()) aria-label=format!("Column of {}", field.label())>
                        <option value="" selected=place.is_none()>"Not in the file"</option>
                        {options.collect_view()}
                    </select>
                </div></td>
                <td role="cell" data-label="First value"><span class="sample">{value}</span></td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let word = |of: Option<&&str>| of.map(|word| (*word).to_owned()).unwrap_or_default();
    let first = |field: &str, known: String| failed.text(field).unwrap_or(known);
    let order = ORDERS
        .iter()
        .find(|(_, order)| *order == date_order)
        .map(|(word, _)| word);
    let mark = MARKS
        .iter()
        .find(|(_, mark)| *mark == decimal_mark)
        .map(|(word, _)| word);
    let (order, mark) = (
        first("date_order", word(order)),
        first("decimal_mark", word(mark)),
    );
    let code = currency
        .map(|currency| currency.code().to_owned())
        .unwrap_or_default();
    let orders = ORDERS
        .map(|(word, order)| (word.to_owned(), order.words().to_owned()))
        .to_vec();
    let marks = MARKS
        .map(|(word, mark)| (word.to_owned(), mark.word().to_owned()))
        .to_vec();
    let heads = vec![
        Head::of("Field"),
        Head::of("Column in the file"),
        Head::of("First value"),
    ];
    view! {
        <form class=format!("{} wide", css::FORM) method="post" action=NameBankColumns::url()>
            <FormErrors failed=failed.clone() title="The file was not read"/>
            <input type="hidden" name="id" value=id.to_string()/>
            <p>"Say what the columns are. Files with the same headings are read the same way from then on."</p>
            <div class=css::COLUMN_CHOICES>
                <Choice name="date_order" label="Dates are written" options=orders value=order/>
                <Choice name="decimal_mark" label="Decimal mark" options=marks value=mark/>
                <Field name="currency" label="Currency of rows that name none" autocomplete="off"
                    value=first("currency", code) error=failed.refusal("currency")/>
            </div>
            <div class=css::MAPPER><Table caption="Columns of the file" heads>{rows}</Table></div>
            <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Read the file"</button></div>
        </form>
    }
}
