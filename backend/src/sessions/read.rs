//! Who is signed in: read with every request, in one statement.

use super::token;
use crate::{
    Actor, Backend, Error,
    codes::{Stored, currency},
    database::Sql,
    scope::{NewActor, Who, time_zone},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    access::{Changes, Rights, Roles},
    ids::{TenantId, UserId},
    locale::Locale,
    sessions::{OwnSession, Viewer, Workplace, device},
    tenants::{Door, Tenant},
};
use entity::{
    codes::{BuyerRole, MembershipState, SellerRole, TenantKind, TenantState},
    membership, session, tenant,
};
use sea_orm::{
    ActiveEnum, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect,
};
use std::{collections::BTreeMap, time::Duration};

/// Sessions that are shown at once.
const MOST_SHOWN: u64 = 100;
/// Characters of a session's hash that name it on pages: enough to tell a person's sessions apart.
pub(super) const HANDLE: usize = 16;

/// The signed-in person behind a token, and the actor that they are; none when the session is unknown, ended, idle
/// for too long, or its person or membership is gone.
///
/// # Errors
/// [`Error::Database`].
#[expect(clippy::disallowed_methods, reason = "the session comes before any scope")]
pub async fn viewer(backend: &Backend, token: &str) -> Result<Option<(Actor, Viewer)>, Error> {
    const TEXT: &str = "SELECT s.seen_at, s.expires_at, u.id, u.name, u.email, m.seller_role, m.buyer_role, t.id, \
         t.kind, t.name, t.locale, t.time_zone, t.currency, t.accent, t.support_phone, t.billing_email, \
         m.seller_custom, m.buyer_custom, sr.changes, br.changes, t.state, t.logo_hash, g.opened_at, g.id \
         FROM sessions s JOIN users u ON u.id = s.user_id \
         JOIN memberships m ON m.user_id = s.user_id AND m.tenant_id = s.tenant_id \
         JOIN tenants t ON t.id = s.tenant_id \
         LEFT JOIN tenant_groups g ON g.tenant_id = t.parent_id AND g.id = t.group_id \
         LEFT JOIN roles sr ON sr.tenant_id = m.tenant_id AND sr.side = 'seller' \
         AND sr.code = COALESCE(m.seller_custom, m.seller_role) \
         LEFT JOIN roles br ON br.tenant_id = m.tenant_id AND br.side = 'buyer' \
         AND br.code = COALESCE(m.buyer_custom, m.buyer_role) \
         WHERE u.disabled_at IS NULL AND m.state = 'active' AND s.token_hash = ?";
    let Some(hash) = token::stored(token) else {
        return Ok(None);
    };
    let db = backend.system();
    let mut sql = Sql::new(db.db().get_database_backend());
    sql.fill(TEXT, [hash.clone().into()]);
    let Some(row) = db.db().query_one_raw(sql.statement()).await? else {
        return Ok(None);
    };
    let now = backend.now();
    let seen: DateTime<Utc> = row.try_get_by_index(0)?;
    let expires: DateTime<Utc> = row.try_get_by_index(1)?;
    let idle = TimeDelta::from_std(backend.config().session_idle).unwrap_or(TimeDelta::MAX);
    if expires <= now || now - seen > idle {
        return Ok(None);
    }
    if now - seen >= TimeDelta::minutes(1) {
        mark_seen(backend, &hash, now).await;
    }
    from_row(backend, &row, now).map(Some)
}

fn from_row(backend: &Backend, row: &QueryResult, now: DateTime<Utc>) -> Result<(Actor, Viewer), Error> {
    let text = |position| row.try_get_by_index::<String>(position);
    let maybe = |position| row.try_get_by_index::<Option<String>>(position);
    let user = UserId(row.try_get_by_index(2)?);
    let id = TenantId(row.try_get_by_index(7)?);
    let kind = TenantKind::try_from_value(&text(8)?)?.to_domain();
    let seller = maybe(5)?
        .map(|code| SellerRole::try_from_value(&code))
        .transpose()?;
    let buyer = maybe(6)?
        .map(|code| BuyerRole::try_from_value(&code))
        .transpose()?;
    // Who has a role of the tenant's own that is gone has none: never the built-in one that it began as.
    let changes = |custom, changes| -> Result<Option<Changes>, Error> {
        Ok(match (maybe(custom)?, maybe(changes)?) {
            (_, Some(changes)) => Some(Changes::from_text(&changes)),
            (None, None) => Some(Changes::default()),
            (Some(_), None) => None,
        })
    };
    let (of_seller, of_buyer) = (changes(16, 18)?, changes(17, 19)?);
    let roles = Roles {
        seller: seller.map(Stored::to_domain).filter(|_| of_seller.is_some()),
        buyer: buyer.map(Stored::to_domain).filter(|_| of_buyer.is_some()),
    };
    let (of_seller, of_buyer) = (of_seller.unwrap_or_default(), of_buyer.unwrap_or_default());
    let state = TenantState::try_from_value(&text(20)?)?.to_domain();
    let opened: Option<DateTime<Utc>> = row.try_get_by_index(22)?;
    let group: Option<uuid::Uuid> = row.try_get_by_index(23)?;
    let door = Door::of(state, group.map(|_| opened.is_some()));
    // Behind a shut door nobody has a right: who asks by another way than a page is refused as well.
    let rights = match door {
        Door::Open => Rights::changed(kind, roles, &of_seller, &of_buyer),
        Door::Waiting | Door::Suspended | Door::Closed => Rights::NONE,
    };
    let zone_name = text(11)?;
    let zone = time_zone(&zone_name)?;
    let locale = text(10)?;
    let name = text(3)?;
    let tenant = Tenant {
        id,
        kind,
        name: text(9)?,
        locale: Locale::from_code(&locale).ok_or_else(|| Error::corrupt(format!("locale {locale}")))?,
        time_zone: zone_name,
        currency: currency(&text(12)?)?,
        accent: text(13)?,
        support_phone: maybe(14)?,
        billing_email: maybe(15)?,
        door,
        logo: maybe(21)?,
    };
    let actor = Actor::new(NewActor {
        backend: backend.clone(),
        who: Who::User {
            id: user,
            name: name.clone(),
        },
        tenant: id,
        kind,
        rights,
        time_zone: zone,
    });
    let today = now.with_timezone(&zone).date_naive();
    Ok((
        actor,
        Viewer {
            user,
            name,
            email: text(4)?,
            tenant,
            rights,
            today,
        },
    ))
}

