//! A saved card or bank account: brand or bank, last four digits, expiry, token (V35). A bank account has no expiry: its
//! columns say the end of time.

use crate::codes::MethodKind;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cards")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub buyer_id: Uuid,
    pub gateway_token: String,
    pub brand: String,
    pub last4: String,
    pub exp_month: i16,
    pub exp_year: i16,
    pub fingerprint: Option<String>,
    pub is_default: bool,
    pub removed_at: Option<DateTimeUtc>,
    pub created_by: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub expiry_told_at: Option<DateTimeUtc>,
    pub kind: MethodKind,
    pub mandate: Option<String>,
    pub mandate_at: Option<DateTimeUtc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
