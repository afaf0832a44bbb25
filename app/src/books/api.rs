//! Server functions of the books.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::server::serve;
use crate::wire::Answer;
use domain::books::{Books, Proofs};
#[cfg(feature = "ssr")]
use domain::{access::ViewBooks, address::pairs, locale::parse_date};
use leptos::prelude::*;

/// The books on a day, `on` in the query string of the page's address; today when it says none.
///
/// # Errors
/// When the viewer may not see the books, or the database does not answer.
#[server(prefix = "/api", endpoint = "find_books", output = Answer)]
pub async fn find_books(query: String) -> Result<Books, AppError> {
    serve(|caller| async move {
        let on = pairs(&query).find_map(|(key, value)| parse_date(&value).ok().filter(|_| key == "on"));
        backend::ledger::read::books(&caller.permit::<ViewBooks>()?, on).await
    })
    .await
}

/// Computes everything anew and compares.
///
/// # Errors
/// As [`find_books`].
#[server(prefix = "/api", endpoint = "prove_books", output = Answer)]
pub async fn prove_books() -> Result<Proofs, AppError> {
    serve(|caller| async move { backend::check::prove(&caller.permit::<ViewBooks>()?).await }).await
}
