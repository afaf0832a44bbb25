//! Query strings: read into pairs, written from pairs.
//!
//! Written strings are canonical, so that one state of a list has one address; readable characters stay as they are.

use std::fmt::Write;

/// Whether an address is a path of this site, and of no other to any browser: those read a backslash as a slash and pass
/// over tabs and line ends.
pub fn is_path_of_ours(address: &str) -> bool {
    address.starts_with('/')
        && !address.starts_with("//")
        && !address.chars().any(|c| c.is_control() || c == '\\')
}

/// The pairs of a query string, decoded; a leading `?` does not matter. What cannot be decoded is kept as it is.
pub fn pairs(query: &str) -> impl Iterator<Item = (String, String)> + '_ {
    query
        .strip_prefix('?')
        .unwrap_or(query)
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(key), decode(value))
        })
}

/// A query string from pairs, without `?`; empty when there is none.
pub fn query_string<K: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (K, V)>) -> String {
    let mut query = String::new();
    for (key, value) in pairs {
        if !query.is_empty() {
            query.push('&');
        }
        encode(key.as_ref(), &mut query);
        query.push('=');
        encode(value.as_ref(), &mut query);
    }
    query
}

/// Letters, digits and the few signs that mean nothing in a query stay; all else is percent-encoded.
fn encode(text: &str, into: &mut String) {
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b',' | b':') {
            into.push(char::from(byte));
        } else {
            // Writing into a string cannot fail.
            let _ = write!(into, "%{byte:02X}");
        }
    }
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = after;
        match (byte, after) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = after;
                }
                _ => bytes.push(b'%'),
            },
            _ => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

#[cfg(test)]
mod tests;
