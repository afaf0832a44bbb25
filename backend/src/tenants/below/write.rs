//! Making partners and customers, moving them between groups, shutting them out and letting them in again.
//!
//! A tenant is made and changed here by the one above it. Neither row security nor the view lets that one touch what is
//! the lower one's own, so these transactions run in the machinery's name; each begins by finding the tenant as one of
//! the actor's making.

use crate::{
    Actor, Error, Scope,
    codes::Stored,
    invoices::write::party,
    new_id,
    people::invite::{Lead, invite_lead},
    scope::{Act, Tx},
    sessions::token,
    tenants::{
        company::is_zone,
        write::{NewTenant, Parent, buyer_search, create},
    },
    transact::transact,
};
use domain::{
    FieldErrors, Refusal,
    access::{ManageTenants, TenantKind},
    ids::{GroupId, TenantId},
    people,
    tenants::{CompanyFields, TenantState, external_id, reason, terms_days},
};
use entity::{Uuid, account, codes, tenant, tenant_group};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};
use serde_json::json;

/// What the books of the tenant above say of one, as typed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms<'a> {
    /// What it is called there; empty is nothing.
    pub external_id: &'a str,
    /// Days until an invoice is due.
    pub terms_days: &'a str,
    /// Id of its group; empty is none.
    pub group: &'a str,
}

/// Who is to run the portal for a tenant, as typed.
#[derive(Clone, Copy, Debug, Default)]
pub struct LeadContact<'a> {
    /// Name of the person.
    pub name: &'a str,
    /// Their address.
    pub email: &'a str,
}

/// The tier that a tenant makes tenants of; none for a customer.
pub const fn made_by(kind: TenantKind) -> Option<TenantKind> {
    match kind {
        TenantKind::Distributor => Some(TenantKind::Partner),
        TenantKind::Partner => Some(TenantKind::Customer),
        TenantKind::Customer => None,
    }
}

/// Makes a partner or a customer, opens its account and invites its lead contact.
///
/// # Errors
/// [`Error::Invalid`] with what is wrong with each field.
pub async fn make(
    scope: &Scope<ManageTenants>,
    fields: &CompanyFields,
    terms: Terms<'_>,
    lead: LeadContact<'_>,
) -> Result<TenantId, Error> {
    let kind = made_by(scope.actor().kind()).ok_or(Error::NotFound)?;
    let id = TenantId(new_id());
    let invitation = new_id();
    let fresh = token::fresh().map_err(|error| Error::Port(Box::new(error)))?;
    let above = Above(scope.actor());
    transact!(above, tx => {
        let parent = lock_own(tx).await?;
        let mut errors = FieldErrors::default();
        let company = fields.read(is_zone).map_err(|wrong| take(&mut errors, &wrong)).ok();
        let given = read_terms(tx, terms, None, &mut errors).await?;
        let contact = read_lead(lead, &mut errors);
        errors.unless(())?;
        let (Some(company), Some(contact)) = (company, contact) else {
            return Err(Error::corrupt("a form without errors"));
        };
        let new = NewTenant {
            id,
            kind,
            company,
            parent: Some(Parent {
                tenant: TenantId(parent.id),
                party: party(&parent),
                external_id: given.external_id,
                terms_days: given.terms_days,
            }),
            group: given.group,
        };
        create(tx, &new).await?;
        let told = json!({ "name": new.company.party.name });
        tx.audit(Act::new(TenantId(parent.id), "create", "tenant", id.0).after(told));
        invite_lead(tx, id, kind, contact, (invitation, &fresh)).await?;
        Ok(id)
    })
}

/// Invites somebody to run the portal for a tenant that one made: its lead contact (R1).
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] with what is wrong with each field.
pub async fn invite(
    scope: &Scope<ManageTenants>,
    tenant: TenantId,
    lead: LeadContact<'_>,
) -> Result<(), Error> {
    let kind = made_by(scope.actor().kind()).ok_or(Error::NotFound)?;
    let invitation = new_id();
    let fresh = token::fresh().map_err(|error| Error::Port(Box::new(error)))?;
    let above = Above(scope.actor());
    transact!(above, tx => {
        lock_made(tx, tenant).await?;
        let mut errors = FieldErrors::default();
        let contact = read_lead(lead, &mut errors);
        errors.unless(())?;
        let contact = contact.ok_or_else(|| Error::corrupt("a form without errors"))?;
        invite_lead(tx, tenant, kind, contact, (invitation, &fresh)).await
    })
}

/// Changes what one's own books say of a tenant.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] with what is wrong with each field.
pub async fn change_terms(scope: &Scope<ManageTenants>, id: TenantId, terms: Terms<'_>) -> Result<(), Error> {
    let above = Above(scope.actor());
    transact!(above, tx => {
        lock_own(tx).await?;
        let before = lock_made(tx, id).await?;
        let account = tx
            .find::<account::Entity>()
            .filter(account::Column::BuyerId.eq(id.0))
            .one(tx.db())
            .await?
            .ok_or(Error::NotFound)?;
        let mut errors = FieldErrors::default();
        let given = read_terms(tx, terms, Some(id), &mut errors).await?;
        errors.unless(())?;
        tx.update::<account::Entity>()
            .set(account::ActiveModel {
                external_id: Set(given.external_id.clone()),
                terms_days: Set(given.terms_days),
                buyer_search: Set(buyer_search(&before.name, given.external_id.as_deref())),
                ..Default::default()
            })
            .filter(account::Column::BuyerId.eq(id.0))
            .exec(tx.db())
            .await?;
        let group = given.group.map(|group| group.0);
        change(tx, id, tenant::ActiveModel {
            external_id: Set(given.external_id.clone()),
            group_id: Set(group),
            ..Default::default()
        })
        .await?;
        let told = |external_id: &Option<String>, days: i32, group: Option<Uuid>| {
            json!({ "external_id": external_id, "terms_days": days, "group": group })
        };
        let mut act = Act::new(tx.actor().tenant(), "change_terms", "tenant", id.0)
            .after(told(&given.external_id, given.terms_days, group));
        act.before = Some(told(&account.external_id, account.terms_days, before.group_id));
        tx.audit(act);
        Ok(())
    })
}

