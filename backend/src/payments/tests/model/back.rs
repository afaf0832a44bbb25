//! Money that goes back, disputes and what is given up, as parts of a random sequence.

use super::{
    super::*,
    facts::Facts,
    play::{Play, refused_or_done},
};
use crate::{
    credit_notes, disputes,
    invoices::write_off,
    ports::{DisputeState, GatewayDispute, GatewayRefundState},
    refunds,
};
use domain::{
    access::{DisputeInvoices, IssueCreditNotes, RefundPayments, WriteOffInvoices},
    credit_notes::{CreditReason, HowMuch, IssueCredit},
    disputes::OpenDispute,
    ids::{DisputeId, Uuid},
    refunds::{GiveBack, RefundKind, RefundWay, Then},
};

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn payments(world: &World) -> Vec<payment::Model> {
    payment::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap()
}

impl Play {
    /// Gives a part, in percent, of what lies on the first invoice of a payment back, and as much of what is unapplied.
    pub(super) async fn give_back(&mut self, at: usize, part: i64, credits: bool, mood: usize) {
        let all = payments(&self.world).await;
        if all.is_empty() {
            return;
        }
        let scope: Scope<RefundPayments> = self.world.acme().scope();
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
            way: if form.to.is_some() {
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
        self.upset_gateway(mood);
        let asked = self.world.gateway.count(Call::CreateRefund);
        // When the money is gone the play hears of it from the refund itself.
        self.act(
            async || refunds::write::give_back(&scope, &refund).await,
            |_, _| (),
        )
        .await;
        assert!(
            self.world.gateway.count(Call::CreateRefund) <= asked + 1,
            "asked for twice"
        );
    }

    /// A bank takes a part of a card payment, in percent of it, or decides about what it took before.
    pub(super) async fn charge_back(&mut self, at: usize, part: i64, won: bool) {
        let all = payments(&self.world).await;
        let cards: Vec<_> = all.iter().filter(|row| row.reference.is_some()).collect();
        if cards.is_empty() {
            return;
        }
        let payment = cards[at % cards.len()];
        let scope: Scope<RefundPayments> = self.world.acme().scope();
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
        let noted = async || refunds::note_dispute(&scope, payment, &dispute).await;
        // While money is on its way back, more than the rest waits for it.
        let waits = refunds::read::form(&scope, payment.id).await.unwrap().under_way;
        let noted = self.act(noted, |_, ()| ()).await;
        assert!(noted || waits, "what a bank did was refused");
    }

    /// The buyer disputes a part of the first line, in percent of what is open, or the newest dispute ends: the buyer takes
    /// it back, the seller says no, or credits what was asked for.
    pub(super) async fn complain(&mut self, at: usize, part: i64, how: usize) {
        let id = self.invoice(at);
        let buyer: Scope<DisputeInvoices> = self.world.daisy().scope();
        let seen: Scope<ViewReceivedInvoices> = self.world.daisy().scope();
        let page = disputes::read::of_invoice(&seen, id, None).await.unwrap();
        let newest = page
            .all
            .first()
            .map(|dispute| (dispute.id, dispute.amount.minor()));
        let ended = |amount: i64| move |facts: &mut Facts| facts.change(id.0, |debt| debt.disputed -= amount);
        match (how, newest) {
            (1, Some((dispute, amount))) => {
                let withdraw = async || disputes::write::withdraw(&buyer, dispute).await;
                self.act_once(withdraw, ended(amount)).await;
            }
            (2, Some((dispute, amount))) => {
                let seller = self.world.acme().scope();
                let refuse = async || disputes::write::refuse(&seller, dispute, "Random").await;
                self.act_once(refuse, ended(amount)).await;
            }
            (3, Some((dispute, amount))) => self.answer(id, dispute, amount).await,
            _ => {
                let amount = (page.open.minor() * part / 100).max(1);
                let wanted = OpenDispute {
                    key: page.key,
                    invoice: id,
                    reason: "Random".to_owned(),
                    parts: vec![(1, usd(amount))],
                };
                let opened =
                    |facts: &mut Facts, _: DisputeId| facts.change(id.0, |debt| debt.disputed += amount);
                self.act(async || disputes::write::open(&buyer, &wanted).await, opened)
                    .await;
            }
        }
    }

    /// Credits what a dispute asks for.
    async fn answer(&mut self, id: InvoiceId, dispute: DisputeId, amount: i64) {
        let issuer: Scope<IssueCreditNotes> = self.world.acme().scope();
        // One that has ended has no form.
        let Some(form) = refused_or_done(credit_notes::read::answer_form(&issuer, id, dispute).await) else {
            return;
        };
        let asked = form
            .lines
            .iter()
            .filter_map(|line| Some((line.of.position, line.asked?)));
        let credit = IssueCredit {
            key: form.key,
            invoice: id,
            seen: form.left,
            reason: CreditReason::Correction,
            note: String::new(),
            how_much: HowMuch::Parts,
            parts: asked.collect(),
            pay_back: None,
        };
        let answer = async || credit_notes::write::answer(&issuer, &credit, dispute).await;
        let ended = |facts: &mut Facts| facts.change(id.0, |debt| debt.disputed -= amount);
        self.credited(id, form.left.minor(), answer, ended).await;
    }

    /// Gives up what is open of an invoice, or hopes for it again.
    pub(super) async fn write_off(&mut self, at: usize, back: bool) {
        let scope: Scope<WriteOffInvoices> = self.world.acme().scope();
        let id = self.invoice(at);
        let open = self.facts.debts[&id.0].open;
        if back {
            let take_back = async || write_off::take_back(&scope, id, "Random").await;
            self.act_once(take_back, |facts| facts.change(id.0, |debt| debt.written_off = 0))
                .await;
        } else {
            let give_up = async || write_off::write_off(&scope, id, "Random").await;
            self.act_once(give_up, |facts| {
                facts.change(id.0, |debt| debt.written_off += open)
            })
            .await;
        }
    }

    /// Every bank makes up its mind, and what is not decided is looked up until it is.
    pub(super) async fn settle_all(&mut self) {
        for (place, refund) in self.world.gateway.refunds().iter().enumerate() {
            if refund.state == GatewayRefundState::Pending {
                let state = if place % 2 == 0 {
                    GatewayRefundState::Succeeded
                } else {
                    GatewayRefundState::Failed
                };
                self.world.gateway.settle_refund(&refund.id, state);
            }
        }
        for _ in 0..3 {
            self.world.seconds_pass(3_700);
            refunds::settle::reconcile(&self.world.backend, Patience::default())
                .await
                .unwrap();
        }
        let under_way = under_way(&self.world).await;
        assert_eq!(under_way, Vec::new(), "refunds that are never decided");
        for _ in 0..12 {
            reconcile_later(&self.world).await;
        }
        let attempts = attempts(&self.world).await;
        assert!(
            attempts.iter().all(|attempt| attempt.resolved_at.is_some()),
            "payments that are never decided"
        );
        self.compare().await;
        let reserved = invoices(&self.world)
            .await
            .iter()
            .map(|row| row.reserved_minor)
            .sum::<i64>();
        assert_eq!(reserved, 0, "V31: reserved for nothing");
    }
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn under_way(world: &World) -> Vec<entity::refund::Model> {
    let all = entity::refund::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap();
    all.into_iter().filter(|row| row.resolved_at.is_none()).collect()
}

/// Whether money of a payment is on its way back, or a credit note waits to take the place of such money.
#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
pub(super) async fn going_back(world: &World, pot: Uuid) -> bool {
    let lines = entity::refund_line::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap();
    let waits = |refund: Uuid| {
        let mut of_refund = lines.iter().filter(|line| line.refund_id == refund);
        of_refund.any(|line| line.credit_note_id == Some(pot))
    };
    under_way(world)
        .await
        .iter()
        .any(|row| row.payment_id == Some(pot) || waits(row.id))
}
