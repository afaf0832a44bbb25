//! A line of a vendor's bill.

use crate::codes::LineKind;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "vendor_bill_lines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub bill_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: i64,
    pub kind: LineKind,
    pub company: String,
    pub company_id: Option<String>,
    pub product: String,
    pub sku: Option<String>,
    pub subscription: Option<String>,
    pub description: Option<String>,
    pub quantity: i64,
    pub currency: String,
    pub cost_minor: i64,
    pub price_minor: Option<i64>,
    pub term: Option<String>,
    pub cancelled: bool,
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
