//! Money that was received.

use crate::codes::Method;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub buyer_id: Uuid,
    pub attempt_id: Option<Uuid>,
    pub method: Method,
    pub brand: Option<String>,
    pub last4: Option<String>,
    pub currency: String,
    pub amount_minor: i64,
    pub unapplied_minor: i64,
    pub refunded_minor: i64,
    pub paid_on: Date,
    pub receipt_number: String,
    pub reference: Option<String>,
    pub memo: Option<String>,
    pub mailed_to: Option<String>,
    pub import_id: Option<Uuid>,
    pub created_by: Option<Uuid>,
    pub created_by_name: String,
    pub created_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
