//! What a credit note credits of one of the several invoices that it names, by tax group.

use crate::codes::TaxCategory;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_note_parts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub credit_note_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub invoice_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub category: TaxCategory,
    #[sea_orm(primary_key, auto_increment = false)]
    pub rate: i64,
    pub base_minor: i64,
    pub tax_minor: i64,
    /// What of the credit note's rounding is the invoice's; with its first group.
    pub rounding_minor: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
