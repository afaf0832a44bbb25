//! One state of the grid has one address, and every address is read.

use super::*;
use crate::{
    ids::Uuid,
    list::{DEFAULT_PER_PAGE, MAX_PER_PAGE, Page, Total},
    strategies::{date, day, locale},
};
use proptest::{option, prelude::*, sample::select, sample::subsequence};

const US: Locale = Locale::EnUs;

#[test]
fn the_grid_as_it_opens_has_an_empty_query() {
    assert_eq!(to_query(&InvoiceQuery::new(Side::Seller)), "");
    assert_eq!(read(""), InvoiceQuery::new(Side::Seller));
}

#[test]
fn an_address_is_short_and_readable() {
    let query = read(
        "per_page=25&sort=-total&status=overdue&status=open&due_from=2026-12-01&customer=Acme&currency=eur\
         &total_from=1,000&columns=number,open&count=exact&page=last",
    );
    assert_eq!(
        to_query(&query),
        "customer=Acme&status=open&status=overdue&due_from=2026-12-01&currency=EUR&total_from=1000.00&sort=-total\
         &per_page=25&count=exact&columns=number,open&page=last"
    );
}

#[test]
fn empty_fields_of_a_form_and_unknown_keys_are_ignored() {
    let (query, errors) = parse_text(
        "number=&customer=+&status=&due_from=&total_from=&x=1&utm_source=mail",
        US,
    );
    assert_eq!(
        (query, errors),
        (InvoiceQuery::new(Side::Seller), FieldErrors::default())
    );
}

#[test]
fn what_cannot_be_read_is_named_and_narrows_nothing() {
    let unknown = |text: &str| Refusal::UnknownChoice {
        text: text.to_owned(),
    };
    let cases = [
        ("status=late", "status", unknown("late")),
        ("source=open,fax", "source", unknown("open")),
        ("sort=colour", "sort", unknown("colour")),
        (
            "due_from=1.12.2026",
            "due_from",
            Refusal::NotADate {
                text: "1.12.2026".to_owned(),
            },
        ),
        (
            "currency=ABC",
            "currency",
            Refusal::UnknownCurrency {
                code: "ABC".to_owned(),
            },
        ),
        ("total_from=5", "total_from", Refusal::NeedsCurrency),
        (
            "currency=EUR&total_to=x",
            "total_to",
            Refusal::NotAnAmount { text: "x".to_owned() },
        ),
    ];
    for (text, field, refusal) in cases {
        let (query, errors) = parse_text(text, US);
        assert_eq!(errors, FieldErrors::one(field, refusal), "{text}");
        let filter = &query.filter;
        assert!(
            filter.statuses.is_empty() && filter.sources.is_empty() && filter.due_from.is_none(),
            "{text}"
        );
        assert!(filter.total_from.is_none() && filter.total_to.is_none(), "{text}");
    }
    let long = format!("customer={}", "x".repeat(101));
    assert_eq!(
        parse_text(&long, US).1,
        FieldErrors::one("customer", Refusal::TooLong { at_most: 100 })
    );
}

#[test]
fn a_range_that_is_reversed_is_said() {
    for (text, field) in [
        ("due_from=2026-12-02&due_to=2026-12-01", "due_to"),
        ("issued_from=2026-12-02&issued_to=2026-12-01", "issued_to"),
        ("currency=EUR&total_from=2&total_to=1", "total_to"),
    ] {
        assert_eq!(
            parse_text(text, US).1,
            FieldErrors::one(field, Refusal::RangeReversed),
            "{text}"
        );
    }
    assert!(
        parse_text("due_from=2026-12-01&due_to=2026-12-01", US)
            .1
            .is_empty()
    );
}

#[test]
fn amounts_are_read_by_the_locale_and_before_or_after_their_currency() {
    let german = |text| parse_text(text, Locale::DeDe).0.filter;
    assert_eq!(
        german("total_from=1.234,50&currency=EUR").total_from,
        Some(123_450)
    );
    assert_eq!(german("currency=EUR&total_from=1.234").total_from, Some(123_400));
    let japanese = parse_text("currency=JPY&total_to=1,234", Locale::JaJp).0.filter;
    assert_eq!(japanese.total_to, Some(1_234));
}

