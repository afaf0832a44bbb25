//! Money or credit put to an invoice (V24). Append-only.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "allocations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub payment_id: Option<Uuid>,
    pub credit_note_id: Option<Uuid>,
    pub invoice_id: Uuid,
    pub amount_minor: i64,
    pub reversal_of: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub plan_id: Option<Uuid>,
    /// The parent whose money or credit it is, where the invoice is a subsidiary's.
    pub payer_id: Option<Uuid>,
    /// What the parent was called then.
    pub payer_name: Option<String>,
    /// The number of that invoice, for the parent's people who do not reach it.
    pub invoice_number: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
