//! The switches for tests, under `/_sandbox/`, which exist only when the configuration says so.
//!
//! Bodies are JSON, which a foreign web page cannot send here without a permission that is never given.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use http::StatusCode;
use sea_orm::sqlx::{self, Row};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::config::WebhookTarget;
use crate::error::ApiError;
use crate::faults::Fault;
use crate::objects::{Charge, Event};
use crate::state::{Shared, lock};
use crate::{events, store};

/// The routes of the control API.
pub fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route(
            "/_sandbox/faults",
            post(add_fault).get(list_faults).delete(clear_faults),
        )
        .route("/_sandbox/data", delete(erase))
        .route("/_sandbox/charges", get(count_charges))
        .route("/_sandbox/webhooks", post(add_target))
        .route("/_sandbox/events/{id}/deliver", post(deliver))
        .route("/_sandbox/deliveries", get(list_deliveries))
}

/// What a control call answers when it does not work.
struct Failed(StatusCode, String);

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": { "message": self.1 } }))).into_response()
    }
}

impl From<ApiError> for Failed {
    fn from(error: ApiError) -> Self {
        let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self(
            status,
            error.detail()["message"].as_str().unwrap_or_default().to_owned(),
        )
    }
}

impl From<sqlx::Error> for Failed {
    fn from(error: sqlx::Error) -> Self {
        ApiError::from(error).into()
    }
}

impl From<JsonRejection> for Failed {
    fn from(rejection: JsonRejection) -> Self {
        Self(StatusCode::BAD_REQUEST, rejection.body_text())
    }
}

type Reply = Result<Json<Value>, Failed>;

async fn add_fault(State(shared): State<Arc<Shared>>, body: Result<Json<Fault>, JsonRejection>) -> Reply {
    let Json(fault) = body?;
    fault
        .check()
        .map_err(|reason| Failed(StatusCode::BAD_REQUEST, reason.to_owned()))?;
    shared.faults.add(fault);
    Ok(Json(json!({ "faults": shared.faults.list() })))
}

async fn list_faults(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(json!({ "faults": shared.faults.list() }))
}

async fn clear_faults(State(shared): State<Arc<Shared>>) -> Json<Value> {
    shared.faults.clear();
    Json(json!({ "faults": [] }))
}

/// Forgets all objects, idempotency keys, deliveries and faults. Webhook receivers stay.
async fn erase(State(shared): State<Arc<Shared>>) -> Reply {
    shared.faults.clear();
    store::erase(&shared.pool).await?;
    Ok(Json(json!({ "deleted": true })))
}

/// Counts what was really charged, in all, for each attempt in the metadata and for each idempotency key.
async fn count_charges(State(shared): State<Arc<Shared>>) -> Reply {
    let rows = sqlx::query("SELECT body FROM object WHERE kind = 'charge' ORDER BY seq")
        .fetch_all(&shared.pool)
        .await?;
    let (mut succeeded, mut failed) = (0_u64, 0_u64);
    let (mut by_attempt, mut by_key) = (BTreeMap::<String, u64>::new(), BTreeMap::<String, u64>::new());
    let mut amounts = BTreeMap::<String, i64>::new();
    let mut refunded = BTreeMap::<String, i64>::new();
    for row in rows {
        let charge: Charge = serde_json::from_str(row.get::<&str, _>(0)).map_err(ApiError::from)?;
        if charge.status == "pending" {
            continue;
        }
        if !charge.paid {
            failed += 1;
            continue;
        }
        succeeded += 1;
        *amounts.entry(charge.currency.clone()).or_default() += charge.amount;
        *refunded.entry(charge.currency).or_default() += charge.amount_refunded;
        if let Some(attempt) = charge.metadata.get("attempt") {
            *by_attempt.entry(attempt.clone()).or_default() += 1;
        }
        if let Some(key) = charge.key {
            *by_key.entry(key).or_default() += 1;
        }
    }
    Ok(Json(json!({
        "succeeded": succeeded, "failed": failed, "amounts": amounts, "refunded": refunded,
        "by_attempt": by_attempt, "by_key": by_key,
    })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewTarget {
    url: String,
    secret: String,
}

/// Adds a receiver, or changes the secret of one. It is forgotten with the process.
async fn add_target(
    State(shared): State<Arc<Shared>>,
    body: Result<Json<NewTarget>, JsonRejection>,
) -> Reply {
    let Json(NewTarget { url, secret }) = body?;
    let mut targets = lock(&shared.targets);
    targets.retain(|target| target.url != url);
    targets.push(WebhookTarget { url, secret });
    Ok(Json(json!({ "webhooks": targets.len() })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Again {
    #[serde(default = "once")]
    copies: u32,
    #[serde(default)]
    milliseconds: u32,
}

fn once() -> u32 {
    1
}

/// Sends an event again: `copies` times, `milliseconds` from now.
async fn deliver(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    body: Result<Json<Again>, JsonRejection>,
) -> Reply {
    let Json(Again { copies, milliseconds }) = body?;
    let mut tx = shared.pool.begin().await?;
    let event: Event = store::fetch(&mut tx, &id, "id").await?;
    for target in shared.targets() {
        events::schedule(&mut tx, &event.id, &target.url, copies, i64::from(milliseconds)).await?;
    }
    tx.commit().await?;
    shared.wake.notify_one();
    Ok(Json(json!({ "event": event.id })))
}

/// The deliveries so far, newest first, at most a thousand.
async fn list_deliveries(State(shared): State<Arc<Shared>>) -> Reply {
    let rows = sqlx::query("SELECT event, url, attempts, state FROM delivery ORDER BY id DESC LIMIT 1000")
        .fetch_all(&shared.pool)
        .await?;
    let deliveries: Vec<Value> = rows
        .iter()
        .map(|row| {
            let (event, url, state): (String, String, String) = (row.get(0), row.get(1), row.get(3));
            json!({ "event": event, "url": url, "attempts": row.get::<u32, _>(2), "state": state })
        })
        .collect();
    Ok(Json(json!({ "deliveries": deliveries })))
}
