//! What every gateway must do behind the adapter.

use backend::ports::{
    DisputeState, GatewayError, GatewayRefundState, Intent, IntentRequest, IntentState, PaymentGateway,
    Presence, RefundRequest, SetupState,
};
use domain::{
    Currency, Money,
    ids::RefundId,
    payment_methods::{CardChange, MethodKind},
};

use crate::bench::*;

pub async fn a_payment_goes_from_customer_to_charge(bench: &Bench) {
    let (customer, token) = (bench.customer().await, bench.token(VISA).await);
    let card = bench
        .gateway
        .attach_card(SELLER, &customer, &token)
        .await
        .unwrap();
    assert_eq!(
        (card.token.as_str(), card.brand.as_str(), card.last4.as_str()),
        (token.as_str(), "visa", "4242")
    );
    assert_eq!((card.exp_month, card.exp_year), (12, 2040));
    assert!(card.fingerprint.is_some());
    let amount = Money::new(1999, Currency::EUR);
    let request = IntentRequest {
        attempt: attempt(),
        customer,
        card_token: token,
        kind: MethodKind::Card,
        amount,
    };
    let intent = bench.gateway.create_intent(SELLER, &request).await.unwrap();
    let paid = bench.confirm(&request, &intent).await.unwrap();
    assert_eq!(
        (paid.state, paid.amount, &paid.id),
        (IntentState::Succeeded, amount, &intent.id)
    );
    assert!(
        paid.charge
            .as_deref()
            .is_some_and(|charge| charge.starts_with("ch_"))
    );
    assert_eq!(bench.find(&intent).await, paid);
}

pub async fn money_moves_at_the_confirmation_and_not_before(bench: &Bench) {
    let (request, intent) = bench.intent(VISA).await;
    assert_eq!(
        (intent.state, &intent.charge),
        (IntentState::RequiresConfirmation, &None)
    );
    assert_eq!(bench.find(&intent).await, intent);
    assert_eq!(
        bench.confirm(&request, &intent).await.unwrap().state,
        IntentState::Succeeded
    );
}

pub async fn a_card_can_be_attached_and_detached_again_and_again(bench: &Bench) {
    let (customer, token) = bench.payer(VISA).await;
    assert_eq!(
        bench
            .gateway
            .attach_card(SELLER, &customer, &token)
            .await
            .unwrap()
            .token,
        token
    );
    for _ in 0..2 {
        bench.gateway.detach_card(SELLER, &token).await.unwrap();
    }
    bench.gateway.detach_card(SELLER, "pm_unknown").await.unwrap();
}

pub async fn what_is_kept_of_a_card_can_be_changed(bench: &Bench) {
    let (customer, token) = bench.payer(VISA).await;
    let changed = async |customer: &str, expiry| {
        let holder = Some("Ada Byron".to_owned());
        let change = CardChange { expiry, holder };
        let gateway = &bench.gateway;
        gateway.change_card(SELLER, customer, &token, &change).await
    };
    let known = changed(&customer, None).await.unwrap();
    assert_eq!((known.exp_month, known.exp_year), (12, 2040));
    let known = changed(&customer, Some((3, 2041))).await.unwrap();
    assert_eq!((known.exp_month, known.exp_year), (3, 2041));
    let past = changed(&customer, Some((3, 2019))).await;
    assert!(matches!(past, Err(GatewayError::Declined { .. })), "{past:?}");
    let foreign = changed(&bench.customer().await, None).await;
    assert!(foreign.is_err(), "{foreign:?}");
}

pub async fn a_card_refused_at_attach_is_declined(bench: &Bench) {
    let (customer, token) = (bench.customer().await, bench.token(DECLINED_AT_ATTACH).await);
    let refused = bench.gateway.attach_card(SELLER, &customer, &token).await;
    assert!(
        matches!(refused, Err(GatewayError::Declined { .. })),
        "{refused:?}"
    );
}

pub async fn a_card_refused_at_charge_is_declined_and_the_intent_asks_for_another(bench: &Bench) {
    let (request, intent) = bench.intent(DECLINED_AT_CHARGE).await;
    let refused = bench.confirm(&request, &intent).await;
    assert!(
        matches!(refused, Err(GatewayError::Declined { .. })),
        "{refused:?}"
    );
    let after = bench.find(&intent).await;
    assert_eq!(after.state, IntentState::RequiresPaymentMethod);
    assert!(after.failure.is_some());
}

pub async fn three_d_secure_ends_in_a_payment(bench: &Bench) {
    let (request, intent) = bench.intent(THREE_D_SECURE).await;
    let waiting = bench.confirm(&request, &intent).await.unwrap();
    assert_eq!(
        (waiting.state, &waiting.charge),
        (IntentState::RequiresAction, &None)
    );
    bench.authenticate(&waiting, "true").await;
    assert_eq!(bench.find(&intent).await.state, IntentState::Succeeded);
}

