//! Money that is recorded by hand, put to invoices and taken off again: sums, rights, and what two people at once do.

use super::*;
use crate::{
    check,
    payments::{offline, payers},
};
use chrono::TimeDelta;
use domain::{
    access::{RecordPayments, Roles, SellerRole},
    ids::PaymentId,
    payments::offline::{AllocatePayment, PutTo, RecordPayment},
};
use entity::posting;

pub(super) fn seller(world: &World) -> Scope<RecordPayments> {
    world.distributor().scope()
}

pub(super) async fn typed(
    scope: &Scope<RecordPayments>,
    party: &Party,
    amount: i64,
    parts: &[(InvoiceId, i64)],
) -> RecordPayment {
    let form = payers::record_form(scope, party.account(), None).await.unwrap();
    let line = |(invoice, part): &(InvoiceId, i64)| SubmitLine {
        invoice: *invoice,
        seen: form
            .lines
            .iter()
            .find(|line| line.invoice == *invoice)
            .map_or(usd(0), |line| line.payable),
        amount: usd(*part),
    };
    RecordPayment {
        key: form.key,
        account: party.account(),
        amount: usd(amount),
        paid_on: form.today,
        memo: Some("Cheque 10442".to_owned()),
        put: PutTo::Chosen,
        lines: parts.iter().map(line).collect(),
    }
}

async fn typed_allocation(
    scope: &Scope<RecordPayments>,
    payment: PaymentId,
    parts: &[(InvoiceId, i64)],
) -> AllocatePayment {
    let form = payers::allocate_form(scope, payment.0).await.unwrap();
    let line = |(invoice, part): &(InvoiceId, i64)| SubmitLine {
        invoice: *invoice,
        seen: form
            .lines
            .iter()
            .find(|line| line.invoice == *invoice)
            .map_or(usd(0), |line| line.payable),
        amount: usd(*part),
    };
    AllocatePayment {
        key: form.key,
        from: payment.0,
        lines: parts.iter().map(line).collect(),
    }
}

async fn unapplied(scope: &Scope<RecordPayments>, payment: PaymentId) -> i64 {
    payers::allocate_form(scope, payment.0)
        .await
        .unwrap()
        .unapplied
        .minor()
}

