//! An imported file and its fate.

use crate::codes::ImportState;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "imports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub state: ImportState,
    pub file_name: String,
    pub format: String,
    pub sha256: String,
    pub byte_count: i64,
    pub row_count: i64,
    pub document_count: i64,
    pub error_count: i64,
    pub warning_count: i64,
    pub done: i64,
    pub total: i64,
    #[sea_orm(column_type = "JsonBinary")]
    pub mapping: Option<Json>,
    #[sea_orm(column_type = "JsonBinary")]
    pub summary: Option<Json>,
    pub failure: Option<String>,
    pub created_by: Option<Uuid>,
    pub created_by_name: String,
    pub created_at: DateTimeUtc,
    pub checked_at: Option<DateTimeUtc>,
    pub published_at: Option<DateTimeUtc>,
    pub undone_at: Option<DateTimeUtc>,
    pub version: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
