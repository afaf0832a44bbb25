//! Groups of partners or customers that are switched on one after another (T16).

use crate::{Error, Scope, new_id, scope::Act, transact::transact};
use domain::{
    FieldErrors, Refusal,
    access::ManageTenants,
    ids::GroupId,
    people,
    tenants::{GROUPS_MAX, GroupRow},
};
use entity::{Uuid, tenant, tenant_group};
use sea_orm::{ActiveValue::Set, ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use std::collections::BTreeMap;

/// The groups by name, with how many tenants are in each.
///
/// # Errors
/// [`Error::Database`].
pub async fn list(scope: &Scope<ManageTenants>) -> Result<Vec<GroupRow>, Error> {
    let groups = scope
        .find::<tenant_group::Entity>()
        .order_by_asc(tenant_group::Column::Name)
        .limit(u64::from(GROUPS_MAX))
        .all(scope.db())
        .await?;
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let counted: BTreeMap<Uuid, i64> = scope
        .find::<tenant::Entity>()
        .filter(tenant::Column::GroupId.is_in(groups.iter().map(|group| group.id)))
        .select_only()
        .column(tenant::Column::GroupId)
        .column_as(tenant::Column::Id.count(), "tenants")
        .group_by(tenant::Column::GroupId)
        .into_tuple()
        .all(scope.db())
        .await?
        .into_iter()
        .collect();
    Ok(groups
        .into_iter()
        .map(|group| GroupRow {
            id: GroupId(group.id),
            name: group.name,
            opened_at: group.opened_at,
            tenants: counted
                .get(&group.id)
                .and_then(|count| u64::try_from(*count).ok())
                .unwrap_or_default(),
        })
        .collect())
}

/// Makes a group. It is switched off: who is put into it waits.
///
/// # Errors
/// [`Error::Invalid`] for a name that is empty, too long or taken; [`Refusal::TooMany`].
pub async fn create(scope: &Scope<ManageTenants>, name: &str) -> Result<GroupId, Error> {
    let field = |refusal| Error::Invalid(FieldErrors::one("group_name", refusal));
    let name = people::name(name).map_err(field)?;
    let id = new_id();
    transact!(scope, tx => {
        if tx.find::<tenant_group::Entity>().count(tx.db()).await? >= u64::from(GROUPS_MAX) {
            return Err(Refusal::TooMany { at_most: GROUPS_MAX }.into());
        }
        let row = tenant_group::ActiveModel {
            tenant_id: Set(tx.actor().tenant().0),
            id: Set(id),
            name: Set(name.clone()),
            opened_at: Set(None),
            created_at: Set(tx.now()),
        };
        tx.insert(row).await.map_err(|error| {
            if error.is_duplicate() { field(Refusal::NameTaken { name: name.clone() }) } else { error }
        })?;
        tx.audit(Act::new(tx.actor().tenant(), "create", "group", id).after(json!({ "name": name })));
        Ok(GroupId(id))
    })
}

/// Switches a group on or off. Its tenants' people feel it with their next request.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn switch(scope: &Scope<ManageTenants>, id: GroupId, on: bool) -> Result<(), Error> {
    transact!(scope, tx => {
        let group = tx
            .lock::<tenant_group::Entity>()
            .filter(tenant_group::Column::Id.eq(id.0))
            .one(tx.db())
            .await?
            .ok_or(Error::NotFound)?;
        if group.opened_at.is_some() == on {
            return Ok(());
        }
        tx.update::<tenant_group::Entity>()
            .set(tenant_group::ActiveModel {
                opened_at: Set(on.then(|| tx.now())),
                ..Default::default()
            })
            .filter(tenant_group::Column::Id.eq(id.0))
            .exec(tx.db())
            .await?;
        let action = if on { "switch_on" } else { "switch_off" };
        tx.audit(Act::new(tx.actor().tenant(), action, "group", id.0).after(json!({ "name": group.name })));
        Ok(())
    })
}

/// Deletes a group that nobody is in.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::GroupInUse`].
pub async fn delete(scope: &Scope<ManageTenants>, id: GroupId) -> Result<(), Error> {
    transact!(scope, tx => {
        let group = tx
            .lock::<tenant_group::Entity>()
            .filter(tenant_group::Column::Id.eq(id.0))
            .one(tx.db())
            .await?
            .ok_or(Error::NotFound)?;
        let members = tx
            .find::<tenant::Entity>()
            .filter(tenant::Column::GroupId.eq(id.0))
            .count(tx.db())
            .await?;
        if members > 0 {
            let tenants = u32::try_from(members).unwrap_or(u32::MAX);
            return Err(Refusal::GroupInUse { tenants }.into());
        }
        tx.delete::<tenant_group::Entity>()
            .filter(tenant_group::Column::Id.eq(id.0))
            .exec(tx.db())
            .await?;
        let mut act = Act::new(tx.actor().tenant(), "delete", "group", id.0);
        act.before = Some(json!({ "name": group.name }));
        tx.audit(act);
        Ok(())
    })
}
