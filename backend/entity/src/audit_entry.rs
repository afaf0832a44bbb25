//! What was done to what, by whom (V51). The entries of a tenant are a chain: each carries a hash of itself and of the
//! one before, so that none can be changed, left out or put elsewhere without all later ones telling.

use crate::codes::ActorKind;
use sea_orm::entity::prelude::*;
use sha2::{Digest, Sha256};

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub id: Uuid,
    pub at: DateTimeUtc,
    pub actor_kind: ActorKind,
    pub actor_id: Option<Uuid>,
    pub actor_name: String,
    pub actor_tenant_id: Option<Uuid>,
    pub action: String,
    pub entity_kind: String,
    pub entity_id: Uuid,
    #[sea_orm(column_type = "JsonBinary")]
    pub before: Option<Json>,
    #[sea_orm(column_type = "JsonBinary")]
    pub after: Option<Json>,
    pub reason: Option<String>,
    pub request_id: Option<String>,
    pub address: Option<String>,
    pub prev_hash: Option<String>,
    pub hash: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What stands before a tenant's first entry.
pub const NOTHING_BEFORE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

impl Model {
    /// What the hash of an entry covers: its fields in a fixed order, keys of objects sorted and times in microseconds, so
    /// that both databases, which store JSON and time differently, give the same text.
    pub fn covered(&self) -> Json {
        Json::from(vec![
            Json::from(self.tenant_id.to_string()),
            Json::from(self.seq),
            Json::from(self.id.to_string()),
            Json::from(self.at.timestamp_micros()),
            Json::from(self.actor_kind.code()),
            Json::from(self.actor_id.map(|id| id.to_string())),
            Json::from(self.actor_name.as_str()),
            Json::from(self.actor_tenant_id.map(|id| id.to_string())),
            Json::from(self.action.as_str()),
            Json::from(self.entity_kind.as_str()),
            Json::from(self.entity_id.to_string()),
            self.before.clone().unwrap_or_default(),
            self.after.clone().unwrap_or_default(),
            Json::from(self.reason.as_deref()),
            Json::from(self.request_id.as_deref()),
            Json::from(self.address.as_deref()),
        ])
    }
}

/// The hash of an entry: SHA-256, in hexadecimal, of the hash before it and of what it covers.
pub fn link(previous: &str, covered: &Json) -> String {
    let mut hash = Sha256::new();
    hash.update(previous.as_bytes());
    hash.update(covered.to_string().as_bytes());
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_in_one_order_whatever_order_they_were_written_in() {
        let parse = |text: &str| text.parse::<Json>().unwrap_or_default();
        let (one, other) = (
            parse(r#"{"b":1,"a":{"d":2,"c":3}}"#),
            parse(r#"{"a":{"c":3,"d":2},"b":1}"#),
        );
        assert_ne!(one, Json::Null);
        assert_eq!(link(NOTHING_BEFORE, &one), link(NOTHING_BEFORE, &other));
        assert_ne!(
            link(NOTHING_BEFORE, &one),
            link(&link(NOTHING_BEFORE, &one), &one)
        );
    }
}
