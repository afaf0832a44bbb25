//! Ways in: an invitation, a link to a company's provider, a key of a program.

use crate::{
    new_id,
    testing::{Party, World},
};
use entity::{api_key, codes, invitation, sign_in_link};
use sea_orm::IntoActiveModel;
use uuid::Uuid;

impl World {
    pub(super) async fn invitation(&self, party: &Party) -> Uuid {
        let (id, now) = (new_id(), self.backend.now());
        let row = invitation::Model {
            tenant_id: party.id().0,
            id,
            email: format!("new@{}.example", party.name().to_lowercase()),
            name: format!("{}'s newcomer", party.name()),
            seller_role: party.kind().sells().then_some(codes::SellerRole::Sales),
            buyer_role: party.kind().buys().then_some(codes::BuyerRole::Viewer),
            seller_custom: None,
            buyer_custom: None,
            buyer_reach: codes::BuyerReach::Own,
            token_hash: format!("{:064x}", id.as_u128()),
            invited_by: party.user().0,
            inviter: format!("{}'s admin", party.name()),
            created_at: now,
            sent_at: now,
            expires_at: now + domain::people::INVITATION_KEPT,
        };
        self.insert(row.into_active_model()).await;
        id
    }

    pub(super) async fn link(&self, party: &Party) -> Uuid {
        let row = sign_in_link::Model {
            tenant_id: party.id().0,
            issuer: "https://login.example".to_owned(),
            subject: party.name().to_owned(),
            user_id: party.user().0,
            linked_at: self.backend.now(),
        };
        self.insert(row.into_active_model()).await;
        party.user().0
    }

    pub(super) async fn api_key(&self, party: &Party) -> Uuid {
        let id = new_id();
        let row = api_key::Model {
            tenant_id: party.id().0,
            id,
            name: format!("{}'s program", party.name()),
            shown: "qk_00000000".to_owned(),
            secret_hash: format!("{:064x}", id.as_u128()),
            may: String::new(),
            created_by: party.user().0,
            created_by_name: format!("{}'s admin", party.name()),
            created_at: self.backend.now(),
            expires_at: None,
            used_at: None,
            revoked_at: None,
            revoked_by_name: None,
        };
        self.insert(row.into_active_model()).await;
        id
    }
}
