//! The text of an MT940 entry (`:86:`), in the ways in which banks write it.
//!
//! German banks number its parts (`?20SVWZ+...?32NAME`), Dutch and Swiss ones name them (`/REMI/.../NAME/...`), others just
//! write lines.

/// Words before a part of the purpose in numbered texts.
const SEPA: [&str; 16] = [
    "EREF+", "KREF+", "MREF+", "BREF+", "RREF+", "CRED+", "DEBT+", "COAM+", "OAMT+", "SVWZ+", "ABWA+",
    "ABWE+", "IBAN+", "BIC+", "PURP+", "CIID+",
];

/// Words before a part of named texts.
const NAMED: [&str; 22] = [
    "TRTP",
    "IBAN",
    "BIC",
    "NAME",
    "REMI",
    "EREF",
    "CSID",
    "MARF",
    "BENM",
    "ORDP",
    "ID",
    "CDTRREFTP",
    "CDTRREF",
    "ISDT",
    "RTRN",
    "ULTD",
    "ULTB",
    "ULTC",
    "PURP",
    "SVCL",
    "ADDR",
    "CNTP",
];

/// Characters of a full part or line: the next one continues the word.
const FULL_PART: usize = 27;
const FULL_LINE: usize = 65;

/// What a text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) text: Vec<String>,
    pub(super) references: Vec<String>,
    pub(super) name: Option<String>,
    pub(super) account: Option<String>,
}

/// Reads the lines of the field.
pub(super) fn said(lines: &[&str]) -> Said {
    let whole: String = lines.iter().map(|line| line.trim_end_matches('\r')).collect();
    if let Some(separator) = separator(&whole) {
        return numbered(&whole[3..], separator);
    }
    let begins = |word: &str| {
        whole
            .strip_prefix('/')
            .is_some_and(|rest| rest.starts_with(&format!("{word}/")))
    };
    if NAMED.iter().any(|word| begins(word)) {
        return named(&whole);
    }
    Said {
        text: joined(lines.iter().copied(), FULL_LINE),
        ..Said::default()
    }
}

/// What stands before the numbers of the parts, when the text begins with the three digits of the kind of transaction.
fn separator(whole: &str) -> Option<char> {
    let (code, rest) = whole.split_at_checked(3)?;
    let mut rest = rest.chars();
    let separator = rest.next().filter(|c| c.is_ascii_punctuation())?;
    let number: Vec<char> = rest.take(2).collect();
    let fits = code.bytes().all(|byte| byte.is_ascii_digit())
        && number.len() == 2
        && number.iter().all(char::is_ascii_digit);
    fits.then_some(separator)
}

fn numbered(whole: &str, separator: char) -> Said {
    let (mut purpose, mut name) = (Vec::new(), Vec::new());
    let mut said = Said::default();
    for part in whole.split(separator) {
        let Some((number, text)) = part.split_at_checked(2) else {
            continue;
        };
        match number.parse::<u8>() {
            Ok(20..=29 | 60..=63) => purpose.push(text),
            Ok(31) => said.account = some(text),
            Ok(32 | 33) => name.push(text),
            Ok(_) => {}
            // The separator stood within a text.
            Err(_) => purpose.push(part),
        }
    }
    said.name = some(&joined(name, FULL_PART).join(" "));
    let purpose = joined(purpose, FULL_PART).join(" ");
    for (word, text) in by_words(&purpose, &SEPA, |rest, word| rest.starts_with(word)) {
        match word {
            None | Some("SVWZ+") => said.text.extend(some(text)),
            Some("EREF+" | "KREF+") => said.references.extend(some(text)),
            Some("ABWA+") => said.name = said.name.take().or_else(|| some(text)),
            Some("IBAN+") => said.account = said.account.take().or_else(|| some(text)),
            // Mandates and ids of creditors belong to direct debits.
            Some(_) => {}
        }
    }
    said
}

fn named(whole: &str) -> Said {
    let mut said = Said::default();
    let fits = |rest: &str, word: &str| {
        let rest = rest.strip_prefix('/').and_then(|rest| rest.strip_prefix(word));
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    for (word, text) in by_words(whole, &NAMED, fits) {
        let text = text.trim_matches('/');
        match word {
            Some("REMI") => {
                // Structured remittance names its form first.
                let text = text.strip_prefix("USTD//").unwrap_or(text);
                said.text.extend(some(text));
            }
            None | Some("CNTP" | "TRTP") => said.text.extend(some(text)),
            Some("EREF" | "CDTRREF" | "RTRN") => said.references.extend(some(text)),
            Some("NAME") => said.name = said.name.take().or_else(|| some(text)),
            Some("IBAN") => said.account = said.account.take().or_else(|| some(text)),
            Some(_) => {}
        }
    }
    said
}

/// Cuts a text at the words that stand in it: each word with what follows it, and first what stands before them all.
fn by_words<'a>(
    whole: &'a str,
    words: &[&'static str],
    fits: impl Fn(&str, &str) -> bool,
) -> Vec<(Option<&'static str>, &'a str)> {
    let mut found = Vec::new();
    let (mut word, mut begin) = (None, 0);
    let mut place = 0;
    while let Some(rest) = whole.get(place..).filter(|rest| !rest.is_empty()) {
        match words.iter().find(|word| fits(rest, word)) {
            Some(next) => {
                found.push((word, &whole[begin..place]));
                // A slash may stand before the word, and stays with the text otherwise.
                let length = rest.find(next).unwrap_or(0) + next.len();
                (word, begin, place) = (Some(*next), place + length, place + length);
            }
            None => place += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    found.push((word, &whole[begin..]));
    found
}

/// Parts as lines. One that is full goes on in the next without a blank.
fn joined<'a>(parts: impl IntoIterator<Item = &'a str>, full: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut goes_on = false;
    for part in parts {
        let part = part.trim_end_matches(['\r', '\n']);
        match lines.last_mut().filter(|_| goes_on) {
            Some(line) => line.push_str(part),
            None => lines.push(part.to_owned()),
        }
        goes_on = part.chars().count() >= full;
    }
    lines.retain(|line| !line.trim().is_empty());
    lines
}

fn some(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
