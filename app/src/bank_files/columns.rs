//! Which column of a bank's CSV file is what.

use super::api::NameBankColumns;
use crate::markup::view;
use crate::ui::{
    columns::{ColumnField, ColumnFile, ColumnMapper},
    form::Failed,
};
use domain::{
    bank_files::{BankColumns, BankField, ColumnsOffer},
    ids::BankFileId,
};
use leptos::{prelude::*, server_fn::ServerFn};

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
    let field = |field: &BankField| ColumnField {
        code: field.code(),
        label: field.label(),
        column: columns.get(field).cloned(),
    };
    let file = ColumnFile {
        id: id.to_string(),
        header,
        sample,
        fields: BankField::ALL.iter().map(field).collect(),
        date_order,
        decimal_mark,
        currency,
    };
    view! { <ColumnMapper action=NameBankColumns::url() file failed/> }
}
