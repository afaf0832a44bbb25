//! Invoices and payments as parts of a random sequence: what is sent, and what it should do to the sums.

use super::{
    super::*,
    back::going_back,
    facts::{Facts, Pot},
    play::{Play, refused_or_done},
    written::written,
};
use crate::{
    invoices::{edit, void},
    payments::{offline, payers},
};
use domain::{
    access::{ManageTenants, RecordPayments, WriteInvoices},
    ids::{AccountId, Uuid},
    invoices::editing::WriteAct,
    payments::offline::{AllocatePayment, PutTo, RecordPayment},
};

pub(super) const CARDS: [&str; 4] = ["pm_ok", "pm_decline", "pm_3ds", "pm_refuse"];
pub(super) const FAULTY: [Call; 5] = [
    Call::CreateCustomer,
    Call::AttachCard,
    Call::CreateIntent,
    Call::ConfirmIntent,
    Call::CancelIntent,
];

impl Play {
    /// The seller issues an invoice.
    pub(super) async fn issue(&mut self, cents: i64) {
        let invoice = self.issue_to(self.world.daisy().account(), cents).await;
        self.known.push(invoice);
    }

    /// Issues an invoice to one of Acme's customers.
    pub(super) async fn issue_to(&mut self, account: AccountId, cents: i64) -> InvoiceId {
        let scope: Scope<WriteInvoices> = self.world.acme().scope();
        let form = edit::new_form(&scope, account).await.unwrap();
        let invoice = written(form, WriteAct::Issue, cents);
        // Seven percent, half a cent up.
        let total = cents + (cents * 7 + 50) / 100;
        let issued = self
            .act(
                async || edit::write(&scope, &invoice).await,
                |facts, id| facts.owe(id.0, total),
            )
            .await;
        assert!(issued, "a new invoice was refused");
        invoice.invoice
    }

    /// The seller changes an issued invoice to another price.
    pub(super) async fn revise(&mut self, at: usize, cents: i64) {
        let scope: Scope<WriteInvoices> = self.world.acme().scope();
        let id = self.invoice(at);
        let Some(form) = refused_or_done(edit::form(&scope, id).await) else {
            return;
        };
        let revision = written(form, WriteAct::Save, cents);
        let total = cents + (cents * 7 + 50) / 100;
        let revised = |facts: &mut Facts, id: InvoiceId| facts.change(id.0, |debt| debt.total = total);
        self.act(async || edit::write(&scope, &revision).await, revised)
            .await;
    }

    /// The seller withdraws an invoice.
    pub(super) async fn void_invoice(&mut self, at: usize) {
        let scope = self.world.acme().scope();
        let id = self.invoice(at);
        let nothing_on_it = self.facts.on(id.0) == 0;
        self.act_once(
            async || void::void(&scope, id, "Random").await,
            |facts| {
                assert!(nothing_on_it, "V18: void with money or credit on it");
                facts.change(id.0, |debt| debt.void = true);
            },
        )
        .await;
    }

    /// Pays parts of some invoices by card; the gateway may fail in one of its calls.
    pub(super) async fn pay(
        &mut self,
        (first, count): (usize, usize),
        part: i64,
        card: usize,
        fault: Option<(usize, bool)>,
    ) {
        let scope = self.world.daisy().scope();
        let start = first % self.known.len();
        let chosen = self.known[start..self.known.len().min(start + count)].to_vec();
        let Ok(read) = read::form(&scope, &choose(&chosen)).await else {
            return;
        };
        if read.groups.is_empty() {
            return;
        }
        let mut form = filled(&scope, &chosen, new_card(CARDS[card])).await;
        for line in &mut form.lines {
            line.amount = usd((line.seen.minor() * part / 100).max(1));
        }
        if let Some((call, reply)) = fault {
            let fault = if reply {
                Fault::LoseReply
            } else {
                Fault::LoseRequest
            };
            self.world.gateway.script(FAULTY[call], fault);
        }
        self.forms.insert(form.key.0, form.clone());
        // What it does the gateway decides; the play hears of it.
        if self
            .act(async || write::submit(&scope, &form).await, |_, _| ())
            .await
        {
            self.last = Some(form);
        }
    }

    /// Posts the last form again.
    pub(super) async fn repeat(&mut self) {
        let Some(form) = self.last.clone() else { return };
        let scope = self.world.daisy().scope();
        let charges = self.world.gateway.charges().len();
        self.act(async || write::submit(&scope, &form).await, |_, _| ())
            .await;
        assert_eq!(self.world.gateway.charges().len(), charges);
    }

    /// The bank decides the oldest payment that waits for it.
    pub(super) async fn bank_decides(&mut self, yes: bool) {
        let attempts = attempts(&self.world).await;
        let waiting = attempts
            .iter()
            .find(|attempt| attempt.state == entity::codes::AttemptState::NeedsAction);
        if let Some(intent) = waiting.and_then(|attempt| attempt.gateway_intent.as_ref()) {
            let state = if yes {
                IntentState::Succeeded
            } else {
                IntentState::RequiresPaymentMethod
            };
            self.world.gateway.settle(intent, state);
        }
    }

