//! Downloads of lists: the same query as on the page, streamed row by row.

use app::{server::Caller, ui::sides::Sides};
use axum::{
    Extension,
    body::Body,
    extract::RawQuery,
    response::{IntoResponse, Response},
};
use backend::{
    Error,
    invoices::read::find,
    scope::{Scope, SeesInvoices},
};
use bytes::{Bytes, BytesMut};
use chrono::NaiveDate;
use domain::{
    access::{CompareBilling, Side, ViewBooks, ViewIssuedInvoices, ViewReceivedInvoices},
    address,
    books::entries::{self, EntryQuery},
    disputes::{self, DisputeQuery},
    ids::InvoiceId,
    invoices::{
        InvoiceQuery, InvoiceRow,
        as_of::{self, AsOfQuery},
        columns, form,
    },
    payments::{self, PaymentQuery},
    reconciliation::{ReconciliationQuery, export_header},
    rollups::{self, list::RollupQuery},
};
use futures::{Stream, StreamExt, TryStreamExt};
use http::{StatusCode, header};

/// Text is sent in pieces of about this size.
const PIECE: usize = 32 * 1024;
/// Most invoices of one choice, as in the grid.
const MOST_CHOSEN: usize = 1_000;

/// All invoices that match, or all there are: `GET /invoices/export.csv`.
pub async fn invoices(Extension(caller): Extension<Caller>, RawQuery(query): RawQuery) -> Response {
    export(&caller, &query.unwrap_or_default(), None)
        .await
        .unwrap_or_else(refused)
}

/// The chosen ones: `POST /invoices/export.csv` with `invoices[]`.
pub async fn chosen_invoices(
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
    body: String,
) -> Response {
    let chosen: Vec<InvoiceId> = address::pairs(&body)
        .filter(|(key, _)| key.starts_with("invoices"))
        .filter_map(|(_, id)| id.parse().ok())
        .collect();
    export(&caller, &query.unwrap_or_default(), Some(chosen))
        .await
        .unwrap_or_else(refused)
}

async fn export(caller: &Caller, text: &str, chosen: Option<Vec<InvoiceId>>) -> Result<Response, Error> {
    let viewer = caller.viewer.as_ref().ok_or(Error::SignIn)?;
    let word = address::pairs(text).find_map(|(key, value)| (key == "side").then_some(value));
    let named = word.as_deref().and_then(Side::from_code);
    let side = Sides::of_papers(Some(viewer), Side::Buyer).choose(named);
    let (query, _) = form::parse(side, address::pairs(text), viewer.tenant.locale);
    match side {
        Side::Seller => csv(caller.permit::<ViewIssuedInvoices>()?, query, chosen).await,
        Side::Buyer => csv(caller.permit::<ViewReceivedInvoices>()?, query, chosen).await,
    }
}

/// A list that both sides have, each of its own papers.
pub trait OfSide: Sized {
    /// The side that comes first where the viewer has both, as on the page.
    const FIRST: Side;

    /// Reads an address.
    fn read(text: &str) -> Self;

    /// The side that it asks for.
    fn side(&self) -> Option<Side>;

    /// The file.
    fn csv<P: SeesInvoices>(&self, scope: &Scope<P>) -> Response;
}

/// All papers of a list that match, or all there are.
pub async fn papers<Q: OfSide>(Extension(caller): Extension<Caller>, RawQuery(query): RawQuery) -> Response {
    of_side::<Q>(&caller, &query.unwrap_or_default()).unwrap_or_else(refused)
}

fn of_side<Q: OfSide>(caller: &Caller, text: &str) -> Result<Response, Error> {
    let viewer = caller.viewer.as_ref().ok_or(Error::SignIn)?;
    let query = Q::read(text);
    match Sides::of_papers(Some(viewer), Q::FIRST).choose(query.side()) {
        Side::Seller => Ok(query.csv(&caller.permit::<ViewIssuedInvoices>()?)),
        Side::Buyer => Ok(query.csv(&caller.permit::<ViewReceivedInvoices>()?)),
    }
}

