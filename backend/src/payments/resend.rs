//! Sends a receipt by mail once more, or to somebody else (P11, E5).

use super::receipt;
use crate::{
    Error,
    mail::write::{RECEIPT, queue_receipt},
    scope::{Act, Scope, Tx},
    transact::transact,
};
use chrono::TimeDelta;
use domain::{
    FieldErrors, Refusal,
    access::{OnSide, PayInvoices, SendMail},
    ids::{PaymentId, TenantId},
    payments::Receipt,
    people,
};
use entity::{mail, payment};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

/// A permission that lets one send receipts, on one side of the money.
pub trait SendsReceipts: OnSide {}

impl SendsReceipts for SendMail {}
impl SendsReceipts for PayInvoices {}

/// Mails of one receipt within a day; nobody is to be flooded from here.
const A_DAY: u64 = 10;

/// The receipt of a payment, for who may send it.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Database`].
pub async fn open<P: SendsReceipts>(scope: &Scope<P>, id: PaymentId) -> Result<Receipt, Error> {
    receipt::load(scope, id).await
}

/// Sends the receipt of a payment to an address, as it reads today.
///
/// # Errors
/// [`Error::Invalid`] under `to` when it is no e-mail address; [`Error::NotFound`]; [`Refusal::SentOften`].
pub async fn send<P: SendsReceipts>(scope: &Scope<P>, id: PaymentId, to: &str) -> Result<(), Error> {
    let to = people::email(to).map_err(|refusal| FieldErrors::one("to", refusal))?;
    let receipt = receipt::load(scope, id).await?;
    transact!(scope, tx => {
        let payment = tx
            .lock::<payment::Entity>()
            .filter(payment::Column::Id.eq(id.0))
            .one(tx.db())
            .await?
            .ok_or(Error::NotFound)?;
        if sent_today(tx, &payment).await? >= A_DAY {
            return Err(Refusal::SentOften.into());
        }
        let (seller, buyer) = receipt::tenants(tx, payment.seller_id, payment.buyer_id).await?;
        queue_receipt(tx, &payment, &receipt, &buyer, to.clone()).await?;
        let act = Act::new(TenantId(seller.id), "send_receipt", "payment", payment.id);
        tx.audit(act.after(json!({ "to": to })));
        Ok(())
    })
}

/// Mails of the receipt that were written within a day, as far as the tenant sees them.
async fn sent_today(tx: &Tx, payment: &payment::Model) -> Result<u64, Error> {
    let mails = tx
        .find::<mail::Entity>()
        .filter(mail::Column::SellerId.eq(payment.seller_id))
        .filter(mail::Column::AboutId.eq(payment.id))
        .filter(mail::Column::Kind.eq(RECEIPT))
        .filter(mail::Column::CreatedAt.gt(tx.now() - TimeDelta::days(1)));
    Ok(mails.count(tx.db()).await?)
}
