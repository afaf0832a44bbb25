//! The mail system as the outbox needs it: hands one mail over and says whether trying again makes sense.

use async_trait::async_trait;
use thiserror::Error;

/// Hands mails over for delivery.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands one mail over. May be called twice for one mail: delivery is at least once, and the message id lets
    /// the receiving side tell.
    ///
    /// # Errors
    /// [`MailError`].
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailError>;

    /// Mails stay in the portal, where the page `Sent mail` is the only way to read them. Then a mail keeps the link that
    /// it carries; else it is forgotten once the mail is gone.
    fn keeps(&self) -> bool {
        false
    }
}

/// A mail on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingMail {
    /// Stable id, the same at every try.
    pub message_id: String,
    /// Name of the sender; the address is the mail system's own.
    pub from_name: String,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// To whom.
    pub to: String,
    /// About what.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: Option<String>,
}

/// Why a mail was not taken.
#[derive(Debug, Error)]
pub enum MailError {
    /// Later it may work.
    #[error("the mail was not taken now")]
    Temporary(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It will never work.
    #[error("the mail was refused")]
    Permanent(#[source] Box<dyn std::error::Error + Send + Sync>),
}
