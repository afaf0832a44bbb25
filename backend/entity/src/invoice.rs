//! An invoice. What is open is kept and tied to its parts by constraints.

use crate::codes::{Source, Stage};
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub profile_id: Uuid,
    pub buyer_id: Uuid,
    pub stage: Stage,
    pub source: Source,
    pub number: Option<String>,
    pub order_id: Option<String>,
    pub currency: String,
    pub issue_date: Option<Date>,
    pub due_date: Date,
    pub lines_minor: i64,
    pub discount_minor: i64,
    pub charge_minor: i64,
    pub net_minor: i64,
    pub tax_minor: i64,
    pub rounding_minor: i64,
    pub total_minor: i64,
    pub paid_minor: i64,
    pub credited_minor: i64,
    pub written_off_minor: i64,
    pub open_minor: i64,
    pub reserved_minor: i64,
    pub disputed_minor: i64,
    pub buyer_name: String,
    pub buyer_external_id: Option<String>,
    pub seller_name: String,
    pub number_key: String,
    pub order_key: String,
    pub buyer_key: String,
    pub seller_key: String,
    pub issue_key: Date,
    pub note: Option<String>,
    pub import_id: Option<Uuid>,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub voided_at: Option<DateTimeUtc>,
    pub rollup_id: Option<Uuid>,
    pub rollup_account_id: Option<Uuid>,
    pub rollup_buyer_id: Option<Uuid>,
    pub rollup_number: Option<String>,
    pub rollup_payer: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