async fn assert_clean(world: &World) {
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn one_payment_goes_to_several_invoices_and_the_rest_stays_unapplied() {
    let world = World::new().await;
    let scope = seller(&world);
    let (one, two) = (
        world.acme().invoice("100.00").await,
        world.acme().invoice("80.00").await,
    );
    let form = typed(&scope, world.acme(), 20_000, &[(one, 10_000), (two, 5_000)]).await;
    let payment = offline::record(&scope, &form).await.unwrap();
    assert_eq!(open_amount(&world, one).await, (0, 0));
    assert_eq!(open_amount(&world, two).await, (3_000, 0));
    assert_eq!(unapplied(&scope, payment).await, 5_000);
    // The buyer sees the memo (P15).
    let receipt = read::receipt(&world.acme().scope::<ViewReceivedInvoices>(), payment)
        .await
        .unwrap();
    assert_eq!(receipt.memo.as_deref(), Some("Cheque 10442"));
    assert_eq!(receipt.unapplied, usd(5_000));
    // The next form offers what is unapplied (V26).
    let next = payers::record_form(&scope, world.acme().account(), None)
        .await
        .unwrap();
    assert_eq!(next.unapplied.len(), 1);
    assert_eq!(next.payer.balances[0].open, usd(3_000));
    assert_eq!(next.payer.balances[0].unapplied, usd(5_000));
    assert_clean(&world).await;
}

#[tokio::test]
async fn the_oldest_gets_it_first_in_the_payments_currency() {
    let world = World::new().await;
    let scope = seller(&world);
    let late = world.acme().invoice("100.00").due(-5).await;
    let later = world.acme().invoice("80.00").due(20).await;
    let euros = world
        .acme()
        .invoice("70.00")
        .currency(Currency::EUR)
        .due(-9)
        .await;
    let form = RecordPayment {
        put: PutTo::Oldest,
        ..typed(&scope, world.acme(), 12_000, &[]).await
    };
    offline::record(&scope, &form).await.unwrap();
    assert_eq!(open_amount(&world, late).await, (0, 0));
    assert_eq!(open_amount(&world, later).await, (6_000, 0));
    assert_eq!(open_amount(&world, euros).await, (7_000, 0));
    let form = RecordPayment {
        put: PutTo::Nothing,
        ..typed(&scope, world.acme(), 500, &[]).await
    };
    let payment = offline::record(&scope, &form).await.unwrap();
    assert_eq!(unapplied(&scope, payment).await, 500);
    assert_clean(&world).await;
}

#[tokio::test]
async fn the_same_form_is_one_payment_and_another_under_its_key_is_refused() {
    let world = World::new().await;
    let scope = seller(&world);
    let one = world.acme().invoice("100.00").await;
    let form = typed(&scope, world.acme(), 4_000, &[(one, 4_000)]).await;
    let first = offline::record(&scope, &form).await.unwrap();
    let (again, other) = tokio::join!(offline::record(&scope, &form), async {
        let other = RecordPayment {
            amount: usd(4_001),
            ..form.clone()
        };
        offline::record(&scope, &other).await
    });
    assert_eq!(again.unwrap(), first);
    assert!(matches!(other, Err(Error::Refused(Refusal::FormBroken))));
    assert_eq!(open_amount(&world, one).await, (6_000, 0));
    assert_clean(&world).await;
}

#[tokio::test]
async fn unapplied_money_is_put_and_taken_off_and_history_stays() {
    let world = World::new().await;
    let scope = seller(&world);
    let one = world.acme().invoice("100.00").await;
    let form = typed(&scope, world.acme(), 15_000, &[]).await;
    let payment = offline::record(&scope, &form).await.unwrap();
    let wanted = typed_allocation(&scope, payment, &[(one, 10_000)]).await;
    offline::allocate(&scope, &wanted).await.unwrap();
    // Posted twice it is put once.
    offline::allocate(&scope, &wanted).await.unwrap();
    assert_eq!(open_amount(&world, one).await, (0, 0));
    assert_eq!(unapplied(&scope, payment).await, 5_000);
    assert_clean(&world).await;

    let put = payers::allocate_form(&scope, payment.0).await.unwrap().put;
    assert_eq!(put.len(), 1);
    assert_eq!(
        offline::take_off(&scope, put[0].allocation).await.unwrap(),
        payment.0
    );
    assert_eq!(open_amount(&world, one).await, (10_000, 0));
    assert_eq!(unapplied(&scope, payment).await, 15_000);
    let again = offline::take_off(&scope, put[0].allocation).await;
    assert!(matches!(again, Err(Error::Conflict)));
    assert_clean(&world).await;

    // Put elsewhere: both rows of the first time stand (V34).
    let two = world.acme().invoice("20.00").await;
    let wanted = typed_allocation(&scope, payment, &[(two, 2_000)]).await;
    offline::allocate(&scope, &wanted).await.unwrap();
    let form = payers::allocate_form(&scope, payment.0).await.unwrap();
    assert_eq!(form.put.len(), 1);
    assert_eq!(form.put[0].invoice, two);
    assert_clean(&world).await;
}

#[tokio::test]
async fn what_does_not_fit_is_refused_at_its_field_and_changes_nothing() {
    let world = World::new().await;
    let scope = seller(&world);
    let one = world.acme().invoice("100.00").await;
    let foreign = world.daisy().invoice("100.00").await;
    let borealis = world.borealis().invoice("100.00").await;
    let before = world.fingerprint().await;
    let good = typed(&scope, world.acme(), 4_000, &[(one, 4_000)]).await;
    let field = |outcome: Result<PaymentId, Error>| match outcome {
        Err(Error::Invalid(FieldErrors(errors))) => errors.into_keys().next().unwrap_or_default(),
        other => format!("{other:?}"),
    };
    let too_much = typed(&scope, world.acme(), 4_000, &[(one, 4_001)]).await;
    assert_eq!(field(offline::record(&scope, &too_much).await), "amount");
    let more_than_open = typed(&scope, world.acme(), 90_000, &[(one, 10_001)]).await;
    assert_eq!(
        field(offline::record(&scope, &more_than_open).await),
        "lines[0][amount]"
    );
    let tomorrow = RecordPayment {
        paid_on: good.paid_on + TimeDelta::days(1),
        ..good.clone()
    };
    assert_eq!(field(offline::record(&scope, &tomorrow).await), "paid_on");
    // Another customer's invoice, and another seller's.
    let mut line = good.lines[0].clone();
    line.invoice = borealis;
    let elsewhere = RecordPayment {
        lines: vec![line.clone()],
        ..good.clone()
    };
    assert_eq!(
        field(offline::record(&scope, &elsewhere).await),
        "lines[0][amount]"
    );
    line.invoice = foreign;
    let stranger = RecordPayment {
        lines: vec![line],
        ..good.clone()
    };
    assert!(matches!(
        offline::record(&scope, &stranger).await,
        Err(Error::NotFound)
    ));
    let no_account = RecordPayment {
        account: world.daisy().account(),
        ..good
    };
    assert!(matches!(
        offline::record(&scope, &no_account).await,
        Err(Error::NotFound)
    ));
    assert_eq!(world.fingerprint().await, before);
}

#[tokio::test]
async fn two_people_cannot_put_the_same_money_twice() {
    let world = World::new().await;
    let scope = seller(&world);
    let (one, two) = (
        world.acme().invoice("100.00").await,
        world.acme().invoice("100.00").await,
    );
    let form = typed(&scope, world.acme(), 10_000, &[]).await;
    let payment = offline::record(&scope, &form).await.unwrap();
    let (first, second) = (
        typed_allocation(&scope, payment, &[(one, 8_000)]).await,
        typed_allocation(&scope, payment, &[(two, 8_000)]).await,
    );
    let (a, b) = tokio::join!(
        offline::allocate(&scope, &first),
        offline::allocate(&scope, &second)
    );
    assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|ok| **ok).count(), 1);
    assert_eq!(unapplied(&scope, payment).await, 2_000);
    assert_clean(&world).await;
}

