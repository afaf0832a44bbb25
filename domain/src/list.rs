//! What every list has in common: which part of it, in which order, how long it is.
//!
//! A list's whole state is in its address, so reload, back, a shared link and a browser without script agree.
//! Next, previous, first and last go by key, never by a growing offset, so the last page costs what the first does.

use crate::locale::{Locale, format_count};
use serde::{Deserialize, Serialize};

/// Rows of a page when the address says nothing.
pub const DEFAULT_PER_PAGE: u16 = 50;
/// The most rows that a page may have (D15).
pub const MAX_PER_PAGE: u16 = 100;
/// Up to here a list's length is counted without being asked to (D20).
pub const COUNTED_TO: u64 = 1_000;

/// Ascending or descending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

impl Direction {
    /// The other one.
    pub const fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

/// Where a page begins. A cursor is the sort key and id of a row, in the words of [`Cursor`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Position {
    /// The first page.
    #[default]
    First,
    /// The last page.
    Last,
    /// The page that follows a row.
    After(Cursor),
    /// The page that ends before a row.
    Before(Cursor),
}

/// A place in a sorted list: the value of the sort key there, and the id that breaks ties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The sort key as text: an ISO date, minor units or the text itself.
    pub key: String,
    /// Id of the row.
    pub id: uuid::Uuid,
}

/// How long a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Total {
    /// Counted.
    Exactly(u64),
    /// More than this; the exact number is counted on demand.
    MoreThan(u64),
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<Row> {
    /// The rows, in order.
    pub rows: Vec<Row>,
    /// How many rows the whole list has.
    pub total: Total,
    /// Where the page before this one ends; none on the first page.
    pub previous: Option<Cursor>,
    /// Where the next page begins; none on the last page.
    pub next: Option<Cursor>,
}

impl Total {
    /// What was counted, no further than one beyond [`COUNTED_TO`].
    pub const fn counted(count: u64) -> Self {
        if count > COUNTED_TO {
            Self::MoreThan(COUNTED_TO)
        } else {
            Self::Exactly(count)
        }
    }

    /// The number as text: `1,284`, or `1,000+` when there are more than were counted (D20).
    pub fn label(self, locale: Locale) -> String {
        let number = |n: u64| format_count(n, locale);
        match self {
            Self::Exactly(n) => number(n),
            Self::MoreThan(n) => format!("{}+", number(n)),
        }
    }

    /// There is nothing in the list.
    pub const fn is_empty(self) -> bool {
        matches!(self, Self::Exactly(0))
    }
}

impl Position {
    /// Reads it from a pair of an address; none when the pair is about something else or cannot be read.
    pub fn from_pair(key: &str, value: &str) -> Option<Self> {
        match key {
            "page" if value == "last" => Some(Self::Last),
            "after" => Cursor::from_token(value).map(Self::After),
            "before" => Cursor::from_token(value).map(Self::Before),
            _ => None,
        }
    }

    /// The pair of an address that says it; none for the first page.
    pub fn to_pair(&self) -> Option<(&'static str, String)> {
        match self {
            Self::First => None,
            Self::Last => Some(("page", "last".to_owned())),
            Self::After(cursor) => Some(("after", cursor.to_token())),
            Self::Before(cursor) => Some(("before", cursor.to_token())),
        }
    }

    /// The rows before the place are read from it backwards.
    pub const fn is_backwards(&self) -> bool {
        matches!(self, Self::Last | Self::Before(_))
    }
}

impl<Row> Page<Row> {
    /// The same page with other rows in their places, such as those that a reader sees.
    #[must_use]
    pub fn with<Other>(self, rows: Vec<Other>) -> Page<Other> {
        let Self {
            rows: _,
            total,
            previous,
            next,
        } = self;
        Page {
            rows,
            total,
            previous,
            next,
        }
    }

