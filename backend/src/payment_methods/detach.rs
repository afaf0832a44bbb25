//! Takes cards off the gateway's customer that are not kept, or not any more (D7, V35).
//!
//! Taking one off is a job: the gateway may be away, and a card must not stay chargeable because of that.

use super::write::UNDECIDED;
use crate::{
    Error,
    jobs::{self, Job, JobContext},
    ports::{GatewayError, SetupState},
    scope::{Scope, Tx},
};
use chrono::{DateTime, Utc};
use domain::{
    access::PayInvoices,
    ids::{AccountId, AttemptId, TenantId},
};
use entity::{card, payment_attempt};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};

/// The job. It names the attempt that the card was entered for, whose token may still change, what it was entered with, or
/// the token itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DetachCard {
    buyer: TenantId,
    seller: TenantId,
    #[serde(default)]
    attempt: Option<AttemptId>,
    #[serde(default)]
    card: Option<Attached>,
    #[serde(default)]
    begun: Option<Begun>,
}

/// What was begun to be entered without paying, and for which account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Begun {
    pub(crate) account: AccountId,
    pub(crate) setup: String,
}

/// A card at the gateway, and the account on which it may be charged.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Attached {
    pub(crate) account: AccountId,
    pub(crate) token: String,
}

impl DetachCard {
    /// The card that was entered for an attempt.
    pub(crate) fn of_attempt(buyer: TenantId, seller: TenantId, attempt: AttemptId) -> Self {
        Self {
            buyer,
            seller,
            attempt: Some(attempt),
            card: None,
            begun: None,
        }
    }

    /// A card by the gateway's token.
    pub(crate) fn of_card(buyer: TenantId, seller: TenantId, card: Attached) -> Self {
        Self {
            buyer,
            seller,
            attempt: None,
            card: Some(card),
            begun: None,
        }
    }

    /// What will have been entered without paying.
    pub(crate) fn of_begun(buyer: TenantId, seller: TenantId, begun: Begun) -> Self {
        Self {
            buyer,
            seller,
            attempt: None,
            card: None,
            begun: Some(begun),
        }
    }

    /// Enqueues it, once for each card.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(crate) async fn enqueue(&self, tx: &Tx, at: DateTime<Utc>) -> Result<(), Error> {
        let attempt = self.attempt.map(|attempt| attempt.to_string());
        let token = self.card.as_ref().map(|card| card.token.clone());
        let setup = self.begun.as_ref().map(|begun| begun.setup.clone());
        let key = format!(
            "{}:{}",
            Self::KIND,
            attempt.or(token).or(setup).unwrap_or_default()
        );
        jobs::enqueue_at(tx, at, Some(self.seller), self, Some(key)).await
    }
}

impl Job for DetachCard {
    const KIND: &'static str = "payments.detach_card";
    const WORDS: &'static str = "Remove a card at the gateway";

    async fn run(&self, context: &JobContext) -> Result<(), Error> {
        let scope = context
            .backend()
            .job(self.buyer, Self::KIND)
            .await?
            .permit::<PayInvoices>()?;
        let card = match (self.attempt, &self.begun) {
            (Some(attempt), _) => card_of(&scope, self.seller, attempt).await?,
            (None, Some(begun)) => entered(&scope, self.seller, begun).await?,
            (None, None) => self.card.clone(),
        };
        match card {
            Some(card) => detach(&scope, self.seller, &card).await,
            None => Ok(()),
        }
    }
}

/// What was entered, if anything was.
async fn entered(
    scope: &Scope<PayInvoices>,
    seller: TenantId,
    begun: &Begun,
) -> Result<Option<Attached>, Error> {
    let Begun { account, setup } = begun;
    let found = scope.ports().gateway.find_setup(seller, setup).await?;
    Ok(match found.map(|found| found.state) {
        Some(SetupState::Done(token)) => Some(Attached {
            account: *account,
            token,
        }),
        Some(SetupState::Open | SetupState::Refused(_) | SetupState::Canceled) | None => None,
    })
}

async fn card_of(
    scope: &Scope<PayInvoices>,
    seller: TenantId,
    attempt: AttemptId,
) -> Result<Option<Attached>, Error> {
    let attempt = scope
        .find::<payment_attempt::Entity>()
        .filter(payment_attempt::Column::SellerId.eq(seller.0))
        .filter(payment_attempt::Column::Id.eq(attempt.0))
        .one(scope.db())
        .await?;
    Ok(attempt.and_then(|attempt| {
        Some(Attached {
            account: AccountId(attempt.account_id),
            token: attempt.gateway_method?,
        })
    }))
}

/// A card that is kept, or that an undecided payment still needs, stays.
async fn detach(scope: &Scope<PayInvoices>, seller: TenantId, card: &Attached) -> Result<(), Error> {
    let Attached { account, token } = card;
    let kept = scope
        .find::<card::Entity>()
        .filter(card::Column::SellerId.eq(seller.0))
        .filter(card::Column::GatewayToken.eq(token))
        .filter(card::Column::RemovedAt.is_null())
        .limit(1)
        .one(scope.db())
        .await?;
    let needed = scope
        .find::<payment_attempt::Entity>()
        .filter(payment_attempt::Column::SellerId.eq(seller.0))
        .filter(payment_attempt::Column::AccountId.eq(account.0))
        .filter(payment_attempt::Column::GatewayMethod.eq(token))
        .filter(payment_attempt::Column::State.is_in(UNDECIDED))
        .limit(1)
        .one(scope.db())
        .await?;
    if kept.is_some() || needed.is_some() {
        return Ok(());
    }
    match scope.ports().gateway.detach_card(seller, token).await {
        // The gateway refuses when it was never attached or is gone already: that is what was wanted.
        Ok(()) | Err(GatewayError::Misuse(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
