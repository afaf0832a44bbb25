//! Audit entries: numbered without gaps for each tenant, in the transaction of what they tell (V51).

use super::{Request, Tx};
use crate::{Error, database::Sql, new_id};
use chrono::{DateTime, Utc};
use domain::ids::TenantId;
use entity::{Json, Uuid, audit_entry};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
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
        let last = reserve(tx, owner, count).await?;
        let rows = (last - count + 1..)
            .zip(acts)
            .map(|(seq, act)| entry(tx, seq, act))
            .collect();
        tx.insert_all::<audit_entry::ActiveModel>(rows).await?;
    }
    Ok(())
}

/// Takes the next numbers of a tenant and returns the last one.
#[expect(clippy::disallowed_methods, reason = "adds and reads in one statement")]
async fn reserve(tx: &Tx, owner: TenantId, count: i64) -> Result<i64, Error> {
    const TEXT: &str = "INSERT INTO audit_heads (tenant_id, seq) VALUES (?, ?) \
         ON CONFLICT (tenant_id) DO UPDATE SET seq = audit_heads.seq + excluded.seq RETURNING seq";
    let mut sql = Sql::new(tx.db().get_database_backend());
    sql.fill(TEXT, [owner.0.into(), count.into()]);
    let row = tx.db().query_one_raw(sql.statement()).await?;
    let row = row.ok_or_else(|| Error::corrupt("no audit head"))?;
    Ok(row.try_get_by_index(0)?)
}

fn entry(tx: &Tx, seq: i64, act: Act) -> audit_entry::ActiveModel {
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
    audit_entry::ActiveModel {
        tenant_id: Set(owner.0),
        seq: Set(seq),
        id: Set(new_id()),
        at: Set(at.unwrap_or_else(|| tx.now())),
        actor_kind: Set(actor_kind),
        actor_id: Set(actor_id),
        actor_name: Set(actor_name),
        actor_tenant_id: Set(Some(tx.actor().tenant().0)),
        action: Set(action.to_owned()),
        entity_kind: Set(entity.to_owned()),
        entity_id: Set(id),
        before: Set(before),
        after: Set(after),
        reason: Set(reason),
        request_id: Set(request_id),
        address: Set(address),
        prev_hash: Set(None),
        hash: Set(None),
    }
}
