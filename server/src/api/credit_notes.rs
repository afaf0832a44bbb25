//! Credit notes: the page's list.

use super::{problem::Problem, query::Query, shape};
use axum::{Extension, Json, extract::RawQuery};
use backend::{
    Actor,
    credit_notes::list::{Narrowed, list_by},
    scope::{Scope, SeesInvoices},
};
use domain::access::{Side, ViewIssuedInvoices, ViewReceivedInvoices};
use serde_json::Value;

/// What the list is narrowed by, as on the page: a number as a whole, or part of the other side's name.
const FILTERS: [&str; 2] = ["search", "on"];

/// A part of the credit notes of a side, the newest first.
pub(super) async fn list(
    Extension(actor): Extension<Actor>,
    RawQuery(text): RawQuery,
) -> Result<Json<Value>, Problem> {
    let query = Query::of_list(&text.unwrap_or_default(), &FILTERS);
    match query.side(&actor)? {
        Side::Seller => of(&actor.permit::<ViewIssuedInvoices>()?, query).await,
        Side::Buyer => of(&actor.permit::<ViewReceivedInvoices>()?, query).await,
    }
}

async fn of<P: SeesInvoices>(scope: &Scope<P>, mut query: Query) -> Result<Json<Value>, Problem> {
    let search = query
        .text("search")
        .map(|text| text.chars().take(120).collect::<String>());
    let (limit, position, on) = (query.limit(), query.position(), query.day("on"));
    query.done()?;
    let narrowed = Narrowed {
        search: search.as_deref(),
        on,
        ..Narrowed::default()
    };
    let page = list_by(scope, narrowed, &position, limit).await?;
    Ok(Json(shape::page(page, shape::credit_note_row)))
}
