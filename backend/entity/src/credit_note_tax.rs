//! Tax of one group of a credit note.

use crate::codes::TaxCategory;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_note_taxes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub credit_note_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub category: TaxCategory,
    #[sea_orm(primary_key, auto_increment = false)]
    pub rate: i64,
    pub base_minor: i64,
    pub tax_minor: i64,
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
