//! Who pays the invoices of a bill, and how its payments come back.

use super::*;
use crate::{
    payments::{
        self, offline, payers,
        tests::{filled, new_card},
    },
    ports::{
        IntentState,
        fakes::{Call, Fault},
    },
    tenants, workbench,
};
use domain::{
    access::{BuyerReach, BuyerRole},
    payments::{
        AttemptState, PaymentChoice, SubmitLine,
        allocation::Rule,
        offline::{PutTo, RecordPayment},
    },
    workbench::{OpenedWorkbench, WorkbenchQuery},
};

/// Two invoices of Borealis in a bill of Acme.
async fn billed(world: &World) -> (RollupId, InvoiceId, InvoiceId) {
    let small = world.borealis().invoice("10.00").await;
    let large = world.borealis().invoice("30.00").await;
    (issue(world).await, small, large)
}

fn refused_with(result: &Result<impl std::fmt::Debug, Error>) -> bool {
    match result {
        Err(Error::Refused(Refusal::PaidWithRollup { rollup, .. })) => rollup.starts_with("ROL-"),
        Err(Error::Invalid(errors)) => errors
            .0
            .values()
            .all(|why| matches!(why, Refusal::PaidWithRollup { rollup, .. } if rollup.starts_with("ROL-"))),
        _ => false,
    }
}

fn record(world: &World, of: &Party, cents: i64, put: PutTo, lines: Vec<SubmitLine>) -> RecordPayment {
    RecordPayment {
        key: domain::ids::FormKey(crate::new_id()),
        account: of.account(),
        amount: usd(cents),
        paid_on: world.today(),
        memo: None,
        put,
        lines,
    }
}

#[tokio::test]
async fn the_parent_pays_with_one_card_payment_on_its_own_account() {
    let world = family().await;
    let (id, small, large) = billed(&world).await;
    let scope: Scope<PayInvoices> = world.acme().scope();
    let draft = write::choose(&scope, id).await.unwrap();
    let choice = PaymentChoice {
        draft: Some(draft),
        spread: Some("20.00".to_owned()),
        ..PaymentChoice::default()
    };
    let form = payments::read::form(&scope, &choice).await.unwrap();
    assert_eq!(form.groups.len(), 1);
    assert_eq!(form.groups[0].account, world.acme().account());
    // In proportion to what is open (V41).
    let mut parts: Vec<_> = form.groups[0]
        .lines
        .iter()
        .map(|line| (line.invoice, line.amount.minor()))
        .collect();
    parts.sort_unstable();
    assert_eq!(parts, [(small, 500), (large, 1_500)]);
    let whole = filled(&scope, &[small, large], new_card("tok_visa")).await;
    payments::write::submit(&scope, &whole).await.unwrap();
    assert_eq!(
        (open(&world, small).await, open(&world, large).await),
        ((0, 0), (0, 0))
    );
    assert_eq!(seen(&world, id).await.row.state, RollupState::Paid);
    let views: Scope<ViewReceivedInvoices> = world.acme().scope();
    let list = list::list(&views, &RollupQuery::default()).await.unwrap();
    assert_eq!(
        (list.rows[0].state, list.rows[0].open),
        (RollupState::Paid, usd(0))
    );
    assert_clean(&world).await;
}

#[tokio::test]
async fn the_subsidiary_pays_nothing_of_it() {
    let world = family().await;
    let invoice = world.borealis().invoice("10.00").await;
    let below: Scope<PayInvoices> = world.borealis().scope();
    let early = filled(&below, &[invoice], new_card("tok_visa")).await;
    issue(&world).await;
    let late = payments::write::submit(&below, &early).await;
    assert!(refused_with(&late), "{late:?}");
    let choice = PaymentChoice {
        invoices: vec![invoice],
        ..PaymentChoice::default()
    };
    let form = payments::read::form(&below, &choice).await.unwrap();
    assert!(form.groups.is_empty());
    assert!(matches!(
        &form.left_out[..],
        [(_, Refusal::PaidWithRollup { .. })]
    ));
    // Nor is it offered unasked.
    let unasked = payments::read::form(&below, &PaymentChoice::default())
        .await
        .unwrap();
    assert!(unasked.groups.is_empty() && unasked.left_out.is_empty());
    assert_eq!(open(&world, invoice).await, (1_000, 0));
    assert_clean(&world).await;
}

