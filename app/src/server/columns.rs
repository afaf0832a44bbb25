//! The grid's columns, as a browser remembers them.

use super::set_header;
use domain::invoices::columns::Column;
use http::{header, request::Parts};
use leptos::prelude::*;

const COLUMNS_COOKIE: &str = "columns";

/// The grid's columns that this browser chose, if it did.
pub fn remembered_columns() -> Vec<Column> {
    let parts = expect_context::<Parts>();
    let cookies = parts
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(COLUMNS_COOKIE)?.strip_prefix('='))
        .map(|codes| codes.split('.').filter_map(Column::from_code).collect())
        .unwrap_or_default()
}

/// Remembers the grid's columns in this browser: a preference, no secret.
pub fn remember_columns(columns: &[Column]) {
    let codes: Vec<&str> = columns.iter().map(|column| column.code()).collect();
    let age = if codes.is_empty() { 0 } else { 31_536_000 };
    let cookie = format!(
        "{COLUMNS_COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}",
        codes.join(".")
    );
    set_header(header::SET_COOKIE, &cookie);
}
