//! Card numbers in what cannot be sent back to whoever wrote it: files that people bring, and forms that failed. They are
//! hidden before anything is kept (V35); whatever is typed into a form that succeeds is refused instead.

use crate::bank_files::write::{Brought, Rows};
use domain::text::{has_card_number, without_card_numbers};
use entity::Json;

/// A text without them.
pub(crate) fn in_text(text: String) -> String {
    if has_card_number(&text) {
        without_card_numbers(&text)
    } else {
        text
    }
}

/// Rows of a file without them.
pub(crate) fn in_rows(rows: &Rows) -> Rows {
    let cells = |cells: &Vec<String>| cells.iter().cloned().map(in_text).collect();
    Rows {
        header: cells(&rows.header),
        rows: rows.rows.iter().map(|(line, row)| (*line, cells(row))).collect(),
    }
}

/// What a bank's file brought without them. Its statements were read without them already.
pub(crate) fn in_file(brought: &Brought) -> Brought {
    match brought {
        Brought::Rows(rows) => Brought::Rows(in_rows(rows)),
        entries @ Brought::Entries { .. } => entries.clone(),
    }
}

/// All texts and numbers of a value without them.
pub(crate) fn in_json(value: Json) -> Json {
    match value {
        Json::String(text) => Json::String(in_text(text)),
        Json::Array(items) => items.into_iter().map(in_json).collect(),
        Json::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (in_text(name), in_json(value)))
            .collect(),
        // Somebody typed it where an amount goes; no amount is that large.
        Json::Number(number) if has_card_number(&number.to_string()) => number
            .as_i64()
            .map_or(Json::Null, |number| (number % 10_000).into()),
        other @ (Json::Null | Json::Bool(_) | Json::Number(_)) => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_of_cards_are_hidden_wherever_they_stand() {
        let typed = json!({ "form": [{ "note": "pay 4242 4242 4242 4242" }, 4242], "seen": 30569309025904_i64, "no": "42" });
        let kept = json!({ "form": [{ "note": "pay xxxx xxxx xxxx 4242" }, 4242], "seen": 5904, "no": "42" });
        assert_eq!(in_json(typed), kept);
    }
}