#[tokio::test]
async fn sales_may_not_record_and_finance_may() {
    let world = World::new().await;
    let role = |role| Roles {
        seller: Some(role),
        buyer: None,
    };
    let sales = world.distributor().actor(role(SellerRole::Sales));
    assert!(matches!(
        sales.permit::<RecordPayments>(),
        Err(Error::Forbidden(Refusal::NotPermitted { .. }))
    ));
    let finance = world.distributor().actor(role(SellerRole::Finance));
    assert!(finance.permit::<RecordPayments>().is_ok());
    assert!(finance.permit::<domain::access::ManagePeople>().is_err());
}

#[tokio::test]
async fn customers_are_found_by_name_and_external_id_with_what_they_owe() {
    let world = World::new().await;
    let scope = seller(&world);
    world.acme().invoice("100.00").paid("30.00").await;
    let found = payers::payers(&scope, "aCm").await.unwrap().payers;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].account, world.acme().account());
    assert_eq!(found[0].balances[0].open, usd(7_000));
    let by_id = found[0].external_id.clone().unwrap();
    let found = payers::payers(&scope, &by_id).await.unwrap().payers;
    assert!(found.iter().any(|payer| payer.account == world.acme().account()));
    let nobody = payers::payers(&scope, "daisy").await.unwrap();
    assert!(nobody.payers.is_empty() && !nobody.more);
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn money_counts_on_its_day_and_what_is_taken_off_counts_today() {
    let world = World::new().await;
    let scope = seller(&world);
    let one = world.acme().invoice("100.00").issued_ago(20).await;
    let form = RecordPayment {
        paid_on: world.today() - TimeDelta::days(10),
        ..typed(&scope, world.acme(), 4_000, &[(one, 4_000)]).await
    };
    let payment = offline::record(&scope, &form).await.unwrap();
    let put = payers::allocate_form(&scope, payment.0).await.unwrap().put;
    offline::take_off(&scope, put[0].allocation).await.unwrap();
    let days: Vec<i64> = posting::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap()
        .into_iter()
        .map(|row| (row.booked_on - world.today()).num_days())
        .collect();
    let mut sorted = days.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [-20, -10, -10, 0]);
}
