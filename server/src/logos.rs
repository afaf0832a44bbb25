//! Logos of tenants: taken as an upload, given out as pictures.

use app::server::Caller;
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Multipart, Path},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use backend::{Error, tenants::logo};
use domain::{FieldErrors, Refusal, access::ManageSettings, ids::TenantId};
use http::{HeaderMap, StatusCode, header};
use leptos::config::LeptosOptions;

/// Where a picture that was not taken leads back to.
const PAGE: &str = "/company";

/// The routes.
pub fn routes() -> Router<LeptosOptions> {
    Router::new()
        .route("/company/logo", post(upload))
        .route("/logo/{tenant}", get(picture))
        // A picture above the limit of a logo is to be refused in words, not by a broken connection.
        .layer(DefaultBodyLimit::max(8 * logo::LOGO_BYTES))
}

async fn upload(Extension(caller): Extension<Caller>, headers: HeaderMap, form: Multipart) -> Response {
    match take(&caller, form).await {
        Ok(()) => Redirect::to(&format!("{PAGE}?done=logo")).into_response(),
        Err(error) => app::server::upload_failed(&caller, &headers, PAGE, error, &()).await,
    }
}

async fn take(caller: &Caller, mut form: Multipart) -> Result<(), Error> {
    // Asked before a byte is taken.
    let scope = caller.permit::<ManageSettings>()?;
    let field = |refusal| Error::Invalid(FieldErrors::one("logo", refusal));
    let too_large = || {
        field(Refusal::PictureTooLarge {
            kilobytes: 200,
            pixels: 1_024,
        })
    };
    while let Some(part) = form.next_field().await.map_err(|_| too_large())? {
        if part.name() == Some("logo") {
            let bytes = part.bytes().await.map_err(|_| too_large())?;
            if bytes.is_empty() {
                return Err(field(Refusal::Missing));
            }
            return logo::change(&scope, bytes.to_vec()).await;
        }
    }
    Err(field(Refusal::Missing))
}

/// The picture. Its address names its content, so a browser may keep it.
async fn picture(Extension(caller): Extension<Caller>, Path(tenant): Path<TenantId>) -> Response {
    let found = match caller.actor() {
        Ok(actor) => logo::picture(actor, tenant).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(picture) => (
            [
                (header::CONTENT_TYPE, picture.media_type),
                (header::CACHE_CONTROL, "private, max-age=86400".to_owned()),
                (header::CONTENT_SECURITY_POLICY, "default-src 'none'".to_owned()),
            ],
            picture.bytes,
        )
            .into_response(),
        Err(Error::SignIn) => StatusCode::UNAUTHORIZED.into_response(),
        Err(Error::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "a logo was not found out");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
