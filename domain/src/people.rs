//! The people of a tenant, who may change whom, and invitations (R1, R6, R8, T15).

use crate::{
    access::{Area, BuyerReach, Permission, Rights, Role, Side, TenantKind},
    ids::{InvitationId, UserId},
    refusal::Refusal,
    text,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How long an invitation can be accepted.
pub const INVITATION_KEPT: TimeDelta = TimeDelta::days(7);
/// How long a link that sets a new password works (ASVS 6.4.2).
pub const RESET_KEPT: TimeDelta = TimeDelta::minutes(30);
/// Most characters of a person's name.
pub const NAME_MAX: u32 = 120;
/// Most characters of an e-mail address (RFC 5321).
pub const EMAIL_MAX: u32 = 254;

/// Whether somebody belongs to a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MembershipState {
    /// They can work in it.
    Active,
    /// They cannot for now.
    Disabled,
    /// They do not any more; documents and histories go on naming them.
    Removed,
}

/// A role as a tenant has it: a built-in one, changed or not, or one of its own (R7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantRole {
    /// Its word, unique on its side.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// The built-in role that it is or began as.
    pub base: Role,
    /// What it may do.
    pub rights: Rights,
}

impl TenantRole {
    /// The tenant made it.
    pub fn is_own(&self) -> bool {
        self.code != self.base.code()
    }

    /// The permissions that a role of its side can have in a tenant of a kind, in the order of the matrix.
    pub fn possible(side: Side, kind: TenantKind) -> impl Iterator<Item = Permission> {
        Rights::all(kind)
            .iter()
            .filter(move |permission| permission.area().is_open_to(side))
    }

    /// The same for a page: those of one area.
    pub fn possible_in(area: Area, side: Side, kind: TenantKind) -> impl Iterator<Item = Permission> {
        Self::possible(side, kind).filter(move |permission| permission.area() == area)
    }
}

/// Somebody of a tenant, in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRow {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Name of their role on the seller's side.
    pub seller: Option<String>,
    /// Name of their role on the buyer's side.
    pub buyer: Option<String>,
    /// How far that role reaches.
    pub reach: BuyerReach,
    /// Whether they can work here.
    pub state: MembershipState,
    /// When they last signed in here.
    pub signed_in_at: Option<DateTime<Utc>>,
    /// It is who asks.
    pub oneself: bool,
}

/// An invitation that was not accepted yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationRow {
    /// Which.
    pub id: InvitationId,
    /// Name as the inviter typed it.
    pub name: String,
    /// To which address.
    pub email: String,
    /// Name of the role on the seller's side.
    pub seller: Option<String>,
    /// Name of the role on the buyer's side.
    pub buyer: Option<String>,
    /// How far that role reaches.
    pub reach: BuyerReach,
    /// Who invited.
    pub inviter: String,
    /// When it was last sent.
    pub sent_at: DateTime<Utc>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
    /// That is over.
    pub over: bool,
}

/// Everybody of a tenant, and who was invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// The people, by name; those who were removed last.
    pub people: Vec<PersonRow>,
    /// Open invitations, the newest first.
    pub invitations: Vec<InvitationRow>,
    /// The tenant has subsidiaries, so that it makes a difference how far a role reaches.
    pub has_subsidiaries: bool,
}

/// What can be chosen when somebody gets roles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleChoices {
    /// On the seller's side; empty where the tenant sells nothing.
    pub seller: Vec<TenantRole>,
    /// On the buyer's side; empty where nobody bills the tenant.
    pub buyer: Vec<TenantRole>,
    /// The tenant has subsidiaries, so that it makes a difference how far a role reaches.
    pub has_subsidiaries: bool,
}

impl RoleChoices {
    /// A role by its word.
    pub fn role(&self, side: Side, code: &str) -> Option<&TenantRole> {
        self.on(side).iter().find(|role| role.code == code)
    }

    /// Those of one side.
    pub fn on(&self, side: Side) -> &[TenantRole] {
        match side {
            Side::Seller => &self.seller,
            Side::Buyer => &self.buyer,
        }
    }
}

/// Somebody of a tenant, on a page of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonDetail {
    /// As in the list.
    pub row: PersonRow,
    /// Word of their role on the seller's side.
    pub seller: Option<String>,
    /// Word of their role on the buyer's side.
    pub buyer: Option<String>,
    /// What they may do.
    pub rights: Rights,
    /// Which roles there are.
    pub choices: RoleChoices,
    /// Why who asks cannot change them, if so.
    pub locked: Option<Refusal>,
}

/// What an invitation says to who opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenInvitation {
    /// Name of the tenant.
    pub tenant: String,
    /// Name of the invited.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Who invited.
    pub inviter: String,
    /// There is a login with this address already: it accepts with its own password.
    pub known: bool,
}

/// Somebody as those who change them see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Who.
    pub user: UserId,
    /// Whether they can work here.
    pub state: MembershipState,
    /// They are an admin of either side.
    pub admin: bool,
    /// What they may do.
    pub rights: Rights,
    /// How far their role on the buyer's side reaches.
    pub reach: BuyerReach,
}

/// Judges whether somebody may change somebody's roles or state. Nobody changes themselves, so that nobody raises
/// their own rights or shuts themselves out by mistake; and nobody changes who may do more than they, or reaches further.
///
/// # Errors
/// [`Refusal::OwnMembership`] or [`Refusal::MoreThanOwn`].
pub fn may_change(
    actor: Option<UserId>,
    (rights, reach): (Rights, BuyerReach),
    other: &Standing,
) -> Result<(), Refusal> {
    if actor == Some(other.user) {
        return Err(Refusal::OwnMembership);
    }
    may_give(rights, other.rights)?;
    reach.may_give(other.reach)
}

/// Judges whether rights may be given: nobody gives more than they have.
///
/// # Errors
/// [`Refusal::MoreThanOwn`] with the first permission that is missing.
pub fn may_give(own: Rights, given: Rights) -> Result<(), Refusal> {
    match given.iter().find(|permission| !own.has(*permission)) {
        Some(permission) => Err(Refusal::MoreThanOwn {
            permission: permission.label().to_owned(),
        }),
        None => Ok(()),
    }
}

/// Judges whether a tenant still has an admin who can work after somebody's change (R1).
///
/// # Errors
/// [`Refusal::LastAdmin`].
pub fn keeps_an_admin(after: &[Standing]) -> Result<(), Refusal> {
    let left = after
        .iter()
        .any(|one| one.admin && one.state == MembershipState::Active);
    if left { Ok(()) } else { Err(Refusal::LastAdmin) }
}

/// Reads a name, one line that is not empty.
///
/// # Errors
/// As [`text::needed`].
pub fn name(typed: &str) -> Result<String, Refusal> {
    text::needed(typed, NAME_MAX)
}

/// Reads an e-mail address, in lower case. Whether it exists only a mail can tell; this refuses what cannot be one.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::TooLong`] or [`Refusal::NotAnEmail`].
pub fn email(text: &str) -> Result<String, Refusal> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return Err(Refusal::Missing);
    }
    if text.len() > EMAIL_MAX as usize {
        return Err(Refusal::TooLong { at_most: EMAIL_MAX });
    }
    let not = || Refusal::NotAnEmail { text: text.clone() };
    let (local, domain) = text.rsplit_once('@').ok_or_else(not)?;
    let local_fits = !local.is_empty()
        && local.len() <= 64
        && local.split('.').all(|part| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c))
        });
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    if local_fits && domain.contains('.') && domain.split('.').all(label) {
        Ok(text)
    } else {
        Err(not())
    }
}

#[cfg(test)]
mod tests;
