//! Which of the two keys a request carries.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, header};

use crate::config::SandboxConfig;
use crate::error::ApiError;
use crate::form::Form;

/// What the caller's key allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The portal's key: everything.
    Secret,
    /// A browser's key: what `routes.rs` opens to browsers.
    Publishable,
}

/// Reads the key from `Authorization` (Bearer, or Basic with the key as user) or, as browsers send it, from the
/// parameter `key`.
///
/// # Errors
/// 401 when there is no key or an unknown one.
pub fn authenticate(
    config: &SandboxConfig,
    headers: &HeaderMap,
    form: &mut Form,
) -> Result<Access, ApiError> {
    let in_form = form.text("key");
    let Some(key) = key_of_header(headers).or(in_form) else {
        let message = "You did not provide an API key. You need to provide your API key in the Authorization header, \
                       using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').";
        return Err(ApiError::unauthorized(message));
    };
    if same(&key, &config.secret_key) {
        Ok(Access::Secret)
    } else if same(&key, &config.publishable_key) {
        Ok(Access::Publishable)
    } else {
        Err(ApiError::unauthorized("Invalid API Key provided."))
    }
}

fn key_of_header(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    let user = decoded.split_once(':').map_or(decoded.as_str(), |(user, _)| user);
    Some(user.to_owned())
}

/// Compares without telling by its time how much was right.
fn same(given: &str, expected: &str) -> bool {
    let difference = given
        .bytes()
        .zip(expected.bytes())
        .fold(0, |sum, (a, b)| sum | (a ^ b));
    given.len() == expected.len() && difference == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Database;

    fn access(authorization: Option<&str>, form: &str) -> Result<Access, ApiError> {
        let config = SandboxConfig::new(Database::Memory, "pk_test_one", "sk_test_one");
        let mut headers = HeaderMap::new();
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        }
        authenticate(&config, &headers, &mut Form::parse(form))
    }

    #[test]
    fn keys_are_found_in_each_place() {
        assert_eq!(access(Some("Bearer sk_test_one"), "").unwrap(), Access::Secret);
        let basic = format!("Basic {}", STANDARD.encode("sk_test_one:"));
        assert_eq!(access(Some(&basic), "").unwrap(), Access::Secret);
        assert_eq!(access(None, "key=pk_test_one").unwrap(), Access::Publishable);
    }

    #[test]
    fn a_wrong_or_missing_key_is_refused() {
        for attempt in [
            access(None, ""),
            access(Some("Bearer sk_test_on"), ""),
            access(Some("Bearer"), ""),
        ] {
            assert_eq!(attempt.unwrap_err().status, 401);
        }
    }
}