/// Invoices as they stood at the end of a day: `GET /as-of/export.csv`.
impl OfSide for AsOfQuery {
    const FIRST: Side = Side::Buyer;

    fn read(text: &str) -> Self {
        Self::from_query(text)
    }

    fn side(&self) -> Option<Side> {
        self.side
    }

    fn csv<P: SeesInvoices>(&self, scope: &Scope<P>) -> Response {
        let on = backend::invoices::as_of::day(scope, self);
        let rows = backend::invoices::as_of::stream(scope, self);
        download(
            &format!("invoices-as-of-{on}.csv"),
            as_of::csv_header(scope.side(), scope.sees_several()),
            rows.map_ok(|row| as_of::csv_row(&row)),
        )
    }
}

/// `GET /payments/export.csv`.
impl OfSide for PaymentQuery {
    const FIRST: Side = Side::Seller;

    fn read(text: &str) -> Self {
        Self::from_query(text)
    }

    fn side(&self) -> Option<Side> {
        self.side
    }

    fn csv<P: SeesInvoices>(&self, scope: &Scope<P>) -> Response {
        let rows = backend::payments::list::stream(scope, self);
        let side = scope.side();
        download(
            &dated("payments", self.on, scope),
            payments::list::csv_header(side, scope.sees_several()),
            rows.map_ok(move |row| payments::list::csv_row(&row, side)),
        )
    }
}

/// `GET /rollups/export.csv`.
impl OfSide for RollupQuery {
    const FIRST: Side = Side::Seller;

    fn read(text: &str) -> Self {
        Self::from_query(text)
    }

    fn side(&self) -> Option<Side> {
        self.side
    }

    fn csv<P: SeesInvoices>(&self, scope: &Scope<P>) -> Response {
        let rows = backend::rollups::list::stream(scope, self);
        download(
            &dated("roll-up-bills", self.on, scope),
            rollups::list::csv_header(scope.side()),
            rows.map_ok(|row| rollups::list::csv_row(&row)),
        )
    }
}

/// `GET /disputes/export.csv`.
impl OfSide for DisputeQuery {
    const FIRST: Side = Side::Seller;

    fn read(text: &str) -> Self {
        Self::from_query(text)
    }

    fn side(&self) -> Option<Side> {
        self.side
    }

    fn csv<P: SeesInvoices>(&self, scope: &Scope<P>) -> Response {
        let rows = backend::disputes::list::stream(scope, self);
        download(
            &dated("disputes", self.on, scope),
            disputes::list::csv_header(scope.side(), scope.sees_several()),
            rows.map_ok(|row| disputes::list::csv_row(&row)),
        )
    }
}

/// The name of a file with what stands today, or stood at the end of a day.
fn dated<P: SeesInvoices>(what: &str, on: Option<NaiveDate>, scope: &Scope<P>) -> String {
    match on {
        Some(on) => format!("{what}-as-of-{on}.csv"),
        None => format!("{what}-{}.csv", scope.today()),
    }
}

/// All entries behind a balance of the books: `GET /books/entries.csv`.
pub async fn entries(Extension(caller): Extension<Caller>, RawQuery(query): RawQuery) -> Response {
    entries_of(&caller, &query.unwrap_or_default()).unwrap_or_else(refused)
}

fn entries_of(caller: &Caller, query: &str) -> Result<Response, Error> {
    let scope = caller.permit::<ViewBooks>()?;
    let query = EntryQuery::from_query(query).ok_or(Error::NotFound)?;
    let on = backend::ledger::entries::day(&scope, &query);
    let rows = backend::ledger::entries::stream(&scope, &query);
    Ok(download(
        &format!("{}-{}-{on}.csv", query.behind.code(), query.currency),
        entries::csv_header(),
        rows.map_ok(|row| entries::csv_row(&row)),
    ))
}

