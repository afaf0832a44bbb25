//! The expiry of a saved card and the name on it are changed at the gateway, and the expiry is kept as the gateway then
//! tells it. The name is nobody's but the gateway's (V35).
//!
//! No transaction is open while the gateway is asked. An answer that is lost leaves the old expiry here, and the same form
//! posted again puts that right: changing to the same twice changes nothing.

use super::{
    read::saved,
    write::{facts, lock},
};
use crate::{
    Error,
    payments::tenants,
    ports::{GatewayCard, GatewayError},
    scope::{Act, Scope, time_zone},
    transact::transact,
};
use domain::{
    FieldErrors, Refusal,
    access::PayInvoices,
    ids::{CardId, TenantId},
    payment_methods::{CardChange, ChangeFields, Changeable},
};
use entity::{account, card};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};

/// The page on which a saved card or bank account is changed.
///
/// # Errors
/// [`Error::NotFound`], also when it was removed; [`Error::Database`].
pub async fn open(scope: &Scope<PayInvoices>, id: CardId) -> Result<Changeable, Error> {
    let row = find(scope, id).await?;
    shown(scope, row).await
}

/// Changes it. That a card expires soon is told anew when its new time comes.
///
/// # Errors
/// [`Error::NotFound`], also when it was removed; [`Error::Invalid`] as [`ChangeFields::parse`] says, or with
/// [`Refusal::Declined`] where the gateway refuses; [`Error::Port`] when it does not answer.
pub async fn change(scope: &Scope<PayInvoices>, id: CardId, form: &ChangeFields) -> Result<(), Error> {
    let row = find(scope, id).await?;
    let Changeable { card, today, .. } = shown(scope, row.clone()).await?;
    let wanted = form.parse(card.kind, today)?;
    let customer = customer(scope, &row).await?;
    let seller = TenantId(row.seller_id);
    let gateway = &scope.ports().gateway;
    let changed = gateway
        .change_card(seller, &customer, &row.gateway_token, &wanted)
        .await
        .map_err(refused)?;
    keep(scope, id, &wanted, &changed).await
}

/// Writes what the gateway has now.
async fn keep(
    scope: &Scope<PayInvoices>,
    id: CardId,
    wanted: &CardChange,
    now: &GatewayCard,
) -> Result<(), Error> {
    let month = i16::from(now.exp_month);
    let year = i16::try_from(now.exp_year).map_err(|_| Error::corrupt("a card's expiry"))?;
    transact!(scope, tx => {
        let card = lock(tx, id).await?;
        if (card.exp_month, card.exp_year) != (month, year) {
            tx.update::<card::Entity>()
                .set(card::ActiveModel {
                    exp_month: Set(month),
                    exp_year: Set(year),
                    expiry_told_at: Set(None),
                    ..Default::default()
                })
                .filter(card::Column::SellerId.eq(card.seller_id))
                .filter(card::Column::Id.eq(card.id))
                .exec(tx.db())
                .await?;
        }
        let mut after = facts(&card);
        after["expires"] = format!("{month:02}/{year}").into();
        after["name_changed"] = wanted.holder.is_some().into();
        let mut act = Act::new(TenantId(card.seller_id), "change", "card", card.id).after(after);
        let before = format!("{:02}/{}", card.exp_month, card.exp_year);
        act.before = Some(serde_json::json!({ "expires": before }));
        tx.audit(act);
        Ok(())
    })
}

async fn find(scope: &Scope<PayInvoices>, id: CardId) -> Result<card::Model, Error> {
    let row = scope
        .find::<card::Entity>()
        .filter(card::Column::Id.eq(id.0))
        .filter(card::Column::RemovedAt.is_null())
        .one(scope.db())
        .await?;
    row.ok_or(Error::NotFound)
}

async fn shown(scope: &Scope<PayInvoices>, row: card::Model) -> Result<Changeable, Error> {
    let sellers = tenants(scope, [row.seller_id].into()).await?;
    let seller = sellers.get(&row.seller_id).ok_or(Error::NotFound)?;
    let zone = time_zone(&seller.time_zone)?;
    Ok(Changeable {
        card: saved(row)?,
        seller_name: seller.name.clone(),
        today: scope.now().with_timezone(&zone).date_naive(),
    })
}

/// The gateway's customer that a card is attached to.
async fn customer(scope: &Scope<PayInvoices>, card: &card::Model) -> Result<String, Error> {
    let account = scope
        .find::<account::Entity>()
        .filter(account::Column::SellerId.eq(card.seller_id))
        .filter(account::Column::Id.eq(card.account_id))
        .one(scope.db())
        .await?;
    let customer = account.and_then(|account| account.gateway_customer);
    customer.ok_or_else(|| Error::corrupt("a card of no customer at the gateway"))
}

/// The gateway's no is told at the field; that nobody answered is told as such.
fn refused(error: GatewayError) -> Error {
    let declined = |field, code| FieldErrors::one(field, Refusal::Declined { code }).into();
    match error {
        GatewayError::Declined { code } => {
            let field = if code == "invalid_expiry_year" {
                "year"
            } else {
                "month"
            };
            declined(field, code)
        }
        GatewayError::Misuse(why) => {
            tracing::warn!(why, "the gateway did not change a card");
            declined("", "processing_error".to_owned())
        }
        GatewayError::NeedsAuthentication | GatewayError::RateLimited | GatewayError::Unreachable(_) => {
            error.into()
        }
    }
}
