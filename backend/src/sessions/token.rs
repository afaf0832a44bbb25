//! Session tokens: 32 random bytes, written as 64 hexadecimal digits.

use rand::TryRngCore;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// A fresh token.
///
/// # Errors
/// When the system has no randomness to give.
pub(crate) fn fresh() -> Result<String, rand::rand_core::OsError> {
    Ok(hex(&random::<32>()?))
}

/// What is stored of a token; none when the text cannot be one.
pub(crate) fn stored(token: &str) -> Option<String> {
    let looks_right = token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    looks_right.then(|| digest(token))
}

/// The SHA-256 of a secret that was drawn at random, as it is stored.
pub(crate) fn digest(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Random bytes.
///
/// # Errors
/// When the system has no randomness to give.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], rand::rand_core::OsError> {
    let mut bytes = [0_u8; N];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes)?;
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
