//! Secrets of tenants and people at rest: sealed with a key of the operator's, which is not in the database.
//!
//! Sealed with XChaCha20-Poly1305 under a random nonce, and bound to its place: what is sealed for one owner or column, or
//! beside one value, does not open anywhere else, so who can write the table cannot move a secret. The key's name stands
//! in front, so that keys can be changed: the first key seals, all of them open.

use crate::{BackendConfig, Error, sessions::token::random};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use domain::Refusal;
use entity::Uuid;
use sha2::{Digest, Sha256};
use std::fmt;

/// Bytes of a key.
const KEY_BYTES: usize = 32;
/// Bytes of a nonce.
const NONCE_BYTES: usize = 24;
/// The form of what is stored.
const VERSION: &str = "v1";

/// The operator's keys, the present one first. They are never printed.
#[derive(Clone, Default)]
pub struct Keyring {
    keys: Vec<Key>,
}

#[derive(Clone)]
struct Key {
    name: String,
    bytes: [u8; KEY_BYTES],
}

impl Keyring {
    /// Reads keys as the operator writes them: 32 random bytes in base64, with or without `=` at the end.
    ///
    /// # Errors
    /// Which of them cannot be read, counted from 1; nothing of it is repeated.
    pub fn read<'a>(keys: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut read = Vec::new();
        for (place, text) in keys.into_iter().enumerate() {
            // Both alphabets: `openssl rand -base64 32` writes the other one.
            let text = text
                .trim()
                .trim_end_matches('=')
                .replace('+', "-")
                .replace('/', "_");
            let bytes: Option<[u8; KEY_BYTES]> =
                BASE64.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
            let bytes = bytes.ok_or_else(|| format!("key {} is not 32 bytes in base64", place + 1))?;
            read.push(Key {
                name: name(&bytes),
                bytes,
            });
        }
        Ok(Self { keys: read })
    }

    /// A fresh key, as [`Self::read`] reads it.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn fresh() -> Result<String, Error> {
        let bytes = random::<KEY_BYTES>().map_err(|error| Error::Port(Box::new(error)))?;
        Ok(BASE64.encode(bytes))
    }

    fn find(&self, name: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} keys", self.keys.len())
    }
}

/// What a key is called in the database: enough to find it again, nothing to guess it by.
fn name(bytes: &[u8; KEY_BYTES]) -> String {
    let mut hash = Sha256::new();
    hash.update(b"quittance: name of a key\0");
    hash.update(bytes);
    let digest = hash.finalize();
    digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// Where a secret belongs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// Table and column.
    pub(crate) column: &'static str,
    /// Whose it is: a tenant's or a person's id.
    pub(crate) owner: Uuid,
    /// What it must stay beside.
    pub(crate) beside: &'a str,
}

impl Place<'_> {
    /// What is bound to the sealed text; each part with its length, so that no two places read alike.
    fn bytes(&self) -> Vec<u8> {
        let Self {
            column,
            owner,
            beside,
        } = self;
        let mut bytes = Vec::new();
        for part in [column.as_bytes(), owner.as_bytes().as_slice(), beside.as_bytes()] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        bytes
    }
}

/// Seals a secret for its place.
///
/// # Errors
/// [`Refusal::NoKey`] when the operator set none; [`Error::Port`] when the system has no randomness to give.
pub(crate) fn seal(config: &BackendConfig, place: Place<'_>, secret: &str) -> Result<String, Error> {
    let key = config.secrets.keys.first().ok_or(Refusal::NoKey)?;
    let nonce = random::<NONCE_BYTES>().map_err(|error| Error::Port(Box::new(error)))?;
    let payload = Payload {
        msg: secret.as_bytes(),
        aad: &place.bytes(),
    };
    let sealed = XChaCha20Poly1305::new(&key.bytes.into())
        .encrypt(XNonce::from_slice(&nonce), payload)
        .map_err(|_| Error::corrupt("a secret that cannot be sealed"))?;
    let body = BASE64.encode([nonce.as_slice(), &sealed].concat());
    Ok(format!("{VERSION}.{}.{body}", key.name))
}