/// The whole billing comparison of a month: `GET /reconciliation/export.csv`.
pub async fn comparison(Extension(caller): Extension<Caller>, RawQuery(query): RawQuery) -> Response {
    comparison_of(&caller, &query.unwrap_or_default())
        .await
        .unwrap_or_else(refused)
}

async fn comparison_of(caller: &Caller, query: &str) -> Result<Response, Error> {
    let scope = caller.permit::<CompareBilling>()?;
    let query = ReconciliationQuery::from_query(query);
    let (month, lines) = backend::reconciliation::read::export(&scope, &query).await?;
    let month = month.map(|month| format!("-{month}")).unwrap_or_default();
    let lines = futures::stream::iter(lines.into_iter().map(Ok));
    Ok(download(
        &format!("reconciliation{month}.csv"),
        export_header(),
        lines,
    ))
}

async fn csv<P: SeesInvoices>(
    scope: Scope<P>,
    mut query: InvoiceQuery,
    chosen: Option<Vec<InvoiceId>>,
) -> Result<Response, Error> {
    let name = format!("invoices-{}.csv", scope.today());
    query.seen_by(scope.sees_several());
    let columns = columns::export_columns(query.shown());
    let head = columns::csv_header(&columns, query.side);
    let rows = match chosen {
        Some(ids) => chosen_rows(scope.clone(), ids).boxed(),
        None => backend::invoices::read::stream(&scope, &query).boxed(),
    };
    let lines = rows.map_ok(move |row| columns::csv_row(&columns, &row));
    Ok(download(&name, head, lines))
}

/// A file of lines that are still being read.
fn download(
    name: &str,
    head: String,
    lines: impl Stream<Item = Result<String, Error>> + Send + 'static,
) -> Response {
    let body = pieces(
        head,
        lines.inspect_err(|error| tracing::error!(%error, "an export broke off")),
    );
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (headers, Body::from_stream(body)).into_response()
}

/// The chosen ones, in the order of the choice. What is not theirs to see is left out.
fn chosen_rows<P: SeesInvoices>(
    scope: Scope<P>,
    ids: Vec<InvoiceId>,
) -> impl Stream<Item = Result<InvoiceRow, Error>> + Send + 'static {
    let found = futures::stream::iter(ids.into_iter().take(MOST_CHOSEN)).then(move |id| {
        let scope = scope.clone();
        async move { find(&scope, id).await.map(|invoice| invoice.row) }
    });
    found.filter(|row| std::future::ready(!matches!(row, Err(Error::NotFound))))
}

/// Joins lines to pieces, so that a row costs no write of its own.
fn pieces(
    head: String,
    lines: impl Stream<Item = Result<String, Error>> + Send + 'static,
) -> impl Stream<Item = Result<Bytes, Error>> + Send + 'static {
    let start = BytesMut::from(head.as_bytes());
    let pieces = futures::stream::unfold(Some((Box::pin(lines), start)), |state| async move {
        let (mut lines, mut piece) = state?;
        loop {
            match lines.next().await {
                Some(Ok(line)) => {
                    piece.extend_from_slice(line.as_bytes());
                    if piece.len() >= PIECE {
                        return Some((
                            Ok(piece.freeze()),
                            Some((lines, BytesMut::with_capacity(PIECE + 1024))),
                        ));
                    }
                }
                Some(Err(error)) => return Some((Err(error), None)),
                None => return (!piece.is_empty()).then(|| (Ok(piece.freeze()), None)),
            }
        }
    });
    // Compression asks once more after the end.
    pieces.fuse()
}

fn refused(error: Error) -> Response {
    let status = match &error {
        Error::SignIn => StatusCode::UNAUTHORIZED,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::NotFound => StatusCode::NOT_FOUND,
        _ => {
            tracing::error!(%error, "an export failed");
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    (status, "This export is not available to you, or not right now.").into_response()
}