    /// Makes a page of at most `size` rows of what was read from a position: one row more, if there is one, says that
    /// there are others beyond. Rows that were read backwards are put in order.
    pub fn of(
        mut found: Vec<Row>,
        size: usize,
        position: &Position,
        total: Total,
        cursor: impl Fn(&Row) -> Cursor,
    ) -> Self {
        let more = found.len() > size;
        found.truncate(size);
        if position.is_backwards() {
            found.reverse();
        }
        // Which neighbours there are follows from the direction of travel: behind lies what we came from.
        let (before, after) = match position {
            Position::First => (false, more),
            Position::Last => (more, false),
            Position::After(_) => (true, more),
            Position::Before(_) => (more, true),
        };
        Self {
            previous: found.first().filter(|_| before).map(&cursor),
            next: found.last().filter(|_| after).map(&cursor),
            total,
            rows: found,
        }
    }

    /// The page of a list that has no rows.
    pub const fn empty() -> Self {
        Self {
            rows: Vec::new(),
            total: Total::Exactly(0),
            previous: None,
            next: None,
        }
    }

    /// The same page with other rows.
    pub fn map<Other>(self, row: impl FnMut(Row) -> Other) -> Page<Other> {
        let Self {
            rows,
            total,
            previous,
            next,
        } = self;
        Page {
            rows: rows.into_iter().map(row).collect(),
            total,
            previous,
            next,
        }
    }
}

/// Reads a page's length from an address: between 1 and [`MAX_PER_PAGE`], the default when it is no number (D15).
pub fn per_page(text: &str) -> u16 {
    match text.trim().parse::<u32>() {
        Ok(0) | Err(_) => DEFAULT_PER_PAGE,
        Ok(rows) => u16::try_from(rows).map_or(MAX_PER_PAGE, |rows| rows.min(MAX_PER_PAGE)),
    }
}

/// Longest sort key of a cursor in bytes; a longer one is cut by [`Cursor::new`].
pub const CURSOR_KEY: usize = 200;

impl Cursor {
    /// A place in a list. Longer keys are cut, at the border of a character: the id still tells the place apart, and
    /// the list's order must look at no more of the key either.
    pub fn new(key: &str, id: uuid::Uuid) -> Self {
        let mut end = key.len().min(CURSOR_KEY);
        while !key.is_char_boundary(end) {
            end -= 1;
        }
        Self {
            key: key[..end].to_owned(),
            id,
        }
    }

    /// The place as one word for an address. It is opaque to people, and no secret.
    pub fn to_token(&self) -> String {
        let mut bytes = self.id.as_bytes().to_vec();
        bytes.extend_from_slice(self.key.as_bytes());
        let mut token = String::with_capacity(bytes.len() * 4 / 3 + 2);
        for chunk in bytes.chunks(3) {
            let group = chunk
                .iter()
                .fold(0_u32, |group, byte| group << 8 | u32::from(*byte))
                << (8 * (3 - chunk.len()));
            for place in 0..=chunk.len() {
                let sextet = group >> (18 - 6 * place) & 63;
                token.push(char::from(ALPHABET[usize::try_from(sextet).unwrap_or(0)]));
            }
        }
        token
    }

    /// Reads the word back; nothing when it was not written by [`Cursor::to_token`].
    pub fn from_token(token: &str) -> Option<Self> {
        if token.len() > (16 + CURSOR_KEY) * 4 / 3 + 2 {
            return None;
        }
        let mut bytes = Vec::with_capacity(token.len());
        for chunk in token.as_bytes().chunks(4) {
            let mut group = 0_u32;
            for place in 0..4 {
                let sextet = match chunk.get(place) {
                    Some(letter) => ALPHABET.iter().position(|a| a == letter)?,
                    None => 0,
                };
                group = group << 6 | u32::try_from(sextet).ok()?;
            }
            let [_, three @ ..] = group.to_be_bytes();
            bytes.extend_from_slice(&three[..chunk.len() - 1]);
        }
        let (id, key) = bytes.split_at_checked(16)?;
        let key = std::str::from_utf8(key)
            .ok()
            .filter(|key| !key.contains(char::is_control))?;
        let cursor = Self {
            key: key.to_owned(),
            id: uuid::Uuid::from_slice(id).ok()?,
        };
        // One place has one word: leftover bits must be zero.
        (cursor.to_token() == token).then_some(cursor)
    }
}

/// The URL-safe alphabet of RFC 4648.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[cfg(test)]
mod tests;
