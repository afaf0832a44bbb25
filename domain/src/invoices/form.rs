//! The grid's state in the address: read by one function, written back by one function.
//!
//! Filters are a GET form, headings and page moves are links, so what is read here comes from people too: amounts in
//! the tenant's locale, empty fields, values of old links. What cannot be read is named by field and left out; what
//! was never meant for the grid is ignored. The side of the money is part of the path, not of the query.

mod links;

pub use links::{
    Chip, PageLinks, chips, clear_link, columns_link, count_link, page_links, per_page_link, sort_link,
};

use super::{InvoiceQuery, SortKey, Source, Status, columns::Column};
use crate::{
    access::Side,
    address,
    list::{Cursor, Direction, Position, per_page},
    locale::{Locale, format_amount_plain, parse_amount, parse_date},
    money::{Currency, Money},
    refusal::{FieldErrors, Refusal},
};
use chrono::NaiveDate;

/// Longest text to search for, in characters.
pub const LONGEST_TEXT: u32 = 100;

/// Reads a grid's state. A field that cannot be read is in the errors, under its name in the address, and narrows
/// nothing.
pub fn parse(
    side: Side,
    pairs: impl IntoIterator<Item = (String, String)>,
    locale: Locale,
) -> (InvoiceQuery, FieldErrors) {
    let mut reader = Reader {
        query: InvoiceQuery::new(side),
        errors: FieldErrors::default(),
        total_from: String::new(),
        total_to: String::new(),
        after: None,
        before: None,
        last: false,
    };
    for (key, value) in pairs {
        let value = value.trim();
        if !value.is_empty() {
            reader.read(&key, value);
        }
    }
    reader.finish(locale)
}

/// Writes a grid's state as a canonical query string, without `?`: percent-encoded, in one order, default values left
/// out. Reading it gives the same state in every locale.
pub fn to_query(query: &InvoiceQuery) -> String {
    let pairs = filter_pairs(query)
        .into_iter()
        .chain(view_pairs(query))
        .chain(query.position.to_pair());
    let pairs: Vec<(&str, String)> = pairs.collect();
    address::query_string(pairs.iter().map(|(key, value)| (*key, value.as_str())))
}

/// What narrows the list, as pairs: hidden fields of a form that changes only the view.
pub fn filter_pairs(query: &InvoiceQuery) -> Vec<(&'static str, String)> {
    let filter = &query.filter;
    let mut pairs = Vec::new();
    let texts = [
        ("number", &filter.number),
        ("customer", &filter.customer),
        ("order", &filter.order_id),
    ];
    pairs.extend(
        texts
            .into_iter()
            .filter_map(|(key, text)| text.clone().map(|text| (key, text))),
    );
    pairs.extend(
        filter
            .sources
            .iter()
            .map(|source| ("source", source.code().to_owned())),
    );
    pairs.extend(
        filter
            .statuses
            .iter()
            .map(|status| ("status", status.code().to_owned())),
    );
    let dates = [
        ("due_from", filter.due_from),
        ("due_to", filter.due_to),
        ("issued_from", filter.issued_from),
        ("issued_to", filter.issued_to),
    ];
    pairs.extend(
        dates
            .into_iter()
            .filter_map(|(key, date)| date.map(|date| (key, date.to_string()))),
    );
    pairs.extend(filter.company.map(|id| ("company", id.to_string())));
    pairs.extend(filter.disputed.then(|| ("disputed", "yes".to_owned())));
    if let Some(currency) = filter.currency {
        pairs.push(("currency", currency.code().to_owned()));
        let amounts = [("total_from", filter.total_from), ("total_to", filter.total_to)];
        pairs.extend(
            amounts
                .into_iter()
                .filter_map(|(key, minor)| Some((key, amount_word(Money::new(minor?, currency))))),
        );
    }
    pairs
}

/// How the list is shown, as pairs: hidden fields of the filter form, which starts at the first page again.
pub fn view_pairs(query: &InvoiceQuery) -> Vec<(&'static str, String)> {
    let standard = InvoiceQuery::new(query.side);
    let mut pairs = Vec::new();
    if (query.sort, query.direction) != (standard.sort, standard.direction) {
        pairs.push(("sort", sort_word(query.sort, query.direction)));
    }
    if query.per_page != standard.per_page {
        pairs.push(("per_page", query.per_page.to_string()));
    }
    if query.count_all {
        pairs.push(("count", "exact".to_owned()));
    }
    if !query.columns.is_empty() && query.shown() != standard.shown() {
        let codes: Vec<&str> = query.columns.iter().map(|column| column.code()).collect();
        pairs.push(("columns", codes.join(",")));
    }
    pairs
}

fn sort_word(key: SortKey, direction: Direction) -> String {
    match direction {
        Direction::Ascending => key.code().to_owned(),
        Direction::Descending => format!("-{}", key.code()),
    }
}

/// An amount that every locale reads alike. Three decimals after a point could be a group of a thousand, which a
/// leading zero rules out.
fn amount_word(amount: Money) -> String {
    let plain = format_amount_plain(amount);
    if amount.currency().exponent() != 3 {
        return plain;
    }
    match plain.strip_prefix('-') {
        Some(digits) => format!("-0{digits}"),
        None => format!("0{plain}"),
    }
}

/// What is known while the pairs are read. Amounts wait for the currency, which may come after them.
struct Reader {
    query: InvoiceQuery,
    errors: FieldErrors,
    total_from: String,
    total_to: String,
    after: Option<Cursor>,
    before: Option<Cursor>,
    last: bool,
}

