//! The delivery of events: signed, repeated until the receiver says yes, remembered across restarts.
//!
//! Delivery is at least once and in no particular order, as with Stripe.

use std::sync::{Arc, Weak};
use std::time::Duration;

use futures::future::join_all;
use hmac::{Hmac, Mac};
use sea_orm::sqlx::{self, Row};
use sha2::Sha256;
use tokio::sync::Notify;

use crate::objects::{Event, public};
use crate::state::{Shared, now_milliseconds, now_seconds};

/// After so many refusals an event is given up.
const MOST_ATTEMPTS: u32 = 8;
/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);
/// How long the worker sleeps when nothing rings.
const TICK: Duration = Duration::from_millis(250);
/// How many are sent at once.
const BATCH: i64 = 20;

/// The value of `Stripe-Signature` for a body.
///
/// * `timestamp`: Unix seconds; receivers refuse what is older than their tolerance.
pub fn sign(secret: &str, timestamp: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(timestamp.to_string().as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    let digest: String = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("t={timestamp},v1={digest}")
}

/// Sends what is due, until the sandbox is gone.
pub async fn deliver_forever(shared: Weak<Shared>, wake: Arc<Notify>) {
    loop {
        let Some(shared) = shared.upgrade() else { return };
        match due(&shared).await {
            Ok(deliveries) if !deliveries.is_empty() => {
                join_all(deliveries.into_iter().map(|delivery| attempt(&shared, delivery))).await;
                continue;
            }
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "the sandbox cannot read its webhooks"),
        }
        drop(shared);
        // A lost ring costs one tick; a repetition that falls due needs no ring.
        let _ = tokio::time::timeout(TICK, wake.notified()).await;
    }
}

struct Delivery {
    id: i64,
    url: String,
    attempts: u32,
    event: String,
}

async fn due(shared: &Shared) -> Result<Vec<Delivery>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT delivery.id, url, attempts, body FROM delivery JOIN object ON object.id = delivery.event
         WHERE state = 'pending' AND due <= ? ORDER BY due, delivery.id LIMIT ?",
    )
    .bind(now_milliseconds())
    .bind(BATCH)
    .fetch_all(&shared.pool)
    .await?;
    let read = |row: &sqlx::sqlite::SqliteRow| Delivery {
        id: row.get(0),
        url: row.get(1),
        attempts: row.get(2),
        event: row.get(3),
    };
    Ok(rows.iter().map(read).collect())
}

async fn attempt(shared: &Shared, delivery: Delivery) {
    let attempts = delivery.attempts + 1;
    let accepted = post(shared, &delivery).await;
    if !accepted {
        tracing::info!(delivery = delivery.id, attempts, "a webhook was not accepted");
    }
    let state = match accepted {
        true => "delivered",
        false if attempts >= MOST_ATTEMPTS => "given_up",
        false => "pending",
    };
    let factor = 2_u32.saturating_pow(delivery.attempts);
    let pause = shared
        .config
        .webhook_retry
        .saturating_mul(factor)
        .min(LONGEST_PAUSE);
    let due = now_milliseconds().saturating_add(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX));
    let stored = sqlx::query("UPDATE delivery SET attempts = ?, state = ?, due = ? WHERE id = ?")
        .bind(attempts)
        .bind(state)
        .bind(due)
        .bind(delivery.id)
        .execute(&shared.pool)
        .await;
    if let Err(error) = stored {
        tracing::error!(%error, "the sandbox cannot note a webhook");
        // Without the pause a full disk would mean a flood of the same event.
        tokio::time::sleep(TICK).await;
    }
}

/// Whether the receiver took it.
async fn post(shared: &Shared, delivery: &Delivery) -> bool {
    let Some(target) = shared
        .targets()
        .into_iter()
        .find(|target| target.url == delivery.url)
    else {
        return false;
    };
    let body = serde_json::from_str::<Event>(&delivery.event)
        .ok()
        .and_then(|event| public(&event).ok());
    let Some(body) = body.map(|body| body.to_string()) else {
        return false;
    };
    let signature = sign(&target.secret, now_seconds(), &body);
    let request = shared.client.post(&target.url);
    let request = request
        .header("stripe-signature", signature)
        .header("content-type", "application/json");
    match request.body(body).send().await {
        Ok(response) => response.status().is_success(),
        Err(_) => false,
    }
}
