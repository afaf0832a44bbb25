//! Password hashes: argon2id with 19 MiB, two passes, one lane (ASVS 11.4.2), off the threads that serve requests.

use crate::{Backend, Error};
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

/// A hash that nothing fits, verified when there is no such user, so that both cases take the same time.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$YLor5bltAkPilx/jWlAwlA$QIbrh9oihl28E0TUL2AnjfuX7W0zVUUeA12WnRFYFqw";

/// Hashes a password with a fresh salt.
///
/// # Errors
/// [`Error::Port`] when the machine cannot: no memory, no randomness.
pub(crate) async fn hash(backend: &Backend, password: &str) -> Result<String, Error> {
    let password = password.to_owned();
    at_leisure(backend, move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
    })
    .await?
    .map_err(|error| Error::Port(Box::new(error)))
}

/// Whether a password fits a hash; with no hash it takes as long and says no.
///
/// # Errors
/// [`Error::Port`] when the machine cannot.
pub(super) async fn verify(backend: &Backend, password: &str, hash: Option<String>) -> Result<bool, Error> {
    let password = password.to_owned();
    at_leisure(backend, move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let fits = PasswordHash::new(&hash).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        });
        known && fits
    })
    .await
}

/// Runs on the blocking pool, two at a time.
async fn at_leisure<T: Send + 'static>(
    backend: &Backend,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    let permit = backend
        .inner
        .hashing
        .acquire()
        .await
        .map_err(|error| Error::Port(Box::new(error)))?;
    let outcome = tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Port(Box::new(error)));
    drop(permit);
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_that_nothing_fits_costs_as_much_as_a_real_one() {
        let hash = PasswordHash::new(NOBODY).unwrap();
        let params = argon2::Params::try_from(&hash).unwrap();
        assert_eq!(
            (params.m_cost(), params.t_cost(), params.p_cost()),
            (19_456, 2, 1)
        );
    }
}
