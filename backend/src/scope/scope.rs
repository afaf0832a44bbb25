//! Proof of a permission, and the reads and transactions that come with it.

use super::{
    Actor, Company, Subsidiaries, Tx, Viewpoint, Visible,
    visibility::{booked_on_bills, to_pay},
};
use crate::{
    Backend, Error,
    database::{Pool, Sql},
    ports::Ports,
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    access::{
        Area, OnSide, Permission, Permit, Side, ViewIssuedInvoices, ViewReceivedInvoices, ViewSharedInvoices,
    },
    ids::TenantId,
};
use entity::{invoice, invoice_grant, posting};
use sea_orm::{EntityTrait, QueryFilter, Select};
use std::{fmt, marker::PhantomData};

/// An actor that has permission `P`. Cheap to clone.
pub struct Scope<P> {
    actor: Actor,
    tenant: TenantId,
    reader: Pool,
    permission: PhantomData<fn() -> P>,
}

/// A permission that lets one see invoices, on one side of the money.
pub trait SeesInvoices: OnSide {}

impl SeesInvoices for ViewIssuedInvoices {}
impl SeesInvoices for ViewReceivedInvoices {}

/// The invoices that another tenant issued and lets one see (V50). Only a grant gives this scope, and no command takes
/// it.
#[derive(Debug)]
pub enum SharedInvoices {}

impl Permit for SharedInvoices {
    const PERMISSION: Permission = Permission::ViewSharedInvoices;
}

impl OnSide for SharedInvoices {
    const SIDE: Side = Side::Seller;
}

impl SeesInvoices for SharedInvoices {}

impl Scope<ViewSharedInvoices> {
    /// The view that a grant gives: what its giver issued.
    pub(crate) fn through(&self, grant: &invoice_grant::Model) -> Scope<SharedInvoices> {
        Scope::of(self.actor.clone(), TenantId(grant.tenant_id))
    }
}

impl<P: Permit> Scope<P> {
    /// Only [`Actor::permit`] calls this.
    pub(super) fn new(actor: Actor) -> Self {
        let tenant = actor.tenant();
        Self::of(actor, tenant)
    }

    fn of(actor: Actor, tenant: TenantId) -> Self {
        let viewpoint = Self::from_where(&actor, tenant);
        Self {
            reader: actor.backend().inner.connections.reader.for_tenant(viewpoint),
            actor,
            tenant,
            permission: PhantomData,
        }
    }

    fn from_where(actor: &Actor, tenant: TenantId) -> Viewpoint {
        let area = P::PERMISSION.area();
        // Only what is one's own is seen further, and a grant is not.
        let far = area == Area::Buyer && tenant == actor.tenant();
        Viewpoint {
            tenant,
            area,
            subsidiaries: if far {
                actor.subsidiaries().clone()
            } else {
                Subsidiaries::default()
            },
        }
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The tenant whose data is seen: the one acted in, or the giver of a grant.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        self.actor.now()
    }

    /// Today in the tenant's time zone.
    pub fn today(&self) -> NaiveDate {
        self.actor.today()
    }

    /// What the backend needs from outside.
    pub(crate) fn ports(&self) -> &Ports {
        self.backend().ports()
    }

    /// The backend itself, for what is no data.
    pub(crate) fn backend(&self) -> &Backend {
        self.actor.backend()
    }

    /// From where it sees.
    pub(crate) fn viewpoint(&self) -> Viewpoint {
        Self::from_where(&self.actor, self.tenant)
    }

    /// The companies whose papers it sees on the buyer's side: one with the narrow reach.
    pub(crate) fn companies(&self) -> Vec<Company> {
        self.viewpoint().subsidiaries.with(self.tenant)
    }

    /// Whose papers those are, in a statement of our own on a table with `seller_id` and `buyer_id`.
    pub(crate) fn push_bought(&self, sql: &mut Sql) {
        self.viewpoint().subsidiaries.push(self.tenant, sql);
    }

    /// The same rows one company at a time, so that each part is a range of an index that is in the order of its list; with
    /// the narrow reach, and on the seller's side, that is one part. `only` leaves one company.
    pub(crate) fn by_company<E: EntityTrait>(
        &self,
        rows: Select<E>,
        (seller, buyer): (E::Column, E::Column),
        only: Option<TenantId>,
    ) -> Vec<Select<E>> {
        if P::PERMISSION.area() != Area::Buyer {
            return vec![rows];
        }
        let several = self.sees_several();
        self.companies()
            .into_iter()
            .filter(|company| only.is_none_or(|only| only == company.id()))
            .map(|company| {
                let rows = rows.clone();
                if several {
                    rows.filter(company.condition(seller, buyer))
                } else {
                    rows
                }
            })
            .collect()
    }

    /// It sees the papers of more than one company.
    pub fn sees_several(&self) -> bool {
        !self.viewpoint().subsidiaries.is_empty()
    }

    /// A query of the rows that it may see.
    pub(crate) fn find<E: Visible>(&self) -> Select<E> {
        rows::<E>().filter(E::visible(&self.viewpoint()))
    }

    /// A query of the invoices that can be paid from here: those that it may see, and those of bills that it received.
    pub(crate) fn invoices_to_pay(&self) -> Select<invoice::Entity> {
        rows().filter(to_pay(&self.viewpoint()))
    }

    /// A query of what was booked: on what it may see, and on the invoices of bills that it received, while they stood in those.
    pub(crate) fn booked_on_bills(&self) -> Select<posting::Entity> {
        rows().filter(booked_on_bills(&self.viewpoint()))
    }

    /// The connection to read through, in the tenant's name. What is read must come from [`Self::find`] or carry its
    /// condition: row security is a second wall, and SQLite has none.
    pub(crate) fn db(&self) -> &Pool {
        &self.reader
    }

    /// Begins a transaction. On SQLite it is the only one from here on.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(crate) async fn begin(&self) -> Result<Tx, Error> {
        // A grant lets one look, never write.
        if self.tenant != self.actor.tenant() {
            return Err(Error::NotFound);
        }
        Tx::begin(self.actor.clone(), self.viewpoint()).await
    }
}

impl<P: OnSide> Scope<P> {
    /// The side of the money that the permission is on.
    pub fn side(&self) -> Side {
        P::SIDE
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door that narrows")]
pub(super) fn rows<E: Visible>() -> Select<E> {
    E::find()
}

impl<P> Clone for Scope<P> {
    fn clone(&self) -> Self {
        Self {
            actor: self.actor.clone(),
            tenant: self.tenant,
            reader: self.reader.clone(),
            permission: PhantomData,
        }
    }
}

impl<P: Permit> fmt::Debug for Scope<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope")
            .field("actor", &self.actor)
            .field("permission", &P::PERMISSION)
            .finish()
    }
}
