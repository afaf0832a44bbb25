//! Ids in addresses, and short hashes for keys.

use sha2::{Digest, Sha256};

use super::http::Failure;

/// An id that may stand in a path. Tokens come from browsers, and must not lead to another call.
pub fn id(text: &str) -> Result<&str, Failure> {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if plain && !text.is_empty() && text.len() <= 255 {
        Ok(text)
    } else {
        Err(Failure::bad_id())
    }
}

/// A short hash for idempotency keys, which may be shown in the gateway's logs.
pub fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
