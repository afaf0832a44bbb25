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
fn hosts_and_keys_that_are_none_are_named() {
    let hosts = load(&[(
        "QUITTANCE__OUTGOING__ALLOW_HOSTS",
        "login.internal:8443 127.0.0.1:4000",
    )])
    .unwrap();
    assert_eq!(hosts.outgoing.allowed().unwrap().len(), 2);
    let error = load(&[("QUITTANCE__OUTGOING__ALLOW_HOSTS", "https://login.internal")]).unwrap_err();
    assert!(error.to_string().contains("outgoing.allow_hosts"), "{error}");
    let error = load(&[("QUITTANCE__SECRETS__KEY", "hunter2")])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("secrets: key 1") && !error.contains("hunter2"),
        "{error}"
    );
    let error = load(&[("QUITTANCE__SECRETS__KEY_FILE", "/nowhere/key")]).unwrap_err();
    assert!(error.to_string().contains("/nowhere/key"), "{error}");
}

#[test]
fn proxies_that_are_none_are_named() {
    let some = load(&[("QUITTANCE__SERVER__TRUSTED_PROXIES", "127.0.0.1 10.0.0.0/8")]).unwrap();
    assert_eq!(some.server.trusted_proxies.len(), 2);
    for wrong in ["proxy.internal", "0.0.0.0/0"] {
        let error = load(&[("QUITTANCE__SERVER__TRUSTED_PROXIES", wrong)]).unwrap_err();
        assert!(error.to_string().contains("server.trusted_proxies"), "{error}");
    }
}

#[test]
fn a_key_is_made_for_trying_out_and_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/x.db", folder.path().display());
    let config = load(&[("QUITTANCE__DATABASE__URL", &url)]).unwrap();
    let path = folder.path().join("secrets.key");
    config.keyring().unwrap();
    let made = std::fs::read_to_string(&path).unwrap();
    config.keyring().unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), made);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
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
