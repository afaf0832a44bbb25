//! Which own products stand for a product of a vendor, from a month on.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product_mappings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub vendor_key: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_key: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_month: Date,
    pub name: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub items: Json,
    pub excluded: bool,
    pub changed_by_name: String,
    pub changed_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
