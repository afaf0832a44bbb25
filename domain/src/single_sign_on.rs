//! Signing in with one's company: an OpenID Connect provider that a tenant names.
//!
//! Whoever runs a tenant runs its provider, and a provider can say of anybody that they are there. So what it says is
//! good for that tenant and for nothing else: a session begun by it stays in the tenant and leaves the person's login
//! as it is, and nobody becomes a member by it.

use crate::{FieldErrors, Refusal, ids::UserId, people};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How long somebody may take at the provider.
pub const REQUEST_KEPT: TimeDelta = TimeDelta::minutes(10);
/// Most characters of an issuer's address, a client id or a secret.
pub const TEXT_MAX: u32 = 500;
/// Most mail domains of a tenant.
pub const DOMAINS_MAX: u32 = 20;
/// People that the page of the settings lists.
pub const LINKED_SHOWN: u64 = 200;

/// By what somebody proved who they are when their session was begun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AuthMethod {
    /// By the password of their login, and its second factor if they have one.
    #[default]
    Password,
    /// By their company's provider.
    Company,
    /// By their company's provider, which says that it asked for a second factor.
    CompanyStrong,
}

impl AuthMethod {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Password, Self::Company, Self::CompanyStrong];

    /// Its word in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Company => "company",
            Self::CompanyStrong => "company_strong",
        }
    }

    /// The one of a word; none when it is no such word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.code() == code)
    }

    /// The provider of a tenant said who it is. Then it is good for that tenant alone.
    pub const fn is_company(self) -> bool {
        matches!(self, Self::Company | Self::CompanyStrong)
    }
}

/// A tenant's provider, without its secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// Its address, exactly as it names itself.
    pub issuer: String,
    /// What it knows the portal by.
    pub client_id: String,
    /// Mail domains of the people whom it may let in for the first time.
    pub domains: Vec<String>,
    /// The tenant's people must come this way.
    pub required: bool,
    /// Where it asked for a second factor, the portal asks for none.
    pub second_factor: bool,
}

impl Provider {
    /// The domains as they are stored and shown: with blanks between them.
    pub fn domains_text(&self) -> String {
        self.domains.join(" ")
    }

    /// Reads what [`Self::domains_text`] wrote.
    pub fn domains_from(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    /// Whether it is another provider, or another client of it, so that what was agreed with the one before is void.
    pub fn is_another(&self, before: &Self) -> bool {
        self.issuer != before.issuer || self.client_id != before.client_id
    }
}

/// The settings as a form posts them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderForm {
    /// As typed.
    pub issuer: String,
    /// As typed.
    pub client_id: String,
    /// As typed, with blanks, commas or line ends between them.
    pub domains: String,
    /// Ticked.
    pub required: bool,
    /// Ticked.
    pub second_factor: bool,
}

impl ProviderForm {
    /// Reads it.
    ///
    /// # Errors
    /// What is wrong with each field.
    pub fn read(&self) -> Result<Provider, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut at = |field: &str, read: Result<String, Refusal>| {
            read.unwrap_or_else(|refusal| {
                errors.add(field, refusal);
                String::new()
            })
        };
        let issuer = at("issuer", issuer(&self.issuer));
        let client_id = at("client_id", word(&self.client_id));
        let domains = match domains(&self.domains) {
            Ok(domains) => domains,
            Err(refusal) => {
                errors.add("domains", refusal);
                Vec::new()
            }
        };
        errors.unless(Provider {
            issuer,
            client_id,
            domains,
            required: self.required,
            second_factor: self.second_factor,
        })
    }
}

/// Reads what is one word to us: a client id, a secret.
///
/// # Errors
/// [`Refusal::Missing`] or [`Refusal::TooLong`]; [`Refusal::FormBroken`] for what no field of a page can send.
pub fn word(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::Missing);
    }
    if text.chars().count() > TEXT_MAX as usize {
        return Err(Refusal::TooLong { at_most: TEXT_MAX });
    }
    if text.chars().any(char::is_control) {
        return Err(Refusal::FormBroken);
    }
    Ok(text.to_owned())
}

/// Reads an issuer's address: `https`, a host, perhaps a port and a path. `http` only on this machine, and whether that
/// may be called is the operator's to say. It is kept as it is written, since the provider compares it letter by letter.
fn issuer(text: &str) -> Result<String, Refusal> {
    let text = word(text)?;
    let not = || Refusal::NotAnIssuer {
        text: text.chars().take(100).collect(),
    };
    let (scheme, rest) = text.split_once("://").ok_or_else(not)?;
    let (authority, _) = rest.split_once('/').unwrap_or((rest, ""));
    let local = matches!(host(authority), "localhost" | "127.0.0.1" | "[::1]");
    let scheme_fits = scheme == "https" || (scheme == "http" && local);
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '?' | '#' | '@' | '\\' | '"' | '<' | '>');
    if scheme_fits && !host(authority).is_empty() && text.chars().all(plain) {
        Ok(text)
    } else {
        Err(not())
    }
}

/// The host of an authority, without its port.
fn host(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) | None => authority,
    }
}

/// Reads mail domains, with or without the sign in front. Each once, in their order.
fn domains(text: &str) -> Result<Vec<String>, Refusal> {
    let mut read: Vec<String> = Vec::new();
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    for word in words.filter(|word| !word.is_empty()) {
        let domain = word.strip_prefix('@').unwrap_or(word).to_ascii_lowercase();
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        if domain.len() > 253 || !domain.contains('.') || !domain.split('.').all(label) {
            return Err(Refusal::NotADomain {
                text: word.chars().take(100).collect(),
            });
        }
        if !read.contains(&domain) {
            read.push(domain);
        }
    }
    if read.is_empty() {
        return Err(Refusal::Missing);
    }
    if read.len() > DOMAINS_MAX as usize {
        return Err(Refusal::TooMany { at_most: DOMAINS_MAX });
    }
    Ok(read)
}

/// The address by which a provider's word links somebody to their login here: proven by the provider, and of a domain that
/// the tenant named, letter by letter. None when it links nobody.
pub fn linking_address(domains: &[String], email: Option<&str>, verified: bool) -> Option<String> {
    let email = people::email(email.filter(|_| verified)?).ok()?;
    let (_, domain) = email.rsplit_once('@')?;
    let named = domains.iter().any(|named| named == domain);
    named.then_some(email)
}

/// Judges whether a tenant may demand this way in: who says so must have come by it, and by the provider that is meant,
/// or a slip would lock everybody out.
///
/// # Errors
/// [`Refusal::CompanyFirst`].
pub fn may_demand(wanted: &Provider, before: Option<&Provider>, by: AuthMethod) -> Result<(), Refusal> {
    let proven = by.is_company() && before.is_some_and(|before| !wanted.is_another(before));
    if !wanted.required
        || before.is_some_and(|before| before.required && !wanted.is_another(before))
        || proven
    {
        Ok(())
    } else {
        Err(Refusal::CompanyFirst)
    }
}

/// The settings as their page shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SingleSignOn {
    /// The provider, once there is one.
    pub provider: Option<Provider>,
    /// Where the provider is to send people back to.
    pub return_address: String,
    /// Where the tenant's people log in.
    pub login_address: String,
    /// Who are linked, by their names.
    pub linked: Vec<Linked>,
}

/// Somebody whom the provider lets in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their address here.
    pub email: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// What the page of this way in shows to whoever opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayIn {
    /// The host that one is led to.
    pub host: String,
}

impl WayIn {
    /// The way to a provider.
    pub fn to(issuer: &str) -> Self {
        let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
        let authority = rest.split('/').next().unwrap_or(rest);
        Self {
            host: authority.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
