//! What the gateway posts by itself: proven by its signature, then read for what it is about.
//!
//! The signature is an HMAC over the time and the body as it came, so nothing of the body is looked at before it fits.
//! Several secrets may be good at once, while one is exchanged for another.

use backend::ports::{About, EventRefused, GatewayEvent};
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use serde::Deserialize;
use sha2::Sha256;

use super::wire::{Named, Reference};

/// How far the gateway's clock and ours may be apart, and how long a post may be on its way, in seconds.
const TOLERANCE: i64 = 300;

/// Proves and reads a post.
///
/// # Errors
/// [`EventRefused`].
pub fn read(
    secrets: &[String],
    header: &str,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<GatewayEvent, EventRefused> {
    prove(secrets, header, body, now)?;
    let event: WireEvent = serde_json::from_slice(body).map_err(|_| EventRefused::Unreadable)?;
    let WireEvent { id, kind, data } = event;
    let WireObject {
        named: Named { id: object },
        payment_intent,
        charge,
    } = data.object;
    let (intent, charge) = (
        payment_intent.map(Reference::into_id),
        charge.map(Reference::into_id),
    );
    let about = match kind.as_str() {
        kind if kind.starts_with("payment_intent.") => Some(About::Intent(object)),
        kind if kind.starts_with("charge.dispute.") => Some(About::Dispute(object)),
        "charge.refunded" => Some(About::Refunds(intent.unwrap_or(object))),
        kind if kind.starts_with("refund.") || kind.starts_with("charge.refund") => {
            intent.or(charge).map(About::Refunds)
        }
        "charge.succeeded" | "charge.failed" | "charge.updated" => intent.map(About::Intent),
        _ => None,
    };
    Ok(GatewayEvent {
        id,
        about: about.unwrap_or(About::Nothing),
    })
}

#[derive(Deserialize)]
struct WireEvent {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    data: WireData,
}

#[derive(Deserialize)]
struct WireData {
    object: WireObject,
}

#[derive(Deserialize)]
struct WireObject {
    #[serde(flatten)]
    named: Named,
    payment_intent: Option<Reference>,
    /// Of a refund: the charge, which is all there is where it was made without an intent.
    charge: Option<Reference>,
}

/// Whether one of the secrets signed this body, not long ago.
fn prove(secrets: &[String], header: &str, body: &[u8], now: DateTime<Utc>) -> Result<(), EventRefused> {
    if secrets.is_empty() {
        return Err(EventRefused::NoSecret);
    }
    let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let stamp = parts().find_map(|(name, value)| (name == "t").then_some(value));
    let stamp = stamp.ok_or(EventRefused::Forged)?;
    let signatures: Vec<Vec<u8>> = parts()
        .filter(|(name, _)| *name == "v1")
        .filter_map(|(_, value)| from_hex(value))
        .collect();
    let fits = |secret: &String| {
        let mac = || {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
            mac.update(stamp.as_bytes());
            mac.update(b".");
            mac.update(body);
            Some(mac)
        };
        // Compared in constant time.
        signatures
            .iter()
            .any(|signature| mac().is_some_and(|mac| mac.verify_slice(signature).is_ok()))
    };
    if !secrets.iter().any(fits) {
        return Err(EventRefused::Forged);
    }
    // The time is part of what was signed, so it is believed only now.
    let stamp: i64 = stamp.parse().map_err(|_| EventRefused::Forged)?;
    if now.timestamp().abs_diff(stamp) > TOLERANCE.unsigned_abs() {
        return Err(EventRefused::Stale);
    }
    Ok(())
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let digit = |place: usize| u8::from_str_radix(text.get(place..place + 2)?, 16).ok();
    (0..text.len()).step_by(2).map(digit).collect()
}

#[cfg(test)]
mod tests;
