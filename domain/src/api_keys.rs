//! Keys with which programs of a tenant call the portal: what one is made from, and what it may do.
//!
//! A key stands for nobody who could be asked anything, so it gets little: what its giver ticked and has. It never does
//! more than its giver may do now, and it ends with them.

use crate::{
    access::{Permission, Rights},
    ids::ApiKeyId,
    invoices::codes::codes,
    people::may_give,
    refusal::{FieldErrors, Refusal},
    text,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How every key begins, so that people and scanners for leaked secrets know one when they see it.
pub const PREFIX: &str = "qk_";
/// How much of a key is shown afterwards. It tells the keys of a tenant apart and leaves 224 random bits untold.
pub const SHOWN: usize = 11;
/// Most keys of a tenant that open something.
pub const MOST_KEYS: u32 = 50;
/// Most characters of a key's name.
pub const NAME_MAX: u32 = 40;

/// What a key can be let do: what the interface for programs serves. A permission joins when an endpoint asks for it, and
/// no key that there is gets it by that.
pub const POSSIBLE: [Permission; 3] = [
    Permission::ViewIssuedInvoices,
    Permission::ViewReceivedInvoices,
    Permission::RecordPayments,
];

/// For how long a key is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lasting {
    /// Thirty days.
    Month,
    /// Ninety days.
    Quarter,
    /// A year.
    Year,
    /// Until it is revoked.
    Forever,
}

codes! {
    Lasting:
        Year = "year" "A year",
        Quarter = "quarter" "90 days",
        Month = "month" "30 days",
        Forever = "forever" "Until it is revoked";
}

impl Lasting {
    /// When a key ends that is made now.
    pub fn until(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let days = match self {
            Self::Month => 30,
            Self::Quarter => 90,
            Self::Year => 365,
            Self::Forever => return None,
        };
        Some(now + TimeDelta::days(days))
    }
}

/// A key to be made, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeyFields {
    /// Id of the key, drawn when the form was rendered: however often it is posted, it is one key (V29).
    #[serde(default)]
    pub key: String,
    /// What the tenant calls it.
    #[serde(default)]
    pub name: String,
    /// Word of [`Lasting`].
    #[serde(default)]
    pub lasts: String,
    /// Codes of permissions.
    #[serde(default)]
    pub may: Vec<String>,
}

/// A key to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// What the tenant calls it.
    pub name: String,
    /// For how long it is good.
    pub lasts: Lasting,
    /// What it may do as long as its giver may.
    pub rights: Rights,
}

impl ApiKeyFields {
    /// Reads what was typed by somebody who may do so much themselves.
    ///
    /// # Errors
    /// By field: [`Refusal::FormBroken`] for what was tampered with, what [`text::needed`] says of the name,
    /// [`Refusal::UnknownChoice`], [`Refusal::Missing`] when nothing is ticked, [`Refusal::MoreThanOwn`].
    pub fn read(&self, own: Rights) -> Result<NewApiKey, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = text::needed(&self.name, NAME_MAX).map_err(|refusal| errors.add("name", refusal));
        let lasts = Lasting::from_code(self.lasts.trim());
        if lasts.is_none() {
            let text = self.lasts.trim().chars().take(NAME_MAX as usize).collect();
            errors.add("lasts", Refusal::UnknownChoice { text });
        }
        let rights = self
            .rights()
            .and_then(|rights| may_give(own, rights).map(|()| rights))
            .map_err(|refusal| errors.add("may", refusal));
        let Ok(id) = self.key.trim().parse() else {
            errors.add("", Refusal::FormBroken);
            return Err(errors);
        };
        match (name, lasts, rights) {
            (Ok(name), Some(lasts), Ok(rights)) => Ok(NewApiKey {
                id,
                name,
                lasts,
                rights,
            }),
            _ => Err(errors),
        }
    }

    fn rights(&self) -> Result<Rights, Refusal> {
        let known = |word: &String| POSSIBLE.into_iter().find(|one| one.code() == word);
        let chosen: Option<Vec<Permission>> = self.may.iter().map(known).collect();
        let chosen = chosen.ok_or(Refusal::FormBroken)?;
        if chosen.is_empty() {
            return Err(Refusal::Missing);
        }
        Ok(chosen.into_iter().fold(Rights::NONE, Rights::with))
    }
}

/// What somebody can let a key do.
pub fn offered(own: Rights) -> Vec<Permission> {
    POSSIBLE.into_iter().filter(|one| own.has(*one)).collect()
}

/// Rights as they are stored: codes with blanks between them.
pub fn to_text(rights: Rights) -> String {
    let words: Vec<&str> = rights.iter().map(Permission::code).collect();
    words.join(" ")
}

/// Reads the stored text. Words that this release does not know give nothing.
pub fn from_text(text: &str) -> Rights {
    let known = |word: &str| POSSIBLE.into_iter().find(|one| one.code() == word);
    text.split_whitespace()
        .filter_map(known)
        .fold(Rights::NONE, Rights::with)
}

/// How a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiKeyState {
    /// It opens what it may.
    Works,
    /// Its giver is shut out, so it opens nothing until they are let in again.
    Rests,
    /// Its time is over.
    Expired,
    /// It was taken back.
    Revoked,
}

/// A key in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeyRow {
    /// Which.
    pub id: ApiKeyId,
    /// What the tenant calls it.
    pub name: String,
    /// How it begins.
    pub shown: String,
    /// What it was let do.
    pub rights: Rights,
    /// Who made it.
    pub given_by: String,
    /// When.
    pub given_at: DateTime<Utc>,
    /// When it was used last, to the minute.
    pub used_at: Option<DateTime<Utc>>,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// How it stands.
    pub state: ApiKeyState,
}

/// The page of keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeys {
    /// Id of the key that this rendering of the form would make.
    pub form: ApiKeyId,
    /// The keys, those that can still open something first, the newest of each first.
    pub keys: Vec<ApiKeyRow>,
    /// What the viewer can let a key do.
    pub offered: Vec<Permission>,
}

#[cfg(test)]
mod tests;
