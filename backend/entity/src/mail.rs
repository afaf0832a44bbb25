//! A mail of the outbox.

use crate::codes::MailState;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mails")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub buyer_id: Option<Uuid>,
    pub kind: String,
    pub about_id: Option<Uuid>,
    pub recipient: String,
    pub reply_to: Option<String>,
    pub from_name: String,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    pub state: MailState,
    pub tries: i32,
    pub message_id: String,
    pub last_error: Option<String>,
    pub created_at: DateTimeUtc,
    pub sent_at: Option<DateTimeUtc>,
    pub secret: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
