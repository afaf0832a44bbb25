//! Words of a remittance text, and whether a number stands among them as a whole.
//!
//! People write `INV-2026-0042` as `inv 2026 0042` or `INV20260042`. So separators may be others or missing, but where the
//! text separates, the number must separate too: `42 00` is not `4200`, and `1042` is not `42`.

use std::collections::BTreeSet;

/// Most words that one number is looked for in.
const MOST_WORDS: usize = 6;
/// Longest number that is looked for, in bytes.
const LONGEST: usize = 60;

/// A text as its words: letters and digits in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Runs(Vec<String>);

impl Runs {
    /// The words of some texts, in their order. What is written as a creditor reference (ISO 11649) counts once more
    /// without its check digits.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut words = Vec::new();
        for text in texts {
            words.extend(split(text));
            // It is printed in groups of four, which mean nothing.
            let plain = plain_number(text);
            if let Some(reference) = creditor_reference(&plain) {
                // Nothing before it belongs to it.
                words.push(String::new());
                words.push(reference.to_owned());
            }
            words.push(String::new());
        }
        Self(words)
    }

    /// Whether a number stands in it as a whole.
    pub fn has(&self, number: &str) -> bool {
        let parts: Vec<String> = split(number).collect();
        let whole = parts.concat();
        if whole.is_empty() {
            return false;
        }
        let mut borders = BTreeSet::new();
        let mut length = 0;
        for part in &parts {
            length += part.len();
            borders.insert(length);
        }
        (0..self.0.len()).any(|start| {
            let mut found = 0;
            for word in &self.0[start..] {
                let Some(rest) = whole.get(found..) else {
                    return false;
                };
                if word.is_empty() || !rest.starts_with(word.as_str()) {
                    // A number may go over a line's end.
                    if word.is_empty() && found > 0 {
                        continue;
                    }
                    return false;
                }
                found += word.len();
                if found == whole.len() {
                    return true;
                }
                if !borders.contains(&found) {
                    return false;
                }
            }
            false
        })
    }

    /// Everything that could be a number with a digit in it, as [`plain_number`] writes it: what to ask the invoices for.
    pub fn keys(&self) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for start in 0..self.0.len() {
            let mut key = String::new();
            for word in self.0[start..]
                .iter()
                .filter(|word| !word.is_empty())
                .take(MOST_WORDS)
            {
                key.push_str(word);
                if key.len() > LONGEST {
                    break;
                }
                if key.contains(|c: char| c.is_ascii_digit()) {
                    keys.insert(key.clone());
                }
            }
        }
        keys
    }
}

/// A number without case and separators.
pub fn plain_number(number: &str) -> String {
    split(number).collect()
}

/// A number that a text can hold by chance: shorter than four characters, or a year.
pub(super) fn is_weak(number: &str) -> bool {
    let plain = plain_number(number);
    let is_year = plain.len() == 4 && (plain.starts_with("19") || plain.starts_with("20"));
    let digits = plain.bytes().all(|byte| byte.is_ascii_digit());
    plain.chars().count() < 4 || (digits && is_year) || !plain.contains(|c: char| c.is_ascii_digit())
}

/// A name without case, punctuation and the ways in which banks write letters that they do not have.
pub fn plain_name(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for word in split(name) {
        for character in word.chars() {
            match character {
                '\u{e4}' => plain.push_str("ae"),
                '\u{f6}' => plain.push_str("oe"),
                '\u{fc}' => plain.push_str("ue"),
                '\u{df}' => plain.push_str("ss"),
                other => plain.push(other),
            }
        }
        plain.push(' ');
    }
    plain.trim_end().to_owned()
}

fn creditor_reference(plain: &str) -> Option<&str> {
    let rest = plain.strip_prefix("rf")?;
    let (check, reference) = rest.split_at_checked(2)?;
    let fits = check.bytes().all(|byte| byte.is_ascii_digit()) && (1..=21).contains(&reference.len());
    fits.then_some(reference)
}

fn split(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}
