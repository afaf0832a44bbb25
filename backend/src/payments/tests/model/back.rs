//! Money that goes back and invoices that change, as parts of a random sequence.

use super::*;
use crate::{
    disputes,
    invoices::{edit, write_off},
    ports::{DisputeState, GatewayDispute, GatewayRefundState},
    refunds,
};
use domain::{
    Quantity, TaxRate, UnitPrice,
    access::{DisputeInvoices, RefundPayments, ViewReceivedInvoices, WriteInvoices, WriteOffInvoices},
    disputes::OpenDispute,
    ids::DisputeId,
    invoices::{
        InvoiceLine, TaxCategory,
        editing::{WriteAct, WriteInvoice},
        totals::{Line, WholeDocument, totals},
    },
    refunds::{GiveBack, RefundKind, RefundWay, Then},
};

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn payments(world: &World) -> Vec<payment::Model> {
    payment::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap()
}

/// Gives a part, in percent, of what lies on the first invoice of a payment back, and as much of what is unapplied.
pub(super) async fn give(world: &World, at: usize, part: i64, credits: bool, mood: usize) {
    let all = payments(world).await;
    if all.is_empty() {
        return;
    }
    let scope: Scope<RefundPayments> = world.acme().scope();
    let form = refunds::read::form(&scope, all[at % all.len()].id).await.unwrap();
    let percent = |amount: Money| usd(amount.minor() * part / 100);
    let line = form.lines.first().map(|line| SubmitLine {
        invoice: line.invoice,
        seen: line.amount,
        amount: percent(line.amount),
    });
    let refund = GiveBack {
        key: form.key,
        from: form.from,
        kind: if form.recorded && part == 100 {
            RefundKind::Reversal
        } else {
            RefundKind::Refund
        },
        way: if form.card.is_some() {
            RefundWay::Gateway
        } else {
            RefundWay::ByHand
        },
        then: if credits { Then::Credit } else { Then::Reopen },
        reason: "Random".to_owned(),
        unapplied: percent(form.unapplied),
        lines: line
            .into_iter()
            .filter(|line| line.amount.is_positive())
            .collect(),
    };
    match mood {
        0 => world.gateway.script(Call::CreateRefund, Fault::LoseReply),
        1 => world.gateway.script(Call::CreateRefund, Fault::LoseRequest),
        2 => world.gateway.next_refund(GatewayRefundState::Pending),
        _ => {}
    }
    let asked = world.gateway.count(Call::CreateRefund);
    let done = refunds::write::give_back(&scope, &refund).await;
    if done.is_ok() {
        // Posted again it is the same one.
        refunds::write::give_back(&scope, &refund).await.unwrap();
        assert!(world.gateway.count(Call::CreateRefund) <= asked + 1);
    }
    refused_or_done(done.map(|_| ()));
}

/// A bank takes a part of a card payment, in percent of it, or decides about what it took before.
pub(super) async fn dispute(world: &World, at: usize, part: i64, won: bool) {
    let all = payments(world).await;
    let cards: Vec<_> = all.iter().filter(|row| row.reference.is_some()).collect();
    if cards.is_empty() {
        return;
    }
    let payment = cards[at % cards.len()];
    let scope: Scope<RefundPayments> = world.acme().scope();
    let dispute = GatewayDispute {
        id: format!("dp_{}", payment.id.simple()),
        intent: payment.reference.clone().unwrap(),
        amount: usd((payment.amount_minor * part / 100).max(1)),
        state: if won {
            DisputeState::Won
        } else {
            DisputeState::Open
        },
        fee: usd(1_500),
        reason: "fraudulent".to_owned(),
    };
    refunds::note_dispute(&scope, payment, &dispute).await.unwrap();
}

