//! What became of a refund is written by one guarded transition; whoever comes second does nothing.

use super::{history, letters, money};
use crate::{
    Error,
    codes::Stored,
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    access::RefundPayments,
    ids::TenantId,
    refunds::{RefundKind, RefundState},
};
use entity::{codes, refund};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};

/// The money is gone: what that means for the payment, its invoices and the books is written with it.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn succeed(
    scope: &Scope<RefundPayments>,
    refund: &refund::Model,
    gateway_id: Option<&str>,
) -> Result<(), Error> {
    transact!(scope, tx => {
        let payment = match refund.payment_id {
            Some(id) => money::lock_payment(tx, id).await?,
            None => return Err(Error::NotFound),
        };
        let Some(refund) = decide(tx, refund, RefundState::Succeeded, gateway_id, None).await? else {
            return Ok(());
        };
        money::give(tx, &refund, &payment).await?;
        history::went(tx, &refund, &payment);
        tracing::info!(refund = %refund.id, "money went back");
        Ok(())
    })
}

/// It is not decided: the bank is thinking, or the gateway did not answer.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn wait(
    scope: &Scope<RefundPayments>,
    refund: &refund::Model,
    state: RefundState,
    gateway_id: Option<&str>,
) -> Result<(), Error> {
    transact!(scope, tx => { decide(tx, refund, state, gateway_id, None).await.map(|_| ()) })
}

/// Nothing went back, and the money is where it was.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn fail(
    scope: &Scope<RefundPayments>,
    refund: &refund::Model,
    gateway_id: Option<&str>,
    code: &str,
) -> Result<(), Error> {
    transact!(scope, tx => {
        let decided = decide(tx, refund, RefundState::Failed, gateway_id, Some(code)).await?;
        if let Some(refund) = decided {
            let facts = serde_json::json!({ "code": code });
            let seller = TenantId(refund.seller_id);
            tx.audit(Act::new(seller, "fail", "refund", refund.id).after(facts));
            tracing::info!(refund = %refund.id, code, "a refund failed");
        }
        Ok(())
    })
}

/// Money that was gone came back.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn return_it(scope: &Scope<RefundPayments>, refund: &refund::Model) -> Result<(), Error> {
    transact!(scope, tx => { returned(tx, refund).await })
}

/// The same in a transaction.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn returned(tx: &mut Tx, refund: &refund::Model) -> Result<(), Error> {
    let payment = match refund.payment_id {
        Some(id) => money::lock_payment(tx, id).await?,
        None => return Err(Error::NotFound),
    };
    let Some(refund) = decide(tx, refund, RefundState::Returned, None, None).await? else {
        return Ok(());
    };
    let again = money::take_again(tx, &refund, &payment).await?;
    history::returned(tx, &refund, &payment);
    if refund.kind.to_domain() == RefundKind::Chargeback {
        letters::won(tx, &payment, &refund, &again).await?;
    }
    tracing::info!(refund = %refund.id, "money that was gone came back");
    Ok(())
}

/// The guarded transition. None when the refund is in a state from which it does not lead.
async fn decide(
    tx: &Tx,
    refund: &refund::Model,
    to: RefundState,
    gateway_id: Option<&str>,
    failure: Option<&str>,
) -> Result<Option<refund::Model>, Error> {
    let from = RefundState::ALL.iter().filter(|state| state.may_become(to));
    let mut change = refund::ActiveModel {
        state: Set(codes::RefundState::from_domain(to)),
        ..Default::default()
    };
    if !to.is_under_way() {
        change.resolved_at = Set(Some(tx.now()));
        change.lease_until = Set(None);
    }
    if let Some(id) = gateway_id {
        change.gateway_id = Set(Some(id.to_owned()));
    }
    if let Some(code) = failure {
        change.failure_code = Set(Some(code.to_owned()));
    }
    let changed = tx
        .update::<refund::Entity>()
        .set(change)
        .filter(refund::Column::SellerId.eq(refund.seller_id))
        .filter(refund::Column::Id.eq(refund.id))
        .filter(refund::Column::State.is_in(from.map(|state| codes::RefundState::from_domain(*state))))
        .exec(tx.db())
        .await?;
    if changed.rows_affected == 0 {
        return Ok(None);
    }
    let row = tx
        .find::<refund::Entity>()
        .filter(refund::Column::Id.eq(refund.id))
        .one(tx.db())
        .await?;
    row.map(Some).ok_or(Error::NotFound)
}
