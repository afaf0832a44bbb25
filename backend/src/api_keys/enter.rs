//! The way in with a key: who it is, read with every call in one statement.

use crate::{
    Actor, Backend, Error,
    codes::Stored,
    database::Sql,
    scope::{NewActor, Request, Who, time_zone},
    sessions::{given::Given, guard::count_wrong_key, token},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    api_keys::{PREFIX, from_text},
    ids::{ApiKeyId, TenantId, UserId},
    tenants::Door,
};
use entity::codes::{TenantKind, TenantState};
use sea_orm::{ActiveEnum, ConnectionTrait, QueryResult};
use std::time::Duration;

/// A key with its tenant, and its giver's roles there.
const ROW: &str = "SELECT k.id, k.name, k.may, k.created_by, k.expires_at, k.used_at, m.seller_role, m.buyer_role, \
     m.seller_custom, m.buyer_custom, sr.changes, br.changes, t.id, t.kind, t.time_zone, t.state, g.opened_at, g.id \
     FROM api_keys k JOIN users u ON u.id = k.created_by \
     JOIN memberships m ON m.user_id = k.created_by AND m.tenant_id = k.tenant_id \
     JOIN tenants t ON t.id = k.tenant_id \
     LEFT JOIN tenant_groups g ON g.tenant_id = t.parent_id AND g.id = t.group_id \
     LEFT JOIN roles sr ON sr.tenant_id = m.tenant_id AND sr.side = 'seller' \
     AND sr.code = COALESCE(m.seller_custom, m.seller_role) \
     LEFT JOIN roles br ON br.tenant_id = m.tenant_id AND br.side = 'buyer' \
     AND br.code = COALESCE(m.buyer_custom, m.buyer_role) \
     WHERE k.revoked_at IS NULL AND u.disabled_at IS NULL AND m.state = 'active' AND k.secret_hash = ";
/// Where the giver's roles stand in it: their words, the tenant's own, what it changed about them.
const ROLES: [usize; 6] = [6, 7, 8, 9, 10, 11];

/// The program that calls with a key. None when the key opens nothing, whichever way: unknown, revoked, expired, or its giver
/// is shut out. Those are counted by address; a key that is right is not held up by wrong ones beside it, since nobody
/// guesses 256 random bits.
///
/// # Errors
/// [`domain::Refusal::TooManyTries`]; [`Error::Database`].
pub async fn actor(backend: &Backend, key: &str, from: Request) -> Result<Option<Actor>, Error> {
    if let Some(found) = find(backend, key).await? {
        return Ok(Some(found.in_request(from)));
    }
    count_wrong_key(backend, from.address.as_deref()).await?;
    tracing::info!(request = from.id, "an API key that opens nothing");
    Ok(None)
}

#[expect(clippy::disallowed_methods, reason = "the key comes before any scope")]
async fn find(backend: &Backend, key: &str) -> Result<Option<Actor>, Error> {
    // What no key looks like is asked for all the same, so that it takes as long.
    let looks_right = key.strip_prefix(PREFIX).and_then(token::stored).is_some();
    let hash = token::digest(key);
    let db = backend.system().db();
    let mut sql = Sql::new(db.get_database_backend());
    sql.push(ROW).bind(hash.clone());
    let found = db.query_one_raw(sql.statement()).await?;
    let Some(row) = found.filter(|_| looks_right) else {
        return Ok(None);
    };
    let now = backend.now();
    let at = |position| row.try_get_by_index::<Option<DateTime<Utc>>>(position);
    if at(4)?.is_some_and(|end| end <= now) {
        return Ok(None);
    }
    if at(5)?.is_none_or(|used| now - used >= TimeDelta::minutes(1)) {
        mark_used(backend, &hash, now).await;
    }
    from_row(backend, &row).map(Some)
}

fn from_row(backend: &Backend, row: &QueryResult) -> Result<Actor, Error> {
    let text = |position| row.try_get_by_index::<String>(position);
    let kind = TenantKind::try_from_value(&text(13)?)?.to_domain();
    let state = TenantState::try_from_value(&text(15)?)?.to_domain();
    let opened: Option<DateTime<Utc>> = row.try_get_by_index(16)?;
    let group: Option<uuid::Uuid> = row.try_get_by_index(17)?;
    let door = Door::of(state, group.map(|_| opened.is_some()));
    let givers = Given::read(row, ROLES)?.rights(kind, door);
    Ok(Actor::new(NewActor {
        backend: backend.clone(),
        who: Who::api_key(
            ApiKeyId(row.try_get_by_index(0)?),
            text(1)?,
            UserId(row.try_get_by_index(3)?),
        ),
        tenant: TenantId(row.try_get_by_index(12)?),
        kind,
        rights: from_text(&text(2)?).in_both(givers),
        time_zone: time_zone(&text(14)?)?,
    }))
}

/// Notes that a key is in use, once a minute at most. No answer is held up for it: if the database is busy, the next call
/// notes it.
async fn mark_used(backend: &Backend, hash: &str, now: DateTime<Utc>) {
    let mut sql = Sql::new(backend.system().writer().get_database_backend());
    sql.fill(
        "UPDATE api_keys SET used_at = ? WHERE secret_hash = ?",
        [now.into(), hash.into()],
    );
    match tokio::time::timeout(Duration::from_millis(200), execute(backend, sql)).await {
        Ok(Ok(())) | Err(_) => {}
        Ok(Err(error)) => tracing::warn!(
            error = &error as &dyn std::error::Error,
            "a key's use was not noted"
        ),
    }
}

#[expect(clippy::disallowed_methods, reason = "the key comes before any scope")]
async fn execute(backend: &Backend, sql: Sql) -> Result<(), Error> {
    backend.system().writer().execute_raw(sql.statement()).await?;
    Ok(())
}
