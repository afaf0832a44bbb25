//! Logging in as tests do, and codes as an app would show them.

use super::World;
use crate::{
    Backend, Error,
    second_factor::{read, totp, write},
    sessions::{
        read::viewer,
        write::{Browser, LogIn, NewSession},
    },
};
use chrono::{DateTime, Utc};
use domain::second_factor::STEP;

/// Logs in somebody who has no second factor.
///
/// # Errors
/// As [`crate::sessions::write::log_in`].
///
/// # Panics
/// When a code is asked for.
pub async fn log_in(backend: &Backend, attempt: LogIn<'_>) -> Result<NewSession, Error> {
    let entry = crate::sessions::write::log_in(backend, attempt).await?;
    Ok(entry.session().expect("no code is asked for"))
}

/// The code that an app shows at a moment for a secret, however that is grouped.
pub fn code(secret: &str, at: DateTime<Utc>) -> String {
    let secret: String = secret.split_whitespace().collect();
    format!(
        "{:06}",
        totp::code(&secret, at.timestamp().div_euclid(STEP)).unwrap()
    )
}

impl World {
    /// Switches the second factor of whoever has a session on, and lets a minute pass, so that the next code is another
    /// one. Gives the secret and the recovery codes.
    pub async fn second_factor(&self, token: &str) -> (String, Vec<String>) {
        let (actor, _) = viewer(&self.backend, token).await.unwrap().unwrap();
        write::begin(&actor).await.unwrap();
        let secret = read::find(&actor).await.unwrap().setup.unwrap().secret;
        let typed = code(&secret, self.backend.now());
        let on = write::confirm(&actor, &typed, Browser::default()).await.unwrap();
        self.seconds_pass(60);
        (secret, on.recovery)
    }
}
