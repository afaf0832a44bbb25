//! Tags of an OFX file, the same for the SGML of version 1, where values have no end tag, and the XML of version 2.
//!
//! Nothing is expanded: the few entities that both know become their characters, others stay as they are written, and a
//! document type is refused.

use super::BankFileRefused;
use crate::incoming::FileRefused;

/// A tag with what stands behind it up to the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// Its name in capitals; an end tag's without the slash.
    pub(super) name: String,
    /// It ends something.
    pub(super) is_end: bool,
    /// What stands behind it, not yet unescaped.
    pub(super) value: &'a str,
    /// Its line, from 1.
    pub(super) line: u64,
}

/// Goes through a file tag by tag.
pub(super) struct Tags<'a> {
    rest: &'a str,
    line: u64,
}

impl<'a> Tags<'a> {
    /// Begins at the first tag; what stands before it is the header of version 1.
    pub(super) fn new(text: &'a str) -> Self {
        let mut tags = Self { rest: text, line: 1 };
        tags.take(text.find('<').unwrap_or(text.len()));
        tags
    }

    /// The next tag; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Tag<'a>>, BankFileRefused> {
        loop {
            let line = self.line;
            if self.rest.is_empty() {
                return Ok(None);
            }
            let broken = |why: &str| FileRefused::BrokenXml {
                line,
                why: why.to_owned(),
            };
            if self.rest.starts_with("<!--") {
                let end = self
                    .rest
                    .find("-->")
                    .ok_or_else(|| broken("a comment is not closed"))?;
                self.take(end + 3);
                self.take(self.rest.find('<').unwrap_or(self.rest.len()));
                continue;
            }
            if self.rest.starts_with("<!") {
                return Err(FileRefused::XmlEntities { line }.into());
            }
            let end = self.rest.find('>').ok_or_else(|| broken("a tag is not closed"))?;
            let inside = &self.rest[1..end];
            self.take(end + 1);
            let value = &self.rest[..self.rest.find('<').unwrap_or(self.rest.len())];
            self.take(value.len());
            if inside.starts_with('?') {
                continue;
            }
            let (is_end, name) = match inside.strip_prefix('/') {
                Some(name) => (true, name),
                None => (false, inside),
            };
            let name = name
                .split(|c: char| c.is_whitespace() || c == '/')
                .next()
                .unwrap_or_default();
            if name.is_empty() || name.len() > 64 || name.contains('<') {
                return Err(broken("a tag has no name").into());
            }
            return Ok(Some(Tag {
                name: name.to_ascii_uppercase(),
                is_end,
                value,
                line,
            }));
        }
    }

    fn take(&mut self, length: usize) {
        let (taken, rest) = self.rest.split_at(length);
        self.line += taken.matches('\n').count() as u64;
        self.rest = rest;
    }
}

/// A value with the entities that both versions know.
pub(super) fn unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut rest = value.trim();
    while let Some(place) = rest.find('&') {
        text.push_str(&rest[..place]);
        rest = &rest[place..];
        let entity = rest.split_once(';').map(|(name, _)| &name[1..]);
        let character = entity.and_then(|name| match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some(' '),
            name => {
                let digits = name.strip_prefix('#')?;
                let code = match digits.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => digits.parse().ok()?,
                };
                char::from_u32(code).filter(|c| !c.is_control())
            }
        });
        match (character, entity) {
            (Some(character), Some(entity)) => {
                text.push(character);
                rest = &rest[entity.len() + 2..];
            }
            _ => {
                text.push('&');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
    text
}
