//! What a tenant lets the tier above see: the invoices that it issued (V50). Given, seen and taken back by itself.

use crate::{
    Error, Scope, new_id,
    scope::{Act, SharedInvoices},
    transact::transact,
};
use domain::{
    access::{ManageSettings, ViewSharedInvoices},
    ids::{GrantId, TenantId},
    tenants::{GrantRow, Sharing},
};
use entity::{account, invoice_grant, tenant};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

/// Most grants that a list shows.
const MOST: u64 = 500;

/// What the tenant shares, and with whom it could share.
///
/// # Errors
/// [`Error::Database`].
pub async fn sharing(scope: &Scope<ManageSettings>) -> Result<Sharing, Error> {
    let given: Vec<GrantRow> = scope
        .find::<invoice_grant::Entity>()
        .filter(invoice_grant::Column::TenantId.eq(scope.tenant().0))
        .order_by_asc(invoice_grant::Column::ToName)
        .limit(MOST)
        .all(scope.db())
        .await?
        .into_iter()
        .map(|grant| GrantRow {
            id: GrantId(grant.id),
            tenant: TenantId(grant.to_id),
            name: grant.to_name,
            given_by: grant.given_by,
            given_at: grant.given_at,
        })
        .collect();
    let possible = above(scope).await?;
    let possible = possible.filter(|(id, _)| !given.iter().any(|grant| grant.tenant == *id));
    Ok(Sharing { given, possible })
}

/// The tier above a tenant that sells, with its name; none at the top and for who bills nobody.
async fn above(scope: &Scope<ManageSettings>) -> Result<Option<(TenantId, String)>, Error> {
    if !scope.actor().kind().sells() {
        return Ok(None);
    }
    let own = scope.find::<tenant::Entity>().one(scope.db()).await?;
    let Some(parent) = own.and_then(|own| own.parent_id) else {
        return Ok(None);
    };
    // The account says its name; nothing else of it is seen here.
    let account = scope
        .find::<account::Entity>()
        .filter(account::Column::SellerId.eq(parent))
        .filter(account::Column::BuyerId.eq(scope.tenant().0))
        .one(scope.db())
        .await?;
    Ok(account.map(|account| (TenantId(parent), account.seller_name)))
}

/// Lets the tier above see the invoices that the tenant issued. Giving it twice is giving it once.
///
/// # Errors
/// [`Error::NotFound`] where there is nobody to let see.
pub async fn give(scope: &Scope<ManageSettings>) -> Result<(), Error> {
    let (to, name) = above(scope).await?.ok_or(Error::NotFound)?;
    let id = new_id();
    transact!(scope, tx => {
        let own = tx
            .lock::<tenant::Entity>()
            .one(tx.db())
            .await?
            .ok_or(Error::NotFound)?;
        let known = tx
            .find::<invoice_grant::Entity>()
            .filter(invoice_grant::Column::TenantId.eq(own.id))
            .filter(invoice_grant::Column::ToId.eq(to.0))
            .one(tx.db())
            .await?;
        if known.is_some() {
            return Ok(());
        }
        tx.insert(invoice_grant::ActiveModel {
            tenant_id: Set(own.id),
            id: Set(id),
            to_id: Set(to.0),
            tenant_name: Set(own.name),
            to_name: Set(name.clone()),
            given_by: Set(tx.actor().name().to_owned()),
            given_at: Set(tx.now()),
        })
        .await?;
        tx.audit(Act::new(tx.actor().tenant(), "share", "grant", id).after(json!({ "to": name })));
        Ok(())
    })
}

/// Takes a grant back. The next request of the other side sees nothing any more.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn take_back(scope: &Scope<ManageSettings>, id: GrantId) -> Result<(), Error> {
    transact!(scope, tx => {
        let me = tx.actor().tenant();
        let grant = tx
            .lock::<invoice_grant::Entity>()
            .filter(invoice_grant::Column::TenantId.eq(me.0))
            .filter(invoice_grant::Column::Id.eq(id.0))
            .one(tx.db())
            .await?
            .ok_or(Error::NotFound)?;
        tx.delete::<invoice_grant::Entity>()
            .filter(invoice_grant::Column::TenantId.eq(me.0))
            .filter(invoice_grant::Column::Id.eq(id.0))
            .exec(tx.db())
            .await?;
        let mut act = Act::new(me, "stop_sharing", "grant", id.0);
        act.before = Some(json!({ "to": grant.to_name }));
        tx.audit(act);
        Ok(())
    })
}

/// What others let the tenant see, by name.
///
/// # Errors
/// [`Error::Database`].
pub async fn received(scope: &Scope<ViewSharedInvoices>) -> Result<Vec<GrantRow>, Error> {
    Ok(scope
        .find::<invoice_grant::Entity>()
        .filter(invoice_grant::Column::ToId.eq(scope.tenant().0))
        .order_by_asc(invoice_grant::Column::TenantName)
        .limit(MOST)
        .all(scope.db())
        .await?
        .into_iter()
        .map(|grant| GrantRow {
            id: GrantId(grant.id),
            tenant: TenantId(grant.tenant_id),
            name: grant.tenant_name,
            given_by: grant.given_by,
            given_at: grant.given_at,
        })
        .collect())
}

/// The view of the invoices that another tenant issued and lets this one see, with that tenant's name. Asked for with
/// every request, so a grant that is taken back ends with the next one.
///
/// # Errors
/// [`Error::NotFound`] without a grant, the same as for a tenant that does not exist.
pub async fn look(
    scope: &Scope<ViewSharedInvoices>,
    of: TenantId,
) -> Result<(Scope<SharedInvoices>, String), Error> {
    let grant = scope
        .find::<invoice_grant::Entity>()
        .filter(invoice_grant::Column::TenantId.eq(of.0))
        .filter(invoice_grant::Column::ToId.eq(scope.tenant().0))
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)?;
    Ok((scope.through(&grant), grant.tenant_name))
}
