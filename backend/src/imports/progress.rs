//! How far a publication is. It is one transaction, and what it writes about itself nobody else would see.
//!
//! On SQLite there is one node and one writer, so the number is kept in memory; on PostgreSQL it is also written beside
//! the transaction, for pages that another node serves. The import's row must not be locked by the publication then.

use crate::Backend;
use domain::ids::{ImportId, TenantId};
use entity::import;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter};
use std::{
    collections::BTreeMap,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
};

static DONE: LazyLock<Mutex<BTreeMap<ImportId, u64>>> = LazyLock::new(Mutex::default);

fn held() -> MutexGuard<'static, BTreeMap<ImportId, u64>> {
    DONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// So many rows are done.
pub(super) async fn report(backend: &Backend, seller: TenantId, id: ImportId, done: u64) {
    held().insert(id, done);
    if backend.system().writer().get_database_backend() == DbBackend::Postgres {
        write(backend, seller, id, done).await;
    }
}

/// Writes it to the import's row. That it fails is no reason to stop the work.
#[expect(
    clippy::disallowed_methods,
    reason = "the whole key of one row, beside the open transaction"
)]
pub(super) async fn write(backend: &Backend, seller: TenantId, id: ImportId, done: u64) {
    let done = i64::try_from(done).unwrap_or(i64::MAX);
    let written = import::Entity::update_many()
        .set(import::ActiveModel {
            done: Set(done),
            ..Default::default()
        })
        .filter(import::Column::SellerId.eq(seller.0))
        .filter(import::Column::Id.eq(id.0))
        .exec(backend.system().writer())
        .await;
    if let Err(error) = written {
        tracing::debug!(import = %id, %error, "progress not written");
    }
}

/// The work is over.
pub(super) fn forget(id: ImportId) {
    held().remove(&id);
}

/// What this node knows.
pub(super) fn known(id: ImportId) -> Option<u64> {
    held().get(&id).copied()
}