#[tokio::test]
async fn recorded_money_goes_there_from_the_parents_account_alone() {
    let world = family().await;
    let (id, small, large) = billed(&world).await;
    let scope: Scope<RecordPayments> = world.distributor().scope();
    let line = |invoice, cents, part| SubmitLine {
        invoice,
        seen: usd(cents),
        amount: usd(part),
    };
    let lines = vec![line(small, 1_000, 1_000)];
    let theirs = record(&world, world.borealis(), 1_000, PutTo::Chosen, lines.clone());
    let refused = offline::record(&scope, &theirs).await;
    assert!(refused_with(&refused), "{refused:?}");
    // To the oldest finds nothing there, and the money stays unapplied.
    let oldest = record(&world, world.borealis(), 500, PutTo::Oldest, Vec::new());
    let stays = offline::record(&scope, &oldest).await.unwrap();
    let form = payers::allocate_form(&scope, stays.0).await.unwrap();
    assert_eq!((form.unapplied, form.lines.len()), (usd(500), 0));
    let offered = payers::record_form(&scope, world.acme().account(), None)
        .await
        .unwrap();
    assert_eq!(offered.lines.len(), 2);
    let parents = record(&world, world.acme(), 1_500, PutTo::Oldest, Vec::new());
    offline::record(&scope, &parents).await.unwrap();
    assert_eq!(open(&world, small).await.0 + open(&world, large).await.0, 2_500);
    assert_eq!(seen(&world, id).await.row.state, RollupState::PartlyPaid);
    assert_clean(&world).await;
}

#[tokio::test]
async fn the_workbench_puts_the_parents_money_there_and_not_the_subsidiarys() {
    let world = family().await;
    let (_, small, large) = billed(&world).await;
    let scope: Scope<RecordPayments> = world.distributor().scope();
    let theirs = record(&world, world.borealis(), 4_000, PutTo::Nothing, Vec::new());
    offline::record(&scope, &theirs).await.unwrap();
    let bench = |of: &Party| {
        let query = WorkbenchQuery {
            account: Some(of.account()),
            rule: Rule::Due,
            ..WorkbenchQuery::default()
        };
        let scope = scope.clone();
        async move {
            match workbench::read::open(&scope, &query).await.unwrap() {
                OpenedWorkbench::Bench(bench) => *bench,
                OpenedWorkbench::Search(_) => panic!("an account was named"),
            }
        }
    };
    assert!(bench(world.borealis()).await.debts.is_empty());
    let parents = bench(world.acme()).await;
    assert_eq!(parents.debts.len(), 2);
    assert!(parents.debts.iter().all(|debt| debt.amount.is_none()));
    // By hand it is refused as well, on either page.
    for (of, all) in [
        (world.borealis(), bench(world.borealis()).await),
        (world.acme(), parents),
    ] {
        let source = all.sources.first().expect("the subsidiary's money");
        let plan = domain::workbench::ApplyPlan {
            key: all.key,
            account: of.account(),
            currency: Currency::USD,
            rule: Rule::Due,
            sources: vec![(source.id, source.unused)],
            lines: vec![SubmitLine {
                invoice: small,
                seen: usd(1_000),
                amount: usd(1_000),
            }],
        };
        workbench::write::apply(&scope, &plan).await.unwrap_err();
    }
    assert_eq!(
        (open(&world, small).await.0, open(&world, large).await.0),
        (1_000, 3_000)
    );
    assert_clean(&world).await;
}

