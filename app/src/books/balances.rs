//! The page `Books`: what is in each book and who owes what, today or on any day before.

use super::{api::find_books, entries};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Day},
        form::Field,
        icon::{Glyph, Icon},
        loaded::loaded,
        page::{Empty, PageHead},
        table::{Head, Table},
    },
};
use chrono::NaiveDate;
use domain::{
    Currency, Money,
    access::Side,
    books::{
        Age, BookBalance, Books, CustomerBalance, Owed,
        entries::{Behind, EntryQuery},
    },
    ids::AccountId,
    invoices::as_of::{AsOfQuery, OpenOf, OpenPart},
    ledger::Book,
    list::Position,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What the page loads.
struct Loads {
    books: Loading<Books>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        Self {
            books: load(move || search.get(), find_books),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { books } = Loads::new();
    view! {
        <PageHead title="Books" note="Who owes what, and what is in each book, on any day. Nothing in them is ever changed, only added.">
            <a class=css::BUTTON href="/proof"><Icon of=Glyph::CheckCircle/>"Prove it"</a>
        </PageHead>
        {loaded(books, |books: Books| view! { <OnDay books/> })}
    }
    .into_any()
}

#[component]
fn OnDay(books: Books) -> impl IntoView {
    let Books { on, today, more, .. } = books;
    let past =
        (on != today).then(|| view! { <a class=format!("{} plain", css::BUTTON) href="/books">"Today"</a> });
    let currencies = books.currencies();
    let nothing = currencies.is_empty();
    let parts = currencies.into_iter().map(|currency| {
        let of = |all: &[BookBalance]| {
            all.iter()
                .copied()
                .filter(|one| one.debit.currency() == currency)
                .collect::<Vec<_>>()
        };
        let customers: Vec<CustomerBalance> = books
            .customers
            .iter()
            .filter(|one| one.owed.currency() == currency)
            .cloned()
            .collect();
        let together = books
            .together
            .iter()
            .copied()
            .find(|all| all.currency() == currency);
        let books = of(&books.books);
        view! {
            {match together {
                Some(together) => view! { <Customers customers together on/> }.into_any(),
                None => view! { <p class="soft">{format!("Nobody owed anything in {currency}.")}</p> }.into_any(),
            }}
            <BookTable books currency on/>
        }
    });
    view! {
        <div class="stack loose">
            <form class=css::SIEVE method="get" action="/books">
                <Field name="on" label="As of" kind="date" value=on.to_string()/>
                <div class="buttons"><button class=css::BUTTON>"Show"</button>{past}</div>
            </form>
            <p>"As of the end of "<b><Day of=on/></b>"."</p>
            {parts.collect_view()}
            {(more > 0).then(|| view! { <p class="soft">{format!("{more} smaller balances are not shown.")}</p> })}
            {nothing.then(|| view! {
                <Empty glyph=Glyph::List title="Nothing was booked by then"><p>"Choose a later day."</p></Empty>
            })}
        </div>
    }
}

#[component]
fn Customers(customers: Vec<CustomerBalance>, together: Owed, on: NaiveDate) -> impl IntoView {
    let currency = together.currency();
    let mut heads = vec![Head::of("Customer"), Head::amount("Open")];
    heads.extend(Age::ALL.iter().map(|age| Head::amount(age.label())));
    heads.push(Head::amount("Disputed"));
    heads.extend([Head::amount("Unused"), Head::amount("Balance")]);
    let rows = customers.into_iter().map(|one| customer(one, on)).collect_view();
    let cells = Age::ALL
        .iter()
        .zip(together.ages)
        .map(|(age, sum)| cell(age.label(), sum))
        .collect_view();
    let to = move |of| behind(of, currency, None, on);
    view! {
        <section class=format!("{} stack", css::BALANCES)>
            <h2>{format!("Who owes what in {currency}")}</h2>
            <Table caption="Customers" heads>
                {rows}
                <tr role="row" class="total">
                    <th scope="row" role="rowheader">"Together"</th>
                    {opened("Open", together.open().ok(), &to(Behind::Book(Book::Receivable)))}
                    {cells}
                    {cell("Disputed", together.disputed)}
                    {opened("Unused", Some(together.unused), &to(Behind::Unused))}
                    {opened("Balance", together.balance().ok(), &to(Behind::Owed))}
                </tr>
            </Table>
        </section>
    }
    .into_any()
}

fn customer(of: CustomerBalance, on: NaiveDate) -> impl IntoView {
    let CustomerBalance { account, name, owed } = of;
    let currency = owed.currency();
    let invoices = move |part| invoices_of(account, currency, part, on);
    let cells = Age::ALL
        .iter()
        .zip(owed.ages)
        .map(|(age, sum)| opened(age.label(), Some(sum), &invoices(Some(OpenPart::Age(*age)))))
        .collect_view();
    let (open, balance) = (owed.open().ok(), owed.balance().ok());
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a href=format!("/explain/account/{account}")>{name}</a></th>
            <td role="cell" class="num lead" data-label="Open">{open.map(|sum| view! { <a href=invoices(None)><Amount of=sum/></a> })}</td>
            {cells}
            {opened("Disputed", Some(owed.disputed), &invoices(Some(OpenPart::Disputed)))}
            {opened("Unused", Some(owed.unused), &behind(Behind::Unused, currency, Some(account), on))}
            <td role="cell" class="num" data-label="Balance">{balance.map(|sum| view! {
                <a href=format!("/explain/account/{account}?on={on}")><Amount of=sum/></a>
            })}</td>
        </tr>
    }
}

/// Which invoices of a customer made up what it owed on a day, or a part of that.
fn invoices_of(account: AccountId, currency: Currency, part: Option<OpenPart>, on: NaiveDate) -> String {
    let query = AsOfQuery {
        side: Some(Side::Seller),
        on: Some(on),
        open_of: Some(OpenOf {
            account,
            currency: Some(currency),
            part,
        }),
        ..AsOfQuery::default()
    };
    format!("/as-of?{}", query.to_query())
}

/// The entries behind a balance.
fn behind(behind: Behind, currency: Currency, account: Option<AccountId>, on: NaiveDate) -> String {
    let query = EntryQuery {
        behind,
        currency,
        account,
        on: Some(on),
        position: Position::First,
    };
    format!("{}?{}", entries::PAGE, query.to_query())
}

/// A sum that opens to what makes it.
fn opened(label: &'static str, sum: Option<Money>, to: &str) -> impl IntoView + use<> {
    let to = to.to_owned();
    let shown = match sum {
        Some(sum) if !sum.is_zero() => view! { <a href=to><Amount of=sum/></a> }.into_any(),
        _ => view! { <span class="soft">"–"</span> }.into_any(),
    };
    view! { <td role="cell" class="num" data-label=label>{shown}</td> }
}

fn cell(label: &'static str, sum: Money) -> impl IntoView {
    let shown = if sum.is_zero() {
        view! { <span class="soft">"–"</span> }.into_any()
    } else {
        view! { <Amount of=sum/> }.into_any()
    };
    view! { <td role="cell" class="num" data-label=label>{shown}</td> }
}

#[component]
fn BookTable(books: Vec<BookBalance>, currency: Currency, on: NaiveDate) -> impl IntoView {
    let heads = vec![
        Head::of("Book"),
        Head::amount("Debit"),
        Head::amount("Credit"),
        Head::amount("Balance"),
    ];
    let sum = |of: fn(&BookBalance) -> Money| Money::sum(currency, books.iter().map(of)).ok();
    let (left, right) = (sum(|book| book.debit), sum(|book| book.credit));
    let difference = left
        .zip(right)
        .and_then(|(left, right)| left.checked_sub(right).ok());
    let rows = books
        .into_iter()
        .map(|one| {
            let balance = one.balance().ok();
            let entries = behind(Behind::Book(one.book), currency, None, on);
            view! {
                <tr role="row">
                    <th scope="row" role="rowheader">{one.book.label()}</th>
                    <td role="cell" class="num soft" data-label="Debit"><Amount of=one.debit/></td>
                    <td role="cell" class="num soft" data-label="Credit"><Amount of=one.credit/></td>
                    <td role="cell" class="num lead" data-label="Balance">{balance.map(|sum| view! { <a href=entries><Amount of=sum/></a> })}</td>
                </tr>
            }
        })
        .collect_view();
    let amount = |sum: Option<Money>| sum.map(|sum| view! { <Amount of=sum/> });
    view! {
        <section class=format!("{} stack", css::BALANCES)>
            <h2>{format!("Books in {currency}")}</h2>
            <Table caption="Balances of the books" heads>
                {rows}
                <tr role="row" class="total">
                    <th scope="row" role="rowheader">"All books"</th>
                    <td role="cell" class="num soft" data-label="Debit">{amount(left)}</td>
                    <td role="cell" class="num soft" data-label="Credit">{amount(right)}</td>
                    <td role="cell" class="num lead" data-label="Balance">{amount(difference)}</td>
                </tr>
            </Table>
        </section>
    }
}
