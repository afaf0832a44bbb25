//! No text of a person becomes a formula, and every text comes back as it was.

use super::*;
use proptest::prelude::*;

#[test]
fn text_that_looks_like_a_formula_is_defused() {
    for sign in ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"] {
        assert_eq!(
            csv_cell(&format!("{sign}1+1")),
            format!("\"'{sign}1+1\""),
            "{sign:?}"
        );
    }
}

#[test]
fn other_text_is_quoted_and_kept() {
    assert_eq!(csv_cell("Acme"), "\"Acme\"");
    assert_eq!(csv_cell(""), "\"\"");
    assert_eq!(csv_cell("a \"b\", c\nd"), "\"a \"\"b\"\", c\nd\"");
    assert_eq!(csv_cell("1-1"), "\"1-1\"");
}

#[test]
fn a_negative_number_stays_a_number() {
    assert_eq!(csv_number("-12.50"), "\"-12.50\"");
}

#[test]
fn a_line_ends_as_the_standard_says() {
    assert_eq!(csv_line([csv_cell("a"), csv_number("1")]), "\"a\",\"1\"\r\n");
}

proptest! {
    #[test]
    fn every_text_is_one_cell_and_none_is_a_formula(
        texts in prop::collection::vec("[=+@\t\r\n\u{0}\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}'\",;a-c-]{0,8}", 1..6),
    ) {
        let line = csv_line(texts.iter().map(|text| csv_cell(text)));
        let cells = read_line(&line);
        prop_assert_eq!(cells.len(), texts.len());
        for (cell, text) in cells.iter().zip(&texts) {
            prop_assert!(!cell.chars().next().is_some_and(starts_formula));
            prop_assert!(cell == text || cell.strip_prefix('\'') == Some(text));
        }
    }
}

/// A strict reader of one line in which every cell is quoted.
fn read_line(line: &str) -> Vec<String> {
    let mut rest = line.strip_suffix("\r\n").expect("a line ends with CR LF");
    let mut cells = Vec::new();
    loop {
        rest = rest.strip_prefix('"').expect("a cell is quoted");
        let mut cell = String::new();
        loop {
            let (text, after) = rest.split_once('"').expect("a quote is closed");
            cell.push_str(text);
            match after.strip_prefix('"') {
                Some(after) => {
                    cell.push('"');
                    rest = after;
                }
                None => {
                    rest = after;
                    break;
                }
            }
        }
        cells.push(cell);
        match rest.strip_prefix(',') {
            Some(after) => rest = after,
            None => break,
        }
    }
    assert_eq!(rest, "", "nothing follows the last cell");
    cells
}
