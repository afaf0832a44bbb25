//! A movement between two books of a seller. Append-only.

use super::codes::{Book, EntryKind};
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "postings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub source_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: EntryKind,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub account_id: Uuid,
    pub buyer_id: Uuid,
    pub invoice_id: Option<Uuid>,
    pub payment_id: Option<Uuid>,
    pub credit_note_id: Option<Uuid>,
    pub debit: Book,
    pub credit: Book,
    pub currency: String,
    pub amount_minor: i64,
    pub booked_on: Date,
    pub created_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
