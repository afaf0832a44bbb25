//! Making tenants, their trading accounts and their people.
//!
//! A tenant stands below its parent in the closure from its first moment on, and has a trading account with it, since
//! a tenant is somebody that its parent bills.

use crate::{
    Error,
    codes::Stored,
    invoices::{search_key, write::AccountFacts},
    new_id, profiles,
    scope::{Act, Tx},
    tenants::company::columns,
};
use domain::{
    access::{BuyerReach, Roles, TenantKind},
    ids::{AccountId, GroupId, TenantId, UserId},
    tenants::{Company, Party},
};
use entity::{account, codes, membership, tenant, tenant_path, user};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// A tenant to be made.
#[derive(Clone, Debug)]
pub(crate) struct NewTenant {
    pub(crate) id: TenantId,
    pub(crate) kind: TenantKind,
    pub(crate) company: Company,
    /// Who bills it; none for the distributor.
    pub(crate) parent: Option<Parent>,
    /// The parent's group that it is in.
    pub(crate) group: Option<GroupId>,
}

/// The tenant above, and what its books say about the one below.
#[derive(Clone, Debug)]
pub(crate) struct Parent {
    pub(crate) tenant: TenantId,
    pub(crate) party: Party,
    pub(crate) external_id: Option<String>,
    pub(crate) terms_days: i32,
}

/// Makes a tenant and, with a parent, the account between the two. Returns what that account's documents say.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn create(tx: &mut Tx, new: &NewTenant) -> Result<Option<AccountFacts>, Error> {
    tx.insert(row(new, tx.now())).await?;
    place(tx, new).await?;
    tx.audit(Act::new(new.id, "create", "tenant", new.id.0));
    match &new.parent {
        Some(parent) => open_account(tx, new, parent).await.map(Some),
        None => Ok(None),
    }
}

fn row(new: &NewTenant, now: chrono::DateTime<chrono::Utc>) -> tenant::ActiveModel {
    let parent = new.parent.as_ref();
    tenant::ActiveModel {
        id: Set(new.id.0),
        kind: Set(codes::TenantKind::from_domain(new.kind)),
        external_id: Set(parent.and_then(|parent| parent.external_id.clone())),
        parent_id: Set(parent.map(|parent| parent.tenant.0)),
        created_at: Set(now),
        state: Set(codes::TenantState::Active),
        state_reason: Set(None),
        group_id: Set(new.group.map(|group| group.0)),
        logo_hash: Set(None),
        ..columns(&new.company)
    }
}

/// What a buyer's account is found by: its name, and what the seller's books call it.
pub(crate) fn buyer_search(name: &str, external_id: Option<&str>) -> String {
    match external_id {
        Some(id) => search_key(&format!("{name} {id}")),
        None => search_key(name),
    }
}

/// Writes the tenant's rows of the closure: below each of its parent's ancestors, and itself.
#[expect(
    clippy::disallowed_methods,
    reason = "the closure says who stands where, not who may see what"
)]
async fn place(tx: &Tx, new: &NewTenant) -> Result<(), Error> {
    let mut paths = vec![path(new.id.0, new.id.0, 0)];
    if let Some(parent) = &new.parent {
        let above = tenant_path::Entity::find()
            .filter(tenant_path::Column::DescendantId.eq(parent.tenant.0))
            .all(tx.db())
            .await?;
        paths.extend(
            above
                .into_iter()
                .map(|above| path(above.ancestor_id, new.id.0, above.depth + 1)),
        );
    }
    tx.insert_all(paths).await
}

fn path(ancestor: entity::Uuid, descendant: entity::Uuid, depth: i32) -> tenant_path::ActiveModel {
    tenant_path::ActiveModel {
        ancestor_id: Set(ancestor),
        descendant_id: Set(descendant),
        depth: Set(depth),
    }
}

async fn open_account(tx: &Tx, new: &NewTenant, parent: &Parent) -> Result<AccountFacts, Error> {
    let id = AccountId(new_id());
    let own = &new.company.party;
    tx.insert(account::ActiveModel {
        seller_id: Set(parent.tenant.0),
        id: Set(id.0),
        buyer_id: Set(new.id.0),
        external_id: Set(parent.external_id.clone()),
        terms_days: Set(parent.terms_days),
        gateway_customer: Set(None),
        seller_name: Set(parent.party.name.clone()),
        buyer_name: Set(own.name.clone()),
        seller_search: Set(search_key(&parent.party.name)),
        buyer_search: Set(buyer_search(&own.name, parent.external_id.as_deref())),
        created_at: Set(tx.now()),
    })
    .await?;
    let bound = profiles::open_first(tx, parent.tenant, id, new.id).await?;
    Ok(AccountFacts {
        bound,
        seller: parent.tenant,
        account: id,
        buyer: new.id,
        external_id: parent.external_id.clone(),
        seller_party: parent.party.clone(),
        buyer_party: own.clone(),
    })
}

/// Makes a person with a membership in a tenant.
///
/// # Errors
/// [`Error::Database`], also when the address is taken.
pub(crate) async fn add_person(
    tx: &mut Tx,
    tenant: TenantId,
    name: &str,
    email: &str,
    password_hash: &str,
    roles: Roles,
) -> Result<UserId, Error> {
    let id = UserId(new_id());
    tx.insert(user::ActiveModel {
        id: Set(id.0),
        email: Set(email.to_lowercase()),
        name: Set(name.to_owned()),
        password_hash: Set(password_hash.to_owned()),
        disabled_at: Set(None),
        created_at: Set(tx.now()),
    })
    .await?;
    tx.insert(membership::ActiveModel {
        user_id: Set(id.0),
        tenant_id: Set(tenant.0),
        seller_role: Set(roles.seller.map(codes::SellerRole::from_domain)),
        buyer_role: Set(roles.buyer.map(codes::BuyerRole::from_domain)),
        created_at: Set(tx.now()),
        seller_custom: Set(None),
        buyer_custom: Set(None),
        buyer_reach: Set(codes::BuyerReach::from_domain(BuyerReach::at_first(roles.buyer))),
        state: Set(codes::MembershipState::Active),
        signed_in_at: Set(None),
    })
    .await?;
    tx.audit(Act::new(tenant, "join", "user", id.0));
    Ok(id)
}
