//! What the file and the environment make of each other.

use super::*;

fn load(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let pairs = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let file = tempfile::NamedTempFile::new().unwrap();
    Config::load(Some(file.path()), pairs)
}

#[test]
fn the_environment_overrides_the_file() {
    let config = load(&[("QUITTANCE__SERVER__LISTEN", "127.0.0.1:4000"), ("HOME", "/")]).unwrap();
    assert_eq!(config.server.listen.port(), 4000);
}

#[test]
fn an_unknown_key_is_named() {
    let error = load(&[("QUITTANCE__SERVER__LISEN", "x")])
        .unwrap_err()
        .to_string();
    assert!(error.contains("lisen"), "{error}");
}

#[test]
fn production_refuses_the_sandbox() {
    let error = load(&[("QUITTANCE__PRODUCTION", "true")])
        .unwrap_err()
        .to_string();
    assert!(error.contains("sandbox.enabled"), "{error}");
}

#[test]
fn the_owners_address_may_come_from_the_environment_alone() {
    let owner = "postgres://owner@db/quittance";
    assert_eq!(load(&[]).unwrap().backend().migration_url, None);
    let config = load(&[("QUITTANCE__DATABASE__MIGRATION_URL", owner)]).unwrap();
    assert_eq!(config.backend().migration_url.as_deref(), Some(owner));
}
