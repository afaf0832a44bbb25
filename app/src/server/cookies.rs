//! Cookies: who is signed in, who is about to be, with which company somebody comes in, what a page shows once, and which
//! columns the grid has.

use super::{Caller, set_header, with_next};
use crate::frame::{administration, billing, reconciliation};
use backend::{
    Error,
    sessions::{
        read::viewer,
        write::{Entry, NewSession},
    },
    single_sign_on::{begin::Begun, finish::Arrived},
};
use chrono::{DateTime, Utc};
use domain::{
    ids::{TenantId, Uuid},
    sessions::Viewer,
};
use http::{HeaderName, header, request::Parts};
use leptos::prelude::*;

/// How the session cookie is named and guarded (D16).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookiePolicy {
    /// Behind TLS: `__Host-session`, `Secure`.
    Secure,
    /// On loopback without TLS: `session`.
    Loopback,
}

impl CookiePolicy {
    /// Name of the cookie.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Secure => "__Host-session",
            Self::Loopback => "session",
        }
    }

    /// Name of the cookie of a login that waits for its code.
    pub const fn pending(self) -> &'static str {
        match self {
            Self::Secure => "__Host-pending",
            Self::Loopback => "pending",
        }
    }

    /// Name of the cookie of a browser that is at its company's provider.
    pub const fn away(self) -> &'static str {
        match self {
            Self::Secure => "__Host-away",
            Self::Loopback => "away",
        }
    }

    /// Name of the cookie of the company that this browser came in with.
    const fn company(self) -> &'static str {
        match self {
            Self::Secure => "__Host-company",
            Self::Loopback => "company",
        }
    }

    /// Name of the cookie of the grid's columns.
    const fn columns(self) -> &'static str {
        match self {
            Self::Secure => "__Host-columns",
            Self::Loopback => "columns",
        }
    }

    /// Name of the cookie that brings what is shown once to the page that shows it.
    const fn once(self) -> &'static str {
        match self {
            Self::Secure => "__Host-once",
            Self::Loopback => "once",
        }
    }

    fn cookie(self, name: &str, value: &str, max_age: i64) -> String {
        let secure = if self == Self::Secure { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}")
    }
}

/// Seconds for which a preference is kept.
const YEAR: i64 = 31_536_000;
/// Seconds for which what is shown once may be on its way.
const ONCE_KEPT: i64 = 120;

impl Caller {
    /// Keeps the visitor signed in with a new token.
    pub fn sign_in(&self, session: &NewSession) {
        for cookie in self.session_cookies(session) {
            set_header(header::SET_COOKIE, &cookie);
        }
    }

