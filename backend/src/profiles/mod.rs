//! Billing profiles of trading accounts (B1, B2, I16).
//!
//! The seller makes and archives those of its customers; the customer says where its invoices go, whom to ask and which of
//! its cards autopay is to use for them. Documents are bound to a profile by [`Bound`], which [`crate::invoices::write`]
//! writes down as it is at that moment.

mod bound;
pub mod read;
#[cfg(test)]
mod tests;
pub mod write;

pub(crate) use bound::{Bound, bind, bound_of_all, contact_of, open_first};
pub(crate) use write::preferring;

use crate::Error;
use domain::{
    ids::ProfileId,
    profiles::{Profile, ProfileRow, Standing},
};
use entity::billing_profile;

/// A stored profile.
fn row(row: &billing_profile::Model) -> Result<ProfileRow, Error> {
    let standing = match (row.is_default, row.archived_at) {
        (true, _) => Standing::Default,
        (false, None) => Standing::InUse,
        (false, Some(_)) => Standing::Archived,
    };
    Ok(ProfileRow {
        id: ProfileId(row.id),
        profile: content(row)?,
        standing,
    })
}

/// What a stored profile says.
fn content(row: &billing_profile::Model) -> Result<Profile, Error> {
    Ok(serde_json::from_value(row.content.clone())?)
}