impl Reader {
    fn read(&mut self, key: &str, value: &str) {
        match key {
            "number" => self.query.filter.number = self.text(key, value),
            "customer" => self.query.filter.customer = self.text(key, value),
            "order" => self.query.filter.order_id = self.text(key, value),
            "source" => self.read_sources(value),
            "status" => self.read_statuses(value),
            "due_from" => self.query.filter.due_from = self.date(key, value),
            "due_to" => self.query.filter.due_to = self.date(key, value),
            "issued_from" => self.query.filter.issued_from = self.date(key, value),
            "issued_to" => self.query.filter.issued_to = self.date(key, value),
            "currency" => self.query.filter.currency = self.kept(key, value.parse::<Currency>()),
            "disputed" => self.query.filter.disputed = value == "yes",
            // What is no id is of an old or broken link.
            "company" => self.query.filter.company = value.parse().ok(),
            "total_from" => value.clone_into(&mut self.total_from),
            "total_to" => value.clone_into(&mut self.total_to),
            "sort" => self.read_sort(value),
            "per_page" => self.query.per_page = per_page(value),
            "count" => self.query.count_all = value == "exact",
            "columns" => self.read_columns(value),
            "page" => self.last = value == "last",
            // A cursor of an old or broken link leads to the first page.
            "after" => self.after = Cursor::from_token(value),
            "before" => self.before = Cursor::from_token(value),
            _ => {}
        }
    }

    fn finish(mut self, locale: Locale) -> (InvoiceQuery, FieldErrors) {
        let (from, to) = (
            std::mem::take(&mut self.total_from),
            std::mem::take(&mut self.total_to),
        );
        self.query.filter.total_from = self.amount("total_from", &from, locale);
        self.query.filter.total_to = self.amount("total_to", &to, locale);
        let filter = &self.query.filter;
        for (field, reversed) in [
            ("due_to", is_reversed(filter.due_from, filter.due_to)),
            ("issued_to", is_reversed(filter.issued_from, filter.issued_to)),
            ("total_to", is_reversed(filter.total_from, filter.total_to)),
        ] {
            if reversed {
                self.errors.add(field, Refusal::RangeReversed);
            }
        }
        self.query.position = match (self.after, self.before, self.last) {
            (Some(cursor), _, _) => Position::After(cursor),
            (None, Some(cursor), _) => Position::Before(cursor),
            (None, None, true) => Position::Last,
            (None, None, false) => Position::First,
        };
        (self.query, self.errors)
    }

    fn kept<T>(&mut self, key: &str, value: Result<T, Refusal>) -> Option<T> {
        value.map_err(|refusal| self.errors.add(key, refusal)).ok()
    }

    fn text(&mut self, key: &str, value: &str) -> Option<String> {
        let fits = u32::try_from(value.chars().count()).is_ok_and(|length| length <= LONGEST_TEXT);
        let text = if fits {
            Ok(value.to_owned())
        } else {
            Err(Refusal::TooLong {
                at_most: LONGEST_TEXT,
            })
        };
        self.kept(key, text)
    }

    fn date(&mut self, key: &str, value: &str) -> Option<NaiveDate> {
        self.kept(key, parse_date(value))
    }

    fn amount(&mut self, key: &str, value: &str, locale: Locale) -> Option<i64> {
        if value.is_empty() {
            return None;
        }
        let amount = match self.query.filter.currency {
            Some(currency) => parse_amount(value, currency, locale),
            None => Err(Refusal::NeedsCurrency),
        };
        self.kept(key, amount).map(Money::minor)
    }

    fn read_sources(&mut self, value: &str) {
        let (chosen, unknown) = choices(value, Source::from_code);
        self.unknown_choice("source", unknown);
        let before = std::mem::take(&mut self.query.filter.sources);
        self.query.filter.sources = Source::ALL
            .iter()
            .copied()
            .filter(|s| before.contains(s) || chosen.contains(s))
            .collect();
    }

    fn read_statuses(&mut self, value: &str) {
        let (chosen, unknown) = choices(value, Status::from_code);
        self.unknown_choice("status", unknown);
        let before = std::mem::take(&mut self.query.filter.statuses);
        self.query.filter.statuses = Status::ALL
            .iter()
            .copied()
            .filter(|s| before.contains(s) || chosen.contains(s))
            .collect();
    }

    /// Columns may be listed in one value or be repeated, as boxes of a form are. Unknown ones of old links are left
    /// out.
    fn read_columns(&mut self, value: &str) {
        for column in choices(value, Column::from_code).0 {
            if !self.query.columns.contains(&column) {
                self.query.columns.push(column);
            }
        }
    }

    fn read_sort(&mut self, value: &str) {
        let (word, direction) = match value.strip_prefix('-') {
            Some(word) => (word, Direction::Descending),
            None => (value, Direction::Ascending),
        };
        match SortKey::from_code(word) {
            Some(key) => (self.query.sort, self.query.direction) = (key, direction),
            None => self.unknown_choice("sort", Some(value.to_owned())),
        }
    }

    fn unknown_choice(&mut self, key: &str, unknown: Option<String>) {
        if let Some(text) = unknown {
            let text = text.chars().take(40).collect();
            self.errors.add(key, Refusal::UnknownChoice { text });
        }
    }
}

/// The known words of a comma-separated value, and the first unknown one.
fn choices<T>(value: &str, read: impl Fn(&str) -> Option<T>) -> (Vec<T>, Option<String>) {
    let words = || value.split(',').map(str::trim).filter(|word| !word.is_empty());
    let unknown = words().find(|word| read(word).is_none()).map(str::to_owned);
    (words().filter_map(&read).collect(), unknown)
}

fn is_reversed<T: PartialOrd>(from: Option<T>, to: Option<T>) -> bool {
    matches!((from, to), (Some(from), Some(to)) if from > to)
}

#[cfg(test)]
mod tests;