/// Changes an invoice to one line of another price.
pub(super) async fn revise(world: &World, id: InvoiceId, cents: i64) {
    let scope: Scope<WriteInvoices> = world.acme().scope();
    let form = edit::form(&scope, id).await.unwrap();
    let line = InvoiceLine {
        position: 1,
        item_code: None,
        description: "Random".to_owned(),
        quantity: Quantity::ONE,
        unit_price: UnitPrice::from_decimal(usd(cents).to_decimal()).unwrap(),
        discount: usd(0),
        net: usd(cents),
        tax_category: TaxCategory::S,
        tax_rate: TaxRate::from_scaled(70_000),
    };
    let sums = totals(
        Currency::USD,
        &[Line::from(&line)],
        &WholeDocument::plain(Currency::USD),
    )
    .unwrap();
    let written = WriteInvoice {
        key: form.key,
        invoice: id,
        version: form.version,
        account: form.account,
        profile: None,
        act: WriteAct::Save,
        reason: "Random".to_owned(),
        issue_date: form.issue_date,
        due_date: form.due_date,
        note: None,
        lines: vec![line],
        totals: sums,
    };
    refused_or_done(edit::write(&scope, &written).await.map(|_| ()));
}

/// Disputes a part of the first line, in percent of what is open, or ends the newest dispute: the buyer takes it back, the
/// seller says no, or credits what was asked for.
pub(super) async fn complain(world: &World, id: InvoiceId, part: i64, how: usize) {
    let buyer: Scope<DisputeInvoices> = world.daisy().scope();
    let seen: Scope<ViewReceivedInvoices> = world.daisy().scope();
    let page = disputes::read::of_invoice(&seen, id).await.unwrap();
    let newest = page.all.first().map(|dispute| dispute.id);
    match (how, newest) {
        (1, Some(dispute)) => refused_or_done(disputes::write::withdraw(&buyer, dispute).await),
        (2, Some(dispute)) => {
            refused_or_done(disputes::write::refuse(&world.acme().scope(), dispute, "Random").await);
        }
        (3, Some(dispute)) => answer(world, id, dispute).await,
        _ => {
            let wanted = OpenDispute {
                key: page.key,
                invoice: id,
                reason: "Random".to_owned(),
                parts: vec![(1, usd((page.open.minor() * part / 100).max(1)))],
            };
            refused_or_done(disputes::write::open(&buyer, &wanted).await.map(|_| ()));
        }
    }
}

/// Credits what a dispute asks for.
async fn answer(world: &World, id: InvoiceId, dispute: DisputeId) {
    let issuer: Scope<IssueCreditNotes> = world.acme().scope();
    // One that has ended has no form.
    let Ok(form) = credit_notes::read::answer_form(&issuer, id, dispute).await else {
        return;
    };
    let asked = form
        .lines
        .iter()
        .filter_map(|line| Some((line.line.position, line.asked?)));
    let credit = IssueCredit {
        key: form.key,
        invoice: id,
        seen: form.left,
        reason: CreditReason::Correction,
        note: String::new(),
        how_much: HowMuch::Parts,
        parts: asked.collect(),
    };
    refused_or_done(
        credit_notes::write::answer(&issuer, &credit, dispute)
            .await
            .map(|_| ()),
    );
}

/// Gives up what is open of an invoice, or hopes for it again.
pub(super) async fn write_off(world: &World, id: InvoiceId, back: bool) {
    let scope: Scope<WriteOffInvoices> = world.acme().scope();
    refused_or_done(if back {
        write_off::take_back(&scope, id, "Random").await
    } else {
        write_off::write_off(&scope, id, "Random").await
    });
}

/// Every bank makes up its mind, and what is not decided is looked up until it is.
pub(super) async fn settle_all(world: &World) {
    for (place, refund) in world.gateway.refunds().iter().enumerate() {
        if refund.state == GatewayRefundState::Pending {
            let state = if place % 2 == 0 {
                GatewayRefundState::Succeeded
            } else {
                GatewayRefundState::Failed
            };
            world.gateway.settle_refund(&refund.id, state);
        }
    }
    for _ in 0..3 {
        world.seconds_pass(3_700);
        refunds::settle::reconcile(&world.backend, Patience::default())
            .await
            .unwrap();
    }
    let under_way = refunds_under_way(world).await;
    assert_eq!(under_way, 0, "refunds that are never decided");
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn refunds_under_way(world: &World) -> usize {
    let all = entity::refund::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap();
    all.iter().filter(|row| row.resolved_at.is_none()).count()
}
