//! Invoices: the grid's list and filters, and one of them.

use super::{
    problem::{LOCALE, Problem},
    query::Query,
    shape,
};
use axum::{
    Extension, Json,
    extract::{Path, RawQuery},
};
use backend::{
    Actor, Error,
    invoices::read,
    scope::{Scope, SeesInvoices},
};
use domain::{
    Refusal,
    access::{Side, ViewIssuedInvoices, ViewReceivedInvoices},
    ids::InvoiceId,
    invoices::{InvoiceDetail, InvoiceQuery, form},
};
use serde_json::Value;

/// What the list is narrowed by. The names are those of the page's address.
const FILTERS: [&str; 12] = [
    "number",
    "customer",
    "order",
    "source",
    "status",
    "due_from",
    "due_to",
    "issued_from",
    "issued_to",
    "currency",
    "total_from",
    "total_to",
];

/// A part of the invoices of a side, what is due first at the beginning.
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
    let wanted = read_filters(scope.side(), &mut query);
    query.done()?;
    let page = read::list(scope, &wanted).await?;
    Ok(Json(shape::page(page, shape::invoice_row)))
}

/// The page's filters, but for amounts: programs say them in minor units.
fn read_filters(side: Side, query: &mut Query) -> InvoiceQuery {
    let filters = query.filters().filter(|(name, _)| !name.starts_with("total_"));
    let (mut wanted, errors) = form::parse(side, filters.collect::<Vec<_>>(), LOCALE);
    query.refuse_all(&errors);
    let (from, to) = (query.minor("total_from"), query.minor("total_to"));
    if matches!((from, to), (Some(from), Some(to)) if from > to) {
        query.refuse("total_to", Refusal::RangeReversed.message(LOCALE));
    }
    if (from.is_some() || to.is_some()) && query.text("currency").is_none() {
        query.refuse("currency", Refusal::NeedsCurrency.message(LOCALE));
    }
    wanted.filter.total_from = from;
    wanted.filter.total_to = to;
    wanted.per_page = query.limit();
    wanted.position = query.position();
    wanted
}

/// An invoice of either side.
pub(super) async fn find(
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let invoice = either(&actor, id.parse().ok()).await?;
    Ok(Json(shape::invoice(invoice)))
}

async fn either(actor: &Actor, id: Option<InvoiceId>) -> Result<InvoiceDetail, Error> {
    let (buyer, seller) = (
        actor.permit::<ViewReceivedInvoices>(),
        actor.permit::<ViewIssuedInvoices>(),
    );
    if let Ok(scope) = &buyer {
        match read::find(scope, id.ok_or(Error::NotFound)?).await {
            // Who has both sides may find it on the other one.
            Err(Error::NotFound) if seller.is_ok() => {}
            found => return found,
        }
    }
    read::find(&seller?, id.ok_or(Error::NotFound)?).await
}