#[test]
fn a_page_never_has_more_than_a_hundred_rows() {
    assert_eq!(read("per_page=1000000").per_page, MAX_PER_PAGE);
    assert_eq!(read("per_page=all").per_page, DEFAULT_PER_PAGE);
    assert_eq!(read("per_page=-1").per_page, DEFAULT_PER_PAGE);
}

#[test]
fn a_broken_cursor_leads_to_the_first_page() {
    assert_eq!(read("after=nonsense").position, Position::First);
    assert_eq!(
        read(&format!("after={}", cursor(1).to_token())).position,
        Position::After(cursor(1))
    );
    assert_eq!(
        read(&format!("before={}&page=last", cursor(1).to_token())).position,
        Position::Before(cursor(1))
    );
}

#[test]
fn unknown_and_repeated_columns_are_left_out() {
    let query = read("columns=open,number,open,price&columns=due");
    assert_eq!(query.shown(), [Column::Open, Column::Number, Column::Due]);
    assert_eq!(
        read("columns=price").shown(),
        InvoiceQuery::new(Side::Seller).shown()
    );
}

#[test]
fn a_heading_sorts_ascending_then_turns_round_and_starts_again() {
    let query = read(&format!("status=open&after={}", cursor(1).to_token()));
    assert_eq!(sort_link(&query, SortKey::Total), "status=open&sort=total");
    assert_eq!(sort_link(&query, SortKey::Due), "status=open&sort=-due");
    assert_eq!(sort_link(&read("sort=-due"), SortKey::Due), "");
}

#[test]
fn page_links_lead_where_there_is_something() {
    let query = read("status=open");
    let page = |previous, next| Page::<()> {
        rows: vec![],
        total: Total::Exactly(3),
        previous,
        next,
    };
    assert_eq!(page_links(&query, &page(None, None)), PageLinks::default());
    let token = cursor(1).to_token();
    assert_eq!(
        page_links(&query, &page(Some(cursor(1)), Some(cursor(1)))),
        PageLinks {
            first: Some("status=open".to_owned()),
            previous: Some(format!("status=open&before={token}")),
            next: Some(format!("status=open&after={token}")),
            last: Some("status=open&page=last".to_owned()),
        }
    );
}

#[test]
fn a_chip_says_what_it_narrows_and_leads_to_the_list_without_it() {
    let query =
        read("customer=Acme&status=open,overdue&due_to=2026-12-01&currency=EUR&total_from=100&per_page=25");
    let chips: Vec<(String, String)> = chips(&query, US, &[])
        .into_iter()
        .map(|chip| (chip.label, chip.query_without_it))
        .collect();
    let rest = |parts: &str| format!("{parts}&per_page=25");
    let chip = |label: &str, parts: &str| (label.to_owned(), rest(parts));
    let (status, due, total) = (
        "status=open&status=overdue",
        "due_to=2026-12-01",
        "currency=EUR&total_from=100.00",
    );
    assert_eq!(
        chips,
        [
            chip("Customer: Acme", &format!("{status}&{due}&{total}")),
            chip(
                "Status: Open",
                &format!("customer=Acme&status=overdue&{due}&{total}")
            ),
            chip(
                "Status: Overdue",
                &format!("customer=Acme&status=open&{due}&{total}")
            ),
            chip("Due until 1 Dec 2026", &format!("customer=Acme&{status}&{total}")),
            chip("Currency: EUR", &format!("customer=Acme&{status}&{due}")),
            chip(
                "Total from 100.00 EUR",
                &format!("customer=Acme&{status}&{due}&currency=EUR")
            ),
        ]
    );
    assert_eq!(clear_link(&query), "per_page=25");
}

#[test]
fn links_of_the_view_keep_the_filter() {
    let query = read("status=open&page=last");
    assert_eq!(count_link(&query), "status=open&count=exact&page=last");
    assert_eq!(per_page_link(&query, 100), "status=open&per_page=100");
    assert_eq!(
        columns_link(&query, &[Column::Open]),
        "status=open&columns=open&page=last"
    );
    assert_eq!(
        columns_link(&query, InvoiceQuery::new(Side::Seller).shown()),
        "status=open&page=last"
    );
}

#[test]
fn a_form_can_carry_what_it_does_not_change() {
    let query = read("status=open&sort=-due&page=last");
    assert_eq!(filter_pairs(&query), [("status", "open".to_owned())]);
    assert_eq!(view_pairs(&query), [("sort", "-due".to_owned())]);
}

