//! Sub-queries that are asked for each row, by its key: whether rows of another table belong to it.

use sea_orm::{
    ColumnTrait, EntityTrait, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};

/// A column of one row holds what a column of another row does.
pub(crate) fn same<A: ColumnTrait, B: ColumnTrait>(one: A, other: B) -> Expr {
    one.into_expr().eq(other.into_expr())
}

/// There are such rows.
pub(crate) fn exists<E: EntityTrait>(rows: Select<E>) -> Expr {
    Expr::exists(rows.select_only().expr(Expr::val(1)).into_query())
}
