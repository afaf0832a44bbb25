//! Writing what was found: each difference once, open as long as it is there.

use crate::{
    Error,
    codes::Stored,
    hidden, new_id,
    ports::GatewayCharge,
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{Money, access::RefundPayments, gateway::FindingKind, ids::TenantId};
use entity::{
    Uuid,
    codes::{self, FindingState, Method},
    gateway_check, gateway_finding,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};
use std::collections::BTreeSet;

/// Longest description that is kept.
const LONGEST: usize = 300;

/// A difference, as a comparison finds it.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// What differs.
    pub(super) kind: FindingKind,
    /// The amount that the gateway says.
    pub(super) there: Option<Money>,
    /// The amount that stands here.
    pub(super) here: Option<Money>,
    /// The customer's account, if it is known.
    pub(super) account: Option<Uuid>,
    /// The payment here.
    pub(super) payment: Option<Uuid>,
    /// The charge that it is about.
    pub(super) charge: GatewayCharge,
}

impl Found {
    fn key(&self) -> (codes::FindingKind, &str) {
        (codes::FindingKind::from_domain(self.kind), &self.charge.reference)
    }
}

/// Writes what was found of the charges that were looked at, ends what is not found any more, and marks payments that the
/// gateway knows.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn write(
    scope: &Scope<RefundPayments>,
    found: &[Found],
    looked_at: &[String],
    there: &[Uuid],
) -> Result<(), Error> {
    transact!(scope, tx => {
        let before = tx
            .lock::<gateway_finding::Entity>()
            .filter(gateway_finding::Column::Reference.is_in(looked_at))
            .all(tx.db())
            .await?;
        for one in found {
            let known = before.iter().find(|row| (row.kind, row.reference.as_str()) == one.key());
            match known {
                None => open(tx, one).await?,
                Some(row) => open_again(tx, row, one).await?,
            }
        }
        let still: Vec<_> = found.iter().map(Found::key).collect();
        let agrees = |row: &&gateway_finding::Model| {
            row.state == FindingState::Open && !still.contains(&(row.kind, row.reference.as_str()))
        };
        for row in before.iter().filter(agrees) {
            let ended = ended(tx, FindingState::Gone);
            change(tx, row, ended, "agree").await?;
        }
        mark(tx, there).await
    })
}

/// Ends a finding in the name of whoever acts.
pub(super) fn ended(tx: &Tx, state: FindingState) -> gateway_finding::ActiveModel {
    gateway_finding::ActiveModel {
        state: Set(state),
        ended_at: Set(Some(tx.now())),
        ended_by_name: Set(Some(tx.actor().name().to_owned())),
        ..Default::default()
    }
}

/// Changes a finding that is still as it was read, and says so in the audit.
///
/// # Errors
/// [`Error::Conflict`] when it is in another state by now.
pub(super) async fn change(
    tx: &mut Tx,
    row: &gateway_finding::Model,
    change: gateway_finding::ActiveModel,
    action: &'static str,
) -> Result<(), Error> {
    let changed = tx
        .update::<gateway_finding::Entity>()
        .set(change)
        .filter(gateway_finding::Column::SellerId.eq(row.seller_id))
        .filter(gateway_finding::Column::Id.eq(row.id))
        .filter(gateway_finding::Column::State.eq(row.state))
        .exec(tx.db())
        .await?;
    if changed.rows_affected != 1 {
        return Err(Error::Conflict);
    }
    let facts = serde_json::json!({ "kind": row.kind.to_domain().code(), "reference": row.reference });
    let act = Act::new(TenantId(row.seller_id), action, "gateway_finding", row.id).after(facts);
    tx.audit(act);
    Ok(())
}

async fn open(tx: &mut Tx, found: &Found) -> Result<(), Error> {
    let seller = tx.actor().tenant();
    let charge = &found.charge;
    let (there_currency, there_minor) = split(found.there);
    let (here_currency, here_minor) = split(found.here);
    let description = hidden::in_text(charge.description.chars().take(LONGEST).collect());
    let row = gateway_finding::ActiveModel {
        seller_id: Set(seller.0),
        id: Set(new_id()),
        kind: Set(codes::FindingKind::from_domain(found.kind)),
        state: Set(FindingState::Open),
        reference: Set(charge.reference.clone()),
        happened_at: Set(charge.made_at),
        there_currency: Set(there_currency),
        there_minor: Set(there_minor),
        here_currency: Set(here_currency),
        here_minor: Set(here_minor),
        method: Set(if charge.is_debit {
            Method::BankDebit
        } else {
            Method::Card
        }),
        brand: Set(charge.brand.clone()),
        last4: Set(charge.last4.clone()),
        description: Set(description),
        account_id: Set(found.account),
        payment_id: Set(found.payment),
        note: Set(None),
        found_at: Set(tx.now()),
        ended_at: Set(None),
        ended_by_name: Set(None),
    };
    let row = tx.insert(row).await?;
    tracing::warn!(finding = %row.id, kind = found.kind.code(), "the payment gateway says otherwise");
    let facts = serde_json::json!({
        "kind": found.kind.code(), "reference": charge.reference, "there": found.there, "here": found.here,
    });
    tx.audit(Act::new(seller, "find", "gateway_finding", row.id).after(facts));
    Ok(())
}

/// What ended by itself and is there again is open again, and so is what was settled with other amounts.
async fn open_again(tx: &mut Tx, row: &gateway_finding::Model, found: &Found) -> Result<(), Error> {
    let (there, here) = (split(found.there), split(found.here));
    let same = (&row.there_currency, row.there_minor) == (&there.0, there.1)
        && (&row.here_currency, row.here_minor) == (&here.0, here.1);
    let stays = match row.state {
        FindingState::Open | FindingState::Settled => same,
        FindingState::Recorded => true,
        FindingState::Gone => false,
    };
    if stays {
        return Ok(());
    }
    let again = gateway_finding::ActiveModel {
        state: Set(FindingState::Open),
        there_currency: Set(there.0),
        there_minor: Set(there.1),
        here_currency: Set(here.0),
        here_minor: Set(here.1),
        note: Set(None),
        ended_at: Set(None),
        ended_by_name: Set(None),
        ..Default::default()
    };
    change(tx, row, again, "find").await
}

/// Marks payments that the gateway knows, so that none of them is asked for again.
async fn mark(tx: &Tx, payments: &[Uuid]) -> Result<(), Error> {
    let marked = tx
        .find::<gateway_check::Entity>()
        .filter(gateway_check::Column::PaymentId.is_in(payments.iter().copied()))
        .all(tx.db())
        .await?;
    let marked: BTreeSet<Uuid> = marked.into_iter().map(|row| row.payment_id).collect();
    let row = |payment: &Uuid| gateway_check::ActiveModel {
        seller_id: Set(tx.actor().tenant().0),
        payment_id: Set(*payment),
        checked_at: Set(tx.now()),
    };
    let fresh = payments.iter().filter(|payment| !marked.contains(payment));
    tx.insert_all(fresh.map(row).collect()).await
}

fn split(amount: Option<Money>) -> (Option<String>, Option<i64>) {
    amount
        .map(|amount| (amount.currency().code().to_owned(), amount.minor()))
        .unzip()
}
