//! What a gateway posts by itself: made and signed by the test, so that it can come twice, late, in any order, or forged.

use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// What the portal expects posts to be signed with, unless it is told otherwise.
pub const SECRET: &str = "whsec_quittance_sandbox";

/// One post.
#[derive(Clone, Debug)]
pub struct Event {
    /// The gateway's id of it.
    pub id: String,
    /// As it is sent.
    pub body: String,
}

impl Event {
    /// Something happened to an object.
    pub fn new(kind: &str, object: &Value) -> Self {
        let id = format!("evt_{}", Uuid::new_v4().simple());
        let body = json!({ "id": id, "object": "event", "type": kind, "data": { "object": object } });
        Self {
            id,
            body: body.to_string(),
        }
    }

    /// Something happened to an intent.
    pub fn of_intent(kind: &str, intent: &str) -> Self {
        Self::new(kind, &json!({ "id": intent, "object": "payment_intent" }))
    }

    /// Money of an intent was given back.
    pub fn refunded(refund: &str, intent: &str) -> Self {
        let object = json!({ "id": refund, "object": "refund", "payment_intent": intent });
        Self::new("refund.created", &object)
    }

    /// The payer's bank takes money of an intent back.
    pub fn disputed(dispute: &str, intent: &str) -> Self {
        let object = json!({ "id": dispute, "object": "dispute", "payment_intent": intent });
        Self::new("charge.dispute.created", &object)
    }

    /// Signed now, as it should be.
    pub fn signature(&self) -> String {
        sign(SECRET, now(), &self.body)
    }
}

/// The signature of a body at a time.
pub fn sign(secret: &str, stamp: u64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{stamp}.{body}").as_bytes());
    let digest = mac.finalize().into_bytes();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={stamp},v1={hex}")
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}
