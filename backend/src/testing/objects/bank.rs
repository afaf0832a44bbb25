//! An entry of a bank's file.

use super::{Party, World};
use crate::new_id;
use entity::{bank_entry, bank_file, codes};
use sea_orm::IntoActiveModel;
use uuid::Uuid;

impl World {
    /// A file of a bank with one entry that waits.
    pub(super) async fn bank_entry(&self, party: &Party) -> (Uuid, Uuid) {
        let (file, id, now) = (new_id(), new_id(), self.backend.now());
        let row = bank_file::Model {
            seller_id: party.id().0,
            id: file,
            state: codes::BankFileState::Read,
            name: format!("{}.sta", party.name()),
            format: "MT940".to_owned(),
            sha256: String::new(),
            heading: None,
            staged: None,
            columns: None,
            entry_count: 1,
            known_count: 0,
            created_by: None,
            created_by_name: format!("{}'s admin", party.name()),
            created_at: now,
        };
        self.insert(row.into_active_model()).await;
        let row = bank_entry::Model {
            seller_id: party.id().0,
            id,
            file_id: file,
            line: 1,
            fingerprint: id.to_string(),
            state: codes::BankEntryState::Waiting,
            kind: codes::BankEntryKind::MoneyIn,
            reason: None,
            payment_id: None,
            account: None,
            booked_on: now.date_naive(),
            value_on: None,
            currency: "USD".to_owned(),
            amount_minor: 500,
            payer_name: Some(format!("Payer of {}", party.name())),
            payer_account: None,
            bank_id: None,
            content: serde_json::json!({ "text": [format!("for {}", party.name())], "references": [] }),
            changed_by_name: None,
            changed_at: None,
            created_at: now,
        };
        self.insert(row.into_active_model()).await;
        (file, id)
    }
}
