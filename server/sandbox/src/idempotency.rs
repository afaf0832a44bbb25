//! Idempotency keys: a request with a key has its effect once, however often it is sent.
//!
//! The answer is committed in the transaction of the effect, so a crash leaves both or neither. A key in use is
//! remembered in memory only: after a restart an unfinished request has had no effect and may run again.

use std::sync::Arc;

use sea_orm::sqlx::{self, Row};

use crate::cards::keyed_hash;
use crate::error::ApiError;
use crate::form::Form;
use crate::state::{Shared, lock};
use crate::store::Tx;

/// The longest key that Stripe takes.
const LONGEST_KEY: usize = 255;

/// A key and what it was sent with.
#[derive(Debug, Clone)]
pub struct Keyed {
    /// The caller's key.
    pub key: String,
    /// A keyed hash of the call, so that card details in it are not kept.
    pub fingerprint: String,
}

impl Keyed {
    /// Ties a key to a call.
    ///
    /// # Errors
    /// When the key is empty or too long.
    pub fn new(key: &str, secret: &str, path: &str, form: &Form) -> Result<Self, ApiError> {
        if key.is_empty() || key.len() > LONGEST_KEY {
            return Err(ApiError::invalid(
                "Idempotency-Key",
                "Idempotency keys have 1 to 255 characters.",
            ));
        }
        let parameters = form.canonical();
        let fingerprint = keyed_hash(secret, &[b"call", path.as_bytes(), parameters.as_bytes()]);
        Ok(Self {
            key: key.to_owned(),
            fingerprint,
        })
    }
}

/// Holds a key while its request runs.
pub struct InFlight {
    shared: Arc<Shared>,
    key: String,
}

impl InFlight {
    /// Takes the key, or says that another request has it.
    pub fn take(shared: &Arc<Shared>, keyed: &Keyed) -> Result<Self, ApiError> {
        if lock(&shared.in_flight).insert(keyed.key.clone()) {
            Ok(Self {
                shared: shared.clone(),
                key: keyed.key.clone(),
            })
        } else {
            Err(ApiError::key_in_use())
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        lock(&self.shared.in_flight).remove(&self.key);
    }
}

/// The answer that the key got before, if any.
///
/// # Errors
/// `idempotency_error` when it was another call that got it.
pub async fn earlier(tx: &mut Tx, keyed: &Keyed) -> Result<Option<(u16, String)>, ApiError> {
    let row = sqlx::query("SELECT fingerprint, status, body FROM idempotency WHERE key = ?")
        .bind(&keyed.key)
        .fetch_optional(&mut **tx)
        .await?;
    match row {
        None => Ok(None),
        Some(row) if row.get::<&str, _>(0) == keyed.fingerprint => Ok(Some((
            u16::try_from(row.get::<i64, _>(1)).unwrap_or(500),
            row.get(2),
        ))),
        Some(_) => Err(ApiError::key_reused()),
    }
}

/// Keeps an answer for the key.
pub async fn remember(tx: &mut Tx, keyed: &Keyed, status: u16, body: &str, now: i64) -> Result<(), ApiError> {
    sqlx::query("INSERT INTO idempotency (key, fingerprint, status, body, created) VALUES (?, ?, ?, ?, ?)")
        .bind(&keyed.key)
        .bind(&keyed.fingerprint)
        .bind(i64::from(status))
        .bind(body)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
