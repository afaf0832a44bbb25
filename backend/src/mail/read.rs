//! Mails as people see them: a seller those sent in its name, a buyer those sent to its people.

use super::write::SECRET;
use crate::{
    Error,
    by_day::{moment_cursor, part_by_moment},
    codes::Stored,
    scope::Scope,
};
use domain::{
    access::{Permit, ViewReceivedMail, ViewSentMail},
    ids::MailId,
    list::{COUNTED_TO, DEFAULT_PER_PAGE, Page, Position, Total},
    mail::{MailDetail, MailRow},
};
use entity::mail;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QuerySelect};

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
    let sorted = (mail::Column::CreatedAt, mail::Column::Id);
    let found = part_by_moment(rows.clone(), sorted, position, u64::from(DEFAULT_PER_PAGE) + 1)
        .all(scope.db())
        .await?;
    let total = Total::counted(rows.limit(COUNTED_TO + 1).count(scope.db()).await?);
    let cursor = |mail: &mail::Model| moment_cursor(mail.created_at, mail.id);
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

fn row(mail: mail::Model) -> MailRow {
    MailRow {
        id: MailId(mail.id),
        to: mail.recipient,
        subject: mail.subject,
        state: mail.state.to_domain(),
        created_at: mail.created_at,
    }
}