    /// A minute passes, and the reconciler and the jobs run.
    pub(super) async fn reconcile(&mut self) {
        self.work(async |world| {
            reconcile_later(world).await;
        })
        .await;
    }

    /// Records money of which a part, in percent, goes to an invoice as far as that can take it; or all of it to the oldest.
    pub(super) async fn record(&mut self, cents: i64, at: usize, part: i64) {
        let seller: Scope<RecordPayments> = self.world.acme().scope();
        let account = self.world.daisy().account();
        let form = payers::record_form(&seller, account, None).await.unwrap();
        let invoice = self.invoice(at);
        let line = form.lines.iter().find(|line| line.invoice == invoice);
        let amount = line.map_or(0, |line| (cents * part / 100).min(line.payable.minor()));
        let oldest = part % 3 == 0;
        let lines = line.into_iter().filter(|_| amount > 0 && !oldest);
        let lines: Vec<SubmitLine> = lines
            .map(|line| SubmitLine {
                invoice,
                seen: line.payable,
                amount: usd(amount),
            })
            .collect();
        let record = RecordPayment {
            key: form.key,
            account,
            amount: usd(cents),
            paid_on: form.today,
            memo: None,
            put: if oldest { PutTo::Oldest } else { PutTo::Chosen },
            lines: if oldest {
                let seen = form.lines.iter();
                seen.map(|line| SubmitLine {
                    invoice: line.invoice,
                    seen: line.payable,
                    amount: usd(0),
                })
                .collect()
            } else {
                lines.clone()
            },
        };
        // In the order in which they are offered, which is that of V28.
        let mut rest = cents;
        let spread = form.lines.iter().map(|line| {
            let part = rest.min(line.offered.minor());
            rest -= part;
            (line.invoice.0, part)
        });
        let puts: Vec<(Uuid, i64)> = if oldest {
            spread.filter(|(_, part)| *part > 0).collect()
        } else {
            lines
                .iter()
                .map(|line| (line.invoice.0, line.amount.minor()))
                .collect()
        };
        let recorded = self
            .act(
                async || offline::record(&seller, &record).await,
                |facts, payment| {
                    facts.pots.insert(payment.0, Pot::of(cents));
                    for (invoice, part) in puts {
                        facts.put(payment.0, invoice, part);
                    }
                },
            )
            .await;
        assert!(recorded, "a payment that came in was refused");
        self.pots.push(record.key.0);
    }

    /// Puts what is unapplied of a payment, or left of a credit note, to an invoice.
    pub(super) async fn put(&mut self, pot: usize, at: usize, part: i64) {
        let seller: Scope<RecordPayments> = self.world.acme().scope();
        let Some(from) = self.pots.get(pot % self.pots.len().max(1)).copied() else {
            return;
        };
        // A credit note that was withdrawn is not there any more.
        let Some(form) = refused_or_done(payers::allocate_form(&seller, from).await) else {
            return;
        };
        let invoice = self.invoice(at);
        let Some(line) = form.lines.iter().find(|line| line.invoice == invoice) else {
            return;
        };
        // Up to a quarter more than there is, which is refused.
        let amount = form.unapplied.minor().min(line.payable.minor()) * part / 80;
        let fits = amount > 0 && amount <= form.unapplied.minor() && amount <= line.payable.minor();
        let lines = vec![SubmitLine {
            invoice,
            seen: line.payable,
            amount: usd(amount),
        }];
        let wanted = AllocatePayment {
            key: form.key,
            from,
            lines,
        };
        let done = self
            .act(
                async || offline::allocate(&seller, &wanted).await,
                |facts, ()| facts.put(from, invoice.0, amount),
            )
            .await;
        // While money of a payment is on its way back, nothing else is done with it.
        let held = going_back(&self.world, from).await;
        assert_eq!(
            done,
            fits && !held,
            "{amount} of {:?} to {:?}",
            form.unapplied,
            line.payable
        );
    }

    /// Takes the oldest that was put of a payment or a credit note off.
    pub(super) async fn take_off(&mut self, pot: usize) {
        let seller: Scope<RecordPayments> = self.world.acme().scope();
        let Some(from) = self.pots.get(pot % self.pots.len().max(1)).copied() else {
            return;
        };
        let Some(form) = refused_or_done(payers::allocate_form(&seller, from).await) else {
            return;
        };
        let Some(put) = form.put.first() else { return };
        let (allocation, invoice, amount) = (put.allocation, put.invoice, put.amount.minor());
        let take = async || offline::take_off(&seller, allocation).await.map(|_| ());
        self.act_once(take, |facts| facts.put(from, invoice.0, -amount))
            .await;
    }

    /// Elm becomes the payer's subsidiary, or stands alone again: what was billed and paid stays where it is (V42).
    pub(super) async fn change_parent(&mut self, into: bool) {
        let scope: Scope<ManageTenants> = self.world.acme().scope();
        let elm = self.world.party("Elm").id();
        let parent = if into { "Daisy" } else { "" };
        let change = async || crate::tenants::below::family::change_parent(&scope, elm, parent).await;
        self.act_once(change, |_| ()).await;
    }
}
