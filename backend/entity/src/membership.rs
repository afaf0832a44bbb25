//! What a person may do in a tenant.

use crate::codes::{BuyerReach, BuyerRole, MembershipState, SellerRole};
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "memberships")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    pub seller_role: Option<SellerRole>,
    pub buyer_role: Option<BuyerRole>,
    pub created_at: DateTimeUtc,
    pub seller_custom: Option<String>,
    pub buyer_custom: Option<String>,
    pub state: MembershipState,
    pub signed_in_at: Option<DateTimeUtc>,
    pub buyer_reach: BuyerReach,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
