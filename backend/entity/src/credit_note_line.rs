//! A line of a credit note.

use crate::codes::TaxCategory;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_note_lines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub credit_note_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub item_code: Option<String>,
    pub description: String,
    pub quantity: i64,
    pub unit_price: i64,
    pub discount_minor: i64,
    pub net_minor: i64,
    pub tax_category: TaxCategory,
    pub tax_rate: i64,
    pub invoice_position: Option<i32>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
