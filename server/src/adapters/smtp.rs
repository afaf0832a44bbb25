//! Mail by SMTP, with lettre, which tells for good from for now.

use async_trait::async_trait;
use backend::ports::{MailError, Mailer, OutgoingMail};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart, SinglePart},
    transport::smtp::Error,
};
use std::time::Duration;

/// Longest wait for the mail server.
const PATIENCE: Duration = Duration::from_secs(20);

/// A mail server.
pub struct SmtpMail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl SmtpMail {
    /// `url` as lettre reads it: `smtp://user:password@host:587?tls=required`. `from` is the address of all mails.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn new(url: &str, from: &str) -> Result<Self, String> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|error| format!("mail.smtp_url: {error}"))?
            .timeout(Some(PATIENCE))
            .build();
        let from = from.parse().map_err(|error| format!("mail.from: {error}"))?;
        Ok(Self { transport, from })
    }

    fn message(&self, mail: &OutgoingMail) -> Result<Message, Box<dyn std::error::Error + Send + Sync>> {
        let from = Mailbox::new(Some(mail.from_name.clone()), self.from.email.clone());
        let mut builder = Message::builder()
            .from(from)
            .to(mail.to.parse()?)
            .subject(mail.subject.clone())
            .message_id(Some(format!("<{}>", mail.message_id)));
        if let Some(reply_to) = &mail.reply_to {
            builder = builder.reply_to(reply_to.parse()?);
        }
        Ok(match &mail.html {
            Some(html) => {
                builder.multipart(MultiPart::alternative_plain_html(mail.text.clone(), html.clone()))?
            }
            None => builder.singlepart(SinglePart::plain(mail.text.clone()))?,
        })
    }
}

#[async_trait]
impl Mailer for SmtpMail {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailError> {
        let message = self.message(mail).map_err(MailError::Permanent)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) => Err(judged(error)),
        }
    }
}

fn judged(error: Error) -> MailError {
    if error.is_permanent() {
        MailError::Permanent(error.into())
    } else {
        MailError::Temporary(error.into())
    }
}
