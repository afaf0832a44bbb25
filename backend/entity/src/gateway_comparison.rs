//! How far the comparison of a seller with the payment gateway is.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "gateway_comparisons")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    pub started_at: DateTimeUtc,
    pub since: DateTimeUtc,
    pub after_charge: Option<String>,
    pub looked_at: i64,
    pub is_running: bool,
    pub finished_at: Option<DateTimeUtc>,
    pub counted: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
