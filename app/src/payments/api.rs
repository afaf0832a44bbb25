//! Server functions of payments.

#[cfg(feature = "ssr")]
use super::opening::Opening;
#[cfg(feature = "ssr")]
use crate::server::{Caller, serve, serve_form, typed};
use crate::wire::Answer;
use crate::{Done, error::AppError, ui::form::Failed};
#[cfg(feature = "ssr")]
use backend::{
    Error,
    payments::{attempts, resend},
    refunds::read::refunds,
    scope::Scope,
};
#[cfg(feature = "ssr")]
use domain::{
    FieldErrors,
    access::{PayInvoices, SendMail, ViewIssuedInvoices, ViewReceivedInvoices},
    ids::InvoiceId,
    payments::{AttemptState, PaymentChoice, PaymentQuery, SubmitPayment, attempts::AttemptQuery},
};
use domain::{
    Refusal,
    access::Side,
    ids::{AttemptId, FormKey, PaymentId},
    list::Page,
    payments::{
        Outcome, PaymentForm, PaymentResult, PaymentRow, Receipt, attempts::AttemptRow,
        explain::ExplainedPayment, form::PaymentFields,
    },
    refunds::Refund,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The page `Make a payment` as it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedForm {
    /// What can be paid, and how.
    pub form: PaymentForm,
    /// Why a total could not be spread.
    pub not_spread: Option<Refusal>,
    /// What came back from a post that failed.
    pub failed: Failed,
}

/// Opens the page `Make a payment`.
///
/// # Errors
/// When the viewer may not pay, or the database does not answer.
#[server(prefix = "/api", endpoint = "open_payment", output = Answer)]
pub async fn open_payment(
    /// Query string of the page's address.
    query: String,
) -> Result<OpenedForm, AppError> {
    serve(|caller| async move {
        let scope = caller.permit::<PayInvoices>()?;
        let opening = Opening::read(&query);
        let (form, not_spread) = open(&scope, opening.choice()).await?;
        let kept = match &opening.typed {
            Some(id) => typed(&caller, id).await?,
            None => None,
        };
        let failed = kept
            .map(|kept| Failed {
                error: kept.error,
                fields: crate::server::flat(&kept.fields),
            })
            .unwrap_or_default();
        Ok(OpenedForm {
            form,
            not_spread,
            failed,
        })
    })
    .await
}

/// Pays, and leads to the receipt or to the page that says how it came out.
///
/// # Errors
/// By field as [`PaymentFields::parse`] says, or what stands in the way of paying; nothing was charged then.
#[server(prefix = "/api", endpoint = "pay", output = Answer)]
pub async fn pay(
    /// What was typed.
    form: PaymentFields,
    /// The choice that the page was opened with, as a query string.
    from: Option<String>,
    /// The invoices on the page that another form pays, as a query string.
    others: Option<String>,
    /// Nothing is paid then: the form is shown again with what was typed.
    update: Option<String>,
) -> Result<Done, AppError> {
    let opening = Opening {
        total: None,
        typed: None,
        ..Opening::read(&from.unwrap_or_default())
    };
    let kept = form.clone().without_token();
    serve_form(&opening.page(), &kept, |caller| async move {
        let scope = caller.permit::<PayInvoices>()?;
        let wanted = read(&caller, &form)?;
        if update.is_some() {
            return Err(Error::Invalid(FieldErrors::default()));
        }
        let key = backend::payments::write::submit(&scope, &wanted)
            .await
            .map_err(|error| place(&form, error))?;
        let result = backend::payments::read::result(&scope, key).await?;
        let others = Opening::read(&others.unwrap_or_default());
        after(&scope, key, &wanted, &result, &others.invoices).await
    })
    .await
}

/// How a submitted form came out.
///
/// # Errors
/// Not found, also when somebody else submitted it.
#[server(prefix = "/api", endpoint = "find_payment_result", output = Answer)]
pub async fn find_payment_result(
    /// Key of the form.
    key: FormKey,
) -> Result<PaymentResult, AppError> {
    serve(
        |caller| async move { backend::payments::read::result(&caller.permit::<PayInvoices>()?, key).await },
    )
    .await
}

/// Goes on with an attempt after the payer has confirmed at the bank, or has refused to.
///
/// # Errors
/// Not found, or the gateway or the database does not answer.
#[server(prefix = "/api", endpoint = "resume_payment", output = Answer)]
pub async fn resume_payment(
    /// Which.
    attempt: AttemptId,
) -> Result<Outcome, AppError> {
    serve(|caller| async move {
        backend::payments::write::resume(&caller.permit::<PayInvoices>()?, attempt).await
    })
    .await
}

/// A receipt, what went back of the payment, and the side that the viewer sees it from: as the one who paid, else as the
/// one who was paid.
///
/// # Errors
/// Not found, also when it is somebody else's.
#[server(prefix = "/api", endpoint = "find_receipt", output = Answer)]
pub async fn find_receipt(
    /// The payment.
    id: PaymentId,
) -> Result<(Side, Receipt, Vec<Refund>), AppError> {
    serve(|caller| async move {
        let (buyer, seller) = (
            caller.permit::<ViewReceivedInvoices>(),
            caller.permit::<ViewIssuedInvoices>(),
        );
        if let Ok(scope) = &buyer {
            match backend::payments::read::receipt(scope, id).await {
                // Who has both sides may find it on the other one.
                Err(Error::NotFound) if seller.is_ok() => {}
                found => return Ok((Side::Buyer, found?, refunds(scope, id.0).await?)),
            }
        }
        let seller = seller?;
        let receipt = backend::payments::read::receipt(&seller, id).await?;
        Ok((Side::Seller, receipt, refunds(&seller, id.0).await?))
    })
    .await
}

/// A payment with all that moved its money. As [`find_receipt`] tells the sides apart.
///
/// # Errors
/// Not found, also when it is somebody else's.
#[server(prefix = "/api", endpoint = "explain_payment", output = Answer)]
pub async fn explain_payment(
    /// The payment.
    id: PaymentId,
) -> Result<ExplainedPayment, AppError> {
    serve(|caller| async move {
        let (buyer, seller) = (
            caller.permit::<ViewReceivedInvoices>(),
            caller.permit::<ViewIssuedInvoices>(),
        );
        if let Ok(scope) = &buyer {
            match backend::payments::explain::find(scope, id).await {
                // Who has both sides may find it on the other one.
                Err(Error::NotFound) if seller.is_ok() => {}
                found => return found,
            }
        }
        backend::payments::explain::find(&seller?, id).await
    })
    .await
}

/// A receipt that the viewer may send, and the side that they send it from. As [`find_receipt`] tells the sides apart.
///
/// # Errors
/// Not found, or the viewer may not send it.
#[server(prefix = "/api", endpoint = "open_receipt", output = Answer)]
pub async fn open_receipt(
    /// The payment.
    id: PaymentId,
) -> Result<(Side, Receipt), AppError> {
    serve(|caller| async move {
        let (buyer, seller) = (caller.permit::<PayInvoices>(), caller.permit::<SendMail>());
        if let Ok(scope) = &buyer {
            match resend::open(scope, id).await {
                Err(Error::NotFound) if seller.is_ok() => {}
                found => return Ok((Side::Buyer, found?)),
            }
        }
        Ok((Side::Seller, resend::open(&seller?, id).await?))
    })
    .await
}

/// Sends a receipt by mail, and leads to the receipt. As [`find_receipt`] tells the sides apart.
///
/// # Errors
/// Under `to` when it is no e-mail address; not found; the viewer may not send it, or it was sent too often.
#[server(prefix = "/api", endpoint = "send_receipt", output = Answer)]
pub async fn send_receipt(
    /// The payment.
    id: PaymentId,
    /// To which address.
    to: String,
) -> Result<Done, AppError> {
    let kept = SendReceipt { id, to: to.clone() };
    serve_form(&format!("/receipt/{id}"), &kept, |caller| async move {
        let (buyer, seller) = (caller.permit::<PayInvoices>(), caller.permit::<SendMail>());
        let sent = match &buyer {
            Ok(scope) => resend::send(scope, id, &to).await,
            Err(_) => Err(Error::NotFound),
        };
        match sent {
            Err(Error::NotFound) if seller.is_ok() || buyer.is_err() => {
                resend::send(&seller?, id, &to).await?
            }
            sent => sent?,
        }
        Ok(format!("/payments/{id}?done=sent"))
    })
    .await
}

/// A page of the tries of one side that have not become payments, newest first.
///
/// # Errors
/// When the side is not the viewer's, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_attempts", output = Answer)]
pub async fn list_attempts(
    /// Those of customers, or one's own.
    side: Side,
    /// Query string of the page's address.
    query: String,
) -> Result<Page<AttemptRow>, AppError> {
    serve(|caller| async move {
        let query = AttemptQuery::from_query(&query);
        match side {
            Side::Seller => attempts::list(&caller.permit::<ViewIssuedInvoices>()?, &query).await,
            Side::Buyer => attempts::list(&caller.permit::<ViewReceivedInvoices>()?, &query).await,
        }
    })
    .await
}

/// A page of the payments of one side, newest first.
///
/// # Errors
/// When the side is not the viewer's, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_payments", output = Answer)]
pub async fn list_payments(
    /// What was received as a seller, or what was paid as a buyer.
    side: Side,
    /// Query string of the page's address.
    query: String,
) -> Result<Page<PaymentRow>, AppError> {
    serve(|caller| async move {
        let query = PaymentQuery::from_query(&query);
        match side {
            Side::Seller => {
                backend::payments::list::list(&caller.permit::<ViewIssuedInvoices>()?, &query).await
            }
            Side::Buyer => {
                backend::payments::list::list(&caller.permit::<ViewReceivedInvoices>()?, &query).await
            }
        }
    })
    .await
}

/// The form, and why a total could not be spread: then it is shown as if none had been typed.
#[cfg(feature = "ssr")]
async fn open(
    scope: &Scope<PayInvoices>,
    choice: PaymentChoice,
) -> Result<(PaymentForm, Option<Refusal>), Error> {
    let refusal = match backend::payments::read::form(scope, &choice).await {
        Err(Error::Refused(refusal)) if choice.spread.is_some() => refusal,
        Err(Error::Invalid(errors)) if choice.spread.is_some() => errors
            .iter()
            .map(|(_, refusal)| refusal.clone())
            .next()
            .unwrap_or(Refusal::FormBroken),
        opened => return opened.map(|form| (form, None)),
    };
    let form = backend::payments::read::form(
        scope,
        &PaymentChoice {
            spread: None,
            ..choice
        },
    )
    .await?;
    Ok((form, Some(refusal)))
}

#[cfg(feature = "ssr")]
fn read(caller: &Caller, form: &PaymentFields) -> Result<SubmitPayment, Error> {
    let locale = caller.viewer.as_ref().ok_or(Error::SignIn)?.tenant.locale;
    form.parse(locale).map_err(Error::Invalid)
}

/// Submitted lines are counted among the ticked ones, fields among all that were posted.
#[cfg(feature = "ssr")]
fn place(form: &PaymentFields, error: Error) -> Error {
    match error {
        Error::Invalid(errors) => Error::Invalid(form.place(errors)),
        other => other,
    }
}

/// Where to go: to the receipt when there is exactly one, it is paid, and nothing was used from the account; else to the page with all outcomes, with
/// the choice kept for another try. `next` leads to what another form of the same page would have paid.
#[cfg(feature = "ssr")]
async fn after(
    scope: &Scope<PayInvoices>,
    key: FormKey,
    wanted: &SubmitPayment,
    result: &PaymentResult,
    others: &[InvoiceId],
) -> Result<String, Error> {
    use backend::payments::write::keep_choice;
    let next = if others.is_empty() {
        String::new()
    } else {
        format!("&next={}", keep_choice(scope, others).await?)
    };
    if let [
        Outcome {
            state: AttemptState::Succeeded,
            payment: Some(payment),
            ..
        },
    ] = result.outcomes.as_slice()
        && result.from_account.is_empty()
    {
        return Ok(format!("/payments/{payment}?new=1{next}"));
    }
    let invoices: Vec<_> = wanted.lines.iter().map(|line| line.invoice).collect();
    Ok(format!(
        "/payments/result/{key}?again={}{next}",
        keep_choice(scope, &invoices).await?
    ))
}