/// A person's own sessions that are not over, the last used first.
///
/// # Errors
/// [`Error::SignIn`] when the actor is no person; [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
pub async fn own(actor: &Actor, token: &str) -> Result<Vec<OwnSession>, Error> {
    let backend = actor.backend();
    let user = actor.user().ok_or(Error::SignIn)?;
    let now = backend.now();
    let idle = TimeDelta::from_std(backend.config().session_idle).unwrap_or(TimeDelta::MAX);
    let here = token::stored(token).unwrap_or_default();
    let rows = session::Entity::find()
        .filter(session::Column::UserId.eq(user.0))
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(session::Column::SeenAt.gte(now - idle))
        .order_by_desc(session::Column::SeenAt)
        .order_by_asc(session::Column::TokenHash)
        .limit(MOST_SHOWN)
        .all(backend.system().db())
        .await?;
    let names: BTreeMap<uuid::Uuid, String> = tenant::Entity::find()
        .select_only()
        .column(tenant::Column::Id)
        .column(tenant::Column::Name)
        .filter(tenant::Column::Id.is_in(rows.iter().map(|row| row.tenant_id)))
        .into_tuple()
        .all(backend.system().db())
        .await?
        .into_iter()
        .collect();
    Ok(rows
        .into_iter()
        .map(|row| OwnSession {
            here: row.token_hash == here,
            id: row.token_hash.chars().take(HANDLE).collect(),
            device: device(&row.user_agent.unwrap_or_default()),
            address: row.address,
            tenant: names.get(&row.tenant_id).cloned().unwrap_or_default(),
            seen_at: row.seen_at,
        })
        .collect())
}

/// The tenants that a person can work in, by name (T19).
///
/// # Errors
/// [`Error::SignIn`] when the actor is no person; [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
pub async fn workplaces(actor: &Actor) -> Result<Vec<Workplace>, Error> {
    let user = actor.user().ok_or(Error::SignIn)?;
    let ids: Vec<uuid::Uuid> = membership::Entity::find()
        .select_only()
        .column(membership::Column::TenantId)
        .filter(membership::Column::UserId.eq(user.0))
        .filter(membership::Column::State.eq(MembershipState::Active))
        .into_tuple()
        .all(actor.backend().system().db())
        .await?;
    let tenants = tenant::Entity::find()
        .filter(tenant::Column::Id.is_in(ids))
        .order_by_asc(tenant::Column::Name)
        .order_by_asc(tenant::Column::Id)
        .all(actor.backend().system().db())
        .await?;
    Ok(tenants
        .into_iter()
        .map(|tenant| Workplace {
            tenant: TenantId(tenant.id),
            name: tenant.name,
            kind: tenant.kind.to_domain(),
            here: tenant.id == actor.tenant().0,
        })
        .collect())
}

/// Notes that a session is in use. A page is not held up for it: if the database is busy, the next request notes it.
async fn mark_seen(backend: &Backend, hash: &str, now: DateTime<Utc>) {
    let mut sql = Sql::new(backend.system().writer().get_database_backend());
    sql.fill(
        "UPDATE sessions SET seen_at = ? WHERE token_hash = ?",
        [now.into(), hash.into()],
    );
    let write = execute(backend, sql);
    match tokio::time::timeout(Duration::from_millis(200), write).await {
        Ok(Ok(())) | Err(_) => {}
        Ok(Err(error)) => tracing::warn!(
            error = &error as &dyn std::error::Error,
            "a session's use was not noted"
        ),
    }
}

#[expect(clippy::disallowed_methods, reason = "the session comes before any scope")]
async fn execute(backend: &Backend, sql: Sql) -> Result<(), Error> {
    backend.system().writer().execute_raw(sql.statement()).await?;
    Ok(())
}
