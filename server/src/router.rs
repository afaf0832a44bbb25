//! All routes of the portal and the layers around them.

use crate::{
    api, attachments, bank_uploads, bill_uploads,
    config::Config,
    disks::Disks,
    exports, gateway_events, headers, logos, posts,
    session::{self, Door},
    single_sign_on, uploads,
};
use app::{App, server::CookiePolicy, shell};
use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use backend::Backend;
use domain::{
    disputes::DisputeQuery, invoices::as_of::AsOfQuery, payments::PaymentQuery, rollups::list::RollupQuery,
};
use http::{Method, StatusCode, header};
use leptos::config::LeptosOptions;
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list};
use std::{
    any::Any,
    path::Path,
    sync::{Arc, LazyLock},
};
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    limit::RequestBodyLimitLayer,
    services::{ServeDir, ServeFile},
};

/// Most bytes of a post that is no upload.
const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// The addresses of all pages, read off the app once: while leptos reads them, no page of the process loads anything,
/// and one that was being drawn would wait for ever.
pub fn page_routes() -> &'static [AxumRouteListing] {
    static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));
    &ROUTES
}

/// The routes that are neither pages nor server functions and ask who calls. Axum does not tell which it has, so one that
/// is added is added here too: the authorisation matrix has these.
pub const OTHER_ROUTES: [(&str, &str); 18] = [
    ("GET", "/login/with/{tenant}/go"),
    ("GET", "/login/return/{tenant}"),
    ("GET", "/invoices/export.csv"),
    ("POST", "/invoices/export.csv"),
    ("GET", "/payments/export.csv"),
    ("GET", "/disputes/export.csv"),
    ("GET", "/as-of/export.csv"),
    ("GET", "/rollups/export.csv"),
    ("GET", "/books/entries.csv"),
    ("POST", "/invoices/import/upload"),
    ("POST", "/bank/upload"),
    ("POST", "/reconciliation/upload"),
    ("GET", "/reconciliation/export.csv"),
    ("POST", "/company/logo"),
    ("GET", "/logo/{tenant}"),
    ("POST", "/payments/recorded"),
    ("GET", "/attachment/{payment}"),
    ("POST", "/attachment/{payment}"),
];

/// Builds the whole site over a backend.
pub fn router(config: &Config, options: LeptosOptions, backend: Backend) -> Router {
    let cookie = if config.is_secure() {
        CookiePolicy::Secure
    } else {
        CookiePolicy::Loopback
    };
    let door = Door {
        backend: backend.clone(),
        cookie,
        // Settings that cannot be read never get here.
        proxies: Arc::new(config.server.proxies().unwrap_or_default()),
    };
    let programs = api::routes(backend.clone(), door.proxies.clone());
    let secure = config.is_secure();

    let pages = Router::new()
        .leptos_routes(&options, page_routes().to_vec(), {
            let options = options.clone();
            move || shell(options.clone())
        })
        .route(
            "/invoices/export.csv",
            get(exports::invoices).post(exports::chosen_invoices),
        )
        .route("/payments/export.csv", get(exports::papers::<PaymentQuery>))
        .route("/disputes/export.csv", get(exports::papers::<DisputeQuery>))
        .route("/as-of/export.csv", get(exports::papers::<AsOfQuery>))
        .route("/rollups/export.csv", get(exports::papers::<RollupQuery>))
        .route("/books/entries.csv", get(exports::entries))
        .route("/reconciliation/export.csv", get(exports::comparison))
        .merge(single_sign_on::routes())
        .fallback({
            let options = options.clone();
            get(leptos_axum::render_app_async(move || shell(options.clone())))
        })
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(posts::judge))
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(from_fn(to_the_end))
        .merge(uploads::routes(config.server.upload_limit))
        .merge(bank_uploads::routes())
        .merge(bill_uploads::routes())
        .merge(logos::routes())
        .merge(attachments::routes())
        .layer(from_fn_with_state(door, session::identify))
        .layer(from_fn(session::same_site))
        .with_state(options);

    let gateway = gateway_events::routes(backend.clone());
    let disks = Disks::of(config);
    Router::new()
        .route("/livez", get(|| async { "alive" }))
        .route("/readyz", get(move || ready(backend, disks)))
        .route(app::css::STYLESHEET, get(stylesheet))
        .merge(files(&config.server.site))
        .merge(pages)
        .merge(gateway)
        .merge(programs)
        .layer(
            ServiceBuilder::new()
                .layer(from_fn(move |request, next| {
                    headers::guard(request, next, secure)
                }))
                .layer(CatchPanicLayer::custom(panicked))
                .layer(CompressionLayer::new().quality(CompressionLevel::Fastest)),
        )
}

/// Whether work should be sent here, and if not, why.
async fn ready(backend: Backend, disks: Disks) -> (StatusCode, String) {
    let no = |why: String| (StatusCode::SERVICE_UNAVAILABLE, why);
    if backend.ready().await.is_err() {
        return no("the database does not answer".to_owned());
    }
    match disks.full() {
        Some(disk) => no(format!("the disk of the {disk} is full")),
        None => (StatusCode::OK, "ready".to_owned()),
    }
}

/// The built files: named by their content below `pkg`, so that browsers may keep them.
fn files(site: &Path) -> Router {
    let serve = |name: &str| {
        ServeDir::new(site.join(name))
            .precompressed_br()
            .precompressed_gzip()
    };
    Router::new()
        .nest_service("/pkg", serve("pkg"))
        .nest_service("/fonts", serve("fonts"))
        .route_service("/favicon.svg", ServeFile::new(site.join("favicon.svg")))
}

/// Runs what a form asks for in a task of its own: it is done to its end, also when the browser posts the same form again
/// or turns to another page meanwhile. Otherwise the reconciler would find a payment half-way, and cancel it.
pub(crate) async fn to_the_end(request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    match tokio::spawn(next.run(request)).await {
        Ok(answer) => answer,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        },
    }
}

async fn stylesheet() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/css; charset=utf-8")],
        app::STYLESHEET_TEXT,
    )
}

/// A panic is our fault and says so, with an id that stands in the log; the connection lives on.
fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response<Body> {
    let id = uuid::Uuid::new_v4().simple().to_string();
    let what = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(%id, what, "a handler panicked");
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        format!("Something failed on our side. Quote reference {id} when you ask."),
    )
        .into_response()
}

/// For tests: the part of a request that tells where it comes from.
pub type Incoming = Request<Body>;
