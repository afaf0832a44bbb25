//! An invitation that was not accepted yet.

use crate::codes::{BuyerReach, BuyerRole, SellerRole};
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub seller_role: Option<SellerRole>,
    pub buyer_role: Option<BuyerRole>,
    pub seller_custom: Option<String>,
    pub buyer_custom: Option<String>,
    pub token_hash: String,
    pub invited_by: Uuid,
    pub inviter: String,
    pub created_at: DateTimeUtc,
    pub sent_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub buyer_reach: BuyerReach,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
