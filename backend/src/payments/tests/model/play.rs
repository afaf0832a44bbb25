//! A sequence as it is played: each command is sent, its portal may die, it is sent again, and what the database says then
//! must be what the small model says.

use super::{
    super::*,
    DEATHS,
    facts::{Facts, Pot},
    files::Imported,
};
use crate::{ports::GatewayRefundState, testing::dies_after};
use chrono::NaiveDate;
use domain::{
    ids::{CreditNoteId, Uuid},
    payments::SubmitPayment,
};
use entity::codes::RefundState;
use sea_orm::{ColumnTrait, QueryFilter};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::Ordering,
};

/// What one sequence knows.
pub(super) struct Play {
    pub(super) world: World,
    /// What the model says.
    pub(super) facts: Facts,
    /// The invoices, as they came.
    pub(super) known: Vec<InvoiceId>,
    /// Payments and credit notes, as they came.
    pub(super) pots: Vec<Uuid>,
    /// The credit notes among them.
    pub(super) notes: Vec<CreditNoteId>,
    /// The imports that stand.
    pub(super) imports: Vec<Imported>,
    /// How many there were.
    pub(super) imported: usize,
    /// The forms that were posted to pay by card, by their keys.
    pub(super) forms: BTreeMap<Uuid, SubmitPayment>,
    /// The last of them.
    pub(super) last: Option<SubmitPayment>,
    /// How often the portal waits in the next command before it dies.
    pub(super) crash: Option<usize>,
    /// What the model said in the evening of days gone by.
    pub(super) evenings: BTreeMap<NaiveDate, Facts>,
    /// Attempts that the model has heard of.
    decided: BTreeSet<Uuid>,
    /// What refunds and chargebacks took so far, by their ids.
    returned: BTreeMap<Uuid, i64>,
}

impl Play {
    pub(super) async fn new() -> Self {
        Self {
            world: World::renewed().await,
            facts: Facts::default(),
            known: Vec::new(),
            pots: Vec::new(),
            notes: Vec::new(),
            imports: Vec::new(),
            imported: 0,
            forms: BTreeMap::new(),
            last: None,
            crash: None,
            evenings: BTreeMap::new(),
            decided: BTreeSet::new(),
            returned: BTreeMap::new(),
        }
    }

    /// One of the invoices.
    pub(super) fn invoice(&self, at: usize) -> InvoiceId {
        self.known[at % self.known.len()]
    }

    /// Sends a command that carries a key, so that it is the same act however often it comes. `effect` says what it does
    /// when it is done; refused, it does nothing. Whether it was done.
    pub(super) async fn act<T>(
        &mut self,
        send: impl AsyncFn() -> Result<T, Error>,
        effect: impl FnOnce(&mut Facts, T),
    ) -> bool {
        let (sent, _) = self.send(&send).await;
        // Who presses the button once more, or goes back and posts again, changes nothing (V29).
        let again = refused_or_done(send().await);
        let Some(value) = refused_or_done(sent) else {
            self.compare().await;
            return false;
        };
        assert!(again.is_some(), "the same key was refused the second time");
        effect(&mut self.facts, value);
        self.compare().await;
        true
    }

    /// Sends a command that is done once by what it finds: a second time it is refused, or it does nothing more.
    pub(super) async fn act_once(
        &mut self,
        send: impl AsyncFn() -> Result<(), Error>,
        effect: impl FnOnce(&mut Facts),
    ) {
        let (sent, died) = self.send(&send).await;
        let done = refused_or_done(sent).is_some();
        // Before the portal died it may have done it, though nobody was told.
        if done || died && Facts::read(&self.world).await != self.facts {
            effect(&mut self.facts);
        }
        self.compare().await;
    }

    /// Lets the portal do what it does by itself, and start again if it dies of it.
    pub(super) async fn work(&mut self, run: impl AsyncFn(&World)) {
        if self.run_and_die(&run).await {
            run(&self.world).await;
        }
        self.compare().await;
    }

    /// The same once. Whether the portal died of it.
    pub(super) async fn run_and_die(&mut self, run: impl AsyncFn(&World)) -> bool {
        let world = &self.world;
        match self.crash.take() {
            Some(awaits) => {
                let died = dies_after(awaits, run(world)).await.is_none();
                DEATHS.fetch_add(usize::from(died), Ordering::Relaxed);
                died
            }
            None => {
                run(world).await;
                false
            }
        }
    }

    /// What a command answers, and whether the portal died of its first try.
    pub(super) async fn send<T>(
        &mut self,
        send: &impl AsyncFn() -> Result<T, Error>,
    ) -> (Result<T, Error>, bool) {
        if let Some(awaits) = self.crash.take() {
            return match dies_after(awaits, send()).await {
                Some(answer) => (answer, false),
                None => {
                    DEATHS.fetch_add(1, Ordering::Relaxed);
                    (send().await, true)
                }
            };
        }
        (send().await, false)
    }

    /// What the database says is what the model says.
    pub(super) async fn compare(&mut self) {
        let now = Facts::read(&self.world).await;
        self.learn_payments(&now).await;
        self.learn_refunds(&now).await;
        assert_eq!(now, self.facts, "found, and expected");
        self.facts.assert_sound();
    }

