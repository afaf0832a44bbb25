//! The chain of the audit: heads keep the last hash, and what was written before the chain is linked up in its order.
//!
//! The fields that were covered at this point stand here again, so that this change stays what it was when the entity
//! grows.
#![expect(
    clippy::disallowed_methods,
    reason = "a migration sees all tenants; its statements carry each one"
)]

use entity::audit_entry::{NOTHING_BEFORE, link};
use sea_orm_migration::sea_orm::{
    ConnectionTrait, DeriveMigrationName, FromQueryResult, JsonValue as Json, Statement,
    prelude::{DateTimeUtc, Uuid},
};
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(Debug, FromQueryResult)]
struct Entry {
    tenant_id: Uuid,
    seq: i64,
    id: Uuid,
    at: DateTimeUtc,
    actor_kind: String,
    actor_id: Option<Uuid>,
    actor_name: String,
    actor_tenant_id: Option<Uuid>,
    action: String,
    entity_kind: String,
    entity_id: Uuid,
    before: Option<Json>,
    after: Option<Json>,
    reason: Option<String>,
    request_id: Option<String>,
    address: Option<String>,
}

impl Entry {
    fn covered(&self) -> Json {
        let id = |id: Option<Uuid>| Json::from(id.map(|id| id.to_string()));
        Json::from(vec![
            id(Some(self.tenant_id)),
            Json::from(self.seq),
            id(Some(self.id)),
            Json::from(self.at.timestamp_micros()),
            Json::from(self.actor_kind.as_str()),
            id(self.actor_id),
            Json::from(self.actor_name.as_str()),
            id(self.actor_tenant_id),
            Json::from(self.action.as_str()),
            Json::from(self.entity_kind.as_str()),
            id(Some(self.entity_id)),
            self.before.clone().unwrap_or_default(),
            self.after.clone().unwrap_or_default(),
            Json::from(self.reason.as_deref()),
            Json::from(self.request_id.as_deref()),
            Json::from(self.address.as_deref()),
        ])
    }
}

/// Entries that are linked at a time.
const PART: usize = 1_000;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::portable::run(manager, "ALTER TABLE audit_heads ADD COLUMN hash char(64)").await?;
        let db = manager.get_connection();
        let backend = db.get_database_backend();
        let tenants = Statement::from_string(backend, "SELECT tenant_id FROM audit_heads ORDER BY tenant_id");
        for row in db.query_all_raw(tenants).await? {
            let tenant: Uuid = row.try_get_by_index(0)?;
            let (mut last, mut hash) = (0_i64, NOTHING_BEFORE.to_owned());
            loop {
                let part = Entry::find_by_statement(Statement::from_sql_and_values(
                    backend,
                    format!(
                        "SELECT * FROM audit_entries WHERE tenant_id = $1 AND seq > $2 ORDER BY seq LIMIT {PART}"
                    ),
                    [tenant.into(), last.into()],
                ))
                .all(db)
                .await?;
                for entry in &part {
                    let previous = std::mem::take(&mut hash);
                    hash = link(&previous, &entry.covered());
                    last = entry.seq;
                    db.execute_raw(Statement::from_sql_and_values(
                        backend,
                        "UPDATE audit_entries SET prev_hash = $1, hash = $2 WHERE tenant_id = $3 AND seq = $4",
                        [previous.into(), hash.clone().into(), tenant.into(), last.into()],
                    ))
                    .await?;
                }
                if part.len() < PART {
                    break;
                }
            }
            db.execute_raw(Statement::from_sql_and_values(
                backend,
                "UPDATE audit_heads SET hash = $1 WHERE tenant_id = $2",
                [hash.into(), tenant.into()],
            ))
            .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::portable::run(
            manager,
            "UPDATE audit_entries SET prev_hash = NULL, hash = NULL;\nALTER TABLE audit_heads DROP COLUMN hash",
        )
        .await
    }
}
