//! Server functions of mails.

#[cfg(feature = "ssr")]
use super::list::position;
#[cfg(feature = "ssr")]
use crate::server::{serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
#[cfg(feature = "ssr")]
use domain::access::{SendMail, ViewReceivedMail, ViewSentMail};
use domain::{
    access::Side,
    ids::MailId,
    list::Page,
    mail::{MailDetail, MailRow},
};
use leptos::prelude::*;

/// A page of the mails of one side, newest first.
///
/// # Errors
/// When the side is not the viewer's, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_mail", output = Answer)]
pub async fn list_mail(
    /// Whose mails: those of the tenant as a seller, or those to it as a buyer.
    side: Side,
    /// Query string of the page's address.
    query: String,
) -> Result<Page<MailRow>, AppError> {
    serve(|caller| async move {
        let position = position(&query);
        match side {
            Side::Seller => backend::mail::read::list(&caller.permit::<ViewSentMail>()?, &position).await,
            Side::Buyer => backend::mail::read::list(&caller.permit::<ViewReceivedMail>()?, &position).await,
        }
    })
    .await
}

/// One mail, from whichever side the viewer is on.
///
/// # Errors
/// Not found, also when it is somebody else's.
#[server(prefix = "/api", endpoint = "find_mail", output = Answer)]
pub async fn find_mail(
    /// Which.
    id: MailId,
) -> Result<MailDetail, AppError> {
    serve(|caller| async move {
        let (seller, buyer) = (
            caller.permit::<ViewSentMail>(),
            caller.permit::<ViewReceivedMail>(),
        );
        if let Ok(scope) = &seller {
            match backend::mail::read::find(scope, id).await {
                // Who has both sides may find it on the other one.
                Err(backend::Error::NotFound) if buyer.is_ok() => {}
                found => return found,
            }
        }
        backend::mail::read::find(&buyer?, id).await
    })
    .await
}

/// Sends a mail once more, and leads to the new one.
///
/// # Errors
/// Not found; the viewer may not send mail; the mail held a link for one person.
#[server(prefix = "/api", endpoint = "send_mail_again", output = Answer)]
pub async fn send_mail_again(
    /// Which.
    id: MailId,
) -> Result<Done, AppError> {
    serve_form(&format!("/mail/{id}"), &(), |caller| async move {
        let again = backend::mail::write::send_again(&caller.permit::<SendMail>()?, id).await?;
        Ok(format!("/mail/{again}?done=again"))
    })
    .await
}
