//! Who is signed in, as pages need to know it, and the rules for passwords.

use crate::{
    access::{Permission, Rights, TenantKind},
    ids::{TenantId, UserId},
    refusal::Refusal,
    single_sign_on::AuthMethod,
    tenants::{Subsidiary, Tenant},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Fewest characters of a password.
pub const PASSWORD_MIN: u32 = 10;
/// Most bytes of a password that are looked at; longer ones are refused before they cost anything.
pub const PASSWORD_MAX: usize = 1_024;

/// The signed-in person in the tenant they work in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// Where.
    pub tenant: Tenant,
    /// What they may do there.
    pub rights: Rights,
    /// The subsidiaries whose received invoices they see, by name; none with the narrow reach.
    pub subsidiaries: Vec<Subsidiary>,
    /// What they must do before they may do anything else.
    pub confined: Option<Confined>,
    /// How they came in.
    pub method: AuthMethod,
    /// Today in the tenant's time zone.
    pub today: NaiveDate,
}

/// Why somebody who is signed in may do nothing yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confined {
    /// The tenant's people must come by its provider, and they came by their password.
    Company,
    /// The tenant asks for a second factor and they have none.
    SecondFactor,
}

impl Confined {
    /// The answer to whatever else they try.
    pub const fn refusal(self) -> Refusal {
        match self {
            Self::Company => Refusal::CompanyMissing,
            Self::SecondFactor => Refusal::SecondFactorMissing,
        }
    }
}

impl Viewer {
    /// The same answer that the server will give.
    pub fn may(&self, permission: Permission) -> bool {
        self.rights.has(permission)
    }
}

/// A tenant that a person belongs to (T19).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workplace {
    /// Which.
    pub tenant: TenantId,
    /// Its name.
    pub name: String,
    /// Its tier.
    pub kind: TenantKind,
    /// It is the one that they work in.
    pub here: bool,
}

/// One of a person's own sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnSession {
    /// What it is ended by. It lets nobody in.
    pub id: String,
    /// It is the one that asks.
    pub here: bool,
    /// Browser and system, as [`device`] reads them.
    pub device: String,
    /// Network address it was begun from, if known.
    pub address: Option<String>,
    /// Name of the tenant that it works in.
    pub tenant: String,
    /// How it was begun.
    pub method: AuthMethod,
    /// When it was last used, to the minute.
    pub seen_at: DateTime<Utc>,
}

/// Browser and system of what a browser calls itself, in words that its owner knows it by: `Firefox on Windows`.
pub fn device(user_agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        let found = names.iter().find(|(mark, _)| user_agent.contains(mark));
        found.map(|(_, name)| *name)
    };
    // The order matters: most browsers also claim to be the ones further down.
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "Unknown device".to_owned(),
    }
}

/// Judges a new password: long enough, not among the most common ones, not made of what everybody here would think of
/// (ASVS 6.2).
///
/// # Errors
/// [`Refusal::WeakPassword`].
pub fn new_password(password: &str) -> Result<(), Refusal> {
    let weak = Refusal::WeakPassword {
        at_least: PASSWORD_MIN,
    };
    let lowered = password.to_lowercase();
    let monotone = lowered.chars().all(|c| lowered.starts_with(c));
    if password.chars().count() < PASSWORD_MIN as usize
        || password.len() > PASSWORD_MAX
        || monotone
        || is_common(&lowered)
        || is_of_this_place(&lowered)
    {
        return Err(weak);
    }
    Ok(())
}

/// Words that are to be expected in a billing portal. Alone, one after another, or with digits and signs around them they
/// make no password.
const OF_THIS_PLACE: [&str; 24] = [
    "quittance",
    "portal",
    "billing",
    "bills",
    "bill",
    "invoices",
    "invoice",
    "payments",
    "payment",
    "payer",
    "pay",
    "receipt",
    "account",
    "login",
    "password",
    "secret",
    "admin",
    "finance",
    "sales",
    "viewer",
    "customer",
    "partner",
    "distributor",
    "company",
];

/// Whether a text is made of such words alone. What stands between and around them, but for letters, does not count.
fn is_of_this_place(lowered: &str) -> bool {
    let letters: String = lowered.chars().filter(|c| c.is_alphabetic()).collect();
    let mut rest = letters.as_str();
    while let Some(after) = OF_THIS_PLACE.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = after;
    }
    rest.is_empty() && !letters.is_empty()
}

/// The most used passwords of ten or more characters, one a line, in lower case. Lines that begin with `#` say where they
/// come from.
const COMMON: &str = include_str!("sessions/common_passwords.txt");

fn is_common(lowered: &str) -> bool {
    !lowered.starts_with('#') && COMMON.lines().any(|common| common == lowered)
}

#[cfg(test)]
mod tests;
