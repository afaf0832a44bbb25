//! Who is signed in: read with every request, in one statement.

use super::{given::Given, token};
use crate::{
    Actor, Backend, Error,
    codes::{Stored, currency},
    database::Sql,
    scope::{NewActor, Subsidiaries, Who, time_zone},
    security,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    access::Rights,
    ids::{TenantId, UserId},
    locale::Locale,
    security::SecuritySettings,
    sessions::{Confined, OwnSession, Viewer, Workplace, device},
    single_sign_on::AuthMethod,
    tenants::{Door, Tenant},
};
use entity::{
    codes::{BuyerReach, MembershipState, TenantKind, TenantState},
    membership, tenant,
};
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult,
    QuerySelect,
};
use std::time::Duration;

/// Sessions that are shown at once.
const MOST_SHOWN: u64 = 100;
/// Characters of a session's hash that name it on pages: enough to tell a person's sessions apart.
pub(super) const HANDLE: usize = 16;

/// A session with its person, tenant, roles and what the tenant asks of logins.
const ROWS: &str = "SELECT s.seen_at, s.expires_at, u.id, u.name, u.email, m.seller_role, m.buyer_role, t.id, \
     t.kind, t.name, t.locale, t.time_zone, t.currency, t.accent, t.support_phone, t.billing_email, \
     m.seller_custom, m.buyer_custom, sr.changes, br.changes, s.created_at, f.user_id, x.second_factor, \
     x.office_idle_minutes, x.idle_minutes, x.absolute_hours, s.token_hash, s.user_agent, s.address, \
     t.state, t.logo_hash, g.opened_at, g.id, s.method, p.required, p.second_factor, \
     l.user_id, m.buyer_reach \
     FROM sessions s JOIN users u ON u.id = s.user_id \
     JOIN memberships m ON m.user_id = s.user_id AND m.tenant_id = s.tenant_id \
     JOIN tenants t ON t.id = s.tenant_id \
     LEFT JOIN tenant_groups g ON g.tenant_id = t.parent_id AND g.id = t.group_id \
     LEFT JOIN roles sr ON sr.tenant_id = m.tenant_id AND sr.side = 'seller' \
     AND sr.code = COALESCE(m.seller_custom, m.seller_role) \
     LEFT JOIN roles br ON br.tenant_id = m.tenant_id AND br.side = 'buyer' \
     AND br.code = COALESCE(m.buyer_custom, m.buyer_role) \
     LEFT JOIN second_factors f ON f.user_id = s.user_id AND f.confirmed_at IS NOT NULL \
     LEFT JOIN security_settings x ON x.tenant_id = s.tenant_id \
     LEFT JOIN sign_in_providers p ON p.tenant_id = s.tenant_id \
     LEFT JOIN sign_in_links l ON l.tenant_id = s.tenant_id AND l.user_id = s.user_id AND l.issuer = p.issuer \
     WHERE u.disabled_at IS NULL AND m.state = 'active' AND ";

/// Where the roles stand in it: their words, the tenant's own, what it changed about them.
const ROLES: [usize; 6] = [5, 6, 16, 17, 18, 19];

/// The signed-in person behind a token, and the actor that they are; none when the session is unknown, ended, idle
/// for too long, or its person or membership is gone.
///
/// # Errors
/// [`Error::Database`].
#[expect(clippy::disallowed_methods, reason = "the session comes before any scope")]
pub async fn viewer(backend: &Backend, token: &str) -> Result<Option<(Actor, Viewer)>, Error> {
    let Some(hash) = token::stored(token) else {
        return Ok(None);
    };
    let db = backend.system();
    let mut sql = Sql::new(db.db().get_database_backend());
    sql.push(ROWS).push("s.token_hash = ").bind(hash.clone());
    let Some(row) = db.db().query_one_raw(sql.statement()).await? else {
        return Ok(None);
    };
    let now = backend.now();
    if !lasts(backend, &row, now)? {
        return Ok(None);
    }
    let seen: DateTime<Utc> = row.try_get_by_index(0)?;
    if now - seen >= TimeDelta::minutes(1) {
        mark_seen(backend, &hash, now).await;
    }
    from_row(backend, &row, now).await.map(Some)
}

/// Whether a session is not over: not idle for too long, its login not too long ago, and whoever came by their company's
/// provider still linked to it. What the tenant changes about any of it holds for sessions that there are already.
fn lasts(backend: &Backend, row: &QueryResult, now: DateTime<Utc>) -> Result<bool, Error> {
    let at = |position| row.try_get_by_index::<DateTime<Utc>>(position);
    let (seen, expires, begun) = (at(0)?, at(1)?, at(20)?);
    let linked = row.try_get_by_index::<Option<uuid::Uuid>>(36)?.is_some();
    if method(row)?.is_company() && !linked {
        return Ok(false);
    }
    let limits = settings(row)?.limits(security::read::otherwise(backend), Given::read(row, ROLES)?.roles);
    // A login in the future is one of a clock that was wrong; an hour or so back, as a clock may be set, ends nobody's.
    let old = now - begun;
    Ok(expires > now && now - seen <= limits.idle && old < limits.absolute && -old < limits.absolute)
}

