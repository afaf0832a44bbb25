//! Lists that are sorted by day or moment and, of the same one, by id, the newest first: a part of them from a place on.

use crate::Error;
use chrono::{DateTime, SecondsFormat, Utc};
use domain::{
    list::{Cursor, Position},
    locale::parse_date,
};
use entity::Uuid;
use futures::{Stream, TryStreamExt};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Value};

/// The rows at a place of a list by day, `limit` at most; backwards from the end or from a row when the place asks for it.
pub(crate) fn part<E: EntityTrait>(
    rows: Select<E>,
    columns: (E::Column, E::Column),
    position: &Position,
    limit: u64,
) -> Select<E> {
    let day = |key: &str| parse_date(key).ok().map(Value::from);
    part_by(rows, columns, position, limit, day)
}

/// The same of a list by moment; [`moment_cursor`] marks its places.
pub(crate) fn part_by_moment<E: EntityTrait>(
    rows: Select<E>,
    columns: (E::Column, E::Column),
    position: &Position,
    limit: u64,
) -> Select<E> {
    let moment = |key: &str| key.parse::<DateTime<Utc>>().ok().map(Value::from);
    part_by(rows, columns, position, limit, moment)
}

/// The place of a row in a list by moment.
pub(crate) fn moment_cursor(at: DateTime<Utc>, id: Uuid) -> Cursor {
    Cursor::new(&at.to_rfc3339_opts(SecondsFormat::Micros, true), id)
}

fn part_by<E: EntityTrait>(
    rows: Select<E>,
    (sorted, id): (E::Column, E::Column),
    position: &Position,
    limit: u64,
    read: impl Fn(&str) -> Option<Value>,
) -> Select<E> {
    let backwards = position.is_backwards();
    let from = match position {
        Position::First | Position::Last => Condition::all(),
        // A place that cannot be read is none: the list begins anew.
        Position::After(cursor) | Position::Before(cursor) => read(&cursor.key)
            .map_or_else(Condition::all, |place| {
                beyond((sorted, id), place, cursor.id, backwards)
            }),
    };
    let rows = rows.filter(from).limit(limit);
    if backwards {
        rows.order_by_asc(sorted).order_by_asc(id)
    } else {
        rows.order_by_desc(sorted).order_by_desc(id)
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

/// Rows that an export reads at once.
pub(crate) const PART: u64 = 1_000;

/// All rows of a list, read in parts. `read` takes a place, returns the rows there and where they go on.
pub(crate) fn in_parts<At, Row, Reading>(
    start: At,
    read: impl Fn(At) -> Reading + Send + 'static,
) -> impl Stream<Item = Result<Row, Error>> + Send + 'static
where
    At: Send + 'static,
    Row: Send + 'static,
    Reading: Future<Output = Result<(Vec<Row>, Option<At>), Error>> + Send + 'static,
{
    let parts = futures::stream::try_unfold(Some(start), move |at| {
        let reading = at.map(&read);
        async move {
            let Some(reading) = reading else {
                return Ok::<_, Error>(None);
            };
            let (rows, next) = reading.await?;
            Ok(Some((futures::stream::iter(rows.into_iter().map(Ok)), next)))
        }
    });
    parts.try_flatten()
}

/// Where a list goes on after a part of it; nowhere after one that is not full.
pub(crate) fn after_part<M>(found: &[M], cursor: impl Fn(&M) -> Cursor) -> Option<Position> {
    let is_full = u64::try_from(found.len()).is_ok_and(|rows| rows >= PART);
    found.last().filter(|_| is_full).map(cursor).map(Position::After)
}

/// Rows on the far side of a place.
fn beyond<C: ColumnTrait>((sorted, id): (C, C), place: Value, of: Uuid, backwards: bool) -> Condition {
    let (from, further, tie) = if backwards {
        (sorted.gte(place.clone()), sorted.gt(place), id.gt(of))
    } else {
        (sorted.lte(place.clone()), sorted.lt(place), id.lt(of))
    };
    // The range stands apart, so that an index begins there however deep the page is.
    Condition::all()
        .add(from)
        .add(Condition::any().add(further).add(tie))
}
