//! Form parameters as Stripe takes them: `metadata[attempt]=…`, `payment_method_types[]=card`.
//!
//! A call takes the parameters that it knows out of the form; whatever is left at the end is refused, so that a
//! misspelt parameter can never pass unnoticed.

use std::collections::BTreeMap;

use crate::error::ApiError;

/// The most entries that metadata may have, and the longest key and value, all as with Stripe.
const METADATA_LIMITS: (usize, usize, usize) = (50, 40, 500);

/// The parameters of one request that nobody has taken yet, by their full names.
#[derive(Debug, Clone, Default)]
pub struct Form {
    entries: Vec<(String, String)>,
}

impl Form {
    /// Reads `a=b&c%5Bd%5D=e`.
    pub fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let entries = pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (decode(name), decode(value)))
            .collect();
        Self { entries }
    }

    /// Adds the parameters of another form, such as those of the query.
    pub fn append(&mut self, mut other: Self) {
        self.entries.append(&mut other.entries);
    }

    /// Takes a parameter. Said twice, the last one counts.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let mut found = None;
        self.entries.retain_mut(|(entry, value)| {
            let hit = entry == name;
            if hit {
                found = Some(std::mem::take(value));
            }
            !hit
        });
        found
    }

    /// Takes a parameter that must be there and not be empty.
    pub fn required(&mut self, name: &str) -> Result<String, ApiError> {
        self.text(name).filter(|value| !value.is_empty()).ok_or_else(|| {
            ApiError::parameter(
                "parameter_missing",
                name,
                format!("Missing required param: {name}."),
            )
        })
    }

    /// Takes a whole number.
    pub fn integer(&mut self, name: &str) -> Result<Option<i64>, ApiError> {
        let Some(value) = self.text(name) else {
            return Ok(None);
        };
        value.parse().map(Some).map_err(|_| {
            ApiError::parameter(
                "parameter_invalid_integer",
                name,
                format!("Invalid integer: {value}"),
            )
        })
    }

    /// Takes a flag.
    pub fn boolean(&mut self, name: &str) -> Result<Option<bool>, ApiError> {
        match self.text(name).as_deref() {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(ApiError::invalid(name, format!("Invalid boolean: {other}"))),
        }
    }

    /// Takes a list: `name[]` or `name[0]`.
    pub fn list(&mut self, name: &str) -> Vec<String> {
        self.group(name).into_iter().map(|(_, value)| value).collect()
    }

    /// Takes `metadata[…]`. An empty value stands for "remove this key".
    pub fn metadata(&mut self) -> Result<Vec<(String, String)>, ApiError> {
        let (entries, key_length, value_length) = METADATA_LIMITS;
        let found = self.group("metadata");
        if found.len() > entries {
            return Err(ApiError::parameter(
                "metadata_invalid",
                "metadata",
                "Metadata can have up to 50 keys.",
            ));
        }
        for (key, value) in &found {
            if key.chars().count() > key_length || value.chars().count() > value_length {
                let message = "Metadata keys can be up to 40 characters long and values up to 500.";
                return Err(ApiError::parameter(
                    "metadata_invalid",
                    &format!("metadata[{key}]"),
                    message,
                ));
            }
        }
        Ok(found)
    }

    /// Takes the direct children of a name: `name[key]` gives `(key, value)`.
    pub fn group(&mut self, name: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        self.entries.retain_mut(|(entry, value)| {
            let key = child_of(entry, name).map(str::to_owned);
            let hit = key.is_some();
            if let Some(key) = key {
                found.push((key, std::mem::take(value)));
            }
            !hit
        });
        found
    }

    /// All parameters in one order, to compare two calls by.
    pub fn canonical(&self) -> String {
        let mut lines: Vec<_> = self
            .entries
            .iter()
            .map(|(name, value)| format!("{name:?}={value:?}"))
            .collect();
        lines.sort();
        lines.join("&")
    }

    /// Takes, and forgets, parameters that Stripe knows and that change nothing here.
    pub fn ignore(&mut self, names: &[&str]) {
        self.entries.retain(|(entry, _)| {
            let root = entry.split('[').next().unwrap_or(entry);
            !names.contains(&root)
        });
    }

    /// Ends the reading: a parameter that nobody took is unknown.
    pub fn finish(&self) -> Result<(), ApiError> {
        match self.entries.first() {
            None => Ok(()),
            Some((name, _)) => Err(ApiError::parameter(
                "parameter_unknown",
                name,
                format!("Received unknown parameter: {name}"),
            )),
        }
    }
}

/// Changes a metadata map as the API does: an empty value removes the key.
pub fn merge(metadata: &mut BTreeMap<String, String>, changes: Vec<(String, String)>) {
    for (key, value) in changes {
        if value.is_empty() {
            metadata.remove(&key);
        } else {
            metadata.insert(key, value);
        }
    }
}

/// `Some(key)` where `entry` is `name[key]` without anything deeper.
fn child_of<'a>(entry: &'a str, name: &str) -> Option<&'a str> {
    let key = entry.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')?;
    (!key.contains('[')).then_some(key)
}

/// Undoes percent encoding; what is not valid stays as it is, what is not UTF-8 is replaced.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match (first, hex.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = tail;
            }
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_and_percent_signs_are_read() {
        let mut form =
            Form::parse("metadata%5Battempt%5D=a+b%2Bc&expand[]=x&expand[1]=y&amount=12&flag=true");
        assert_eq!(
            form.metadata().unwrap(),
            [("attempt".to_owned(), "a b+c".to_owned())]
        );
        assert_eq!(form.list("expand"), ["x", "y"]);
        assert_eq!(form.integer("amount").unwrap(), Some(12));
        assert_eq!(form.boolean("flag").unwrap(), Some(true));
        assert!(form.finish().is_ok());
    }

    #[test]
    fn what_nobody_took_is_unknown() {
        let error = Form::parse("amout=1").finish().unwrap_err().body();
        assert_eq!(error["error"]["code"], "parameter_unknown");
        assert_eq!(error["error"]["param"], "amout");
    }

    #[test]
    fn broken_escapes_do_not_panic() {
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%zz%4"), "%zz%4");
    }
}