/// What the tenant asks of logins.
fn settings(row: &QueryResult) -> Result<SecuritySettings, Error> {
    let number = |position| row.try_get_by_index::<Option<i32>>(position);
    let roles: Option<String> = row.try_get_by_index(22)?;
    Ok(security::read::from_columns(
        roles.as_deref(),
        number(23)?,
        number(24)?,
        number(25)?,
    ))
}

async fn from_row(
    backend: &Backend,
    row: &QueryResult,
    now: DateTime<Utc>,
) -> Result<(Actor, Viewer), Error> {
    let text = |position| row.try_get_by_index::<String>(position);
    let maybe = |position| row.try_get_by_index::<Option<String>>(position);
    let user = UserId(row.try_get_by_index(2)?);
    let id = TenantId(row.try_get_by_index(7)?);
    let kind = TenantKind::try_from_value(&text(8)?)?.to_domain();
    let given = Given::read(row, ROLES)?;
    let state = TenantState::try_from_value(&text(29)?)?.to_domain();
    let opened: Option<DateTime<Utc>> = row.try_get_by_index(31)?;
    let group: Option<uuid::Uuid> = row.try_get_by_index(32)?;
    let door = Door::of(state, group.map(|_| opened.is_some()));
    let rights = given.rights(kind, door);
    let method = method(row)?;
    let confined = confined(row, method, &given.words)?;
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
        logo: maybe(30)?,
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
    let reach = BuyerReach::try_from_value(&text(37)?)?;
    let subsidiaries = match reach.to_domain() {
        domain::access::BuyerReach::Subsidiaries if rights != Rights::NONE && confined.is_none() => {
            Subsidiaries::of(backend, id).await?
        }
        domain::access::BuyerReach::Subsidiaries | domain::access::BuyerReach::Own => Subsidiaries::default(),
    };
    let actor = actor.by(method).reaching(reach.to_domain(), subsidiaries);
    let actor = match confined {
        Some(why) => actor.confined(why),
        None => actor,
    };
    let rights = actor.rights();
    let subsidiaries = actor.subsidiaries().shown();
    let today = now.with_timezone(&zone).date_naive();
    Ok((
        actor,
        Viewer {
            user,
            name,
            email: text(4)?,
            tenant,
            rights,
            subsidiaries,
            confined,
            method,
            today,
        },
    ))
}

fn method(row: &QueryResult) -> Result<AuthMethod, Error> {
    let word: String = row.try_get_by_index(33)?;
    AuthMethod::from_code(&word).ok_or_else(|| Error::corrupt(format!("a session begun by {word}")))
}

/// What the person must do first, with these roles by their words on either side. What the tenant changes acts at once.
fn confined(
    row: &QueryResult,
    method: AuthMethod,
    (seller, buyer): &(Option<String>, Option<String>),
) -> Result<Option<Confined>, Error> {
    let set = |position| row.try_get_by_index::<Option<bool>>(position);
    let (required, counts) = (set(34)?.unwrap_or(false), set(35)?.unwrap_or(false));
    if required && !method.is_company() {
        return Ok(Some(Confined::Company));
    }
    let has_factor = row.try_get_by_index::<Option<uuid::Uuid>>(21)?.is_some()
        || (counts && method == AuthMethod::CompanyStrong);
    let missing = !has_factor && settings(row)?.asks_for_second_factor(seller.as_deref(), buyer.as_deref());
    Ok(missing.then_some(Confined::SecondFactor))
}

/// A person's own sessions that are not over, the last used first. Whoever came by their company's provider sees those
/// that were begun so, in the same tenant.
///
/// # Errors
/// What [`Actor::person_here`] refuses; [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
pub async fn own(actor: &Actor, token: &str) -> Result<Vec<OwnSession>, Error> {
    let backend = actor.backend();
    let user = actor.person_here()?;
    let here = token::stored(token).unwrap_or_default();
    let db = backend.system().db();
    let mut sql = Sql::new(db.get_database_backend());
    sql.push(ROWS).push("s.user_id = ").bind(user.0);
    if let Some(tenant) = actor.reach() {
        sql.push(" AND s.method <> 'password' AND s.tenant_id = ")
            .bind(tenant.0);
    }
    sql.push(&format!(
        " ORDER BY s.seen_at DESC, s.token_hash LIMIT {MOST_SHOWN}"
    ));
    let mut sessions = Vec::new();
    for row in db.query_all_raw(sql.statement()).await? {
        if !lasts(backend, &row, backend.now())? {
            continue;
        }
        let hash: String = row.try_get_by_index(26)?;
        let agent: Option<String> = row.try_get_by_index(27)?;
        sessions.push(OwnSession {
            here: hash == here,
            id: hash.chars().take(HANDLE).collect(),
            device: device(&agent.unwrap_or_default()),
            address: row.try_get_by_index(28)?,
            tenant: row.try_get_by_index(9)?,
            method: method(&row)?,
            seen_at: row.try_get_by_index(0)?,
        });
    }
    Ok(sessions)
}

/// The tenants that a person can work in, by name (T19). Whoever came by their company's provider can work there alone, and
/// does not learn of the others.
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
        .filter(actor.reach().map_or_else(Condition::all, |tenant| {
            Condition::all().add(membership::Column::TenantId.eq(tenant.0))
        }))
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