pub async fn three_d_secure_ends_in_none(bench: &Bench) {
    let (request, intent) = bench.intent(THREE_D_SECURE).await;
    let waiting = bench.confirm(&request, &intent).await.unwrap();
    bench.authenticate(&waiting, "false").await;
    let after = bench.find(&intent).await;
    assert_eq!(after.state, IntentState::RequiresPaymentMethod);
    assert_eq!(
        after.failure.as_deref(),
        Some("payment_intent_authentication_failure")
    );
}

pub async fn nobody_is_asked_off_session(bench: &Bench) {
    let (request, intent) = bench.intent(THREE_D_SECURE).await;
    let refused = bench.confirm_as(&request, &intent, Presence::OffSession).await;
    assert!(
        matches!(refused, Err(GatewayError::NeedsAuthentication)),
        "{refused:?}"
    );
    let after = bench.find(&intent).await;
    assert_eq!(after.state, IntentState::RequiresPaymentMethod);
    let (request, intent) = bench.intent(VISA).await;
    let paid = bench.confirm_as(&request, &intent, Presence::OffSession).await;
    assert_eq!(paid.unwrap().state, IntentState::Succeeded);
}

pub async fn an_unknown_intent_is_none(bench: &Bench) {
    assert_eq!(
        bench.gateway.find_intent(SELLER, "pi_unknown").await.unwrap(),
        None
    );
}

pub async fn a_lost_intent_is_found_by_its_attempt(bench: &Bench) {
    let (customer, card_token) = bench.payer(VISA).await;
    let amount = Money::new(100, Currency::EUR);
    let mut made = Vec::new();
    for _ in 0..3 {
        let request = IntentRequest {
            attempt: attempt(),
            customer: customer.clone(),
            card_token: card_token.clone(),
            kind: MethodKind::Card,
            amount,
        };
        let intent = bench.gateway.create_intent(SELLER, &request).await.unwrap();
        made.push((request.attempt, intent));
    }
    for (attempt, intent) in made {
        let found = bench
            .gateway
            .find_intent_of(SELLER, &customer, attempt)
            .await
            .unwrap();
        assert_eq!(found, Some(intent));
    }
    assert_eq!(
        bench
            .gateway
            .find_intent_of(SELLER, &customer, attempt())
            .await
            .unwrap(),
        None
    );
}

pub async fn cancelling_twice_is_cancelled(bench: &Bench) {
    let (request, intent) = bench.intent(VISA).await;
    for _ in 0..2 {
        let canceled = bench.gateway.cancel_intent(SELLER, &intent.id).await.unwrap();
        assert_eq!(canceled.state, IntentState::Canceled);
    }
    assert_eq!(
        bench.confirm(&request, &intent).await.unwrap().state,
        IntentState::Canceled
    );
}

pub async fn confirming_and_cancelling_what_is_paid_tell_that_it_is_paid(bench: &Bench) {
    let (request, intent) = bench.intent(VISA).await;
    let paid = bench.confirm(&request, &intent).await.unwrap();
    assert_eq!(bench.confirm(&request, &intent).await.unwrap(), paid);
    assert_eq!(
        bench.gateway.cancel_intent(SELLER, &intent.id).await.unwrap(),
        paid
    );
}

pub async fn amounts_without_decimals_arrive_as_they_are(bench: &Bench) {
    let (customer, card_token) = bench.payer(VISA).await;
    let amount = Money::new(500, Currency::JPY);
    let request = IntentRequest {
        attempt: attempt(),
        customer,
        card_token,
        kind: MethodKind::Card,
        amount,
    };
    assert_eq!(
        bench
            .gateway
            .create_intent(SELLER, &request)
            .await
            .unwrap()
            .amount,
        amount
    );
}

pub async fn a_token_cannot_lead_to_another_call(bench: &Bench) {
    let customer = bench.customer().await;
    for token in ["../customers", "pm_1/detach?x=", "", "pm_1 "] {
        let refused = bench.gateway.attach_card(SELLER, &customer, token).await;
        assert!(
            matches!(refused, Err(GatewayError::Misuse(_))),
            "{token}: {refused:?}"
        );
    }
}

pub async fn money_goes_back_and_is_found_again(bench: &Bench) {
    let (request, intent) = bench.intent(VISA).await;
    bench.confirm(&request, &intent).await.unwrap();
    let wanted = RefundRequest {
        refund: RefundId(uuid::Uuid::now_v7()),
        intent: intent.id.clone(),
        amount: Money::new(400, request.amount.currency()),
    };
    let made = bench.gateway.create_refund(SELLER, &wanted).await.unwrap();
    assert_eq!(
        (made.state, made.amount),
        (GatewayRefundState::Succeeded, wanted.amount)
    );
    assert_eq!(made.refund, Some(wanted.refund));
    let found = bench.gateway.refunds_of(SELLER, &intent.id).await.unwrap();
    assert!(found.contains(&made), "{found:?}");
}

