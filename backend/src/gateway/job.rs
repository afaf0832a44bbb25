//! The jobs: which sellers are due, and the comparison of one of them.

use super::{COMPARE, run};
use crate::{
    Backend, Error,
    jobs::{Job, JobContext, Retry, enqueue},
    scope::{Scope, Tx},
    transact::transact,
};
use chrono::TimeDelta;
use domain::{access::RefundPayments, ids::TenantId};
use entity::{Uuid, account, codes::TenantKind, gateway_comparison, tenant};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A seller is compared again after this long: once a day, at about the same hour.
const AGAIN_AFTER: TimeDelta = TimeDelta::hours(23);

/// Sees to it that whoever is due is compared.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct PlanComparisons {}

impl PlanComparisons {
    /// Pause between two rounds.
    pub(crate) const EVERY: TimeDelta = TimeDelta::hours(1);
}

impl Job for PlanComparisons {
    const KIND: &'static str = "gateway.plan";
    const WORDS: &'static str = "Plan comparisons with the payment gateway";
    const RETRY: Retry = Retry::RECURRING;

    async fn run(&self, context: &JobContext) -> Result<(), Error> {
        for seller in due(context.backend()).await? {
            let scope: Scope<RefundPayments> = context.backend().job(seller, COMPARE).await?.permit()?;
            let planned: Result<(), Error> =
                transact!(scope, tx => { CompareGateway { seller }.plan(tx).await });
            planned?;
        }
        Ok(())
    }
}

/// Compares one seller.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct CompareGateway {
    /// Whose charges.
    pub(super) seller: TenantId,
}

impl CompareGateway {
    /// Enqueues it, unless it waits or runs.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(super) async fn plan(self, tx: &Tx) -> Result<(), Error> {
        enqueue(
            tx,
            Some(self.seller),
            &self,
            Some(format!("{COMPARE}:{}", self.seller)),
        )
        .await
    }
}

impl Job for CompareGateway {
    const KIND: &'static str = COMPARE;
    const WORDS: &'static str = "Compare payments with the payment gateway";

    async fn run(&self, context: &JobContext) -> Result<(), Error> {
        run::compare(context, self.seller).await
    }
}

/// Sellers whose last comparison is a day old.
async fn due(backend: &Backend) -> Result<Vec<TenantId>, Error> {
    let begun = begun(backend).await?;
    let old = backend.now() - AGAIN_AFTER;
    let is_due = |seller: &Uuid| begun.get(seller).is_none_or(|at| *at <= old);
    let sellers = sellers(backend).await?;
    Ok(sellers.into_iter().filter(is_due).map(TenantId).collect())
}

/// Who has customers at the gateway, and the distributor, whose account it is unless a seller has one of its own.
#[expect(
    clippy::disallowed_methods,
    reason = "comparisons are planned for all tenants"
)]
async fn sellers(backend: &Backend) -> Result<BTreeSet<Uuid>, Error> {
    let db = backend.system().db();
    let with_customers: Vec<Uuid> = account::Entity::find()
        .filter(account::Column::GatewayCustomer.is_not_null())
        .select_only()
        .column(account::Column::SellerId)
        .distinct()
        .into_tuple()
        .all(db)
        .await?;
    let distributors: Vec<Uuid> = tenant::Entity::find()
        .filter(tenant::Column::Kind.eq(TenantKind::Distributor))
        .select_only()
        .column(tenant::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(with_customers.into_iter().chain(distributors).collect())
}

/// When the last comparison of each seller began.
#[expect(
    clippy::disallowed_methods,
    reason = "comparisons are planned for all tenants"
)]
async fn begun(backend: &Backend) -> Result<BTreeMap<Uuid, chrono::DateTime<chrono::Utc>>, Error> {
    let rows = gateway_comparison::Entity::find()
        .all(backend.system().db())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.seller_id, row.started_at))
        .collect())
}
