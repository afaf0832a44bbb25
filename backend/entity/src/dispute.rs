//! What a buyer says is not owed of an invoice, and what became of that.

use crate::codes::DisputeState;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "disputes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub buyer_id: Uuid,
    pub invoice_id: Uuid,
    pub state: DisputeState,
    pub currency: String,
    pub amount_minor: i64,
    pub reason: String,
    pub opened_on: Date,
    pub mailed_to: Option<String>,
    pub created_by: Option<Uuid>,
    pub created_by_name: String,
    pub created_at: DateTimeUtc,
    pub answer: Option<String>,
    pub credit_note_id: Option<Uuid>,
    pub ended_on: Option<Date>,
    pub ended_by_name: Option<String>,
    pub ended_at: Option<DateTimeUtc>,
    pub reopens: Option<Uuid>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