/// Suspends a tenant, closes it or lets it in again. Its people feel it with their next request; no document changes.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] when a reason is missing or too long.
pub async fn change_state(
    scope: &Scope<ManageTenants>,
    id: TenantId,
    state: TenantState,
    why: &str,
) -> Result<(), Error> {
    let why = reason(state, why).map_err(|refusal| FieldErrors::one("reason", refusal))?;
    let above = Above(scope.actor());
    transact!(above, tx => {
        let before: TenantState = lock_made(tx, id).await?.state.to_domain();
        if before == state {
            return Ok(());
        }
        change(tx, id, tenant::ActiveModel {
            state: Set(codes::TenantState::from_domain(state)),
            state_reason: Set(why.clone()),
            ..Default::default()
        })
        .await?;
        let action = match state {
            TenantState::Active => "open",
            TenantState::Suspended => "suspend",
            TenantState::Closed => "close",
        };
        // Both sides read it: who did it, and to whom it was done.
        for owner in [tx.actor().tenant(), id] {
            let mut act = Act::new(owner, action, "tenant", id.0);
            act.reason.clone_from(&why);
            tx.audit(act);
        }
        Ok(())
    })
}

/// Transactions of the tenant above, in the machinery's name.
pub(super) struct Above<'a>(pub(super) &'a Actor);

impl Above<'_> {
    pub(super) async fn begin(&self) -> Result<Tx, Error> {
        self.0.found().await
    }
}

struct ReadTerms {
    external_id: Option<String>,
    terms_days: i32,
    group: Option<GroupId>,
}

async fn read_terms(
    tx: &Tx,
    terms: Terms<'_>,
    of: Option<TenantId>,
    errors: &mut FieldErrors,
) -> Result<ReadTerms, Error> {
    let external_id = external_id(terms.external_id).unwrap_or_else(|refusal| {
        errors.add("external_id", refusal);
        None
    });
    let days = terms_days(terms.terms_days).unwrap_or_else(|refusal| {
        errors.add("terms_days", refusal);
        0
    });
    if let Some(id) = &external_id {
        let taken = tx
            .find::<account::Entity>()
            .filter(account::Column::ExternalId.eq(id.as_str()))
            .filter(account::Column::BuyerId.ne(of.map(|of| of.0).unwrap_or_default()))
            .one(tx.db())
            .await?;
        if taken.is_some() {
            errors.add("external_id", Refusal::ExternalIdTaken { id: id.clone() });
        }
    }
    let word = terms.group.trim();
    let mut group = None;
    if !word.is_empty() {
        let id: Option<Uuid> = word.parse().ok();
        let found = tx
            .find::<tenant_group::Entity>()
            .filter(tenant_group::Column::Id.eq(id.unwrap_or_default()))
            .one(tx.db())
            .await?;
        match found {
            Some(found) => group = Some(GroupId(found.id)),
            None => errors.add(
                "group",
                Refusal::UnknownChoice {
                    text: word.chars().take(60).collect(),
                },
            ),
        }
    }
    Ok(ReadTerms {
        external_id,
        terms_days: days,
        group,
    })
}

fn read_lead(lead: LeadContact<'_>, errors: &mut FieldErrors) -> Option<Lead> {
    let mut keep =
        |field: &str, read: Result<String, Refusal>| read.map_err(|refusal| errors.add(field, refusal)).ok();
    let name = keep("lead_name", people::name(lead.name));
    let email = keep("lead_email", people::email(lead.email));
    Some(Lead {
        name: name?,
        email: email?,
    })
}

fn take(errors: &mut FieldErrors, wrong: &FieldErrors) {
    for (field, refusal) in wrong.iter() {
        errors.add(field, refusal.clone());
    }
}

/// Locks the actor's own tenant: what is checked among its tenants stays true until the end.
pub(super) async fn lock_own(tx: &Tx) -> Result<tenant::Model, Error> {
    tx.lock::<tenant::Entity>()
        .filter(tenant::Column::Id.eq(tx.actor().tenant().0))
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}

/// Locks a tenant of the actor's making.
pub(super) async fn lock_made(tx: &Tx, id: TenantId) -> Result<tenant::Model, Error> {
    tx.lock::<tenant::Entity>()
        .filter(tenant::Column::Id.eq(id.0))
        .filter(tenant::Column::ParentId.eq(tx.actor().tenant().0))
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}

async fn change(tx: &Tx, id: TenantId, change: tenant::ActiveModel) -> Result<(), Error> {
    tx.update::<tenant::Entity>()
        .set(change)
        .filter(tenant::Column::Id.eq(id.0))
        .filter(tenant::Column::ParentId.eq(tx.actor().tenant().0))
        .exec(tx.db())
        .await?;
    Ok(())
}
