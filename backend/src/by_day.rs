//! Lists that are sorted by day and, of one day, by id, the newest first: a part of them from a place on.

use domain::{
    list::{Cursor, Position},
    locale::parse_date,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

/// The rows at a place of the list, `limit` at most; backwards from the end or from a row when the place asks for it.
pub(crate) fn part<E: EntityTrait>(
    rows: Select<E>,
    (day, id): (E::Column, E::Column),
    position: &Position,
    limit: u64,
) -> Select<E> {
    let backwards = position.is_backwards();
    let from = match position {
        Position::First | Position::Last => Condition::all(),
        Position::After(cursor) | Position::Before(cursor) => beyond((day, id), cursor, backwards),
    };
    let rows = rows.filter(from).limit(limit);
    if backwards {
        rows.order_by_asc(day).order_by_asc(id)
    } else {
        rows.order_by_desc(day).order_by_desc(id)
    }
}

/// Puts parts of the same list together that were read one company at a time, and leaves `limit` rows. `key` is the day and
/// the id by which they are sorted.
pub(crate) fn merged<M, K: Ord>(
    parts: Vec<Vec<M>>,
    position: &Position,
    limit: u64,
    key: impl Fn(&M) -> K,
) -> Vec<M> {
    let mut rows: Vec<M> = parts.into_iter().flatten().collect();
    if position.is_backwards() {
        rows.sort_by_key(key);
    } else {
        rows.sort_by_key(|row| std::cmp::Reverse(key(row)));
    }
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    rows
}

/// Rows on the far side of a place. A place that cannot be read is none: the list begins anew.
fn beyond<C: ColumnTrait>((day, id): (C, C), cursor: &Cursor, backwards: bool) -> Condition {
    let Ok(place) = parse_date(&cursor.key) else {
        return Condition::all();
    };
    let (from, further, tie) = if backwards {
        (day.gte(place), day.gt(place), id.gt(cursor.id))
    } else {
        (day.lte(place), day.lt(place), id.lt(cursor.id))
    };
    // The range of days stands apart, so that an index begins there however deep the page is.
    Condition::all()
        .add(from)
        .add(Condition::any().add(further).add(tie))
}