/// Opens what was sealed for a place.
///
/// # Errors
/// [`Refusal::NoKey`] when the key that sealed it is gone; [`Error::Database`] when it was changed or belongs elsewhere.
pub(crate) fn open(config: &BackendConfig, place: Place<'_>, sealed: &str) -> Result<String, Error> {
    let unfit = || Error::corrupt(format!("a sealed secret in {}", place.column));
    let mut parts = sealed.splitn(3, '.');
    let (Some(VERSION), Some(name), Some(body)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(unfit());
    };
    let key = config.secrets.find(name).ok_or(Refusal::NoKey)?;
    let bytes = BASE64.decode(body).map_err(|_| unfit())?;
    let (nonce, msg) = bytes.split_at_checked(NONCE_BYTES).ok_or_else(unfit)?;
    let payload = Payload {
        msg,
        aad: &place.bytes(),
    };
    let opened = XChaCha20Poly1305::new(&key.bytes.into())
        .decrypt(XNonce::from_slice(nonce), payload)
        .map_err(|_| unfit())?;
    String::from_utf8(opened).map_err(|_| unfit())
}

/// Whether a secret was sealed with the present key.
pub(crate) fn is_current(config: &BackendConfig, sealed: &str) -> bool {
    let present = config.secrets.keys.first();
    present.is_some_and(|key| sealed.split('.').nth(1) == Some(key.name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(keys: &[&str]) -> BackendConfig {
        BackendConfig {
            secrets: Keyring::read(keys.iter().copied()).unwrap(),
            ..BackendConfig::new("sqlite::memory:")
        }
    }

    fn place(owner: u128, beside: &str) -> Place<'_> {
        Place {
            column: "table.column",
            owner: Uuid::from_u128(owner),
            beside,
        }
    }

    const ONE: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const OTHER: &str = "//////////////////////////////////////////8";

    #[test]
    fn what_was_sealed_opens_in_its_place_and_nowhere_else() {
        let config = config(&[ONE]);
        let sealed = seal(&config, place(1, "a"), "secret").unwrap();
        assert!(!sealed.contains("secret"));
        assert_ne!(
            sealed,
            seal(&config, place(1, "a"), "secret").unwrap(),
            "a fresh nonce"
        );
        assert_eq!(open(&config, place(1, "a"), &sealed).unwrap(), "secret");
        for elsewhere in [
            place(2, "a"),
            place(1, "b"),
            Place {
                column: "table.other",
                ..place(1, "a")
            },
        ] {
            assert!(open(&config, elsewhere, &sealed).is_err());
        }
    }

    #[test]
    fn a_changed_letter_does_not_open() {
        let config = config(&[ONE]);
        let sealed = seal(&config, place(1, ""), "secret").unwrap();
        for at in 0..sealed.len() {
            let mut bytes = sealed.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(open(&config, place(1, ""), &changed).is_err(), "{at}");
        }
        for broken in ["", "v1", "v1.x", "v1.630dcd29.", "v2.630dcd29.AAAA"] {
            assert!(open(&config, place(1, ""), broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_new_key_seals_and_the_old_one_still_opens() {
        let (before, after) = (config(&[ONE]), config(&[OTHER, ONE]));
        let sealed = seal(&before, place(1, ""), "secret").unwrap();
        assert_eq!(open(&after, place(1, ""), &sealed).unwrap(), "secret");
        assert!(is_current(&before, &sealed) && !is_current(&after, &sealed));
        let renewed = seal(&after, place(1, ""), "secret").unwrap();
        assert!(is_current(&after, &renewed));
        let gone = open(&config(&[OTHER]), place(1, ""), &sealed);
        assert!(matches!(gone, Err(Error::Refused(Refusal::NoKey))));
        let none = seal(&config(&[]), place(1, ""), "secret");
        assert!(matches!(none, Err(Error::Refused(Refusal::NoKey))));
    }

    #[test]
    fn keys_are_read_as_the_usual_tools_write_them() {
        assert!(Keyring::read([ONE, OTHER, &Keyring::fresh().unwrap()]).is_ok());
        for broken in ["", "secret", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIj"] {
            let error = Keyring::read([ONE, broken]).unwrap_err();
            assert_eq!(error, "key 2 is not 32 bytes in base64");
        }
        assert_eq!(format!("{:?}", Keyring::read([ONE]).unwrap()), "1 keys");
    }
}
