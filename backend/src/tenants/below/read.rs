//! Reading the tenants that one made.

use crate::{
    Error, Scope,
    codes::{Stored, currency},
    invoices::{search_key, write::party},
    scope::Visible,
    tenants::groups,
};
use domain::{
    access::ManageTenants,
    ids::{GroupId, InvitationId, TenantId},
    list::{COUNTED_TO, Cursor, DEFAULT_PER_PAGE, Page, Position, Total},
    locale::Locale,
    tenants::{Company, Door, GroupRow, LeadInvitation, TenantDetail, TenantQuery, TenantRow, TenantState},
};
use entity::{Uuid, account, codes, invitation, invoice_grant, membership, tenant};
use sea_orm::{
    ColumnTrait, Condition, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use std::collections::BTreeMap;

/// A page of the tenants that one made, by name.
///
/// # Errors
/// [`Error::Database`].
pub async fn list(scope: &Scope<ManageTenants>, query: &TenantQuery) -> Result<Page<TenantRow>, Error> {
    let accounts = narrowed(scope, query);
    let (key, id) = (account::Column::BuyerSearch, account::Column::BuyerId);
    let place = |cursor: &Cursor| (cursor.key.clone(), cursor.id);
    let from = match &query.position {
        Position::First | Position::Last => Condition::all(),
        Position::After(cursor) => {
            let (word, last) = place(cursor);
            let same = Condition::all().add(key.eq(word.clone())).add(id.gt(last));
            Condition::any().add(key.gt(word)).add(same)
        }
        Position::Before(cursor) => {
            let (word, first) = place(cursor);
            let same = Condition::all().add(key.eq(word.clone())).add(id.lt(first));
            Condition::any().add(key.lt(word)).add(same)
        }
    };
    let sorted = accounts.clone().filter(from);
    let sorted = if query.position.is_backwards() {
        sorted.order_by_desc(key).order_by_desc(id)
    } else {
        sorted.order_by_asc(key).order_by_asc(id)
    };
    let found = sorted
        .limit(u64::from(DEFAULT_PER_PAGE) + 1)
        .all(scope.db())
        .await?;
    let total = Total::counted(accounts.limit(COUNTED_TO + 1).count(scope.db()).await?);
    let page = Page::of(
        found,
        usize::from(DEFAULT_PER_PAGE),
        &query.position,
        total,
        |account| Cursor::new(&account.buyer_search, account.buyer_id),
    );
    let ids = page.rows.iter().map(|account| account.buyer_id);
    let tenants: BTreeMap<Uuid, tenant::Model> = scope
        .find::<tenant::Entity>()
        .filter(tenant::Column::Id.is_in(ids))
        .all(scope.db())
        .await?
        .into_iter()
        .map(|tenant| (tenant.id, tenant))
        .collect();
    let groups = groups::list(scope).await?;
    let rows = page.rows.iter().filter_map(|account| {
        let tenant = tenants.get(&account.buyer_id)?;
        Some(row(tenant, account, &groups))
    });
    let rows = rows.collect();
    Ok(page.with(rows))
}

/// One of them.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(scope: &Scope<ManageTenants>, id: TenantId) -> Result<TenantDetail, Error> {
    let account = scope
        .find::<account::Entity>()
        .filter(account::Column::BuyerId.eq(id.0))
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)?;
    let tenant = made(scope, id).await?;
    let groups = groups::list(scope).await?;
    let (people, signed_in_at) = people(scope, id).await?;
    let shares = scope
        .find::<invoice_grant::Entity>()
        .filter(invoice_grant::Column::TenantId.eq(id.0))
        .filter(invoice_grant::Column::ToId.eq(scope.tenant().0))
        .one(scope.db())
        .await?
        .is_some();
    Ok(TenantDetail {
        row: row(&tenant, &account, &groups),
        company: company(&tenant)?,
        terms_days: account.terms_days,
        group: tenant.group_id.map(GroupId),
        reason: tenant.state_reason,
        people,
        signed_in_at,
        invitations: invitations(scope, id).await?,
        groups,
        shares,
        family: super::family::of_customer(scope, id).await?,
    })
}

