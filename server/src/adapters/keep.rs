//! Mail that goes nowhere: the outbox keeps it and the page `Sent mail` shows it. For trying the portal out.

use async_trait::async_trait;
use backend::ports::{MailError, Mailer, OutgoingMail};

/// Takes every mail and leaves it where it is.
#[derive(Clone, Copy, Debug)]
pub struct KeepMail;

#[async_trait]
impl Mailer for KeepMail {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailError> {
        tracing::info!(message_id = %mail.message_id, "kept a mail");
        Ok(())
    }

    fn keeps(&self) -> bool {
        true
    }
}
