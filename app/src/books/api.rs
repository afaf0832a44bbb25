//! Server functions of the books.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::server::serve;
use crate::wire::Answer;
#[cfg(feature = "ssr")]
use backend::ledger::account;
#[cfg(feature = "ssr")]
use domain::{
    access::{ViewBooks, ViewIssuedInvoices, ViewReceivedInvoices},
    address::pairs,
    books::entries::EntryQuery,
    locale::parse_date,
};
use domain::{
    books::{Books, Proofs, account::ExplainedAccount, entries::Entries},
    ids::AccountId,
};
use leptos::prelude::*;

/// The books on a day, `on` in the query string of the page's address; today when it says none.
///
/// # Errors
/// When the viewer may not see the books, or the database does not answer.
#[server(prefix = "/api", endpoint = "find_books", output = Answer)]
pub async fn find_books(query: String) -> Result<Books, AppError> {
    serve(|caller| async move {
        backend::ledger::read::books(&caller.permit::<ViewBooks>()?, day(&query)).await
    })
    .await
}

/// The entries behind a balance. `query` is the query string of the page's address.
///
/// # Errors
/// As [`find_books`]; not found when the address names no book or currency, or an account of somebody else.
#[server(prefix = "/api", endpoint = "list_entries", output = Answer)]
pub async fn list_entries(query: String) -> Result<Entries, AppError> {
    serve(|caller| async move {
        let query = EntryQuery::from_query(&query).ok_or(backend::Error::NotFound)?;
        backend::ledger::entries::list(&caller.permit::<ViewBooks>()?, &query).await
    })
    .await
}

/// What made the balance of an account until a day, from whichever side the viewer is on. The day as in [`find_books`].
///
/// # Errors
/// Not found, also when it is between others.
#[server(prefix = "/api", endpoint = "explain_account", output = Answer)]
pub async fn explain_account(id: AccountId, query: String) -> Result<ExplainedAccount, AppError> {
    serve(|caller| async move {
        let (buyer, seller) = (
            caller.permit::<ViewReceivedInvoices>(),
            caller.permit::<ViewIssuedInvoices>(),
        );
        let on = day(&query);
        if let Ok(scope) = &buyer {
            match account::explain(scope, id, on).await {
                // Who has both sides may find it on the other one.
                Err(backend::Error::NotFound) if seller.is_ok() => {}
                found => return found,
            }
        }
        account::explain(&seller?, id, on).await
    })
    .await
}

/// The day that an address names.
#[cfg(feature = "ssr")]
fn day(query: &str) -> Option<chrono::NaiveDate> {
    pairs(query).find_map(|(key, value)| parse_date(&value).ok().filter(|_| key == "on"))
}

/// Computes everything anew and compares.
///
/// # Errors
/// As [`find_books`].
#[server(prefix = "/api", endpoint = "prove_books", output = Answer)]
pub async fn prove_books() -> Result<Proofs, AppError> {
    serve(|caller| async move { backend::check::prove(&caller.permit::<ViewBooks>()?).await }).await
}
