//! A file that a bank gave.

use crate::codes::BankFileState;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bank_files")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub state: BankFileState,
    pub name: String,
    pub format: String,
    pub sha256: String,
    pub heading: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub staged: Option<Json>,
    #[sea_orm(column_type = "JsonBinary")]
    pub columns: Option<Json>,
    pub entry_count: i64,
    pub known_count: i64,
    pub created_by: Option<Uuid>,
    pub created_by_name: String,
    pub created_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
