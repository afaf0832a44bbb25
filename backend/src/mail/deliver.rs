//! Sends what waits in the outbox. One job a mail, so one address that does not answer holds up no other.

use super::write::SECRET;
use crate::{
    Backend, Error,
    jobs::{self, Job, JobContext, Registry},
    ports::{MailError, OutgoingMail},
};
use domain::{
    ids::{MailId, TenantId},
    jobs::JobSubject,
};
use entity::{codes::MailState, mail};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};

/// Longest error text that is kept.
const ERROR_KEPT: usize = 500;

/// The job that sends one mail.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct SendMail {
    pub(crate) seller: TenantId,
    pub(crate) mail: MailId,
}

/// Sends the mails that are due now. The worker does the same among its other jobs. Returns how many were tried.
///
/// # Errors
/// [`Error::Database`].
pub async fn deliver_due(backend: &Backend) -> Result<u32, Error> {
    jobs::run_due(backend, &Registry::default().with::<SendMail>()).await
}

impl Job for SendMail {
    const KIND: &'static str = "mail.send";
    const WORDS: &'static str = "Send a mail";

    fn subject(&self) -> Option<JobSubject> {
        Some(JobSubject::Mail(self.mail))
    }

    async fn run(&self, context: &JobContext) -> Result<(), Error> {
        let backend = context.backend();
        let Some(mail) = find(backend, *self).await? else {
            return Ok(());
        };
        if mail.state != MailState::Queued {
            return Ok(());
        }
        match backend.ports().mailer.send(&outgoing(&mail)).await {
            Ok(()) => {
                let keeps = backend.ports().mailer.keeps();
                let sent = mail::ActiveModel {
                    secret: Set(mail.secret.filter(|_| keeps)),
                    state: Set(MailState::Sent),
                    sent_at: Set(Some(backend.now())),
                    last_error: Set(None),
                    ..Default::default()
                };
                change(backend, *self, sent).await
            }
            Err(error @ MailError::Permanent(_)) => give_up(backend, *self, &error).await,
            Err(error @ MailError::Temporary(_)) if context.is_last_try() => {
                give_up(backend, *self, &error).await
            }
            Err(error @ MailError::Temporary(_)) => {
                let waits = mail::ActiveModel {
                    last_error: Set(Some(words(&error))),
                    ..Default::default()
                };
                change(backend, *self, waits).await?;
                Err(error.into())
            }
        }
    }
}

async fn give_up(backend: &Backend, job: SendMail, error: &MailError) -> Result<(), Error> {
    tracing::warn!(mail = %job.mail, %error, "mail refused");
    let failed = mail::ActiveModel {
        secret: Set(None),
        state: Set(MailState::Failed),
        last_error: Set(Some(words(error))),
        ..Default::default()
    };
    change(backend, job, failed).await
}

fn words(error: &MailError) -> String {
    let cause = std::error::Error::source(error)
        .map(ToString::to_string)
        .unwrap_or_default();
    format!("{error}: {cause}").chars().take(ERROR_KEPT).collect()
}

fn outgoing(mail: &mail::Model) -> OutgoingMail {
    let filled = |text: &str| match &mail.secret {
        Some(secret) => text.replace(SECRET, secret),
        None => text.to_owned(),
    };
    OutgoingMail {
        message_id: mail.message_id.clone(),
        from_name: mail.from_name.clone(),
        reply_to: mail.reply_to.clone(),
        to: mail.recipient.clone(),
        subject: mail.subject.clone(),
        text: filled(&mail.text),
        html: mail.html.as_deref().map(filled),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the outbox is emptied for all tenants; the job names the row"
)]
async fn find(backend: &Backend, job: SendMail) -> Result<Option<mail::Model>, Error> {
    Ok(mail::Entity::find_by_id((job.seller.0, job.mail.0))
        .one(backend.system().db())
        .await?)
}

/// Notes a try. A mail that was sent or refused stays so.
#[expect(clippy::disallowed_methods, reason = "the whole key of one row")]
async fn change(backend: &Backend, job: SendMail, change: mail::ActiveModel) -> Result<(), Error> {
    mail::Entity::update_many()
        .set(change)
        .col_expr(mail::Column::Tries, Expr::col(mail::Column::Tries).add(1))
        .filter(mail::Column::SellerId.eq(job.seller.0))
        .filter(mail::Column::Id.eq(job.mail.0))
        .filter(mail::Column::State.eq(MailState::Queued))
        .exec(backend.system().writer())
        .await?;
    Ok(())
}
