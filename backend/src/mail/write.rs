//! Puts mails into the outbox.

use super::{deliver, receipt};
use crate::{
    Error, jobs, new_id,
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    Refusal,
    access::SendMail,
    ids::{MailId, TenantId},
    locale::Locale,
    payments::Receipt,
};
use entity::{Uuid, codes::MailState, mail, payment, tenant};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};
use serde_json::json;

/// A mail to be sent in a seller's name.
pub(crate) struct NewMail {
    /// In whose name.
    pub(crate) seller: TenantId,
    /// To whose people.
    pub(crate) buyer: Option<TenantId>,
    /// What kind of mail: `receipt`.
    pub(crate) kind: String,
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

/// Kind of the mails that hold a receipt.
pub(crate) const RECEIPT: &str = "receipt";

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

/// Queues the receipt of a payment for an address.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn queue_receipt(
    tx: &Tx,
    payment: &payment::Model,
    receipt: &Receipt,
    buyer: &tenant::Model,
    recipient: String,
) -> Result<MailId, Error> {
    let sender = tx.actor().tenant();
    let locale = Locale::from_code(&buyer.locale).unwrap_or_default();
    let mail = NewMail {
        seller: TenantId(payment.seller_id),
        // The letter belongs to whom it goes to: a parent's people pay for its subsidiaries.
        buyer: Some(if sender.0 == payment.seller_id {
            TenantId(payment.buyer_id)
        } else {
            sender
        }),
        kind: RECEIPT.into(),
        about: Some(payment.id),
        from_name: receipt.seller.name.clone(),
        reply_to: receipt.seller.email.clone(),
        recipient,
        words: receipt::words(receipt, locale),
        secret: None,
    };
    queue(tx, mail).await
}

/// Queues a mail anew that was refused, or that shall go to its address once more.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::MailHoldsSecret`]; [`Error::Database`].
pub async fn send_again(scope: &Scope<SendMail>, id: MailId) -> Result<MailId, Error> {
    transact!(scope, tx => {
        let old = tx
            .find::<mail::Entity>()
            .filter(mail::Column::Id.eq(id.0))
            .one(tx.db())
            .await?
            .ok_or(Error::NotFound)?;
        if old.text.contains(SECRET) {
            return Err(Refusal::MailHoldsSecret.into());
        }
        let (seller, recipient) = (TenantId(old.seller_id), old.recipient.clone());
        let again = queue(tx, NewMail {
            seller,
            buyer: old.buyer_id.map(TenantId),
            kind: old.kind,
            about: old.about_id,
            from_name: old.from_name,
            reply_to: old.reply_to,
            recipient: old.recipient,
            words: Words { subject: old.subject, text: old.text, html: old.html.unwrap_or_default() },
            secret: None,
        })
        .await?;
        let facts = json!({ "to": recipient, "again": again });
        tx.audit(Act::new(seller, "send_again", "mail", id.0).after(facts));
        Ok(again)
    })
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
        message_id: Set(format!("{kind}.{}@quittance", id.simple())),
        kind: Set(kind),
        seller_id: Set(seller.0),
        id: Set(id),
        buyer_id: Set(buyer.map(|buyer| buyer.0)),
        about_id: Set(about),
        recipient: Set(recipient),
        reply_to: Set(reply_to),
        from_name: Set(one_line(&from_name)),
        subject: Set(one_line(&subject)),
        text: Set(text),
        html: Set(Some(html)),
        state: Set(MailState::Queued),
        tries: Set(0),
        last_error: Set(None),
        created_at: Set(tx.now()),
        sent_at: Set(None),
        secret: Set(secret),
    };
    tx.insert(row).await?;
    let job = deliver::SendMail {
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
