//! Credit notes as parts of a random sequence: over an invoice, over an account, and what of them is paid back at once.

use super::{
    super::*,
    facts::{Facts, Pot},
    play::{Play, refused_or_done},
    written::line,
};
use crate::{
    credit_notes::{self, account},
    payments::payers,
    ports::GatewayRefundState,
};
use domain::{
    access::{IssueCreditNotes, RecordPayments},
    credit_notes::{CreditReason, HowMuch, IssueCredit, PayBack, account::CreditAccount},
    ids::{CreditNoteId, Uuid},
    invoices::totals::{Line, WholeDocument, totals},
    payments::offline::OpenLine,
    refunds::RefundWay,
};
use entity::invoice;
use sea_orm::{ColumnTrait, QueryFilter};

/// What of the rest is paid back: a part in percent, which way, and how the gateway feels about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Back {
    pub(super) part: i64,
    pub(super) by_hand: bool,
    pub(super) mood: usize,
}

impl Back {
    /// Of a rest, if there is one.
    fn of(self, rest: i64) -> Option<PayBack> {
        (rest > 0).then(|| PayBack {
            amount: usd((rest * self.part / 100).max(1)),
            way: if self.by_hand {
                RefundWay::ByHand
            } else {
                RefundWay::Gateway
            },
            reference: "Random".to_owned(),
        })
    }
}

impl Play {
    /// Credits a part, in percent, of the first line, or everything when it is a hundred, and pays of what is left over back.
    pub(super) async fn credit(&mut self, at: usize, part: i64, back: Option<Back>) {
        let issuer: Scope<IssueCreditNotes> = self.world.acme().scope();
        let invoice = self.invoice(at);
        let Some(form) = refused_or_done(credit_notes::read::form(&issuer, invoice).await) else {
            return;
        };
        let left = form.lines[0].left.minor();
        let mut credit = IssueCredit {
            key: form.key,
            invoice,
            seen: form.left,
            reason: CreditReason::Discount,
            note: String::new(),
            how_much: if part == 100 {
                HowMuch::Everything
            } else {
                HowMuch::Parts
            },
            parts: vec![(1, usd((left * part / 100).max(1)))],
            pay_back: None,
        };
        if let (Some(back), Ok(preview)) = (back, form.add_up(&credit)) {
            // What was paid by card may be less than that, which is refused.
            credit.pay_back = back.of(preview.split.credit.minor());
            self.upset_gateway(back.mood);
        }
        let issue = async || credit_notes::write::issue(&issuer, &credit).await;
        self.credited(invoice, form.left.minor(), issue, |_| ()).await;
    }

    /// Credits Daisy some cents before tax, and pays of what is left over back by hand.
    pub(super) async fn credit_account(&mut self, cents: i64, back: Option<i64>) {
        let issuer: Scope<IssueCreditNotes> = self.world.acme().scope();
        let recorder: Scope<RecordPayments> = self.world.acme().scope();
        let account = self.world.daisy().account();
        let form = account::form(&issuer, account, Some(Currency::USD))
            .await
            .unwrap();
        let line = line(cents);
        // Seven percent, half a cent up.
        let total = cents + (cents * 7 + 50) / 100;
        // In the order in which they are offered, which is that of V28.
        let offered = payers::record_form(&recorder, account, Some(Currency::USD)).await;
        // What stands in a bill is offered to who pays it; credit goes to the account's own invoices.
        let own = recorder
            .find::<invoice::Entity>()
            .filter(invoice::Column::AccountId.eq(account.0));
        let own = own.all(recorder.db()).await.unwrap();
        let is_own = |line: &OpenLine| own.iter().any(|row| row.id == line.invoice.0);
        let mut rest = total;
        let mut puts: Vec<(Uuid, i64)> = Vec::new();
        for line in offered.unwrap().lines.into_iter().filter(is_own) {
            let part = rest.min(line.payable.minor());
            rest -= part;
            puts.push((line.invoice.0, part));
        }
        let back = back.map(|part| Back {
            part,
            by_hand: true,
            mood: 0,
        });
        let whole = WholeDocument::plain(Currency::USD);
        let credit = CreditAccount {
            key: form.key,
            account,
            seen: form.due.free,
            reason: CreditReason::Return,
            note: String::new(),
            totals: totals(Currency::USD, &[Line::from(&line)], &whole).unwrap(),
            lines: vec![line],
            // What stands against money under way is not paid back.
            pay_back: back.and_then(|back| back.of((rest - form.due.held.minor()).max(0))),
        };
        let issued = self
            .act(
                async || account::issue(&issuer, &credit).await,
                |facts, note| {
                    facts.pots.insert(note.0, Pot::of(total));
                    for (invoice, part) in puts {
                        facts.put(note.0, invoice, part);
                    }
                },
            )
            .await;
        assert!(issued, "an account was not credited");
        self.pots.push(credit.key.0);
        self.notes.push(CreditNoteId(credit.key.0));
    }

    /// How the gateway takes the next refund: it loses the answer or the question, or the bank thinks.
    pub(super) fn upset_gateway(&self, mood: usize) {
        let gateway = &self.world.gateway;
        match mood {
            0 => gateway.script(Call::CreateRefund, Fault::LoseReply),
            1 => gateway.script(Call::CreateRefund, Fault::LoseRequest),
            2 => gateway.next_refund(GatewayRefundState::Pending),
            _ => {}
        }
    }

    /// Sends what issues a credit note: it lowers what is due and not being paid, and the rest is credit (V36, V37).
    pub(super) async fn credited(
        &mut self,
        invoice: InvoiceId,
        at_most: i64,
        issue: impl AsyncFn() -> Result<CreditNoteId, Error>,
        with_it: impl FnOnce(&mut Facts),
    ) {
        let being_paid = open_amount(&self.world, invoice).await.1;
        let due = (self.facts.debts[&invoice.0].open - being_paid).max(0);
        // What it is over is read: tax by the cent is the matter of other tests.
        let before: Vec<Uuid> = self.facts.pots.keys().copied().collect();
        let (sent, _) = self.send(&issue).await;
        let again = refused_or_done(issue().await);
        if let Some(note) = refused_or_done(sent) {
            assert_eq!(again, Some(note), "the same key issued another credit note");
            assert!(!before.contains(&note.0));
            let amount = Facts::read(&self.world).await.pots[&note.0].amount;
            assert!(0 < amount && amount <= at_most, "V12, V36: {amount} of {at_most}");
            self.facts.pots.insert(note.0, Pot::of(amount));
            self.facts.put(note.0, invoice.0, amount.min(due));
            with_it(&mut self.facts);
            self.pots.push(note.0);
            self.notes.push(note);
        }
        self.compare().await;
    }

    /// The seller withdraws a credit note of which nothing was used.
    pub(super) async fn void_note(&mut self, at: usize) {
        let issuer: Scope<IssueCreditNotes> = self.world.acme().scope();
        let Some(note) = self.notes.get(at).copied() else {
            return;
        };
        let unused = self.facts.pots[&note.0].free == self.facts.pots[&note.0].amount;
        self.act_once(
            async || credit_notes::write::void(&issuer, note, "Random").await,
            |facts| {
                assert!(unused, "V39: a credit note that was used is void");
                let pot = facts.pots.get_mut(&note.0).unwrap();
                (pot.free, pot.void) = (0, true);
            },
        )
        .await;
    }
}
