//! What paying and crediting left behind for the objects of a test.

use crate::testing::{Party, World};
use entity::{allocation, payment};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

impl World {
    #[expect(clippy::disallowed_methods, reason = "a test looks at what it made")]
    pub(super) async fn allocation_of(&self, payment: Uuid) -> Uuid {
        let found = allocation::Entity::find()
            .filter(allocation::Column::PaymentId.eq(payment))
            .one(self.backend.system().db())
            .await;
        found.unwrap().unwrap().id
    }

    #[expect(clippy::disallowed_methods, reason = "a test looks at what it made")]
    pub(super) async fn payment_of(&self, party: &Party) -> Uuid {
        let found = payment::Entity::find()
            .filter(payment::Column::BuyerId.eq(party.id().0))
            .one(self.backend.system().db())
            .await
            .unwrap();
        found.unwrap().id
    }
}