    /// A payment by card is there when the gateway has charged it and the portal has heard of it: its lines go to their
    /// invoices as far as those can take them.
    #[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
    async fn learn_payments(&mut self, now: &Facts) {
        let mut payments = payment::Entity::find()
            .all(self.world.backend.system().db())
            .await
            .unwrap();
        payments.sort_by_key(|row| row.id);
        let attempts = attempts(&self.world).await;
        let charges = self.world.gateway.charges();
        for row in payments {
            let Some(id) = row.attempt_id.filter(|id| !self.decided.contains(id)) else {
                continue;
            };
            let attempt = attempts.iter().find(|attempt| attempt.id == id).unwrap();
            let charge = charges
                .iter()
                .find(|charge| Some(&charge.id) == attempt.gateway_intent.as_ref());
            let form = &self.forms[&attempt.form_key];
            let wanted: i64 = form.lines.iter().map(|line| line.amount.minor()).sum();
            assert_eq!(charge.map(|charge| charge.amount), Some(usd(wanted)), "charged");
            self.facts.pots.insert(row.id, Pot::of(wanted));
            for line in &form.lines {
                let open = self.facts.debts[&line.invoice.0].open;
                self.facts
                    .put(row.id, line.invoice.0, line.amount.minor().min(open));
            }
            self.decided.insert(id);
            self.pots.push(row.id);
            assert!(now.pots.contains_key(&row.id));
        }
    }

    /// What went back of a payment left it; how much of it each invoice lost is the portal's choice within the sums. An
    /// invoice that is credited instead is as open as before.
    #[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
    async fn learn_refunds(&mut self, now: &Facts) {
        let refunds = entity::refund::Entity::find()
            .all(self.world.backend.system().db())
            .await
            .unwrap();
        for row in refunds {
            let taken = if row.state == RefundState::Succeeded {
                row.amount_minor
            } else {
                0
            };
            let before = self.returned.insert(row.id, taken).unwrap_or(0);
            let pot = row.payment_id.or(row.credit_note_id).unwrap();
            if taken == before {
                continue;
            }
            let lay = self.facts.lies.clone();
            self.facts.pots.get_mut(&pot).unwrap().given_back += taken - before;
            self.facts.adopt(pot, now);
            if row.follow == entity::codes::RefundThen::Credit {
                // Where a chargeback took the money that was meant, other invoices lost theirs, and nobody credits those.
                let credited = self.credited_by(row.id).await;
                for ((_, invoice), amount) in lay.iter().filter(|((of, _), _)| *of == pot) {
                    let Some(note) = credited.get(invoice) else {
                        continue;
                    };
                    let left = self.facts.lies.get(&(pot, *invoice)).copied().unwrap_or(0);
                    if self.facts.pots.contains_key(note) {
                        // It was issued before and waited for this.
                        self.facts.put(*note, *invoice, amount - left);
                    } else {
                        self.credited_instead(*invoice, amount - left, now);
                    }
                }
            }
        }
    }

    /// The invoices on which a refund put credit in the place of money, and of which credit note.
    #[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
    async fn credited_by(&self, refund: Uuid) -> BTreeMap<Uuid, Uuid> {
        let lines = entity::refund_line::Entity::find()
            .filter(entity::refund_line::Column::RefundId.eq(refund))
            .filter(entity::refund_line::Column::CreditNoteId.is_not_null())
            .all(self.world.backend.system().db())
            .await
            .unwrap();
        lines
            .into_iter()
            .filter_map(|line| Some((line.invoice_id, line.credit_note_id?)))
            .collect()
    }

    /// A credit note over just this amount stands on the invoice, and was not there before.
    fn credited_instead(&mut self, invoice: Uuid, amount: i64, now: &Facts) {
        if amount == 0 {
            return;
        }
        let new = now.pots.iter().find(|(id, pot)| {
            let lies = now.lies.get(&(**id, invoice)).copied().unwrap_or(0);
            !self.facts.pots.contains_key(id) && pot.amount == amount && lies + pot.free == amount
        });
        let (id, pot) = new.unwrap_or_else(|| panic!("no credit note over {amount} for {invoice}"));
        self.facts.pots.insert(*id, Pot::of(amount));
        self.facts.put(*id, invoice, amount - pot.free);
        self.pots.push(*id);
        self.notes.push(CreditNoteId(*id));
    }

    /// What the gateway has of it: charges are payments, and what it gave back is what was given back.
    #[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
    pub(super) async fn assert_gateway_agrees(&self) {
        let db = self.world.backend.system();
        let payments = payment::Entity::find().all(db.db()).await.unwrap();
        let by_card = payments.iter().filter(|row| row.attempt_id.is_some());
        let paid: i64 = by_card.map(|row| row.amount_minor).sum();
        let charged: i64 = self
            .world
            .gateway
            .charges()
            .iter()
            .map(|intent| intent.amount.minor())
            .sum();
        assert_eq!(paid, charged, "charged and paid");
        let there = self.world.gateway.refunds();
        let there = there
            .iter()
            .filter(|refund| refund.state == GatewayRefundState::Succeeded);
        let refunds = entity::refund::Entity::find().all(db.db()).await.unwrap();
        let here = refunds.iter().filter(|row| {
            row.state == RefundState::Succeeded
                && row.way == entity::codes::RefundWay::Gateway
                && row.kind != entity::codes::RefundKind::Chargeback
        });
        let here: i64 = here.map(|row| row.amount_minor).sum();
        assert_eq!(
            here,
            there.map(|refund| refund.amount.minor()).sum::<i64>(),
            "given back"
        );
    }
}

/// What people may be told; anything else is an error of the program.
pub(super) fn refused_or_done<T>(outcome: Result<T, Error>) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(Error::Refused(_) | Error::Invalid(_) | Error::Conflict | Error::NotFound) => None,
        Err(other) => panic!("{other:?}"),
    }
}
