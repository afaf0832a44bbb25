//! A gateway that stands still at a chosen step, as if the portal had died there.

use crate::{
    Actor, Backend, Inner,
    ports::{
        Charges, EventRefused, GatewayCard, GatewayDispute, GatewayError, GatewayEvent, GatewayRefund,
        Intent, IntentRequest, PaymentGateway, Ports, Presence, RefundRequest, Setup, fakes::FakeGateway,
    },
    scope::{NewActor, Who},
    testing::{Party, World},
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{
    access::Rights,
    ids::{AccountId, AttemptId, TenantId},
    payment_methods::{CardChange, MethodKind},
    payments::GatewayForm,
};
use std::{
    future::{Future, pending},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::sync::{Notify, Semaphore};

/// Stops for ever at the n-th step; every call has a step before and a step after it took effect.
pub(crate) struct Stopping {
    inner: Arc<FakeGateway>,
    steps_left: AtomicUsize,
    /// Rings when it stands still.
    pub(crate) stopped: Notify,
}

impl Stopping {
    async fn step(&self) {
        let left = self.steps_left.load(Ordering::SeqCst);
        if left == 0 {
            self.stopped.notify_one();
            pending::<()>().await;
        }
        self.steps_left.store(left - 1, Ordering::SeqCst);
    }

    async fn around<T>(&self, call: impl Future<Output = T>) -> T {
        self.step().await;
        let answer = call.await;
        self.step().await;
        answer
    }
}

#[async_trait]
impl PaymentGateway for Stopping {
    fn form(&self, seller: TenantId) -> GatewayForm {
        self.inner.form(seller)
    }

    async fn create_customer(
        &self,
        seller: TenantId,
        account: AccountId,
        name: &str,
        email: Option<&str>,
    ) -> Result<String, GatewayError> {
        self.around(self.inner.create_customer(seller, account, name, email))
            .await
    }

    async fn attach_card(
        &self,
        seller: TenantId,
        customer: &str,
        token: &str,
    ) -> Result<GatewayCard, GatewayError> {
        self.around(self.inner.attach_card(seller, customer, token)).await
    }

    async fn begin_setup(
        &self,
        seller: TenantId,
        customer: &str,
        kind: MethodKind,
    ) -> Result<Setup, GatewayError> {
        self.around(self.inner.begin_setup(seller, customer, kind)).await
    }

    async fn find_setup(&self, seller: TenantId, setup: &str) -> Result<Option<Setup>, GatewayError> {
        self.inner.find_setup(seller, setup).await
    }

    async fn change_card(
        &self,
        seller: TenantId,
        customer: &str,
        token: &str,
        change: &CardChange,
    ) -> Result<GatewayCard, GatewayError> {
        self.around(self.inner.change_card(seller, customer, token, change))
            .await
    }

    async fn detach_card(&self, seller: TenantId, token: &str) -> Result<(), GatewayError> {
        self.around(self.inner.detach_card(seller, token)).await
    }

    async fn create_intent(&self, seller: TenantId, request: &IntentRequest) -> Result<Intent, GatewayError> {
        self.around(self.inner.create_intent(seller, request)).await
    }

    async fn confirm_intent(
        &self,
        seller: TenantId,
        attempt: AttemptId,
        intent: &str,
        card: &str,
        payer: Presence,
    ) -> Result<Intent, GatewayError> {
        self.around(self.inner.confirm_intent(seller, attempt, intent, card, payer))
            .await
    }

    async fn find_intent(&self, seller: TenantId, intent: &str) -> Result<Option<Intent>, GatewayError> {
        self.inner.find_intent(seller, intent).await
    }

    async fn find_intent_of(
        &self,
        seller: TenantId,
        customer: &str,
        attempt: AttemptId,
    ) -> Result<Option<Intent>, GatewayError> {
        self.inner.find_intent_of(seller, customer, attempt).await
    }

    async fn list_charges(
        &self,
        seller: TenantId,
        since: DateTime<Utc>,
        after: Option<&str>,
    ) -> Result<Charges, GatewayError> {
        self.around(self.inner.list_charges(seller, since, after)).await
    }

    async fn cancel_intent(&self, seller: TenantId, intent: &str) -> Result<Intent, GatewayError> {
        self.around(self.inner.cancel_intent(seller, intent)).await
    }

    async fn create_refund(
        &self,
        seller: TenantId,
        request: &RefundRequest,
    ) -> Result<GatewayRefund, GatewayError> {
        self.around(self.inner.create_refund(seller, request)).await
    }

    async fn refunds_of(&self, seller: TenantId, intent: &str) -> Result<Vec<GatewayRefund>, GatewayError> {
        self.inner.refunds_of(seller, intent).await
    }

    async fn find_dispute(
        &self,
        account: &str,
        dispute: &str,
    ) -> Result<Option<GatewayDispute>, GatewayError> {
        self.inner.find_dispute(account, dispute).await
    }

    fn is_shared(&self, seller: TenantId) -> bool {
        self.inner.is_shared(seller)
    }

    fn account_of(&self, seller: TenantId) -> String {
        self.inner.account_of(seller)
    }

    fn seller_of(&self, account: &str) -> Option<TenantId> {
        self.inner.seller_of(account)
    }

    fn read_event(
        &self,
        account: &str,
        signature: &str,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<GatewayEvent, EventRefused> {
        self.inner.read_event(account, signature, body, now)
    }
}

/// The same database and the same gateway, but a gateway that stops: somebody of a party who may do all that it can.
pub(crate) fn stopping(world: &World, party: &Party, steps: usize) -> (Actor, Arc<Stopping>) {
    let gateway = Arc::new(Stopping {
        inner: world.gateway.clone(),
        steps_left: AtomicUsize::new(steps),
        stopped: Notify::new(),
    });
    let inner = &world.backend.inner;
    let ports = Ports {
        gateway: gateway.clone(),
        ..inner.ports.clone()
    };
    let backend = Backend {
        inner: Arc::new(Inner {
            connections: inner.connections.clone(),
            ports,
            config: inner.config.clone(),
            hashing: Semaphore::new(1),
        }),
    };
    let actor = Actor::new(NewActor {
        backend,
        who: Who::User {
            id: party.user(),
            name: "An admin".to_owned(),
        },
        tenant: party.id(),
        kind: party.kind(),
        rights: Rights::all(party.kind()),
        time_zone: chrono_tz::Tz::UTC,
    });
    (actor, gateway)
}
