//! A file beside a recorded payment.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment_attachments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub payment_id: Uuid,
    pub name: String,
    pub media_type: String,
    pub byte_count: i64,
    pub sha256: String,
    pub content: Vec<u8>,
    pub created_by_name: String,
    pub created_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
