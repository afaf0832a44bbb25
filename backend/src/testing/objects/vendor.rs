//! A bill of a vendor.

use super::{Party, World};
use crate::new_id;
use entity::{codes, vendor_bill, vendor_bill_line};
use sea_orm::IntoActiveModel;
use uuid::Uuid;

impl World {
    /// A bill of a vendor with one line, for the month before.
    pub(super) async fn vendor_bill(&self, party: &Party) -> Uuid {
        let (id, now) = (new_id(), self.backend.now());
        let month = domain::reconciliation::Month::of(now.date_naive()).earlier(1);
        let row = vendor_bill::Model {
            seller_id: party.id().0,
            id,
            vendor: "Depot".to_owned(),
            vendor_key: "depot".to_owned(),
            month: month.first(),
            version: Some(1),
            replaced_at: None,
            name: format!("{}.csv", party.name()),
            sha256: String::new(),
            heading: String::new(),
            staged: None,
            columns: None,
            line_count: 1,
            created_by: None,
            created_by_name: format!("{}'s admin", party.name()),
            created_at: now,
        };
        self.insert(row.into_active_model()).await;
        let line = vendor_bill_line::Model {
            seller_id: party.id().0,
            bill_id: id,
            line: 2,
            kind: codes::LineKind::Recurring,
            company: format!("Company of {}", party.name()),
            company_id: None,
            product: "Office".to_owned(),
            sku: None,
            subscription: None,
            description: None,
            quantity: 1_000_000,
            currency: "USD".to_owned(),
            cost_minor: 500,
            price_minor: None,
            term: None,
            cancelled: false,
            starts_on: None,
            ends_on: None,
        };
        self.insert(line.into_active_model()).await;
        id
    }
}
