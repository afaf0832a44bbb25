//! Audit entries: numbered without gaps for each tenant and linked to a chain, in the transaction of what they tell
//! (V51).

use super::{Request, Tx};
use crate::{Error, database::Sql, new_id};
use chrono::{DateTime, SubsecRound, Utc};
use domain::ids::TenantId;
use entity::audit_entry::{NOTHING_BEFORE, link};
use entity::{Json, Uuid, audit_entry};
use sea_orm::{ConnectionTrait, IntoActiveModel};
use std::collections::BTreeMap;

/// Something that was done to something.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    /// Who owns the thing; for documents the seller.
    pub(crate) owner: TenantId,
    /// What was done: `issue`, `pay`, `void`.
    pub(crate) action: &'static str,
    /// What it was done to: `invoice`, `payment`, `session`.
    pub(crate) entity: &'static str,
    /// Which one.
    pub(crate) id: Uuid,
    /// How it was; only what changed.
    pub(crate) before: Option<Json>,
    /// How it is; only what changed.
    pub(crate) after: Option<Json>,
    /// Why, in the actor's words.
    pub(crate) reason: Option<String>,
    /// When, if not with the transaction: history that is brought along.
    pub(crate) at: Option<DateTime<Utc>>,
}

impl Act {
    /// An act without details.
    pub(crate) fn new(owner: TenantId, action: &'static str, entity: &'static str, id: Uuid) -> Self {
        Self {
            owner,
            action,
            entity,
            id,
            before: None,
            after: None,
            reason: None,
            at: None,
        }
    }

    /// For a reason, in the actor's words.
    #[must_use]
    pub(crate) fn because(mut self, reason: &str) -> Self {
        self.reason = Some(reason.to_owned());
        self
    }

    /// Done at a moment of its own.
    #[must_use]
    pub(crate) fn at(mut self, at: DateTime<Utc>) -> Self {
        self.at = Some(at);
        self
    }

    /// With how it is now.
    #[must_use]
    pub(crate) fn after(mut self, after: Json) -> Self {
        self.after = Some(after);
        self
    }
}

/// Writes entries, a tenant at a time in the order of their ids, so that two transactions cannot wait for each other.
pub(super) async fn write(tx: &Tx, acts: Vec<Act>) -> Result<(), Error> {
    let mut by_owner: BTreeMap<TenantId, Vec<Act>> = BTreeMap::new();
    for act in acts {
        by_owner.entry(act.owner).or_default().push(act);
    }
    for (owner, acts) in by_owner {
        let count = i64::try_from(acts.len()).map_err(|_| Error::corrupt("too many audit entries"))?;
        let (last, hash) = reserve(tx, owner, count).await?;
        let mut hash = hash.unwrap_or_else(|| NOTHING_BEFORE.to_owned());
        let mut rows = Vec::with_capacity(acts.len());
        for (seq, act) in (last - count + 1..).zip(acts) {
            let mut row = entry(tx, seq, act);
            let previous = std::mem::take(&mut hash);
            hash = link(&previous, &row.covered());
            row.prev_hash = Some(previous);
            row.hash = Some(hash.clone());
            rows.push(row.into_active_model());
        }
        tx.insert_all::<audit_entry::ActiveModel>(rows).await?;
        keep(tx, owner, hash).await?;
    }
    Ok(())
}

/// Takes the next numbers of a tenant and returns the last one, with the hash that the next entry follows. The row is
/// locked from here on.
#[expect(clippy::disallowed_methods, reason = "adds and reads in one statement")]
async fn reserve(tx: &Tx, owner: TenantId, count: i64) -> Result<(i64, Option<String>), Error> {
    const TEXT: &str = "INSERT INTO audit_heads (tenant_id, seq) VALUES (?, ?) \
         ON CONFLICT (tenant_id) DO UPDATE SET seq = audit_heads.seq + excluded.seq RETURNING seq, hash";
    let mut sql = Sql::new(tx.db().get_database_backend());
    sql.fill(TEXT, [owner.0.into(), count.into()]);
    let row = tx.db().query_one_raw(sql.statement()).await?;
    let row = row.ok_or_else(|| Error::corrupt("no audit head"))?;
    Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))
}

/// Keeps the hash that the next entry follows.
#[expect(clippy::disallowed_methods, reason = "the row that reserve locked")]
async fn keep(tx: &Tx, owner: TenantId, hash: String) -> Result<(), Error> {
    let mut sql = Sql::new(tx.db().get_database_backend());
    sql.fill(
        "UPDATE audit_heads SET hash = ? WHERE tenant_id = ?",
        [hash.into(), owner.0.into()],
    );
    tx.db().execute_raw(sql.statement()).await?;
    Ok(())
}

fn entry(tx: &Tx, seq: i64, act: Act) -> audit_entry::Model {
    let Act {
        owner,
        action,
        entity,
        id,
        before,
        after,
        reason,
        at,
    } = act;
    let (actor_kind, actor_id, actor_name) = tx.actor().signature();
    let Request {
        id: request_id,
        address,
    } = tx.actor().request().clone();
    audit_entry::Model {
        tenant_id: owner.0,
        seq,
        id: new_id(),
        // As exact as PostgreSQL keeps it, so that the hash fits what is read again.
        at: at.unwrap_or_else(|| tx.now()).trunc_subsecs(6),
        actor_kind,
        actor_id,
        actor_name,
        actor_tenant_id: Some(tx.actor().tenant().0),
        action: action.to_owned(),
        entity_kind: entity.to_owned(),
        entity_id: id,
        before,
        after,
        reason,
        request_id,
        address,
        prev_hash: None,
        hash: None,
    }
}
