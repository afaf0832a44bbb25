//! A charge that nobody asked for.

use super::{Party, World};
use crate::new_id;
use entity::{codes, gateway_finding};
use sea_orm::IntoActiveModel;
use uuid::Uuid;

impl World {
    /// A charge at the gateway that a comparison found, and nobody has recorded.
    pub(super) async fn finding(&self, party: &Party) -> Uuid {
        let now = self.backend.now();
        let row = gateway_finding::Model {
            seller_id: party.id().0,
            id: new_id(),
            kind: codes::FindingKind::Unasked,
            state: codes::FindingState::Open,
            reference: format!("pi_{}", party.id().0.simple()),
            happened_at: now,
            there_currency: Some("USD".to_owned()),
            there_minor: Some(500),
            here_currency: None,
            here_minor: None,
            method: codes::Method::Card,
            brand: "visa".to_owned(),
            last4: "4242".to_owned(),
            description: format!("Charge of {}", party.name()),
            account_id: None,
            payment_id: None,
            note: None,
            found_at: now,
            ended_at: None,
            ended_by_name: None,
        };
        let id = row.id;
        self.insert(row.into_active_model()).await;
        id
    }
}
