//! Proof of a permission, and the reads and transactions that come with it.

use super::{Actor, Tx, Viewpoint, Visible};
use crate::{Backend, Error, database::Pool, ports::Ports};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    access::{
        OnSide, Permission, Permit, Side, ViewIssuedInvoices, ViewReceivedInvoices, ViewSharedInvoices,
    },
    ids::TenantId,
};
use entity::invoice_grant;
use sea_orm::{QueryFilter, Select};
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
        let viewpoint = Viewpoint {
            tenant,
            area: P::PERMISSION.area(),
        };
        Self {
            reader: actor.backend().inner.connections.reader.for_tenant(viewpoint),
            actor,
            tenant,
            permission: PhantomData,
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
        Viewpoint {
            tenant: self.tenant(),
            area: P::PERMISSION.area(),
        }
    }

    /// A query of the rows that it may see.
    pub(crate) fn find<E: Visible>(&self) -> Select<E> {
        rows::<E>().filter(E::visible(self.viewpoint()))
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
