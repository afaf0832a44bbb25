//! What was done in a tenant, by whom and from where, as its people read it (V51).

use crate::{
    address::{pairs, query_string},
    ids::{ApiKeyId, TenantId, UserId},
    list::Position,
};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the list is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditFilter {
    /// Number of a document, as typed.
    pub document: Option<String>,
    /// One thing, by its id: out of a link.
    pub about: Option<Uuid>,
    /// Who acted.
    pub person: Option<UserId>,
    /// With which key a program acted.
    pub key: Option<ApiKeyId>,
    /// From which tenant they acted.
    pub tenant: Option<TenantId>,
    /// From this day on.
    pub from: Option<NaiveDate>,
    /// Up to this day.
    pub to: Option<NaiveDate>,
}

/// The list as an address asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditQuery {
    /// Narrowed to what.
    pub filter: AuditFilter,
    /// Which part.
    pub position: Position,
}

impl AuditQuery {
    /// Reads an address. What cannot be read narrows nothing.
    pub fn from_query(query: &str) -> Self {
        let mut read = Self::default();
        for (key, value) in pairs(query) {
            let filter = &mut read.filter;
            match key.as_str() {
                "document" if !value.trim().is_empty() => {
                    filter.document = Some(value.trim().chars().take(64).collect());
                }
                "about" => filter.about = value.parse().ok(),
                "person" => filter.person = value.parse().ok(),
                "key" => filter.key = value.parse().ok(),
                "tenant" => filter.tenant = value.parse().ok(),
                "from" => filter.from = day(&value),
                "to" => filter.to = day(&value),
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
        let AuditFilter {
            document,
            about,
            person,
            key,
            tenant,
            from,
            to,
        } = &self.filter;
        let all = [
            document.clone().map(|text| ("document", text)),
            about.map(|id| ("about", id.to_string())),
            person.map(|id| ("person", id.to_string())),
            key.map(|id| ("key", id.to_string())),
            tenant.map(|id| ("tenant", id.to_string())),
            from.map(|day| ("from", day.to_string())),
            to.map(|day| ("to", day.to_string())),
            self.position.to_pair(),
        ];
        query_string(all.into_iter().flatten())
    }

    /// The same list at another place.
    #[must_use]
    pub fn at(&self, position: Position) -> Self {
        Self {
            filter: self.filter.clone(),
            position,
        }
    }
}

/// A day of the calendar that people and databases share.
fn day(text: &str) -> Option<NaiveDate> {
    let day: NaiveDate = text.parse().ok()?;
    (1..=9_999).contains(&day.year()).then_some(day)
}

/// One thing that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Its number in the tenant; they have no gaps.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who: a person, a program's key, `Import`, or what the machinery calls itself.
    pub actor: String,
    /// It was a program that acted, with a key of this name.
    pub by_key: bool,
    /// The tenant they acted from, when it is another one.
    pub from: Option<String>,
    /// What was done, in words.
    pub action: String,
    /// The kind of thing it was done to, in words.
    pub kind: String,
    /// What that is called, if it has a name.
    pub name: Option<String>,
    /// Its page, if there is one.
    pub link: Option<String>,
    /// What changed: name, how it was, how it is.
    pub changes: Vec<Change>,
    /// Why, in the actor's words.
    pub reason: Option<String>,
    /// Network address, if it is known.
    pub address: Option<String>,
}

/// One value that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Of what.
    pub name: String,
    /// How it was; none if it was not.
    pub before: Option<String>,
    /// How it is; none if it is not any more.
    pub after: Option<String>,
}

/// What the filters of the list offer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditChoices {
    /// People of the tenant.
    pub people: Vec<(UserId, String)>,
    /// Keys of the tenant's programs.
    pub keys: Vec<(ApiKeyId, String)>,
    /// Tenants it trades with.
    pub tenants: Vec<(TenantId, String)>,
}

