//! A credit note.

use crate::codes::CreditNoteStage;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_notes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub buyer_id: Uuid,
    pub invoice_id: Option<Uuid>,
    pub stage: CreditNoteStage,
    pub number: String,
    pub reason: String,
    pub currency: String,
    pub issue_date: Date,
    pub lines_minor: i64,
    pub discount_minor: i64,
    pub charge_minor: i64,
    pub net_minor: i64,
    pub tax_minor: i64,
    pub rounding_minor: i64,
    pub total_minor: i64,
    pub applied_minor: i64,
    pub refunded_minor: i64,
    pub remaining_minor: i64,
    pub parties: Option<Json>,
    pub import_id: Option<Uuid>,
    pub created_by: Option<Uuid>,
    pub created_by_name: String,
    pub created_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
