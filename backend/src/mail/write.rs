//! Puts mails into the outbox.

use super::{SendMail, receipt};
use crate::{Error, jobs, new_id, scope::Tx};
use domain::{
    ids::{MailId, TenantId},
    locale::Locale,
    payments::Receipt,
};
use entity::{Uuid, codes::MailState, mail, payment, tenant};
use sea_orm::ActiveValue::Set;

/// A mail to be sent in a seller's name.
pub(crate) struct NewMail {
    /// In whose name.
    pub(crate) seller: TenantId,
    /// To whose people.
    pub(crate) buyer: Option<TenantId>,
    /// What kind of mail: `receipt`.
    pub(crate) kind: &'static str,
    /// The thing it is about.
    pub(crate) about: Option<Uuid>,
    /// Name of the sender.
    pub(crate) from_name: String,
    /// Where answers go.
    pub(crate) reply_to: Option<String>,
    /// To which address.
    pub(crate) recipient: String,
    /// What it says.
    pub(crate) words: Words,
    /// What stands for [`SECRET`] in the words until the mail is gone: the token of a link.
    pub(crate) secret: Option<String>,
}

/// In the words of a mail, the place of its secret.
pub(crate) const SECRET: &str = "{secret}";

/// Subject and both parts of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    /// About what.
    pub(crate) subject: String,
    /// The text part.
    pub(crate) text: String,
    /// The HTML part.
    pub(crate) html: String,
}

/// Queues the receipt of a payment for the address that the payment names.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn queue_receipt(
    tx: &Tx,
    payment: &payment::Model,
    receipt: &Receipt,
    buyer: &tenant::Model,
) -> Result<(), Error> {
    let Some(recipient) = payment.mailed_to.clone() else {
        return Ok(());
    };
    let locale = Locale::from_code(&buyer.locale).unwrap_or_default();
    let mail = NewMail {
        seller: TenantId(payment.seller_id),
        // The letter belongs to whom it goes to: a parent's people pay for its subsidiaries.
        buyer: Some(tx.actor().tenant()),
        kind: "receipt",
        about: Some(payment.id),
        from_name: receipt.seller.name.clone(),
        reply_to: receipt.seller.email.clone(),
        recipient,
        words: receipt::words(receipt, locale),
        secret: None,
    };
    queue(tx, mail).await.map(|_| ())
}

/// Queues a mail and the job that sends it.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn queue(tx: &Tx, mail: NewMail) -> Result<MailId, Error> {
    let NewMail {
        seller,
        buyer,
        kind,
        about,
        from_name,
        reply_to,
        recipient,
        words,
        secret,
    } = mail;
    let Words {
        subject,
        mut text,
        mut html,
    } = words;
    if secret.is_none() {
        // A link that leads to a page for who is signed in has no secret behind it.
        text = text.replace(SECRET, "");
        html = html.replace(SECRET, "");
    }
    let id = new_id();
    let row = mail::ActiveModel {
        seller_id: Set(seller.0),
        id: Set(id),
        buyer_id: Set(buyer.map(|buyer| buyer.0)),
        kind: Set(kind.to_owned()),
        about_id: Set(about),
        recipient: Set(recipient),
        reply_to: Set(reply_to),
        from_name: Set(one_line(&from_name)),
        subject: Set(one_line(&subject)),
        text: Set(text),
        html: Set(Some(html)),
        state: Set(MailState::Queued),
        tries: Set(0),
        message_id: Set(format!("{kind}.{}@quittance", id.simple())),
        last_error: Set(None),
        created_at: Set(tx.now()),
        sent_at: Set(None),
        secret: Set(secret),
    };
    tx.insert(row).await?;
    let job = SendMail {
        seller,
        mail: MailId(id),
    };
    jobs::enqueue(tx, Some(seller), &job, Some(format!("mail:{id}"))).await?;
    Ok(MailId(id))
}

/// Names end up in headers, where a line break would begin another header.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
