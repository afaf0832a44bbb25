//! A try to pay by card or bank debit.

use crate::codes::{AttemptState, MethodKind};
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment_attempts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub buyer_id: Uuid,
    pub state: AttemptState,
    pub form_key: Uuid,
    pub idempotency_key: String,
    pub currency: String,
    pub amount_minor: i64,
    pub gateway_customer: Option<String>,
    pub gateway_intent: Option<String>,
    pub gateway_method: Option<String>,
    pub client_secret: Option<String>,
    pub card_id: Option<Uuid>,
    pub brand: Option<String>,
    pub last4: Option<String>,
    pub save_card: bool,
    pub make_default: bool,
    pub email_receipt: bool,
    pub failure_code: Option<String>,
    pub created_by: Option<Uuid>,
    pub created_by_name: String,
    pub created_at: DateTimeUtc,
    pub submitted_at: DateTimeUtc,
    pub resolved_at: Option<DateTimeUtc>,
    pub lease_until: Option<DateTimeUtc>,
    pub lease_token: i64,
    pub by_itself: bool,
    pub kind: MethodKind,
    pub look_up_at: Option<DateTimeUtc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
