//! The tenants that a seller made: its partners or customers, in groups that are switched on one after another (T16),
//! and what they share with the tier above (V50).

use super::{Company, Family};
use crate::{
    address::{pairs, query_string},
    ids::{GrantId, GroupId, InvitationId, TenantId},
    list::Position,
    refusal::Refusal,
    text::line,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Most characters of a reason.
pub const REASON_MAX: u32 = 200;
/// Most groups of a tenant.
pub const GROUPS_MAX: u32 = 100;

/// Whether a tenant's people can work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TenantState {
    /// They can.
    Active,
    /// They cannot for now.
    Suspended,
    /// They do not any more. Every document stays.
    Closed,
}

/// What stands between a tenant's people and their pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Door {
    /// Nothing.
    #[default]
    Open,
    /// Their group is not switched on yet (T16).
    Waiting,
    /// The tenant is suspended.
    Suspended,
    /// The tenant is closed.
    Closed,
}

impl Door {
    /// Judges by the tenant's state and whether its group is switched on; a tenant of no group waits for nothing.
    pub const fn of(state: TenantState, group_is_on: Option<bool>) -> Self {
        match (state, group_is_on) {
            (TenantState::Closed, _) => Self::Closed,
            (TenantState::Suspended, _) => Self::Suspended,
            (TenantState::Active, Some(false)) => Self::Waiting,
            (TenantState::Active, Some(true) | None) => Self::Open,
        }
    }
}

impl TenantState {
    /// All of them, as a filter offers them.
    pub const ALL: [Self; 3] = [Self::Active, Self::Suspended, Self::Closed];

    /// The stored word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        }
    }

    /// Reads the stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether shutting somebody out needs a reason: they are told it.
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Suspended | Self::Closed)
    }
}

/// Why the pages are shut, and whom to ask (T15).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorNotice {
    /// What stands between.
    pub door: Door,
    /// Name of the tenant.
    pub tenant: String,
    /// Why, in the words of who shut it.
    pub reason: Option<String>,
    /// Name of the tenant to ask.
    pub contact: Option<String>,
    /// Its phone number.
    pub phone: Option<String>,
    /// Its address.
    pub email: Option<String>,
}

/// A tenant in the list of who made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantRow {
    /// Which.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// What the maker's books call it.
    pub external_id: Option<String>,
    /// Whether its people can work.
    pub state: TenantState,
    /// Name of its group.
    pub group: Option<String>,
    /// What stands between its people and their pages.
    pub door: Door,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// One of them on its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantDetail {
    /// As in the list.
    pub row: TenantRow,
    /// What it says of itself.
    pub company: Company,
    /// Days until an invoice to it is due.
    pub terms_days: i32,
    /// Its group.
    pub group: Option<GroupId>,
    /// Why its people cannot work.
    pub reason: Option<String>,
    /// People who can work in it.
    pub people: u64,
    /// When somebody last signed in there.
    pub signed_in_at: Option<DateTime<Utc>>,
    /// Invitations that nobody accepted yet.
    pub invitations: Vec<LeadInvitation>,
    /// The groups there are.
    pub groups: Vec<GroupRow>,
    /// It shares the invoices that it issued.
    pub shares: bool,
    /// To whom it belongs, and who belongs to it.
    pub family: Family,
}

/// An invitation of a lead contact that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadInvitation {
    /// Which.
    pub id: InvitationId,
    /// Of whom.
    pub name: String,
    /// To which address.
    pub email: String,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// It is too old.
    pub over: bool,
}

/// A group of tenants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRow {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Since when it is switched on; none: it is not.
    pub opened_at: Option<DateTime<Utc>>,
    /// How many tenants are in it.
    pub tenants: u64,
}

/// What a tenant shares, or is let see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantRow {
    /// Which grant.
    pub id: GrantId,
    /// The other side.
    pub tenant: TenantId,
    /// Its name.
    pub name: String,
    /// Who gave it.
    pub given_by: String,
    /// When.
    pub given_at: DateTime<Utc>,
}

/// What a tenant shares with whom, and what it could.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sharing {
    /// The grants that it gave and did not take back.
    pub given: Vec<GrantRow>,
    /// Name of the tier above, when that could be let see and is not.
    pub possible: Option<(TenantId, String)>,
}

/// The list as an address asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantQuery {
    /// Part of the name or the external id, as typed.
    pub search: Option<String>,
    /// Only of this state.
    pub state: Option<TenantState>,
    /// Only of this group.
    pub group: Option<GroupId>,
    /// Which part.
    pub position: Position,
}

impl TenantQuery {
    /// Reads an address. What cannot be read narrows nothing.
    pub fn from_query(query: &str) -> Self {
        let mut read = Self::default();
        for (key, value) in pairs(query) {
            match key.as_str() {
                "search" if !value.trim().is_empty() => {
                    read.search = Some(value.trim().chars().take(120).collect());
                }
                "state" => read.state = TenantState::from_code(&value),
                "group" => read.group = value.parse().ok(),
                key => {
                    if let Some(position) = Position::from_pair(key, &value) {
                        read.position = position;
                    }
                }
            }
        }
        read
    }

    /// Writes the address: what [`Self::from_query`] reads.
    pub fn to_query(&self) -> String {
        let all = [
            self.search.clone().map(|text| ("search", text)),
            self.state.map(|state| ("state", state.code().to_owned())),
            self.group.map(|id| ("group", id.to_string())),
            self.position.to_pair(),
        ];
        query_string(all.into_iter().flatten())
    }

    /// The same list at another place.
    #[must_use]
    pub fn at(&self, position: Position) -> Self {
        Self {
            position,
            ..self.clone()
        }
    }
}

/// Reads why somebody is shut out; their people read it.
///
/// # Errors
/// [`Refusal::Missing`] where one is needed; [`Refusal::TooLong`].
pub fn reason(state: TenantState, text: &str) -> Result<Option<String>, Refusal> {
    let text = line(text, REASON_MAX)?;
    match (state.needs_reason(), text.is_empty()) {
        (true, true) => Err(Refusal::Missing),
        (false, _) => Ok(None),
        (true, false) => Ok(Some(text)),
    }
}
