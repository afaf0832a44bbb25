//! Session tokens: 32 random bytes, written as 64 hexadecimal digits.

use rand::TryRngCore;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// A fresh token.
///
/// # Errors
/// When the system has no randomness to give.
pub(crate) fn fresh() -> Result<String, rand::rand_core::OsError> {
    let mut bytes = [0_u8; 32];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes)?;
    Ok(hex(&bytes))
}

/// What is stored of a token; none when the text cannot be one.
pub(crate) fn stored(token: &str) -> Option<String> {
    let looks_right = token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    looks_right.then(|| hex(&Sha256::digest(token.as_bytes())))
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
