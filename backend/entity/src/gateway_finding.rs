//! Something in which the portal and the payment gateway differ, and what became of it.

use crate::codes::{FindingKind, FindingState, Method};
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "gateway_findings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: FindingKind,
    pub state: FindingState,
    pub reference: String,
    pub happened_at: DateTimeUtc,
    pub there_currency: Option<String>,
    pub there_minor: Option<i64>,
    pub here_currency: Option<String>,
    pub here_minor: Option<i64>,
    pub method: Method,
    pub brand: String,
    pub last4: String,
    pub description: String,
    pub account_id: Option<Uuid>,
    pub payment_id: Option<Uuid>,
    pub note: Option<String>,
    pub found_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    pub ended_by_name: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
