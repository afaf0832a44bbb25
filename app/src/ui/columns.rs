//! Which column of a CSV file is what: the form for files whose columns a person names once.

use super::{
    form::{Choice, Failed, Field, FormErrors},
    table::{Head, Table},
};
use crate::css;
use crate::markup::view;
use domain::{
    Currency,
    imports::{DateOrder, DecimalMark, labels},
};
use leptos::prelude::*;

const ORDERS: [(&str, DateOrder); 3] = [
    ("ymd", DateOrder::Ymd),
    ("dmy", DateOrder::Dmy),
    ("mdy", DateOrder::Mdy),
];
const MARKS: [(&str, DecimalMark); 2] = [("point", DecimalMark::Point), ("comma", DecimalMark::Comma)];

/// A date order by the word that the form posts.
pub fn order(word: &str) -> Option<DateOrder> {
    ORDERS
        .iter()
        .find(|(known, _)| *known == word)
        .map(|(_, order)| *order)
}

/// A decimal mark by the word that the form posts.
pub fn mark(word: &str) -> Option<DecimalMark> {
    MARKS
        .iter()
        .find(|(known, _)| *known == word)
        .map(|(_, mark)| *mark)
}

/// Something that a column can be.
#[derive(Clone, Debug)]
pub struct ColumnField {
    /// Its word, posted as `columns[WORD]`.
    pub code: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// The heading that is proposed for it.
    pub column: Option<String>,
}

/// A file whose columns wait to be named, with what is proposed.
#[derive(Clone, Debug)]
pub struct ColumnFile {
    /// Its id.
    pub id: String,
    /// Its headings.
    pub header: Vec<String>,
    /// Its first row.
    pub sample: Vec<String>,
    /// What its columns can be.
    pub fields: Vec<ColumnField>,
    /// How its dates are written.
    pub date_order: DateOrder,
    /// How its numbers are written.
    pub decimal_mark: DecimalMark,
    /// Currency of rows that name none.
    pub currency: Option<Currency>,
}

/// The form.
#[component]
pub fn ColumnMapper(
    /// Where it posts to.
    action: &'static str,
    /// About which file.
    file: ColumnFile,
    /// What came back.
    failed: Failed,
) -> impl IntoView {
    let ColumnFile {
        id,
        header,
        sample,
        fields,
        date_order,
        decimal_mark,
        currency,
    } = file;
    let labels = labels(&header);
    let rows = fields
        .into_iter()
        .map(|field| row(field, &labels, &sample, &failed));
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
        <form class=format!("{} wide", css::FORM) method="post" action=action>
            <FormErrors failed=failed.clone() title="The file was not read"/>
            <input type="hidden" name="id" value=id/>
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

/// The choice of a column for a field, and what stands there first.
fn row(field: ColumnField, labels: &[String], sample: &[String], failed: &Failed) -> impl IntoView + use<> {
    let ColumnField { code, label, column } = field;
    let name = format!("columns[{code}]");
    // A form that came back has an empty choice where somebody made it so.
    let chosen = if failed.error.is_some() {
        failed.text(&name)
    } else {
        column
    };
    let chosen = chosen.unwrap_or_default();
    let place = labels.iter().position(|label| *label == chosen);
    let value = place
        .and_then(|place| sample.get(place))
        .cloned()
        .unwrap_or_default();
    let options = labels.iter().map(|label| {
        let selected = *label == chosen;
        view! { <option value=label.clone() selected=selected>{label.clone()}</option> }
    });
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{label}</th>
            <td role="cell" data-label="Column"><div class=css::FIELD>
                <select class="input" name=name aria-label=format!("Column of {label}")>
                    <option value="" selected=place.is_none()>"Not in the file"</option>
                    {options.collect_view()}
                </select>
            </div></td>
            <td role="cell" data-label="First value"><span class="sample">{value}</span></td>
        </tr>
    }
}
