//! Saying that a customer is another one's subsidiary, and reading who belongs to whom (V43).
//!
//! Every change of a seller's families locks the seller's own row first, so that two of them cannot make a tree that
//! neither alone would have made.

use super::write::{Above, lock_made, lock_own};
use crate::{
    Error, Scope,
    scope::{Act, Tx},
    transact::transact,
};
use domain::{
    FieldErrors, Refusal,
    access::{ManageSettings, ManageTenants, Permit},
    ids::TenantId,
    refusal::NotASubsidiary,
    tenants::{Family, Member, Subsidiary, may_belong},
};
use entity::{Uuid, account, subsidiary, tenant};
use sea_orm::{ActiveValue::Set, ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Makes a customer the subsidiary of another one, by that one's external id or name; an empty word takes it out of its
/// family. Its people, its invoices and its cards stay as they are.
///
/// # Errors
/// [`Error::NotFound`]; at the field `parent` what [`may_belong`] refuses, or [`NotASubsidiary::Nobody`] and
/// [`NotASubsidiary::Several`].
pub async fn change_parent(scope: &Scope<ManageTenants>, id: TenantId, typed: &str) -> Result<(), Error> {
    let above = Above(scope.actor());
    transact!(above, tx => {
        lock_own(tx).await?;
        let child = lock_made(tx, id).await?;
        let before = parent_of(tx, id).await?;
        let after = if typed.trim().is_empty() { None } else { Some(named(tx, typed.trim()).await?) };
        let after_id = after.as_ref().map(|account| account.buyer_id);
        if before == after_id {
            return Ok(());
        }
        if let Some(parent) = &after {
            let parent = member(tx, TenantId(parent.buyer_id)).await?;
            may_belong(member(tx, id).await?, parent).map_err(|refusal| FieldErrors::one("parent", refusal))?;
        }
        tx.delete::<subsidiary::Entity>()
            .filter(subsidiary::Column::BuyerId.eq(id.0))
            .exec(tx.db())
            .await?;
        if let Some(parent) = &after {
            tx.insert(subsidiary::ActiveModel {
                seller_id: Set(parent.seller_id),
                buyer_id: Set(id.0),
                parent_id: Set(parent.buyer_id),
                created_at: Set(tx.now()),
            })
            .await?;
        }
        tell(tx, &child, before, after.as_ref()).await
    })
}

/// Writes it down for all who are concerned: the seller, the customer, the parent that it had and the one that it has.
async fn tell(
    tx: &mut Tx,
    child: &tenant::Model,
    before: Option<Uuid>,
    after: Option<&account::Model>,
) -> Result<(), Error> {
    let name = after.map(|account| account.buyer_name.clone());
    for owner in [tx.actor().tenant().0, child.id] {
        let told = json!({ "company": child.name, "parent": name });
        tx.audit(Act::new(TenantId(owner), "change_parent", "tenant", child.id).after(told));
    }
    let told = json!({ "subsidiary": child.name });
    if let Some(before) = before {
        let mut act = Act::new(TenantId(before), "lose_subsidiary", "tenant", child.id);
        act.before = Some(told.clone());
        tx.audit(act);
    }
    if let Some(after) = after {
        tx.audit(Act::new(TenantId(after.buyer_id), "get_subsidiary", "tenant", child.id).after(told));
    }
    Ok(())
}

/// The account of the customer that is meant.
async fn named(tx: &Tx, typed: &str) -> Result<account::Model, Error> {
    let refused = |why| Error::from(FieldErrors::one("parent", Refusal::NotASubsidiary { why }));
    for column in [account::Column::ExternalId, account::Column::BuyerName] {
        let mut found = tx
            .find::<account::Entity>()
            .filter(column.eq(typed))
            .limit(2)
            .all(tx.db())
            .await?;
        match (found.pop(), found.is_empty()) {
            (Some(one), true) => return Ok(one),
            (Some(_), false) => return Err(refused(NotASubsidiary::Several)),
            (None, _) => {}
        }
    }
    Err(refused(NotASubsidiary::Nobody))
}

async fn parent_of(tx: &Tx, id: TenantId) -> Result<Option<Uuid>, Error> {
    let row = tx
        .find::<subsidiary::Entity>()
        .filter(subsidiary::Column::BuyerId.eq(id.0))
        .one(tx.db())
        .await?;
    Ok(row.map(|row| row.parent_id))
}

async fn member(tx: &Tx, id: TenantId) -> Result<Member, Error> {
    let below = tx
        .find::<subsidiary::Entity>()
        .filter(subsidiary::Column::ParentId.eq(id.0))
        .count(tx.db())
        .await?;
    Ok(Member {
        id,
        belongs: parent_of(tx, id).await?.is_some(),
        subsidiaries: u32::try_from(below).unwrap_or(u32::MAX),
    })
}

/// The family of a customer, as its seller says it.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn of_customer(scope: &Scope<ManageTenants>, id: TenantId) -> Result<Family, Error> {
    let rows = rows(scope, id).await?;
    let ids = rows.iter().flat_map(|row| [row.buyer_id, row.parent_id]);
    let names = scope
        .find::<account::Entity>()
        .filter(account::Column::BuyerId.is_in(ids))
        .all(scope.db())
        .await?
        .into_iter()
        .map(|account| (account.buyer_id, account.buyer_name))
        .collect();
    Ok(family(id, &rows, &names))
}

/// The tenant's own family, as its sellers say it.
///
/// # Errors
/// [`Error::Database`].
pub async fn own(scope: &Scope<ManageSettings>) -> Result<Family, Error> {
    let rows = rows(scope, scope.tenant()).await?;
    let ids: BTreeSet<Uuid> = rows
        .iter()
        .flat_map(|row| [row.buyer_id, row.parent_id])
        .collect();
    let mut names = BTreeMap::new();
    for id in ids {
        // The rows name them to each other; nothing but the name is told.
        let tenant = scope.backend().system().find_tenant(TenantId(id)).await?;
        names.insert(id, tenant.name);
    }
    Ok(family(scope.tenant(), &rows, &names))
}

async fn rows<P: Permit>(scope: &Scope<P>, id: TenantId) -> Result<Vec<subsidiary::Model>, Error> {
    Ok(scope
        .find::<subsidiary::Entity>()
        .filter(
            sea_orm::Condition::any()
                .add(subsidiary::Column::BuyerId.eq(id.0))
                .add(subsidiary::Column::ParentId.eq(id.0)),
        )
        .order_by_asc(subsidiary::Column::BuyerId)
        .all(scope.db())
        .await?)
}

fn family(of: TenantId, rows: &[subsidiary::Model], names: &BTreeMap<Uuid, String>) -> Family {
    let company = |id: Uuid| Subsidiary {
        id: TenantId(id),
        name: names.get(&id).cloned().unwrap_or_default(),
    };
    let parent = rows.iter().find(|row| row.buyer_id == of.0);
    let below = rows.iter().filter(|row| row.parent_id == of.0);
    let mut subsidiaries: Vec<Subsidiary> = below.map(|row| company(row.buyer_id)).collect();
    subsidiaries.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Family {
        parent: parent.map(|row| company(row.parent_id)),
        subsidiaries,
    }
}
