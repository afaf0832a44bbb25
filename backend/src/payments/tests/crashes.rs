//! The portal dies while a payment is submitted, at every call of the gateway and at every await; afterwards the
//! reconciler makes both sides agree (K3).

use super::*;
use crate::{
    Actor, Backend, Inner,
    ports::{GatewayCard, GatewayError, Intent, IntentRequest, PaymentGateway, Ports, fakes::FakeGateway},
    scope::{NewActor, Who},
};
use async_trait::async_trait;
use domain::{
    access::{Rights, TenantKind},
    ids::{AccountId, AttemptId, TenantId},
    payments::GatewayForm,
};
use std::{
    future::{Future, pending},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};
use tokio::sync::{Notify, Semaphore};

/// Stops for ever at the n-th step; every call has a step before and a step after it took effect.
struct Stopping {
    inner: Arc<FakeGateway>,
    steps_left: AtomicUsize,
    stopped: Notify,
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
    ) -> Result<Intent, GatewayError> {
        self.around(self.inner.confirm_intent(seller, attempt, intent, card))
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

    async fn cancel_intent(&self, seller: TenantId, intent: &str) -> Result<Intent, GatewayError> {
        self.around(self.inner.cancel_intent(seller, intent)).await
    }
}

/// The same database and the same gateway, but a gateway that stops.
fn stopping(world: &World, steps: usize) -> (Scope<PayInvoices>, Arc<Stopping>) {
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
    let daisy = world.daisy();
    let actor = Actor::new(NewActor {
        backend,
        who: Who::User {
            id: daisy.user(),
            name: "Daisy's admin".to_owned(),
        },
        tenant: daisy.id(),
        kind: TenantKind::Customer,
        rights: Rights::all(TenantKind::Customer),
        time_zone: chrono_tz::Tz::UTC,
    });
    (actor.permit().unwrap(), gateway)
}

/// After the crash: the same form once more, then the reconciler, until everything is decided.
async fn recover(world: &World, form: &SubmitPayment) {
    let scope = world.daisy().scope();
    // The payer presses the button again.
    match write::submit(&scope, form).await {
        Ok(key) => assert_eq!(key, form.key),
        Err(other) => panic!("{other:?}"),
    }
    reconcile_later(world).await;
    // Whom the bank waits for confirms.
    for attempt in attempts(world)
        .await
        .iter()
        .filter(|attempt| attempt.resolved_at.is_none())
    {
        assert_eq!(attempt.state, entity::codes::AttemptState::NeedsAction);
        world
            .gateway
            .settle(attempt.gateway_intent.as_ref().unwrap(), IntentState::Succeeded);
    }
    reconcile_later(world).await;
    assert!(
        attempts(world)
            .await
            .iter()
            .all(|attempt| attempt.resolved_at.is_some())
    );
    assert_eq!(outcomes(&scope, form.key).await.len(), 1);
    assert_sound(world).await;
}

#[tokio::test]
async fn a_crash_around_any_call_of_the_gateway_loses_nothing() {
    for token in ["pm_ok", "pm_decline", "pm_3ds"] {
        let world = World::new().await;
        for steps in 0.. {
            let invoice = world.daisy().invoice("100.00").await;
            let (scope, gateway) = stopping(&world, steps);
            let mut form = filled(&scope, &[invoice], new_card(token)).await;
            form.save_card = steps % 2 == 0;
            let crashed = tokio::select! {
                _ = write::submit(&scope, &form) => false,
                () = gateway.stopped.notified() => true,
            };
            recover(&world, &form).await;
            if !crashed {
                assert!(steps >= 5, "the calls were not stopped at");
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_crash_at_any_await_loses_nothing() {
    let world = World::new().await;
    let scope = world.daisy().scope();
    for polls in 1..120 {
        let invoice = world.daisy().invoice("100.00").await;
        let form = filled(&scope, &[invoice], new_card("pm_ok")).await;
        let finished = {
            let mut submission = pin!(write::submit(&scope, &form));
            let mut finished = false;
            for _ in 0..polls {
                let mut context = Context::from_waker(Waker::noop());
                if let Poll::Ready(answer) = submission.as_mut().poll(&mut context) {
                    answer.unwrap();
                    finished = true;
                    break;
                }
                // Lets the database's threads get on, so that each poll is one await further.
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
            finished
        };
        recover(&world, &form).await;
        if finished {
            break;
        }
    }
}
