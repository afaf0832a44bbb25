//! Bills of the payer over its subsidiary's invoices as a part of a random sequence: they move no sum, and decide who pays.

use super::{super::*, acts::CARDS, facts::Bill, play::Play};
use crate::rollups;
use domain::{
    access::{VoidInvoices, WriteInvoices},
    ids::RollupId,
    rollups::{RollupFields, RollupState, list::RollupQuery},
};

impl Play {
    /// The seller bills the payer for what is open of its subsidiary, if anything is.
    pub(super) async fn roll_up(&mut self) {
        let scope: Scope<WriteInvoices> = self.world.acme().scope();
        let today = self.world.today();
        let fields = RollupFields {
            account: self.world.daisy().account().to_string(),
            currency: "USD".to_owned(),
            period_from: "2020-01-01".to_owned(),
            period_to: today.to_string(),
            ..RollupFields::default()
        };
        let page = rollups::read::prepare(&scope, fields.clone()).await.unwrap();
        let Some(preview) = page.preview else { return };
        let wanted = RollupFields {
            key: preview.key.to_string(),
            due_date: preview.due_date.to_string(),
            seen: preview.total.minor().to_string(),
            shown: preview.shown,
            ..fields
        };
        let wanted = wanted.parse().unwrap();
        let lines = preview.blocks.iter().flat_map(|block| &block.lines);
        let bill = Bill {
            total: preview.total.minor(),
            holds: lines.map(|line| line.invoice.0).collect(),
            void: false,
        };
        let issued = self
            .act(
                async || rollups::write::issue(&scope, &wanted).await,
                |facts, id: RollupId| {
                    facts.bills.insert(id.0, bill);
                },
            )
            .await;
        assert!(issued, "what was shown was not billed");
    }

    /// The bill that was issued last and stands.
    async fn bill(&self) -> Option<RollupId> {
        let scope: Scope<ViewIssuedInvoices> = self.world.acme().scope();
        let bills = rollups::list::list(&scope, &RollupQuery::default())
            .await
            .unwrap();
        let standing = bills.rows.iter().find(|row| row.state != RollupState::Void);
        standing.map(|row| row.id)
    }

    /// The seller withdraws the last bill, unless it is being paid.
    pub(super) async fn withdraw_bill(&mut self) {
        let Some(bill) = self.bill().await else { return };
        let scope: Scope<VoidInvoices> = self.world.acme().scope();
        self.act_once(
            async || rollups::write::void(&scope, bill, "Random").await,
            |facts| facts.bills.get_mut(&bill.0).unwrap().void = true,
        )
        .await;
    }

    /// The payer pays a part, in percent, of each invoice of the last bill by card; the subsidiary is refused the same.
    pub(super) async fn pay_bill(&mut self, part: i64, card: usize) {
        let Some(bill) = self.bill().await else { return };
        let scope: Scope<PayInvoices> = self.world.daisy().scope();
        let chosen = rollups::read::payable(&scope, bill).await.unwrap();
        if chosen.is_empty() {
            return;
        }
        let mut form = filled(&scope, &chosen, new_card(CARDS[card])).await;
        for line in &mut form.lines {
            line.amount = usd((line.seen.minor() * part / 100).max(1));
        }
        let below: Scope<PayInvoices> = self.world.party("Elm").scope();
        let refused = write::submit(&below, &form).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "V40: {refused:?}");
        self.forms.insert(form.key.0, form.clone());
        // What it does the gateway decides; the play hears of it.
        let posted = self
            .act(async || write::submit(&scope, &form).await, |_, _| ())
            .await;
        if posted {
            self.last = Some(form);
        }
    }
}
