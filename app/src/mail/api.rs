//! Server functions of mails.

#[cfg(feature = "ssr")]
use super::list::position;
use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::server::serve;
use crate::wire::Answer;
#[cfg(feature = "ssr")]
use domain::access::{ViewReceivedMail, ViewSentMail};
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
