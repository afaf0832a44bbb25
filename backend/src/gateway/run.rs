//! One comparison: page after page, each noted when it is done, so that whoever goes on begins where it ended.

use super::{COMPARE, charges, missing};
use crate::{
    Error,
    jobs::JobContext,
    scope::{Scope, Tx},
    transact::transact,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{access::RefundPayments, ids::TenantId};
use entity::{codes::FindingState, gateway_comparison, gateway_finding};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

/// How far back is looked each time: longer than a bank takes for a debit.
const BACK: TimeDelta = TimeDelta::days(14);
/// A finding that is open is looked at again, unless it is older than this.
const BACK_FOR_FINDINGS: TimeDelta = TimeDelta::days(180);

/// Compares a seller with the gateway. One that was interrupted goes on.
///
/// # Errors
/// [`Error::Port`] when the gateway does not answer; [`Error::Conflict`] when another worker has taken over;
/// [`Error::Database`].
pub(super) async fn compare(context: &JobContext, seller: TenantId) -> Result<(), Error> {
    let scope: Scope<RefundPayments> = context.backend().job(seller, COMPARE).await?.permit()?;
    let mut run = begin(context, &scope).await?;
    loop {
        let gateway = &scope.ports().gateway;
        let page = gateway
            .list_charges(seller, run.since, run.after_charge.as_deref())
            .await?;
        charges::compare(&scope, &page.taken).await?;
        let more = i64::try_from(page.taken.len()).unwrap_or(i64::MAX);
        run.looked_at = run.looked_at.saturating_add(more);
        run.after_charge = page.next;
        if run.after_charge.is_none() {
            break;
        }
        note(context, &scope, &run).await?;
    }
    missing::look(&scope, &run).await?;
    run.is_running = false;
    run.finished_at = Some(scope.now());
    run.counted = run.looked_at;
    note(context, &scope, &run).await?;
    tracing::info!(%seller, charges = run.counted, "compared with the payment gateway");
    Ok(())
}

/// The comparison that was interrupted, or a new one.
async fn begin(
    context: &JobContext,
    scope: &Scope<RefundPayments>,
) -> Result<gateway_comparison::Model, Error> {
    transact!(scope, tx => {
        context.fence(tx).await?;
        let seller = tx.actor().tenant();
        let before = tx.lock::<gateway_comparison::Entity>().one(tx.db()).await?;
        if let Some(interrupted) = before.clone().filter(|run| run.is_running) {
            return Ok(interrupted);
        }
        let known = before.is_some();
        let fresh = gateway_comparison::Model {
            seller_id: seller.0,
            started_at: tx.now(),
            since: since(tx).await?,
            after_charge: None,
            looked_at: 0,
            is_running: true,
            finished_at: before.as_ref().and_then(|run| run.finished_at),
            counted: before.map_or(0, |run| run.counted),
        };
        if known {
            write(tx, &fresh).await?;
        } else {
            tx.insert(row(&fresh)).await?;
        }
        Ok(fresh)
    })
}

/// From when on charges are listed: what is open is to be seen again.
async fn since(tx: &Tx) -> Result<DateTime<Utc>, Error> {
    let oldest = tx
        .find::<gateway_finding::Entity>()
        .filter(gateway_finding::Column::State.eq(FindingState::Open))
        .filter(gateway_finding::Column::HappenedAt.gte(tx.now() - BACK_FOR_FINDINGS))
        .order_by_asc(gateway_finding::Column::HappenedAt)
        .limit(1)
        .one(tx.db())
        .await?;
    let usual = tx.now() - BACK;
    Ok(oldest.map_or(usual, |finding| usual.min(finding.happened_at)))
}

/// Writes how far it is, unless another worker has taken over.
async fn note(
    context: &JobContext,
    scope: &Scope<RefundPayments>,
    run: &gateway_comparison::Model,
) -> Result<(), Error> {
    transact!(scope, tx => {
        context.fence(tx).await?;
        write(tx, run).await
    })
}

async fn write(tx: &Tx, run: &gateway_comparison::Model) -> Result<(), Error> {
    tx.update::<gateway_comparison::Entity>()
        .set(row(run))
        .filter(gateway_comparison::Column::SellerId.eq(run.seller_id))
        .exec(tx.db())
        .await?;
    Ok(())
}

fn row(run: &gateway_comparison::Model) -> gateway_comparison::ActiveModel {
    let gateway_comparison::Model {
        seller_id,
        started_at,
        since,
        after_charge,
        looked_at,
        is_running,
        finished_at,
        counted,
    } = run.clone();
    gateway_comparison::ActiveModel {
        seller_id: Set(seller_id),
        started_at: Set(started_at),
        since: Set(since),
        after_charge: Set(after_charge),
        looked_at: Set(looked_at),
        is_running: Set(is_running),
        finished_at: Set(finished_at),
        counted: Set(counted),
    }
}
