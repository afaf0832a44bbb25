//! A revision of an invoice that was replaced.

use super::{Party, World};
use crate::new_id;
use domain::{
    Currency, Money,
    ids::InvoiceId,
    invoices::{Totals, editing::Snapshot},
};
use entity::invoice_revision;
use sea_orm::IntoActiveModel;

impl World {
    /// Says of an invoice of a party that it once said nothing.
    pub(super) async fn revision(&self, party: &Party, invoice: InvoiceId) {
        let now = self.backend.now();
        let nothing = Money::zero(Currency::USD);
        let snapshot = Snapshot {
            due_date: now.date_naive(),
            note: None,
            lines: Vec::new(),
            costs: Vec::new(),
            totals: Totals {
                lines: nothing,
                discount: nothing,
                charge: nothing,
                net: nothing,
                taxes: Vec::new(),
                tax: nothing,
                rounding: nothing,
                total: nothing,
            },
        };
        let row = invoice_revision::Model {
            seller_id: party.seller().0,
            invoice_id: invoice.0,
            revision: 1,
            id: new_id(),
            content: serde_json::to_value(snapshot).unwrap(),
            reason: format!("Changed for {}", party.name()),
            changed_by: None,
            changed_by_name: "Somebody".to_owned(),
            changed_at: now,
        };
        self.insert(row.into_active_model()).await;
    }
}
