//! The machinery's own view: what belongs to no tenant yet, such as a session before it is verified.
//!
//! Sign-in, the job runner, seeding and the check go through here. It gives no documents to anybody: whoever needs
//! those becomes an [`super::Actor`] in a tenant.

use crate::{
    Backend, Error,
    database::{Pool, Transaction},
};
use domain::ids::TenantId;
use entity::tenant;
use sea_orm::EntityTrait;

/// The system's view of a backend.
#[derive(Clone, Copy)]
pub(crate) struct System<'a> {
    backend: &'a Backend,
}

impl Backend {
    /// The machinery's own view.
    pub(crate) fn system(&self) -> System<'_> {
        System { backend: self }
    }
}

impl<'a> System<'a> {
    /// The connection to read through.
    pub(crate) fn db(&self) -> &'a Pool {
        &self.backend.inner.connections.reader
    }

    /// The connection to write single statements through.
    pub(crate) fn writer(&self) -> &'a Pool {
        &self.backend.inner.connections.writer
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(crate) async fn begin(&self) -> Result<Transaction, Error> {
        Ok(self.writer().begin().await?)
    }

    /// A tenant by its id.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    #[expect(
        clippy::disallowed_methods,
        reason = "a trusted caller names the tenant it acts in"
    )]
    pub(crate) async fn find_tenant(&self, id: TenantId) -> Result<tenant::Model, Error> {
        tenant::Entity::find_by_id(id.0)
            .one(self.db())
            .await?
            .ok_or(Error::NotFound)
    }
}
