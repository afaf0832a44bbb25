//! Payments: the page's list, one of them, and recording one that came in beside the portal.

use super::{
    body::{Object, Reader, Sent},
    problem::{LOCALE, Place, Problem, Wrong},
    query::Query,
    shape,
};
use axum::{
    Extension, Json,
    extract::{Path, RawQuery},
    response::{IntoResponse, Response},
};
use backend::{
    Actor, Error, Once,
    payments::{by_program, list::list_by, read},
    scope::{Scope, SeesInvoices},
};
use domain::{
    Currency, Money, Refusal,
    access::{RecordPayments, Side, ViewIssuedInvoices, ViewReceivedInvoices},
    ids::PaymentId,
    payments::{
        PaymentQuery, PaymentStatus, Receipt,
        by_program::{ProgramPart, ProgramPayment},
        form::MOST_LINES,
        offline::MEMO_MAX,
    },
    text,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;

/// What the list is narrowed by. The names are those of the page's address.
const FILTERS: [&str; 6] = ["number", "counterparty", "status", "from", "to", "on"];
/// The header that makes one act of all posts that carry it.
const KEY: &str = "idempotency-key";
/// Most characters of it.
const KEY_MAX: usize = 64;
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A part of the payments of a side, the newest first.
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
    let short = |text: &str| text.chars().take(200).collect::<String>();
    let on = query.day("on");
    let wanted = PaymentQuery {
        side: Some(scope.side()),
        number: query.text("number").map(short),
        counterparty: query.text("counterparty").map(short),
        // A status is of today, and there is none to ask for on another day.
        status: query
            .word("status", PaymentStatus::from_code)
            .filter(|_| on.is_none()),
        company: None,
        from: query.day("from"),
        to: query.day("to"),
        on,
        position: query.position(),
    };
    let limit = query.limit();
    query.done()?;
    let page = list_by(scope, &wanted, limit).await?;
    Ok(Json(shape::page(page, shape::payment_row)))
}

/// A payment of either side.
pub(super) async fn find(
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let receipt = either(&actor, id.parse().ok()).await?;
    Ok(Json(shape::payment(receipt)))
}

async fn either(actor: &Actor, id: Option<PaymentId>) -> Result<Receipt, Error> {
    let (buyer, seller) = (
        actor.permit::<ViewReceivedInvoices>(),
        actor.permit::<ViewIssuedInvoices>(),
    );
    if let Ok(scope) = &buyer {
        match read::receipt(scope, id.ok_or(Error::NotFound)?).await {
            // Who has both sides may find it on the other one.
            Err(Error::NotFound) if seller.is_ok() => {}
            found => return found,
        }
    }
    read::receipt(&seller?, id.ok_or(Error::NotFound)?).await
}

/// Records a payment that came in beside the portal, once under its `Idempotency-Key`.
pub(super) async fn record(
    Extension(actor): Extension<Actor>,
    headers: HeaderMap,
    sent: Result<Sent, Problem>,
) -> Result<Response, Problem> {
    let scope = actor.permit::<RecordPayments>()?;
    let key = key(&headers)?;
    let wanted = read_payment(sent?.object()?)?;
    let (recorded, again) = match by_program::record(&scope, &key, &wanted).await? {
        Once::Now(recorded) => (recorded, false),
        Once::Before(recorded) => (recorded, true),
        Once::Otherwise => return Err(Problem::key_used()),
    };
    let at = format!("/api/v1/payments/{}", recorded.payment);
    let mut answer = (StatusCode::CREATED, Json(shape::recorded(recorded))).into_response();
    // An address with an id in it is a header's value.
    if let Ok(at) = HeaderValue::from_str(&at) {
        answer.headers_mut().insert(header::LOCATION, at);
    }
    if again {
        answer
            .headers_mut()
            .insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(answer)
}

fn key(headers: &HeaderMap) -> Result<String, Problem> {
    let refuse =
        |message: &str| Problem::unreadable(vec![Wrong::at(Place::Header("Idempotency-Key"), message)]);
    let Some(value) = headers.get(KEY) else {
        return Err(refuse(
            "This header is missing: send one of your own for each payment, such as a UUID.",
        ));
    };
    let text = value.to_str().unwrap_or_default().trim();
    if text.is_empty() || text.len() > KEY_MAX {
        return Err(refuse("This header must have from 1 to 64 characters."));
    }
    Ok(text.to_owned())
}

/// Reads the body.
///
/// # Errors
/// All that is wrong, by its place.
fn read_payment(mut body: Object) -> Result<ProgramPayment, Problem> {
    let mut reader = Reader::default();
    let currency: Option<Currency> = reader.parsed(&mut body, "currency", "an ISO 4217 code such as USD");
    // What is wrong with the currency is told once.
    let unit = currency.unwrap_or(Currency::USD);
    let amount = positive(&mut reader, &mut body, unit);
    let paid_on = reader.day(&mut body, "paid_on");
    let memo = memo(&mut reader, &mut body);
    let parts = parts(&mut reader, &mut body, unit);
    reader.end(body);
    let whole = match (amount, paid_on) {
        (Some(amount), Some(paid_on)) => Some(ProgramPayment {
            amount,
            paid_on,
            memo,
            parts,
        }),
        _ => None,
    };
    reader.done(whole)
}

fn memo(reader: &mut Reader, body: &mut Object) -> Option<String> {
    let typed = reader.text(body, "memo")?;
    let read = text::line(&typed, MEMO_MAX);
    let read = read.map_err(|refusal| reader.refuse(body.place("memo"), refusal.message(LOCALE)));
    read.ok().filter(|memo| !memo.is_empty())
}

fn parts(reader: &mut Reader, body: &mut Object, unit: Currency) -> Vec<ProgramPart> {
    let objects = reader.objects(body, "invoices");
    if objects.len() > MOST_LINES {
        reader.refuse(
            body.place("invoices"),
            format!("At most {MOST_LINES} invoices can be named."),
        );
        return Vec::new();
    }
    let mut parts = Vec::with_capacity(objects.len());
    for mut object in objects {
        let invoice = reader.parsed(&mut object, "id", "the id of an invoice");
        let amount = positive(reader, &mut object, unit);
        reader.end(object);
        if let (Some(invoice), Some(amount)) = (invoice, amount) {
            parts.push(ProgramPart { invoice, amount });
        }
    }
    parts
}

/// The field `amount`, above zero.
fn positive(reader: &mut Reader, of: &mut Object, unit: Currency) -> Option<Money> {
    let minor = reader.whole(of, "amount")?;
    if minor <= 0 {
        let number = String::new();
        reader.refuse(
            of.place("amount"),
            Refusal::NotPositive { number }.message(LOCALE),
        );
        return None;
    }
    Some(Money::new(minor, unit))
}
