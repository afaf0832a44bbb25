//! Events: written with the change that they tell of, delivered after it is committed.

use sea_orm::sqlx;
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::objects::Event;
use crate::state::{Call, now_milliseconds};
use crate::store::{self, Tx};

/// The version of Stripe's API whose shapes this sandbox follows.
pub const API_VERSION: &str = "2025-03-31.basil";

/// Records an event and one delivery for each receiver; an ordered fault may change how many and when.
pub async fn emit(call: &mut Call, kind: &str, object: Value) -> Result<(), ApiError> {
    let targets = call.shared.targets();
    let fault = call.shared.faults.strike_event(kind);
    let copies = fault.as_ref().map_or(1, |fault| fault.copies);
    let late = fault.map_or(0, |fault| i64::try_from(fault.milliseconds).unwrap_or(i64::MAX));
    let event = Event {
        id: store::new_id("evt"),
        object: "event".to_owned(),
        created: call.now,
        livemode: false,
        api_version: API_VERSION.to_owned(),
        kind: kind.to_owned(),
        pending_webhooks: targets.len(),
        request: json!({ "id": call.request_id, "idempotency_key": call.key }),
        data: json!({ "object": object }),
    };
    store::save(&mut call.tx, &event).await?;
    for target in targets {
        schedule(&mut call.tx, &event.id, &target.url, copies, late).await?;
    }
    Ok(())
}

/// Puts an event into the queue of deliveries.
///
/// * `copies`: how often it is sent.
/// * `late`: how many milliseconds from now.
pub async fn schedule(tx: &mut Tx, event: &str, url: &str, copies: u32, late: i64) -> Result<(), ApiError> {
    let due = now_milliseconds().saturating_add(late);
    for _ in 0..copies {
        sqlx::query("INSERT INTO delivery (event, url, due) VALUES (?, ?, ?)")
            .bind(event)
            .bind(url)
            .bind(due)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}