proptest! {
    #[test]
    fn a_state_comes_back_from_its_address(query in any_query(), locale in locale()) {
        let address = to_query(&query);
        let (read, errors) = parse(query.side, address::pairs(&address), locale);
        prop_assert_eq!(&read, &query);
        let ranges = errors.iter().all(|(_, refusal)| *refusal == Refusal::RangeReversed);
        prop_assert!(ranges, "{:?}", errors);
        prop_assert_eq!(to_query(&read), address);
    }

    #[test]
    fn every_chip_takes_one_thing_away(query in any_query(), locale in locale()) {
        let number = chips(&query, locale, &[]).len();
        for chip in chips(&query, locale, &[]) {
            let (without, _) = parse(query.side, address::pairs(&chip.query_without_it), locale);
            let left = chips(&without, locale, &[]).len();
            prop_assert!(left < number && (left + 1 == number || chip.label.starts_with("Currency")));
        }
        let (cleared, _) = parse(query.side, address::pairs(&clear_link(&query)), locale);
        prop_assert!(chips(&cleared, locale, &[]).is_empty());
    }

    #[test]
    fn any_address_is_read(
        text in "((number|status|sort|due_from|currency|total_from|after|columns|per_page)=[^&]{0,12}&?){0,6}",
        locale in locale(),
    ) {
        let (query, _) = parse(Side::Buyer, address::pairs(&text), locale);
        prop_assert!((1..=MAX_PER_PAGE).contains(&query.per_page));
        let (again, _) = parse(Side::Buyer, address::pairs(&to_query(&query)), locale);
        prop_assert_eq!(again, query);
    }
}

fn any_query() -> impl Strategy<Value = InvoiceQuery> {
    let text = || option::of("[^\\s\\p{C}][^\\p{C}]{0,8}[^\\s\\p{C}]");
    let amounts = (
        option::of(crate::strategies::currency()),
        option::of(any::<i64>()),
        option::of(any::<i64>()),
    );
    let filter = (
        (text(), text(), text()),
        subsequence(Source::ALL, 0..=Source::ALL.len()),
        subsequence(Status::ALL, 0..=Status::ALL.len()),
        (
            option::of(date()),
            option::of(date()),
            option::of(date()),
            option::of(date()),
        ),
        amounts,
        any::<bool>(),
    );
    let position = prop_oneof![
        Just(Position::First),
        Just(Position::Last),
        any::<u128>().prop_map(|n| Position::After(cursor(n))),
        any::<u128>().prop_map(|n| Position::Before(cursor(n))),
    ];
    let view = (
        select(vec![Side::Seller, Side::Buyer]),
        select(SortKey::ALL),
        select(vec![Direction::Ascending, Direction::Descending]),
        position,
        1..=MAX_PER_PAGE,
        any::<bool>(),
        subsequence(Column::ALL, 0..=Column::ALL.len()).prop_shuffle(),
    );
    (filter, view).prop_map(|((texts, sources, statuses, dates, amounts, disputed), view)| {
        let (side, sort, direction, position, per_page, count_all, columns) = view;
        let mut query = InvoiceQuery {
            sort,
            direction,
            position,
            per_page,
            count_all,
            ..InvoiceQuery::new(side)
        };
        if columns != query.shown() {
            query.columns = columns;
        }
        let filter = &mut query.filter;
        (filter.number, filter.customer, filter.order_id) = texts;
        (filter.sources, filter.statuses) = (sources, statuses);
        (
            filter.due_from,
            filter.due_to,
            filter.issued_from,
            filter.issued_to,
        ) = dates;
        filter.disputed = disputed;
        filter.currency = amounts.0;
        if filter.currency.is_some() {
            (filter.total_from, filter.total_to) = (amounts.1, amounts.2);
        }
        query
    })
}

fn read(text: &str) -> InvoiceQuery {
    let (query, errors) = parse_text(text, US);
    assert!(errors.is_empty(), "{errors:?}");
    query
}

fn parse_text(text: &str, locale: Locale) -> (InvoiceQuery, FieldErrors) {
    parse(Side::Seller, address::pairs(text), locale)
}

fn cursor(n: u128) -> Cursor {
    Cursor::new(&day("2026-12-01").to_string(), Uuid::from_u128(n))
}
