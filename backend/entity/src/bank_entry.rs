//! An entry of a bank's file, and what became of it.

use crate::codes::{BankEntryKind, BankEntryState};
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bank_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub file_id: Uuid,
    pub line: i64,
    pub fingerprint: String,
    pub state: BankEntryState,
    pub kind: BankEntryKind,
    pub reason: Option<String>,
    pub payment_id: Option<Uuid>,
    pub account: Option<String>,
    pub booked_on: Date,
    pub value_on: Option<Date>,
    pub currency: String,
    pub amount_minor: i64,
    pub payer_name: Option<String>,
    pub payer_account: Option<String>,
    pub bank_id: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub content: Json,
    pub changed_by_name: Option<String>,
    pub changed_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
