//! Settings of what must not be known and of whom may be called: keys for the secrets of tenants, and hosts inside of the
//! operator's own network.

use super::{Config, ConfigError, Server};
use crate::{adapters::outgoing::Allowed, proxies::Proxies};
use backend::vault::Keyring;
use serde::{Deserialize, Deserializer};
use std::{
    fmt,
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

/// `[secrets]`: 32 random bytes in base64 each, as `openssl rand -base64 32` gives them.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Secrets {
    /// The key.
    pub key: Option<String>,
    /// File of the key, in its place.
    pub key_file: Option<PathBuf>,
    /// Keys of before: what was sealed with them still opens.
    pub old_keys: Vec<String>,
}

impl fmt::Debug for Secrets {
    /// Without the keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

impl Secrets {
    /// The keys, the present one first.
    ///
    /// # Errors
    /// When the file cannot be read, or a key is none.
    pub fn keys(&self) -> Result<Keyring, ConfigError> {
        let file = match (&self.key, &self.key_file) {
            (Some(_), Some(_)) => {
                return Err(ConfigError::Unfit(
                    "secrets: either key or key_file, not both".to_owned(),
                ));
            }
            (None, Some(path)) => {
                Some(fs::read_to_string(path).map_err(|error| ConfigError::Unreadable(path.clone(), error))?)
            }
            (_, None) => None,
        };
        let present = self.key.iter().chain(&file);
        let keys = present.chain(&self.old_keys).map(String::as_str);
        Keyring::read(keys).map_err(|error| ConfigError::Unfit(format!("secrets: {error}")))
    }
}

/// `[outgoing]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutgoingCalls {
    /// Hosts, with a port or for all ports, that may be called though they are not on the internet. The environment has one
    /// text, with blanks between them.
    #[serde(deserialize_with = "list")]
    pub allow_hosts: Vec<String>,
}

impl OutgoingCalls {
    /// The hosts.
    ///
    /// # Errors
    /// When one of them is none.
    pub fn allowed(&self) -> Result<Vec<Allowed>, ConfigError> {
        let read = self.allow_hosts.iter().map(|host| Allowed::read(host));
        read.collect::<Result<_, _>>()
            .map_err(|error| ConfigError::Unfit(format!("outgoing.allow_hosts: {error}")))
    }
}

impl Server {
    /// The proxies that are believed.
    ///
    /// # Errors
    /// When one of them is none.
    pub fn proxies(&self) -> Result<Proxies, ConfigError> {
        Proxies::read(self.trusted_proxies.iter().map(String::as_str))
            .map_err(|error| ConfigError::Unfit(format!("server.trusted_proxies: {error}")))
    }
}

/// A list, or a text with blanks between its words.
pub(super) fn list<'de, D: Deserializer<'de>>(value: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        List(Vec<String>),
        Text(String),
    }
    Ok(match Either::deserialize(value)? {
        Either::List(list) => list,
        Either::Text(text) => text.split_whitespace().map(str::to_owned).collect(),
    })
}

impl Config {
    /// The keys for the secrets of tenants. Where none is set and nothing is at stake, a key of its own is made and kept
    /// beside the database; in production, and where no file can be made, there is none then, and no secret can be kept.
    ///
    /// # Errors
    /// When a key is none, or its file cannot be read.
    pub fn keyring(&self) -> Result<Keyring, ConfigError> {
        let set = self.secrets.key.is_some() || self.secrets.key_file.is_some();
        if set || self.production {
            return self.secrets.keys();
        }
        let path = self.data_folder().join("secrets.key");
        if let Err(error) = own_key(&path) {
            tracing::warn!(%error, "no key could be made: the secrets of companies' sign-in cannot be kept, and those of second factors are not sealed");
            return self.secrets.keys();
        }
        Secrets {
            key_file: Some(path),
            ..self.secrets.clone()
        }
        .keys()
    }

    /// Where SQLite's file lies; beside another database, `data`.
    fn data_folder(&self) -> PathBuf {
        let file = self.database.url.strip_prefix("sqlite://");
        let file = file.map(|path| Path::new(path.split('?').next().unwrap_or_default()));
        let folder = file.and_then(Path::parent).map(Path::to_owned);
        folder.unwrap_or_else(|| PathBuf::from("data"))
    }
}

/// Makes the file of a key that nobody else reads, unless it is there. Programs that start at once agree about one.
fn own_key(path: &Path) -> io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let key = Keyring::fresh().map_err(io::Error::other)?;
    let draft = path.with_extension(format!("{}.draft", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(key.as_bytes())?;
    file.sync_all()?;
    // A link is made or not, never half.
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
