//! What the gateway tells of money that it took: all of it, and what it kept.

use backend::ports::{GatewayCharge, IntentState, PaymentGateway, RefundRequest};
use chrono::DateTime;
use domain::{Currency, Money, ids::RefundId, payment_methods::MethodKind};

use crate::{bench::*, suite};

/// Every page of the list.
async fn taken(bench: &Bench, mut after: Option<String>) -> Vec<GatewayCharge> {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let since = DateTime::from_timestamp(i64::try_from(now).unwrap() - 3_600, 0).unwrap();
    let mut all = Vec::new();
    loop {
        let page = bench.gateway.list_charges(SELLER, since, after.as_deref());
        let page = page.await.unwrap();
        all.extend(page.taken);
        match page.next {
            Some(next) => after = Some(next),
            None => return all,
        }
    }
}

pub async fn what_was_taken_is_listed_whoever_asked_for_it(bench: &Bench) {
    let (request, intent) = bench.intent(VISA).await;
    bench.confirm(&request, &intent).await.unwrap();
    let (_, never_paid) = bench.intent(VISA).await;
    let refund = RefundRequest {
        refund: RefundId(uuid::Uuid::now_v7()),
        intent: intent.id.clone(),
        amount: Money::new(400, request.amount.currency()),
    };
    bench.gateway.create_refund(SELLER, &refund).await.unwrap();
    let (customer, card) = bench.payer(VISA).await;
    let behind = [
        ("amount", "777"),
        ("currency", "eur"),
        ("customer", customer.as_str()),
        ("payment_method", card.as_str()),
        ("confirm", "true"),
    ];
    bench.post("payment_intents", &behind).await;
    let all = taken(bench, None).await;
    let asked = all.iter().find(|charge| charge.reference == intent.id).unwrap();
    assert_eq!((asked.amount, asked.refunded), (request.amount, refund.amount));
    let other = all
        .iter()
        .find(|charge| charge.customer.as_deref() == Some(customer.as_str()))
        .unwrap();
    assert_eq!(
        (other.amount, other.attempt),
        (Money::new(777, Currency::EUR), None)
    );
    assert!(!all.iter().any(|charge| charge.reference == never_paid.id));
}

/// What is told of a charge beside its amounts. The other gateway notes neither attempt nor card on it.
pub async fn a_listed_charge_says_whose_it_is_and_what_was_kept(bench: &Bench) {
    let (request, intent) = bench.intent(VISA).await;
    let paid = bench.confirm(&request, &intent).await.unwrap();
    let all = taken(bench, None).await;
    let charge = all.iter().find(|charge| charge.reference == intent.id).unwrap();
    assert_eq!(
        (charge.attempt, charge.fee, charge.is_debit),
        (Some(request.attempt), paid.fee, false)
    );
    assert_eq!((charge.brand.as_str(), charge.last4.as_str()), ("visa", "4242"));
    let older = taken(bench, paid.charge).await;
    assert!(!older.iter().any(|charge| charge.reference == intent.id));
}

/// Cards at 2.9 % and 30 cents; debits at 0.8 %, known when the bank has paid.
pub async fn what_the_gateway_keeps_is_known_once_it_has_the_money(bench: &Bench) {
    let (request, intent) = bench.intent(VISA).await;
    assert_eq!(intent.fee, None);
    let paid = bench.confirm(&request, &intent).await.unwrap();
    let of_a_card = (request.amount.minor() * 29 + 500) / 1_000 + 30;
    assert_eq!(paid.fee, Some(Money::new(of_a_card, request.amount.currency())));
    assert_eq!(bench.find(&intent).await.fee, paid.fee);
    let (request, intent) = suite::debit(bench, MethodKind::SepaDebit, bench.iban(IBAN).await).await;
    let ordered = bench.confirm(&request, &intent).await.unwrap();
    assert_eq!((ordered.state, ordered.fee), (IntentState::Processing, None));
    bench.bank_decides(&intent).await;
    assert_eq!(bench.find(&intent).await.fee, Some(Money::new(16, Currency::EUR)));
}
