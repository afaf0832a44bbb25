//! Looking at a password or a code, behind the brake on guessing.

use super::{
    password,
    throttle::{self, Key},
};
use crate::{Backend, Error};
use domain::{ids::UserId, sessions::PASSWORD_MAX};

/// Counts an API key that opens nothing, or refuses to count more.
///
/// # Errors
/// [`domain::Refusal::TooManyTries`]; [`Error::Database`].
pub(crate) async fn count_wrong_key(backend: &Backend, address: Option<&str>) -> Result<(), Error> {
    let keys = throttle::api_key_keys(address);
    // Whoever is braked already costs no transaction.
    throttle::look(backend, &keys).await?;
    throttle::admit(backend, &keys).await
}

/// A try that was counted.
pub(crate) struct Guard<'a> {
    backend: &'a Backend,
    keys: Vec<Key>,
}

impl<'a> Guard<'a> {
    /// Counts a try to sign in.
    ///
    /// # Errors
    /// [`domain::Refusal::TooManyTries`]; [`Error::Database`].
    pub(crate) async fn of_sign_in(
        backend: &'a Backend,
        email: &str,
        address: Option<&str>,
    ) -> Result<Self, Error> {
        Self::of(backend, throttle::sign_in_keys(email, address)).await
    }

    /// Counts a try to name one's own password.
    ///
    /// # Errors
    /// [`domain::Refusal::TooManyTries`]; [`Error::Database`].
    pub(crate) async fn of_own_password(backend: &'a Backend, user: UserId) -> Result<Self, Error> {
        Self::of(backend, throttle::own_password_key(user)).await
    }

    /// Counts a try to give the code of a person's second factor.
    ///
    /// # Errors
    /// [`domain::Refusal::TooManyTries`]; [`Error::Database`].
    pub(crate) async fn of_code(
        backend: &'a Backend,
        user: UserId,
        address: Option<&str>,
    ) -> Result<Self, Error> {
        Self::of(backend, throttle::code_keys(user, address)).await
    }

    /// Counts somebody who is sent to their company's provider.
    ///
    /// # Errors
    /// [`domain::Refusal::TooManyTries`]; [`Error::Database`].
    pub(crate) async fn of_company(backend: &'a Backend, address: Option<&str>) -> Result<Self, Error> {
        Self::of(backend, throttle::company_keys(address)).await
    }

    /// What [`Self::of_company`] counted, for who came back.
    pub(crate) fn back_from_company(backend: &'a Backend, address: Option<&str>) -> Self {
        Self {
            backend,
            keys: throttle::company_keys(address),
        }
    }

    async fn of(backend: &'a Backend, keys: Vec<Key>) -> Result<Self, Error> {
        throttle::admit(backend, &keys).await?;
        Ok(Self { backend, keys })
    }

    /// Whether a password fits a hash; with no hash it takes as long and says no. What fits is no longer counted.
    ///
    /// # Errors
    /// [`Error::Port`] when the machine cannot; [`Error::Database`].
    pub(crate) async fn fits(self, typed: &str, hash: Option<&str>) -> Result<bool, Error> {
        let short = typed.len() <= PASSWORD_MAX;
        if !short || !password::verify(self.backend, typed, hash.map(str::to_owned)).await? {
            return Ok(false);
        }
        self.forgive().await?;
        Ok(true)
    }

    /// Takes the try back, since it was right.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(crate) async fn forgive(self) -> Result<(), Error> {
        throttle::forgive(self.backend, &self.keys).await
    }
}
