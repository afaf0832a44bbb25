//! Mails as people see them: a seller those sent in its name, a buyer those sent to its people.

use super::write::SECRET;
use crate::{Error, codes::Stored, scope::Scope};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::{
    access::{Permit, ViewReceivedMail, ViewSentMail},
    ids::MailId,
    list::{COUNTED_TO, Cursor, DEFAULT_PER_PAGE, Page, Position, Total},
    mail::{MailDetail, MailRow},
};
use entity::mail;
use sea_orm::{ColumnTrait, Condition, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

/// A permission that lets one see mails, on one side of the money.
pub trait SeesMail: Permit {}

impl SeesMail for ViewSentMail {}
impl SeesMail for ViewReceivedMail {}

/// A page of mails, the newest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn list<P: SeesMail>(scope: &Scope<P>, position: &Position) -> Result<Page<MailRow>, Error> {
    let rows = scope.find::<mail::Entity>();
    let from = match position {
        Position::First | Position::Last => Condition::all(),
        Position::After(cursor) => beyond(cursor, Order::Older),
        Position::Before(cursor) => beyond(cursor, Order::Newer),
    };
    let order = if position.is_backwards() {
        Order::Newer
    } else {
        Order::Older
    };
    let found = sorted(rows.clone().filter(from), order)
        .limit(u64::from(DEFAULT_PER_PAGE) + 1)
        .all(scope.db())
        .await?;
    let total = Total::counted(rows.limit(COUNTED_TO + 1).count(scope.db()).await?);
    Ok(Page::of(found, usize::from(DEFAULT_PER_PAGE), position, total, cursor).map(row))
}

/// One mail.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find<P: SeesMail>(scope: &Scope<P>, id: MailId) -> Result<MailDetail, Error> {
    let found = scope.find::<mail::Entity>().filter(mail::Column::Id.eq(id.0));
    let mail = found.one(scope.db()).await?.ok_or(Error::NotFound)?;
    // The link of a mail that left the portal is for who got it, not for who may read the list.
    let secret = mail.secret.clone().filter(|_| scope.ports().mailer.keeps());
    let text = mail.text.replace(SECRET, secret.as_deref().unwrap_or("…"));
    Ok(MailDetail { row: row(mail), text })
}

#[derive(Clone, Copy)]
enum Order {
    Older,
    Newer,
}

fn sorted(rows: Select<mail::Entity>, order: Order) -> Select<mail::Entity> {
    match order {
        Order::Older => rows
            .order_by_desc(mail::Column::CreatedAt)
            .order_by_desc(mail::Column::Id),
        Order::Newer => rows
            .order_by_asc(mail::Column::CreatedAt)
            .order_by_asc(mail::Column::Id),
    }
}

/// Rows on the far side of a place. A place that cannot be read is none: the list begins anew.
fn beyond(cursor: &Cursor, order: Order) -> Condition {
    let Ok(at) = cursor.key.parse::<DateTime<Utc>>() else {
        return Condition::all();
    };
    let (created, id) = (mail::Column::CreatedAt, mail::Column::Id);
    let (further, tie) = match order {
        Order::Older => (created.lt(at), id.lt(cursor.id)),
        Order::Newer => (created.gt(at), id.gt(cursor.id)),
    };
    Condition::any()
        .add(further)
        .add(Condition::all().add(created.eq(at)).add(tie))
}

fn cursor(mail: &mail::Model) -> Cursor {
    Cursor::new(
        &mail.created_at.to_rfc3339_opts(SecondsFormat::Micros, true),
        mail.id,
    )
}

fn row(mail: mail::Model) -> MailRow {
    MailRow {
        id: MailId(mail.id),
        to: mail.recipient,
        subject: mail.subject,
        state: mail.state.to_domain(),
        created_at: mail.created_at,
    }
}
