//! Which customer a company of a vendor is, from a month on.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "company_mappings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub vendor_key: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub company_key: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_month: Date,
    pub name: String,
    pub account_id: Option<Uuid>,
    pub excluded: bool,
    pub changed_by_name: String,
    pub changed_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
