//! Autopay of an account in a currency.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "autopays")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub currency: String,
    pub buyer_id: Uuid,
    pub is_on: bool,
    pub on_by: Uuid,
    pub on_by_name: String,
    pub on_at: DateTimeUtc,
    pub failures: i32,
    pub failing_since: Option<Date>,
    pub next_on: Option<Date>,
    pub paused: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
