//! The way of one API request: key, fault, idempotency, transaction, answer.
//!
//! The work runs in a task of its own, so a caller who hangs up does not stop it half-way: like a real gateway, the
//! sandbox takes the money even when nobody waits for the answer.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, header};

use crate::auth::{self, Access};
use crate::cut::Scissors;
use crate::error::{ApiError, Stage};
use crate::faults::{Action, Fault, When};
use crate::form::Form;
use crate::idempotency::{self, InFlight, Keyed};
use crate::routes;
use crate::state::{Call, Shared, now_seconds};
use crate::store;

/// More than any form of this API needs.
const LARGEST_BODY: usize = 64 * 1024;

/// A request that has been read.
struct Incoming {
    method: Method,
    path: String,
    form: Form,
    access: Access,
    keyed: Option<Keyed>,
    request_id: String,
}

/// What goes back.
struct Answer {
    status: u16,
    body: String,
    replayed: bool,
}

/// Answers a request to `/v1/…`.
pub async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let scissors = request
        .extensions()
        .get::<ConnectInfo<Scissors>>()
        .map(|info| info.0.clone());
    let faults = shared
        .faults
        .strike_request(request.method().as_str(), request.uri().path());
    let before: Vec<&Fault> = faults
        .iter()
        .filter(|fault| fault.when == Some(When::Before))
        .collect();
    if let Some(fault) = before.iter().find(|fault| fault.action != Action::Delay) {
        return fail(fault, scissors).await;
    }
    let delay = Duration::from_millis(before.iter().map(|fault| fault.milliseconds).sum());
    let request_id = store::new_id("req");
    let answer = match read(&shared, request, &request_id).await {
        // An answer lost by a panic in the task is the gateway's failure like any other.
        Ok(incoming) => tokio::spawn(execute(shared, incoming, delay))
            .await
            .unwrap_or_else(|_| Answer::from(ApiError::gateway(500))),
        Err(error) => Answer::from(error),
    };
    for fault in faults.iter().filter(|fault| fault.when == Some(When::After)) {
        match fault.action {
            Action::Delay => tokio::time::sleep(Duration::from_millis(fault.milliseconds)).await,
            Action::Status | Action::Drop | Action::Hang | Action::Webhook => {
                return fail(fault, scissors).await;
            }
        }
    }
    answer.into_response(&request_id)
}

async fn read(shared: &Shared, request: Request, request_id: &str) -> Result<Incoming, ApiError> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST_BODY)
        .await
        .map_err(|_| ApiError::invalid("body", "The request's body is too large or was cut off."))?;
    let form_type = parts.headers.get(header::CONTENT_TYPE).is_none_or(|value| {
        value
            .to_str()
            .is_ok_and(|text| text.starts_with("application/x-www-form-urlencoded"))
    });
    if !body.is_empty() && !form_type {
        return Err(ApiError::invalid(
            "body",
            "Send parameters as application/x-www-form-urlencoded.",
        ));
    }
    let mut form = Form::parse(&String::from_utf8_lossy(&body));
    form.append(Form::parse(parts.uri.query().unwrap_or_default()));
    let access = auth::authenticate(&shared.config, &parts.headers, &mut form)?;
    let path = parts.uri.path().to_owned();
    let keyed = match parts.headers.get("idempotency-key") {
        Some(key) if parts.method == Method::POST => {
            let key = key.to_str().unwrap_or_default();
            Some(Keyed::new(key, &shared.config.secret_key, &path, &form)?)
        }
        Some(_) | None => None,
    };
    Ok(Incoming {
        method: parts.method,
        path,
        form,
        access,
        keyed,
        request_id: request_id.to_owned(),
    })
}

/// Runs a request to its end, holding its idempotency key meanwhile.
async fn execute(shared: Arc<Shared>, incoming: Incoming, delay: Duration) -> Answer {
    let guard = incoming
        .keyed
        .as_ref()
        .map(|keyed| InFlight::take(&shared, keyed))
        .transpose();
    let _guard = match guard {
        Ok(guard) => guard,
        Err(error) => return Answer::from(error),
    };
    tokio::time::sleep(delay).await;
    let wake = shared.wake.clone();
    let answer = transact(shared, incoming).await.unwrap_or_else(Answer::from);
    wake.notify_one();
    answer
}

/// Effect and remembered answer in one transaction. A refused call's own writes are undone, except a refused card's.
async fn transact(shared: Arc<Shared>, incoming: Incoming) -> Result<Answer, ApiError> {
    let Incoming {
        method,
        path,
        form,
        access,
        keyed,
        request_id,
    } = incoming;
    let mut tx = shared.pool.begin().await?;
    if let Some(keyed) = &keyed
        && let Some((status, body)) = idempotency::earlier(&mut tx, keyed).await?
    {
        return Ok(Answer {
            status,
            body,
            replayed: true,
        });
    }
    let now = now_seconds();
    let key = keyed.as_ref().map(|keyed| keyed.key.clone());
    let mut call = Call {
        tx,
        form,
        access,
        shared: shared.clone(),
        now,
        key,
        request_id,
    };
    let result = routes::run(&mut call, &method, &path).await;
    let mut tx = call.tx;
    let undo = result.as_ref().is_err_and(|error| !error.keeps_effect());
    if undo {
        tx.rollback().await?;
        tx = shared.pool.begin().await?;
    }
    let final_answer = result
        .as_ref()
        .map_or_else(|error| error.stage == Stage::Execution, |_| true);
    let answer = match result {
        Ok(value) => Answer {
            status: 200,
            body: format!("{value:#}"),
            replayed: false,
        },
        Err(error) => Answer::from(error),
    };
    if let (Some(keyed), true) = (&keyed, final_answer) {
        idempotency::remember(&mut tx, keyed, answer.status, &answer.body, now).await?;
    }
    tx.commit().await?;
    Ok(answer)
}

/// Does to a request what a fault says, other than a delay.
async fn fail(fault: &Fault, scissors: Option<Scissors>) -> Response {
    match fault.action {
        Action::Status => Answer::from(ApiError::gateway(fault.status)).into_response("req_fault"),
        Action::Hang => std::future::pending().await,
        Action::Drop | Action::Delay | Action::Webhook => {
            if let Some(scissors) = scissors {
                scissors.cut();
            }
            // Without a socket to cut, as in a test by `oneshot`, the reader of the body meets the error.
            let broken = futures::stream::once(async {
                Err::<bytes::Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
            });
            Body::from_stream(broken).into_response()
        }
    }
}

impl From<ApiError> for Answer {
    fn from(error: ApiError) -> Self {
        Self {
            status: error.status,
            body: format!("{:#}", error.body()),
            replayed: false,
        }
    }
}

impl Answer {
    fn into_response(self, request_id: &str) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, self.body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Ok(value) = HeaderValue::from_str(request_id) {
            headers.insert("request-id", value);
        }
        if self.replayed {
            headers.insert("idempotent-replayed", HeaderValue::from_static("true"));
        }
        response
    }
}

/// The answer to a path outside the API.
pub async fn not_found(request: Request) -> Response {
    let error = ApiError::route(request.method().as_str(), request.uri().path());
    (StatusCode::NOT_FOUND, Json(error.body())).into_response()
}
