//! Writes CSV that a spreadsheet shows and never runs.
//!
//! A cell that begins like a formula is a formula to a spreadsheet, quoted or not, so text is defused with a leading
//! apostrophe. Numbers stay numbers: they come from a type, not from a person. Lines follow RFC 4180.

/// A cell of text: quoted always, quotes doubled, and defused when a spreadsheet would take it for a formula.
pub fn csv_cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len() + 3);
    cell.push('"');
    if text.chars().next().is_some_and(starts_formula) {
        cell.push('\'');
    }
    for c in text.chars() {
        if c == '"' {
            cell.push('"');
        }
        cell.push(c);
    }
    cell.push('"');
    cell
}

/// A cell that holds a number made by this program, such as `-12.50`: quoted, never defused. The type of the caller
/// makes sure of it; text of people goes through [`csv_cell`].
pub fn csv_number(number: &str) -> String {
    debug_assert!(
        number
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b'-' || b == b'.'),
        "no number: {number}"
    );
    format!("\"{number}\"")
}

/// A line with its end, from finished cells.
pub fn csv_line(cells: impl IntoIterator<Item = String>) -> String {
    let mut line = cells.into_iter().collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

/// What makes spreadsheets compute or reinterpret a cell: the usual signs, their full-width twins, and the control
/// characters that are skipped before the sign.
const fn starts_formula(c: char) -> bool {
    matches!(
        c,
        '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'
    )
}

#[cfg(test)]
mod tests;
