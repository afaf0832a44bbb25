//! The parameters of an address: what is unknown, comes twice or cannot be read is named and nothing is done.
//!
//! A page leaves out what it cannot read, since its address may be an old link. A program that mistypes a filter must not
//! get everything.

use super::problem::{LOCALE, Place, Problem, Wrong};
use backend::Actor;
use chrono::NaiveDate;
use domain::{
    FieldErrors, Refusal,
    access::{Permission, Side},
    address::pairs,
    list::{Cursor, DEFAULT_PER_PAGE, MAX_PER_PAGE, Position},
    locale::parse_date,
};

/// What every list takes.
const OF_LISTS: [&str; 3] = ["side", "limit", "after"];

/// The parameters of a request, and what is wrong with them so far.
pub(super) struct Query {
    pairs: Vec<(String, String)>,
    wrong: Vec<Wrong>,
}

impl Query {
    /// Reads the parameters of a list that is narrowed by these. What is empty narrows nothing.
    pub(super) fn of_list(text: &str, filters: &[&str]) -> Self {
        let mut query = Self {
            pairs: Vec::new(),
            wrong: Vec::new(),
        };
        for (name, value) in pairs(text) {
            let known = OF_LISTS.iter().chain(filters).any(|known| *known == name);
            if value.contains(char::is_control) {
                query.refuse(&name, "There are signs in it that no text has.");
            } else if !known {
                query.refuse(&name, "There is no such parameter.");
            } else if query.pairs.iter().any(|(there, _)| *there == name) {
                query.refuse(
                    &name,
                    "This parameter stands here twice. Put commas between several values.",
                );
            } else {
                query.pairs.push((name, value.trim().to_owned()));
            }
        }
        query.pairs.retain(|(_, value)| !value.is_empty());
        query
    }

    /// The text of a parameter.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(there, _)| there == name);
        found.map(|(_, value)| value.as_str())
    }

    /// All but those that every list takes.
    pub(super) fn filters(&self) -> impl Iterator<Item = (String, String)> + '_ {
        let filter = |(name, _): &&(String, String)| !OF_LISTS.contains(&name.as_str());
        self.pairs.iter().filter(filter).cloned()
    }

    /// The side of the money; a key that sees one of them need not say which.
    ///
    /// # Errors
    /// When it must, and does not.
    pub(super) fn side(&self, actor: &Actor) -> Result<Side, Problem> {
        let (sells, buys) = (
            actor.may(Permission::ViewIssuedInvoices),
            actor.may(Permission::ViewReceivedInvoices),
        );
        match (self.text("side").map(Side::from_code), sells, buys) {
            (Some(Some(side)), ..) => Ok(side),
            (None, _, false) => Ok(Side::Seller),
            (None, false, true) => Ok(Side::Buyer),
            (None, true, true) | (Some(None), ..) => {
                let place = Place::Parameter("side".to_owned());
                let wrong = Wrong::at(place, "Say which side: issued or to-pay.");
                Err(Problem::unreadable(vec![wrong]))
            }
        }
    }

    /// How many rows.
    pub(super) fn limit(&mut self) -> u16 {
        let Some(text) = self.text("limit") else {
            return DEFAULT_PER_PAGE;
        };
        match text.parse::<u16>() {
            Ok(rows) if (1..=MAX_PER_PAGE).contains(&rows) => rows,
            Ok(_) | Err(_) => {
                self.refuse("limit", format!("Say a number from 1 to {MAX_PER_PAGE}."));
                DEFAULT_PER_PAGE
            }
        }
    }

    /// Where the list goes on. All lists go by a day.
    pub(super) fn position(&mut self) -> Position {
        let Some(text) = self.text("after") else {
            return Position::First;
        };
        match Cursor::from_token(text).filter(|cursor| parse_date(&cursor.key).is_ok()) {
            Some(cursor) => Position::After(cursor),
            None => {
                self.refuse("after", "This is no next_cursor of such a list.");
                Position::First
            }
        }
    }

    /// A day.
    pub(super) fn day(&mut self, name: &str) -> Option<NaiveDate> {
        let read = self.text(name).map(parse_date)?;
        read.map_err(|refusal| self.refuse(name, refusal.message(LOCALE)))
            .ok()
    }

    /// An amount, in minor units.
    pub(super) fn minor(&mut self, name: &str) -> Option<i64> {
        let read = self.text(name)?.parse::<i64>();
        read.map_err(|_| self.refuse(name, "Say a whole number of minor units, such as 12500."))
            .ok()
    }

    /// One of a few words.
    pub(super) fn word<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(name)?.to_owned();
        let found = read(&text);
        if found.is_none() {
            let text = text.chars().take(40).collect();
            self.refuse(name, Refusal::UnknownChoice { text }.message(LOCALE));
        }
        found
    }

    /// Something is wrong with a parameter.
    pub(super) fn refuse(&mut self, name: &str, message: impl Into<String>) {
        let name = name.chars().take(40).collect();
        self.wrong.push(Wrong::at(Place::Parameter(name), message));
    }

    /// The same for what the domain refused.
    pub(super) fn refuse_all(&mut self, errors: &FieldErrors) {
        for (name, refusal) in errors.iter() {
            self.refuse(name, refusal.message(LOCALE));
        }
    }

    /// Nothing is wrong.
    ///
    /// # Errors
    /// All that is.
    pub(super) fn done(self) -> Result<(), Problem> {
        if self.wrong.is_empty() {
            Ok(())
        } else {
            Err(Problem::unreadable(self.wrong))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(query: Query) -> Vec<String> {
        let place = |wrong: Wrong| match wrong.at {
            Place::Parameter(name) => name,
            Place::Body(_) | Place::Header(_) => panic!("not of the address"),
        };
        query.wrong.into_iter().map(place).collect()
    }

    #[test]
    fn what_is_unknown_or_comes_twice_is_named() {
        let query = Query::of_list("side=issued&stauts=open&limit=1&limit=2&number=", &["number"]);
        assert_eq!(query.text("number"), None);
        assert_eq!(places(query), ["stauts", "limit"]);
    }

    #[test]
    fn limits_and_places_are_read_strictly() {
        let day = Cursor::new("2026-03-15", uuid::Uuid::from_u128(1));
        let text = format!("limit=100&after={}", day.to_token());
        let mut query = Query::of_list(&text, &[]);
        assert_eq!((query.limit(), query.position()), (100, Position::After(day)));
        let other = Cursor::new("INV-1", uuid::Uuid::from_u128(1)).to_token();
        for (text, wrong) in [
            ("limit=0".to_owned(), "limit"),
            ("limit=101".to_owned(), "limit"),
            ("limit=many".to_owned(), "limit"),
            ("after=what".to_owned(), "after"),
            (format!("after={other}"), "after"),
        ] {
            let mut query = Query::of_list(&text, &[]);
            query.limit();
            query.position();
            assert_eq!(places(query), [wrong], "{text}");
        }
    }
}