/// A bank account of a new customer that was set up, and an unconfirmed intent that debits it.
pub async fn debit(bench: &Bench, kind: MethodKind, token: String) -> (IntentRequest, Intent) {
    let customer = bench.customer().await;
    let setup = bench.gateway.begin_setup(SELLER, &customer, kind).await.unwrap();
    assert_eq!((setup.state.clone(), setup.kind), (SetupState::Open, kind));
    bench.enter(&setup, &token).await;
    let found = bench
        .gateway
        .find_setup(SELLER, &setup.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.state, SetupState::Done(token.clone()));
    assert_eq!(found.customer, customer);
    let card = bench
        .gateway
        .attach_card(SELLER, &customer, &token)
        .await
        .unwrap();
    assert_eq!((card.kind, card.token.as_str()), (kind, token.as_str()));
    let currency = if kind == MethodKind::SepaDebit {
        Currency::EUR
    } else {
        Currency::USD
    };
    let request = IntentRequest {
        attempt: attempt(),
        customer,
        card_token: token,
        kind,
        amount: Money::new(1999, currency),
    };
    let intent = bench.gateway.create_intent(SELLER, &request).await.unwrap();
    assert_eq!(intent.state, IntentState::RequiresConfirmation);
    (request, intent)
}

pub async fn a_bank_account_is_set_up_and_debited_days_later(bench: &Bench) {
    let token = bench.iban(IBAN).await;
    let (request, intent) = debit(bench, MethodKind::SepaDebit, token).await;
    let ordered = bench.confirm(&request, &intent).await.unwrap();
    // The stand-in's bank is quick: it may have decided before the answer is written.
    assert!(
        matches!(ordered.state, IntentState::Processing | IntentState::Succeeded),
        "{ordered:?}"
    );
    let paid = bench.bank_decides(&intent).await;
    assert_eq!(
        (paid.state, paid.amount),
        (IntentState::Succeeded, request.amount)
    );
}

pub async fn a_card_is_set_up_without_paying(bench: &Bench) {
    let (customer, token) = (bench.customer().await, bench.token(VISA).await);
    let begin = bench.gateway.begin_setup(SELLER, &customer, MethodKind::Card);
    let setup = begin.await.unwrap();
    bench.enter(&setup, &token).await;
    let found = bench
        .gateway
        .find_setup(SELLER, &setup.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (found.state, found.mandate, found.customer),
        (SetupState::Done(token.clone()), None, customer.clone())
    );
    let card = bench
        .gateway
        .attach_card(SELLER, &customer, &token)
        .await
        .unwrap();
    assert_eq!(card.last4, "4242");
    let unknown = bench.gateway.find_setup(SELLER, "seti_unknown").await.unwrap();
    assert_eq!(unknown, None);
}

pub async fn a_debit_that_the_bank_refuses_asks_for_another_method(bench: &Bench) {
    let token = bench.iban(REFUSED_IBAN).await;
    let (request, intent) = debit(bench, MethodKind::SepaDebit, token).await;
    bench.confirm(&request, &intent).await.unwrap();
    let after = bench.bank_decides(&intent).await;
    assert_eq!(after.state, IntentState::RequiresPaymentMethod);
    assert!(after.failure.is_some() && after.charge.is_some());
}

pub async fn a_mandate_is_kept_and_a_returned_debit_is_a_lost_dispute(bench: &Bench) {
    for (number, returned) in [(US_ACCOUNT, false), (RETURNED_ACCOUNT, true)] {
        let token = bench.us_account(number).await;
        let (request, intent) = debit(bench, MethodKind::UsBankAccount, token).await;
        bench.confirm(&request, &intent).await.unwrap();
        assert_eq!(bench.bank_decides(&intent).await.state, IntentState::Succeeded);
        let events = bench.get("events").await;
        let events = events["data"].as_array().unwrap().clone();
        let about = |event: &&serde_json::Value| {
            event["type"] == "charge.dispute.created"
                && event["data"]["object"]["payment_intent"] == intent.id.as_str()
        };
        let event = events.iter().find(about);
        assert_eq!(event.is_some(), returned);
        if let Some(event) = event {
            let id = event["data"]["object"]["id"].as_str().unwrap();
            let dispute = bench.gateway.find_dispute("default", id).await.unwrap().unwrap();
            assert_eq!(
                (dispute.state, dispute.amount),
                (DisputeState::Lost, request.amount)
            );
        }
    }
    let customer = bench.customer().await;
    let begin = bench
        .gateway
        .begin_setup(SELLER, &customer, MethodKind::SepaDebit);
    let setup = begin.await.unwrap();
    bench.enter(&setup, &bench.iban(IBAN).await).await;
    let found = bench
        .gateway
        .find_setup(SELLER, &setup.id)
        .await
        .unwrap()
        .unwrap();
    assert!(found.mandate.is_some_and(|mandate| !mandate.reference.is_empty()));
}
