//! A reminder of an invoice that was sent; one mail may be about several.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reminders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub buyer_id: Uuid,
    pub invoice_id: Uuid,
    pub step: Option<i32>,
    pub currency: String,
    pub amount_minor: i64,
    pub disputed_minor: i64,
    pub sent_on: Date,
    pub mail_id: Uuid,
    pub sent_by_name: String,
    pub sent_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
