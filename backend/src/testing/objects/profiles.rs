//! A billing profile beside the one that an account begins with, and a file beside a payment.

use super::{Party, World};
use crate::new_id;
use domain::profiles::{Contact, Profile};
use entity::{billing_profile, payment_attachment};
use sea_orm::IntoActiveModel;
use uuid::Uuid;

impl World {
    /// A second profile of a party's account with its seller.
    pub(super) async fn profile(&self, party: &Party) -> Uuid {
        let contact = Contact {
            name: format!("Somebody at {}", party.name()),
            email: None,
            phone: None,
        };
        let profile = Profile {
            name: format!("{}'s lab", party.name()),
            contacts: vec![contact],
            ..Profile::default()
        };
        let row = billing_profile::Model {
            seller_id: party.seller().0,
            id: new_id(),
            account_id: party.account().0,
            buyer_id: party.id().0,
            name: profile.name.clone(),
            content: serde_json::to_value(&profile).unwrap(),
            card_id: None,
            is_default: false,
            archived_at: None,
            created_at: self.backend.now(),
        };
        let id = row.id;
        self.insert(row.into_active_model()).await;
        id
    }

    /// The picture of a check beside a party's payment.
    pub(super) async fn attach(&self, party: &Party, payment: Uuid) {
        let row = payment_attachment::Model {
            seller_id: party.seller().0,
            payment_id: payment,
            name: format!("{}'s check.pdf", party.name()),
            media_type: "application/pdf".to_owned(),
            byte_count: 5,
            sha256: "00".repeat(32),
            content: b"%PDF-".to_vec(),
            created_by_name: "Somebody".to_owned(),
            created_at: self.backend.now(),
        };
        self.insert(row.into_active_model()).await;
    }
}
