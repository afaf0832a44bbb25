//! A transaction in a scope: the same view, rows can be locked and written, and the audit goes in with the rest.
//!
//! Audit entries are collected and written by [`Tx::commit`] as the last thing, because numbering them locks one row
//! per tenant and that lock should be short and always the last one taken.

use super::{Act, Actor, Viewpoint, Visible, audit, scope::rows, visibility::to_pay};
use crate::{Error, database::Transaction};
use chrono::{DateTime, Utc};
use entity::invoice;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, DeleteMany, EntityTrait, IntoActiveModel, Iterable, QueryFilter,
    QuerySelect, Select, UpdateMany,
};

/// An open transaction. Dropped without commit it is rolled back.
pub(crate) struct Tx {
    transaction: Transaction,
    viewpoint: Viewpoint,
    actor: Actor,
    now: DateTime<Utc>,
    acts: Vec<Act>,
}

impl Tx {
    /// In the name of the viewpoint's tenant.
    pub(super) async fn begin(actor: Actor, viewpoint: Viewpoint) -> Result<Self, Error> {
        let writer = actor
            .backend()
            .inner
            .connections
            .writer
            .for_tenant(viewpoint.clone());
        Ok(Self::with(writer.begin().await?, actor, viewpoint))
    }

    /// In the machinery's name: its writes may be of any tenant.
    pub(super) async fn begin_as_system(actor: Actor, viewpoint: Viewpoint) -> Result<Self, Error> {
        let transaction = actor.backend().system().begin().await?;
        Ok(Self::with(transaction, actor, viewpoint))
    }

    fn with(transaction: Transaction, actor: Actor, viewpoint: Viewpoint) -> Self {
        let now = actor.now();
        Self {
            transaction,
            viewpoint,
            actor,
            now,
            acts: Vec::new(),
        }
    }

    /// The connection to read and write through.
    pub(crate) fn db(&self) -> &Transaction {
        &self.transaction
    }

    /// Who acts.
    pub(crate) fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The moment of the transaction: all that it writes bears this time.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// A query of the rows that the scope may see.
    pub(crate) fn find<E: Visible>(&self) -> Select<E> {
        rows::<E>().filter(E::visible(&self.viewpoint))
    }

    /// The same, locking the rows until the end. On SQLite the whole database is locked anyway. Lock many rows in the
    /// order of their ids (V30).
    pub(crate) fn lock<E: Visible>(&self) -> Select<E> {
        self.find::<E>().lock_exclusive()
    }

    /// A query of the invoices that can be paid from here: those that the scope may see, and those of bills that it received.
    pub(crate) fn invoices_to_pay(&self) -> Select<invoice::Entity> {
        rows().filter(to_pay(&self.viewpoint))
    }

    /// An update of rows that the scope may see.
    #[expect(clippy::disallowed_methods, reason = "narrowed in the same breath")]
    pub(crate) fn update<E: Visible>(&self) -> UpdateMany<E> {
        E::update_many().filter(E::visible(&self.viewpoint))
    }

    /// A deletion of rows that the scope may see.
    #[expect(clippy::disallowed_methods, reason = "narrowed in the same breath")]
    pub(crate) fn delete<E: Visible>(&self) -> DeleteMany<E> {
        E::delete_many().filter(E::visible(&self.viewpoint))
    }

    /// Writes a new row.
    pub(crate) async fn insert<A>(&self, row: A) -> Result<<A::Entity as EntityTrait>::Model, Error>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        Ok(row.insert(&self.transaction).await?)
    }

    /// Writes many new rows, as many statements as the databases' limits of bound values ask for.
    #[expect(
        clippy::disallowed_methods,
        reason = "new rows are checked by their foreign keys"
    )]
    pub(crate) async fn insert_all<A>(&self, rows: Vec<A>) -> Result<(), Error>
    where
        A: ActiveModelTrait + Send,
    {
        const MOST_VALUES: usize = 30_000;
        let columns = <A::Entity as EntityTrait>::Column::iter().count().max(1);
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let some: Vec<A> = rows.by_ref().take(MOST_VALUES / columns).collect();
            A::Entity::insert_many(some)
                .exec_without_returning(&self.transaction)
                .await?;
        }
        Ok(())
    }

    /// Notes what was done; it is written with the commit (V51).
    pub(crate) fn audit(&mut self, act: Act) {
        self.acts.push(act);
    }

    /// Writes the audit and commits.
    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        let acts = std::mem::take(&mut self.acts);
        audit::write(&self, acts).await?;
        self.transaction.commit().await?;
        Ok(())
    }

    /// Gives everything up.
    pub(crate) async fn rollback(self) -> Result<(), Error> {
        self.transaction.rollback().await?;
        Ok(())
    }
}
