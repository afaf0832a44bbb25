//! The keys of the tenant, as who looks after its settings sees them.

use crate::{Error, Scope, new_id};
use domain::{
    access::ManageSettings,
    api_keys::{ApiKeyRow, ApiKeyState, ApiKeys, MOST_KEYS, from_text, offered},
    ids::ApiKeyId,
};
use entity::{Uuid, api_key, codes::MembershipState, membership, user};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeSet;

/// Keys that open nothing any more and are shown.
const ENDED_SHOWN: u64 = 50;

/// All keys that can still open something, the last ones that cannot, and an empty form.
///
/// # Errors
/// [`Error::Database`].
pub async fn list(scope: &Scope<ManageSettings>) -> Result<ApiKeys, Error> {
    let now = scope.now();
    let newest_first = |which: Condition, most: u64| {
        scope
            .find::<api_key::Entity>()
            .filter(which)
            .order_by_desc(api_key::Column::CreatedAt)
            .order_by_desc(api_key::Column::Id)
            .limit(most)
    };
    let ends = api_key::Column::ExpiresAt;
    let live = Condition::all()
        .add(api_key::Column::RevokedAt.is_null())
        .add(Condition::any().add(ends.is_null()).add(ends.gt(now)));
    let ended = Condition::any()
        .add(api_key::Column::RevokedAt.is_not_null())
        .add(ends.lte(now));
    let mut rows = newest_first(live, u64::from(MOST_KEYS)).all(scope.db()).await?;
    rows.extend(newest_first(ended, ENDED_SHOWN).all(scope.db()).await?);
    let here = people_here(scope, &rows).await?;
    let keys = rows.into_iter().map(|key| {
        let state = match (key.revoked_at, key.expires_at) {
            (Some(_), _) => ApiKeyState::Revoked,
            (None, Some(end)) if end <= now => ApiKeyState::Expired,
            (None, _) if here.contains(&key.created_by) => ApiKeyState::Works,
            (None, _) => ApiKeyState::Rests,
        };
        row(key, state)
    });
    Ok(ApiKeys {
        form: ApiKeyId(new_id()),
        keys: keys.collect(),
        offered: offered(scope.actor().rights()),
    })
}

/// Who of those that gave the keys can still work in the tenant.
async fn people_here(
    scope: &Scope<ManageSettings>,
    keys: &[api_key::Model],
) -> Result<BTreeSet<Uuid>, Error> {
    let givers: BTreeSet<Uuid> = keys.iter().map(|key| key.created_by).collect();
    let members: Vec<Uuid> = scope
        .find::<membership::Entity>()
        .filter(membership::Column::UserId.is_in(givers))
        .filter(membership::Column::State.eq(MembershipState::Active))
        .select_only()
        .column(membership::Column::UserId)
        .into_tuple()
        .all(scope.db())
        .await?;
    let able: Vec<Uuid> = scope
        .find::<user::Entity>()
        .filter(user::Column::Id.is_in(members))
        .filter(user::Column::DisabledAt.is_null())
        .select_only()
        .column(user::Column::Id)
        .into_tuple()
        .all(scope.db())
        .await?;
    Ok(able.into_iter().collect())
}

fn row(key: api_key::Model, state: ApiKeyState) -> ApiKeyRow {
    let api_key::Model {
        tenant_id: _,
        id,
        name,
        shown,
        secret_hash: _,
        may,
        created_by: _,
        created_by_name,
        created_at,
        expires_at,
        used_at,
        revoked_at: _,
        revoked_by_name: _,
    } = key;
    ApiKeyRow {
        id: ApiKeyId(id),
        name,
        shown,
        rights: from_text(&may),
        given_by: created_by_name,
        given_at: created_at,
        used_at,
        expires_at,
        state,
    }
}
