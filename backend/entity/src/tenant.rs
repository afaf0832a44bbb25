//! A tenant: distributor, partner or customer.

use crate::codes::{TenantKind, TenantState};
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tenants")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub parent_id: Option<Uuid>,
    pub kind: TenantKind,
    pub name: String,
    pub external_id: Option<String>,
    pub locale: String,
    pub time_zone: String,
    pub currency: String,
    pub accent: String,
    pub support_phone: Option<String>,
    pub billing_email: Option<String>,
    pub street: String,
    pub city: String,
    pub postal_code: String,
    pub country: String,
    pub tax_id: Option<String>,
    pub created_at: DateTimeUtc,
    pub state: TenantState,
    pub state_reason: Option<String>,
    pub group_id: Option<Uuid>,
    pub logo_hash: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
