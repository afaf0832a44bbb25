//! What a vendor billed a seller for a month, in one of its versions.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "vendor_bills")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seller_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub vendor: String,
    pub vendor_key: String,
    pub month: Date,
    pub version: Option<i32>,
    pub replaced_at: Option<DateTimeUtc>,
    pub name: String,
    pub sha256: String,
    pub heading: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub staged: Option<Json>,
    #[sea_orm(column_type = "JsonBinary")]
    pub columns: Option<Json>,
    pub line_count: i64,
    pub created_by: Option<Uuid>,
    pub created_by_name: String,
    pub created_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