/// A stored word as people read it: `change_roles` is `Change roles`.
pub fn in_words(code: &str) -> String {
    let mut words = code.replace(['_', '.'], " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// What was done, in words. Words that are not here are read as they are stored.
pub fn action_in_words(action: &str) -> String {
    let known = match action {
        "sign_in" => "Logged in",
        "join" => "Joined",
        "create" => "Created",
        "issue" => "Issued",
        "import" => "Imported",
        "upload" => "Uploaded",
        "publish" => "Published",
        "undo" => "Undone",
        "submit" => "Submitted",
        "fail" => "Failed",
        "receive" => "Received",
        "pay" | "pay_offline" | "pay_opening" => "Paid",
        "record" => "Recorded",
        "apply" => "Money applied",
        "apply_plan" => "Money put to invoices",
        "undo_plan" => "Money taken off again",
        "roll_up" => "Billed with a roll-up bill",
        "take_out" => "Taken out of a roll-up bill",
        "set_aside" => "Set aside",
        "take_up" => "Taken up again",
        "name_columns" => "Columns named",
        "map_company" => "Vendor’s company mapped",
        "map_product" => "Vendor’s product mapped",
        "unpay" => "Money taken off",
        "credit" => "Credited",
        "uncredit" => "Credit taken back",
        "refund" => "Money given back",
        "reversal" => "Reversed",
        "chargeback" => "Charged back",
        "return" => "Money came back",
        "reopen" => "Opened again instead of credited",
        "ask" => "Asked for",
        "learn" => "Learned from the gateway",
        "void" => "Voided",
        "dispute" => "Disputed",
        "credit_dispute" => "Dispute answered with a credit note",
        "refuse_dispute" => "Dispute refused",
        "withdraw_dispute" => "Dispute withdrawn",
        "reopen_dispute" => "Dispute open again",
        "write_off" => "Written off",
        "recover" => "Write-off taken back",
        "save" => "Saved",
        "remind" => "Reminded",
        "change_reminders" => "Reminders changed",
        "stop_reminders" => "Reminders stopped",
        "resume_reminders" => "Reminders sent again",
        "suspend" => "Suspended",
        "close" => "Closed",
        "open" => "Let in again",
        "switch_on" => "Switched on",
        "switch_off" => "Switched off",
        "change_terms" | "change_settings" => "Changed",
        "change_parent" => "Parent company changed",
        "get_subsidiary" => "Became the parent of a subsidiary",
        "lose_subsidiary" => "Lost a subsidiary",
        "change_logo" => "Logo changed",
        "remove_logo" => "Logo removed",
        "repeat" => "Repeated",
        "share" => "Shared the issued invoices",
        "stop_sharing" => "Stopped sharing",
        "delete" => "Deleted",
        "invite" => "Invited",
        "invite_again" => "Invited again",
        "take_back" => "Invitation taken back",
        "change_roles" => "Roles changed",
        "enable" => "Let in again",
        "disable" => "Disabled",
        "remove" => "Removed",
        "change_role" => "Permissions changed",
        "create_role" => "Role made",
        "delete_role" => "Role deleted",
        "change_password" => "Password changed",
        "set_password" => "Password set by the operator",
        "ask_for_password" => "Asked for a new password",
        "reset_password" => "Password set anew",
        "begin_second_factor" => "Second factor begun",
        "switch_second_factor_on" => "Second factor switched on",
        "switch_second_factor_off" => "Second factor switched off",
        "renew_recovery_codes" => "New recovery codes made",
        "use_recovery_code" => "Logged in with a recovery code",
        "ask_for_email" => "Asked for another e-mail address",
        "change_email" => "E-mail address changed",
        "change_security" => "Security settings changed",
        "change_single_sign_on" => "Single sign-on changed",
        "switch_single_sign_on_off" => "Single sign-on switched off",
        "make_key" => "API key made",
        "revoke_key" => "API key revoked",
        "link_company" => "Linked to the company’s sign-in",
        "unlink_company" => "Link to the company’s sign-in removed",
        "end_session" | "end_other_sessions" => "Sessions ended",
        other => return in_words(other),
    };
    known.to_owned()
}

/// Puts what was and what is side by side, a line a value. Only what differs is kept.
pub fn changes(before: Option<&[(String, String)]>, after: Option<&[(String, String)]>) -> Vec<Change> {
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    let find = |values: &[(String, String)], name: &str| {
        let found = values.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    };
    let gone = before.iter().filter(|(name, _)| find(after, name).is_none());
    let names = after.iter().chain(gone).map(|(name, _)| name);
    names
        .map(|name| Change {
            name: in_words(name),
            before: find(before, name),
            after: find(after, name),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Cursor;
    use proptest::{option, prelude::*};

    fn any_query() -> impl Strategy<Value = AuditQuery> {
        let id = || any::<u128>().prop_map(Uuid::from_u128);
        let day = || (0_i64..40_000).prop_map(|days| NaiveDate::default() + chrono::TimeDelta::days(days));
        let place = prop_oneof![
            Just(Position::First),
            Just(Position::Last),
            ("[0-9]{1,12}", id()).prop_map(|(key, id)| Position::After(Cursor::new(&key, id))),
            ("[0-9]{1,12}", id()).prop_map(|(key, id)| Position::Before(Cursor::new(&key, id))),
        ];
        let filter = (
            option::of("[A-Za-z0-9&=#+%/-]{1,20}"),
            option::of(id()),
            option::of(id().prop_map(UserId)),
            option::of(id().prop_map(ApiKeyId)),
            option::of(id().prop_map(TenantId)),
            option::of(day()),
            option::of(day()),
        );
        (filter, place).prop_map(
            |((document, about, person, key, tenant, from, to), position)| AuditQuery {
                filter: AuditFilter {
                    document,
                    about,
                    person,
                    key,
                    tenant,
                    from,
                    to,
                },
                position,
            },
        )
    }

    proptest! {
        #[test]
        fn an_address_says_all_of_a_list(query in any_query()) {
            prop_assert_eq!(AuditQuery::from_query(&query.to_query()), query);
        }

        #[test]
        fn no_address_breaks_the_list(text in ".{0,120}") {
            let _ = AuditQuery::from_query(&text);
        }

        #[test]
        fn what_did_not_change_is_not_told(
            before in proptest::collection::vec(("[a-c]", "[a-b]{0,2}"), 0..4),
            after in proptest::collection::vec(("[a-c]", "[a-b]{0,2}"), 0..4),
        ) {
            for change in changes(Some(&before), Some(&after)) {
                prop_assert!(change.before != change.after);
            }
            prop_assert!(changes(Some(&before), Some(&before)).is_empty());
        }
    }

    #[test]
    fn stored_words_are_read_as_words() {
        assert_eq!(action_in_words("change_roles"), "Roles changed");
        assert_eq!(action_in_words("some_thing_new"), "Some thing new");
        assert_eq!(in_words(""), "");
    }
}