/// What a tenant says of itself.
pub(crate) fn company(tenant: &tenant::Model) -> Result<Company, Error> {
    let locale = Locale::from_code(&tenant.locale);
    Ok(Company {
        party: party(tenant),
        locale: locale.ok_or_else(|| Error::corrupt(format!("locale {}", tenant.locale)))?,
        time_zone: tenant.time_zone.clone(),
        currency: currency(&tenant.currency)?,
        accent: tenant.accent.clone(),
        support_phone: tenant.support_phone.clone(),
    })
}

fn row(tenant: &tenant::Model, account: &account::Model, groups: &[GroupRow]) -> TenantRow {
    let group = groups.iter().find(|group| Some(group.id.0) == tenant.group_id);
    let state: TenantState = tenant.state.to_domain();
    TenantRow {
        id: TenantId(tenant.id),
        name: tenant.name.clone(),
        external_id: account.external_id.clone(),
        state,
        group: group.map(|group| group.name.clone()),
        door: Door::of(state, group.map(|group| group.opened_at.is_some())),
        created_at: tenant.created_at,
    }
}

/// The accounts of the tenants that a filter leaves.
fn narrowed(scope: &Scope<ManageTenants>, query: &TenantQuery) -> Select<account::Entity> {
    let mut accounts = scope.find::<account::Entity>();
    if let Some(text) = &query.search {
        accounts = accounts.filter(account::Column::BuyerSearch.contains(search_key(text)));
    }
    if query.state.is_some() || query.group.is_some() {
        let mut tenants = scope
            .find::<tenant::Entity>()
            .select_only()
            .column(tenant::Column::Id);
        if let Some(state) = query.state {
            tenants = tenants.filter(tenant::Column::State.eq(codes::TenantState::from_domain(state)));
        }
        if let Some(group) = query.group {
            tenants = tenants.filter(tenant::Column::GroupId.eq(group.0));
        }
        accounts = accounts.filter(account::Column::BuyerId.in_subquery(tenants.into_query()));
    }
    accounts
}

/// A tenant that one made; others are not found, even those that one sells to.
async fn made(scope: &Scope<ManageTenants>, id: TenantId) -> Result<tenant::Model, Error> {
    scope
        .find::<tenant::Entity>()
        .filter(tenant::Column::Id.eq(id.0))
        .filter(tenant::Column::ParentId.eq(scope.tenant().0))
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)
}

/// How many people can work in a tenant that one made, and when one of them last signed in: enough to see whether it is
/// in use, and nothing of who they are.
async fn people(
    scope: &Scope<ManageTenants>,
    id: TenantId,
) -> Result<(u64, Option<chrono::DateTime<chrono::Utc>>), Error> {
    let active = of_made::<membership::Entity>(membership::Column::TenantId, id)
        .filter(membership::Column::State.eq(codes::MembershipState::Active));
    let system = scope.backend().system();
    let count = active.clone().count(system.db()).await?;
    let last = active
        .filter(membership::Column::SignedInAt.is_not_null())
        .order_by_desc(membership::Column::SignedInAt)
        .limit(1)
        .all(system.db())
        .await?;
    Ok((count, last.first().and_then(|one| one.signed_in_at)))
}

/// The open invitations of its lead contacts that were sent from here.
async fn invitations(scope: &Scope<ManageTenants>, id: TenantId) -> Result<Vec<LeadInvitation>, Error> {
    let now = scope.now();
    let from_here = scope
        .find::<membership::Entity>()
        .select_only()
        .column(membership::Column::UserId)
        .into_query();
    let open = of_made::<invitation::Entity>(invitation::Column::TenantId, id)
        .filter(invitation::Column::InvitedBy.in_subquery(from_here))
        .order_by_desc(invitation::Column::SentAt)
        .limit(50)
        .all(scope.backend().system().db())
        .await?;
    Ok(open
        .into_iter()
        .map(|one| LeadInvitation {
            id: InvitationId(one.id),
            name: one.name,
            email: one.email,
            sent_at: one.sent_at,
            over: one.expires_at <= now,
        })
        .collect())
}

/// Rows of a tenant that the caller found to be one's own making.
#[expect(
    clippy::disallowed_methods,
    reason = "the tenant above asks, and is told no more than its callers say"
)]
fn of_made<E: Visible>(tenant: E::Column, id: TenantId) -> Select<E> {
    E::find().filter(tenant.eq(id.0))
}
