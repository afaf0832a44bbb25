//! Links of the grid: each is the query string of the same list with one thing changed.
//!
//! Whatever changes the rows or their order starts at the first page again, since a cursor of another order points
//! nowhere.

use super::{InvoiceQuery, SortKey, to_query};
use crate::{
    invoices::{InvoiceFilter, columns::Column},
    list::{Direction, Page, Position},
    locale::{Locale, format_amount_with_code, format_date},
    money::Money,
    tenants::Subsidiary,
};

/// A filter as a chip that can be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// What it says: `Status: Overdue`.
    pub label: String,
    /// The query string of the same list without it, on its first page.
    pub query_without_it: String,
}

/// Where the links below a grid lead; none means that there is nothing in that direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageLinks {
    /// To the first page.
    pub first: Option<String>,
    /// To the page before.
    pub previous: Option<String>,
    /// To the next page.
    pub next: Option<String>,
    /// To the last page.
    pub last: Option<String>,
}

/// One chip for each thing that the list is narrowed by; several statuses or sources have one each. `below` are the
/// subsidiaries whose papers the viewer sees.
pub fn chips(query: &InvoiceQuery, locale: Locale, below: &[Subsidiary]) -> Vec<Chip> {
    let filter = &query.filter;
    let mut chips = Vec::new();
    let mut chip = |label: String, remove: &dyn Fn(&mut InvoiceFilter)| {
        let mut without = from_the_start(query);
        remove(&mut without.filter);
        chips.push(Chip {
            label,
            query_without_it: to_query(&without),
        });
    };
    if let Some(number) = &filter.number {
        chip(format!("Invoice: {number}"), &|f| f.number = None);
    }
    if let Some(customer) = &filter.customer {
        let side = Column::Counterparty.heading(query.side);
        chip(format!("{side}: {customer}"), &|f| f.customer = None);
    }
    if let Some(company) = filter.company {
        let known = below.iter().find(|one| one.id == company);
        let name = known.map_or("your own", |one| one.name.as_str());
        chip(format!("Company: {name}"), &|f| f.company = None);
    }
    if let Some(order) = &filter.order_id {
        chip(format!("Order: {order}"), &|f| f.order_id = None);
    }
    for source in &filter.sources {
        chip(format!("Source: {}", source.label()), &|f| {
            f.sources.retain(|s| s != source)
        });
    }
    for status in &filter.statuses {
        chip(format!("Status: {}", status.label()), &|f| {
            f.statuses.retain(|s| s != status)
        });
    }
    if filter.disputed {
        chip("Disputed".to_owned(), &|f| f.disputed = false);
    }
    if let Some(date) = filter.due_from {
        chip(format!("Due from {}", format_date(date, locale)), &|f| {
            f.due_from = None
        });
    }
    if let Some(date) = filter.due_to {
        chip(format!("Due until {}", format_date(date, locale)), &|f| {
            f.due_to = None
        });
    }
    if let Some(date) = filter.issued_from {
        chip(format!("Issued from {}", format_date(date, locale)), &|f| {
            f.issued_from = None
        });
    }
    if let Some(date) = filter.issued_to {
        chip(format!("Issued until {}", format_date(date, locale)), &|f| {
            f.issued_to = None
        });
    }
    if let Some(currency) = filter.currency {
        let amount = |minor: i64| format_amount_with_code(Money::new(minor, currency), locale);
        // Without their currency the amounts mean nothing, so they go with it.
        chip(format!("Currency: {currency}"), &|f| {
            (f.currency, f.total_from, f.total_to) = (None, None, None);
        });
        if let Some(minor) = filter.total_from {
            chip(format!("Total from {}", amount(minor)), &|f| f.total_from = None);
        }
        if let Some(minor) = filter.total_to {
            chip(format!("Total up to {}", amount(minor)), &|f| f.total_to = None);
        }
    }
    chips
}

/// The link of a heading: sorts by it ascending, or turns the order round when the list is sorted by it already.
pub fn sort_link(query: &InvoiceQuery, key: SortKey) -> String {
    let direction = if query.sort == key {
        query.direction.reversed()
    } else {
        Direction::Ascending
    };
    to_query(&InvoiceQuery {
        sort: key,
        direction,
        ..from_the_start(query)
    })
}

/// The links below a page.
pub fn page_links<Row>(query: &InvoiceQuery, page: &Page<Row>) -> PageLinks {
    let at = |position: Position| {
        to_query(&InvoiceQuery {
            position,
            ..query.clone()
        })
    };
    PageLinks {
        first: page.previous.is_some().then(|| at(Position::First)),
        previous: page.previous.clone().map(|cursor| at(Position::Before(cursor))),
        next: page.next.clone().map(|cursor| at(Position::After(cursor))),
        last: page.next.is_some().then(|| at(Position::Last)),
    }
}

/// The link `Clear all`: no filter, the same view.
pub fn clear_link(query: &InvoiceQuery) -> String {
    to_query(&InvoiceQuery {
        filter: InvoiceFilter::default(),
        ..from_the_start(query)
    })
}

/// The link that counts the list exactly (D20), on the same page.
pub fn count_link(query: &InvoiceQuery) -> String {
    to_query(&InvoiceQuery {
        count_all: true,
        ..query.clone()
    })
}

/// The link to the same list with so many rows a page.
pub fn per_page_link(query: &InvoiceQuery, per_page: u16) -> String {
    to_query(&InvoiceQuery {
        per_page,
        ..from_the_start(query)
    })
}

/// The link that shows these columns, on the same page; none: the usual ones.
pub fn columns_link(query: &InvoiceQuery, columns: &[Column]) -> String {
    to_query(&InvoiceQuery {
        columns: columns.to_vec(),
        ..query.clone()
    })
}

fn from_the_start(query: &InvoiceQuery) -> InvoiceQuery {
    InvoiceQuery {
        position: Position::First,
        ..query.clone()
    }
}