    /// Goes on after a right password: says where to, be it the page that asks for the code.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enter(&self, entry: &Entry, next: Option<String>) -> Result<String, Error> {
        let (cookies, to) = self.entered(entry, next).await?;
        for cookie in cookies {
            set_header(header::SET_COOKIE, &cookie);
        }
        Ok(to)
    }

    /// What a browser holds that was sent to its company's provider.
    pub fn sent_away(&self, begun: &Begun) -> String {
        let seconds = self.seconds_until(begun.expires_at);
        self.cookie.cookie(self.cookie.away(), &begun.token, seconds)
    }

    /// What a browser holds that came back from its company's provider, and where it goes on to.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn arrived(&self, tenant: TenantId, arrived: Arrived) -> Result<(Vec<String>, String), Error> {
        let Arrived { entry, next } = arrived;
        let (mut cookies, to) = self.entered(&entry, next).await?;
        let company = self.cookie.company();
        cookies.push(self.cookie.cookie(company, &tenant.to_string(), YEAR));
        cookies.push(self.came_back());
        Ok((cookies, to))
    }

    /// Forgets that the browser was away.
    pub fn came_back(&self) -> String {
        self.cookie.cookie(self.cookie.away(), "", 0)
    }

    async fn entered(&self, entry: &Entry, next: Option<String>) -> Result<(Vec<String>, String), Error> {
        Ok(match entry {
            Entry::In(session) => {
                let to = match next {
                    Some(next) => next,
                    None => self.first_page(session).await?.to_owned(),
                };
                (self.session_cookies(session), to)
            }
            Entry::Code(pending) => {
                let seconds = self.seconds_until(pending.expires_at);
                let cookie = self.cookie.cookie(self.cookie.pending(), &pending.token, seconds);
                (vec![cookie], with_next("/login/code", next.as_deref()))
            }
        })
    }

    /// Where somebody begins who was on the way to nothing: with the choice where to work, or with what they work in (T19).
    async fn first_page(&self, session: &NewSession) -> Result<&'static str, Error> {
        if session.unchosen {
            return Ok("/switch");
        }
        let found = viewer(&self.backend, &session.token).await?;
        let one_of = |viewer: &Viewer| {
            // Behind a shut door the page of invoices says why it is shut.
            billing(viewer)
                .or(reconciliation(viewer))
                .or(administration(viewer))
        };
        Ok(found
            .and_then(|(_, viewer)| one_of(&viewer))
            .unwrap_or("/invoices"))
    }

    fn session_cookies(&self, session: &NewSession) -> Vec<String> {
        let seconds = self.seconds_until(session.expires_at);
        let mut cookies = vec![self.cookie.cookie(self.cookie.name(), &session.token, seconds)];
        if self.pending.is_some() {
            cookies.push(self.cookie.cookie(self.cookie.pending(), "", 0));
        }
        cookies
    }

    fn seconds_until(&self, moment: DateTime<Utc>) -> i64 {
        (moment - self.backend.now()).num_seconds().max(0)
    }

    /// Sends words to the page that shows them once. They are kept nowhere: the browser brings them, and the page takes
    /// them from it.
    pub fn show_once(&self, words: &[String]) {
        self.set_cookie(self.cookie.once(), &words.join("."), ONCE_KEPT);
    }

    /// Takes the words that [`Self::show_once`] sent.
    pub fn shown_once(&self) -> Vec<String> {
        let words = cookie(self.cookie.once()).unwrap_or_default();
        if words.is_empty() {
            return Vec::new();
        }
        self.set_cookie(self.cookie.once(), "", 0);
        words.split('.').map(str::to_owned).collect()
    }

    fn set_cookie(&self, name: &str, value: &str, max_age: i64) {
        set_header(header::SET_COOKIE, &self.cookie.cookie(name, value, max_age));
    }

    /// Forgets the token in the browser.
    pub fn sign_out(&self) {
        self.set_cookie(self.cookie.name(), "", 0);
        set_header(HeaderName::from_static("clear-site-data"), "\"cache\"");
    }
}

/// The grid's columns that this browser chose, if it did.
pub fn remembered_columns() -> Vec<domain::invoices::columns::Column> {
    cookie(Caller::current().cookie.columns())
        .map(|codes| {
            codes
                .split('.')
                .filter_map(domain::invoices::columns::Column::from_code)
                .collect()
        })
        .unwrap_or_default()
}

/// The company that this browser came in with before. It is a convenience: the page that it leads to is open to all.
pub fn remembered_company() -> Option<TenantId> {
    let id: Uuid = cookie(Caller::current().cookie.company())?.parse().ok()?;
    Some(TenantId(id))
}

/// A cookie of the request by its name.
fn cookie(name: &str) -> Option<String> {
    let parts = expect_context::<Parts>();
    let cookies = parts
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
        .map(str::to_owned)
}

/// Remembers the grid's columns in this browser: a preference, no secret.
pub fn remember_columns(columns: &[domain::invoices::columns::Column]) {
    let codes: Vec<&str> = columns.iter().map(|column| column.code()).collect();
    let age = if codes.is_empty() { 0 } else { YEAR };
    let caller = Caller::current();
    caller.set_cookie(caller.cookie.columns(), &codes.join("."), age);
}

#[cfg(test)]
mod tests {
    use super::CookiePolicy;

    #[test]
    fn behind_tls_every_cookie_is_bound_to_the_host_and_secure() {
        let policy = CookiePolicy::Secure;
        for name in [
            policy.name(),
            policy.pending(),
            policy.once(),
            policy.columns(),
            policy.away(),
            policy.company(),
        ] {
            assert!(name.starts_with("__Host-"), "{name}");
            let cookie = policy.cookie(name, "x", 60);
            for part in ["; Path=/;", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
                assert!(cookie.contains(part), "{cookie} lacks {part}");
            }
        }
    }
}
