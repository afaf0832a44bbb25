//! Keys with which programs call, and their place in the audit.
//!
//! A key ends with its giver, so it names them; of the key itself its SHA-256 is kept. What a program was answered under an
//! `Idempotency-Key` stands in `idempotency` under the giver, whose name the column there refers to.
//!
//! SQLite cannot change a condition of a table, so the audit's is written anew there, row by row as it is: the chain covers
//! what the rows say and not the table.

use crate::{
    portable,
    walls::{self, Wall},
};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DeriveMigrationName};
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "
CREATE TABLE api_keys (
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    id UUID NOT NULL,
    name text NOT NULL,
    shown text NOT NULL,
    secret_hash char(64) NOT NULL UNIQUE,
    may text NOT NULL,
    created_by UUID NOT NULL REFERENCES users (id),
    created_by_name text NOT NULL,
    created_at INSTANT NOT NULL,
    expires_at INSTANT,
    used_at INSTANT,
    revoked_at INSTANT,
    revoked_by_name text,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT api_keys_revoked CHECK ((revoked_at IS NULL) = (revoked_by_name IS NULL))
);
CREATE INDEX api_keys_list ON api_keys (tenant_id, created_at, id)
";

/// Who may have acted, before this change and from it on.
const BEFORE: &str = "'user', 'operator', 'job', 'import', 'system'";
const SINCE: &str = "'user', 'api_key', 'operator', 'job', 'import', 'system'";

fn wall() -> [Wall; 1] {
    [Wall::tenants_own("api_keys")]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        portable::run(manager, TABLE).await?;
        walls::raise(manager, &wall()).await?;
        let_act(manager, SINCE).await
    }

    /// Fails once a key acted: the audit does not forget it.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let_act(manager, BEFORE).await?;
        walls::lower(manager, &wall()).await?;
        portable::drop_tables(manager, &["api_keys"]).await
    }
}

/// Says which kinds of actors the audit takes.
async fn let_act(manager: &SchemaManager<'_>, kinds: &str) -> Result<(), DbErr> {
    let statements = match manager.get_connection().get_database_backend() {
        DbBackend::Postgres => format!(
            "ALTER TABLE audit_entries DROP CONSTRAINT audit_entries_actor_kind_check;\n\
             ALTER TABLE audit_entries ADD CONSTRAINT audit_entries_actor_kind_check CHECK (actor_kind IN ({kinds}))"
        ),
        _ => format!(
            "CREATE TABLE audit_entries_anew (
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    seq bigint NOT NULL,
    id UUID NOT NULL UNIQUE,
    at INSTANT NOT NULL,
    actor_kind text NOT NULL CHECK (actor_kind IN ({kinds})),
    actor_id UUID,
    actor_name text NOT NULL,
    actor_tenant_id UUID,
    action text NOT NULL,
    entity_kind text NOT NULL,
    entity_id UUID NOT NULL,
    before JSON,
    after JSON,
    reason text,
    request_id text,
    address text,
    prev_hash char(64),
    hash char(64),
    PRIMARY KEY (tenant_id, seq)
);
INSERT INTO audit_entries_anew SELECT * FROM audit_entries;
DROP TABLE audit_entries;
ALTER TABLE audit_entries_anew RENAME TO audit_entries;
CREATE INDEX audit_entries_entity ON audit_entries (tenant_id, entity_kind, entity_id, seq);
CREATE INDEX audit_entries_actor ON audit_entries (tenant_id, actor_id, seq);
CREATE INDEX audit_entries_from ON audit_entries (tenant_id, actor_tenant_id, seq)"
        ),
    };
    portable::run(manager, &statements).await
}