/// The parent's people may be of the narrow reach, and so is who reconciles; and the family may have changed meanwhile (V42).
#[tokio::test]
async fn a_payment_without_an_answer_is_settled_after_the_subsidiary_left() {
    let world = family().await;
    let (id, small, large) = billed(&world).await;
    let scope: Scope<PayInvoices> = world.acme().scope();
    world.gateway.script(Call::ConfirmIntent, Fault::LoseReply);
    let form = filled(&scope, &[small, large], new_card("tok_visa")).await;
    payments::write::submit(&scope, &form).await.unwrap();
    assert_eq!(open(&world, small).await, (1_000, 1_000));
    // While it is under way the bill stays.
    let void = write::void(&world.distributor().scope(), id, "Wrong").await;
    assert!(matches!(
        void,
        Err(Error::Refused(Refusal::Locked {
            why: Locked::Pending,
            ..
        }))
    ));
    let families: Scope<ManageTenants> = world.distributor().scope();
    tenants::below::family::change_parent(&families, world.borealis().id(), "")
        .await
        .unwrap();
    world.seconds_pass(3_600);
    let patience = payments::reconcile::Patience::default();
    payments::reconcile::reconcile(&world.backend, patience)
        .await
        .unwrap();
    assert_eq!(
        (open(&world, small).await, open(&world, large).await),
        ((0, 0), (0, 0))
    );
    let outcome = payments::read::result(&scope, form.key).await.unwrap().outcomes;
    assert_eq!(outcome[0].state, AttemptState::Succeeded);
    assert_clean(&world).await;
}

#[tokio::test]
async fn what_is_being_paid_waits_for_the_next_bill() {
    let world = family().await;
    let paying = world.borealis().invoice("10.00").await;
    world.borealis().invoice("20.00").await;
    let below: Scope<PayInvoices> = world.borealis().scope();
    let form = filled(&below, &[paying], new_card("pm_3ds")).await;
    payments::write::submit(&below, &form).await.unwrap();
    let page = prepared(&world, fields(&world, "USD")).await;
    let preview = page.preview.unwrap();
    assert_eq!((preview.total, preview.being_paid), (usd(2_000), 1));
    issue(&world).await;
    let attempt = payments::read::result(&below, form.key).await.unwrap().outcomes[0].attempt;
    let intent = world.gateway.charges().len();
    assert_eq!(intent, 0);
    settle(&world, attempt).await;
    assert_eq!(open(&world, paying).await, (0, 0));
    assert_clean(&world).await;
}

/// The bank says yes, and the payer comes back.
async fn settle(world: &World, attempt: domain::ids::AttemptId) {
    let scope: Scope<PayInvoices> = world.borealis().scope();
    let row = scope
        .find::<entity::payment_attempt::Entity>()
        .filter(entity::payment_attempt::Column::Id.eq(attempt.0))
        .one(scope.db())
        .await
        .unwrap()
        .unwrap();
    world
        .gateway
        .settle(&row.gateway_intent.unwrap(), IntentState::Succeeded);
    payments::write::resume(&scope, attempt).await.unwrap();
}

#[tokio::test]
async fn a_withdrawn_bill_lets_the_subsidiary_pay_and_money_stays_where_it_is() {
    let world = family().await;
    let (id, small, large) = billed(&world).await;
    let parent: Scope<PayInvoices> = world.acme().scope();
    let form = filled(&parent, &[small], new_card("tok_visa")).await;
    payments::write::submit(&parent, &form).await.unwrap();
    write::void(&world.distributor().scope(), id, "Wrong")
        .await
        .unwrap();
    assert_eq!(open(&world, small).await, (0, 0));
    let below: Scope<PayInvoices> = world.borealis().scope();
    let form = filled(&below, &[large], new_card("tok_visa")).await;
    payments::write::submit(&below, &form).await.unwrap();
    assert_eq!(open(&world, large).await, (0, 0));
    // Who reaches the subsidiary alone does not act for another parent.
    let far: Scope<PayInvoices> = world
        .acme()
        .reaching(BuyerRole::Payer, BuyerReach::Subsidiaries)
        .await
        .permit()
        .unwrap();
    let left = payments::read::form(&far, &PaymentChoice::default()).await;
    assert!(left.unwrap().groups.is_empty());
    assert_clean(&world).await;
}
