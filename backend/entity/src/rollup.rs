//! A bill of a parent over its subsidiaries' invoices. It stands until it is withdrawn.

use sea_orm::entity::prelude::*;

/// A row. Both days of the period are in it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rollups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub buyer_id: Uuid,
    pub number: String,
    pub currency: String,
    pub period_from: Date,
    pub period_to: Date,
    pub issue_date: Date,
    pub due_date: Date,
    pub total_minor: i64,
    pub seller_name: String,
    pub buyer_name: String,
    pub created_by: Option<Uuid>,
    pub created_by_name: String,
    pub created_at: DateTimeUtc,
    pub voided_at: Option<DateTimeUtc>,
    pub voided_on: Option<Date>,
    pub void_reason: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
