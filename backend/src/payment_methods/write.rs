//! Cards and bank accounts are kept, made the default and removed.

use super::{
    autopay,
    detach::{Attached, DetachCard},
};
use crate::{
    Error,
    codes::Stored,
    new_id,
    ports::{GatewayCard, GatewayMandate},
    profiles,
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    Refusal,
    access::PayInvoices,
    ids::{AccountId, CardId, TenantId},
};
use entity::{
    Uuid, card,
    codes::{AttemptState, MethodKind},
    payment_attempt,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

/// Makes a card the default of its account.
///
/// # Errors
/// [`Error::NotFound`], also when it was removed; [`Error::Database`].
pub async fn prefer(scope: &Scope<PayInvoices>, id: CardId) -> Result<(), Error> {
    transact!(scope, tx => {
        let card = lock(tx, id).await?;
        if card.is_default {
            return Ok(());
        }
        make_default(tx, card.seller_id, card.account_id, card.id).await?;
        tx.audit(Act::new(TenantId(card.seller_id), "make_default", "card", card.id).after(facts(&card)));
        Ok(())
    })
}

/// Removes a card. The gateway is told by a job, so that it may be away.
///
/// # Errors
/// [`Error::NotFound`], also when it was removed before; [`Refusal::CardInUse`]; [`Refusal::CardOfAutopay`];
/// [`Refusal::CardOfProfile`]; [`Error::Database`].
pub async fn remove(scope: &Scope<PayInvoices>, id: CardId) -> Result<(), Error> {
    transact!(scope, tx => {
        let card = lock(tx, id).await?;
        if is_in_use(tx, &card).await? {
            return Err(Refusal::CardInUse.into());
        }
        if card.is_default && autopay::is_on(tx, card.seller_id, card.account_id).await? {
            return Err(Refusal::CardOfAutopay.into());
        }
        if let Some(name) = profiles::preferring(tx, &card).await? {
            return Err(Refusal::CardOfProfile { name }.into());
        }
        tx.update::<card::Entity>()
            .set(card::ActiveModel {
                removed_at: Set(Some(tx.now())),
                is_default: Set(false),
                ..Default::default()
            })
            .filter(card::Column::SellerId.eq(card.seller_id))
            .filter(card::Column::Id.eq(card.id))
            .exec(tx.db())
            .await?;
        let seller = TenantId(card.seller_id);
        tx.audit(Act::new(seller, "remove", "card", card.id).after(facts(&card)));
        let gone = Attached { account: AccountId(card.account_id), token: card.gateway_token.clone() };
        let detach = DetachCard::of_card(TenantId(card.buyer_id), seller, gone);
        detach.enqueue(tx, tx.now()).await
    })
}

/// A card that is there, held until the transaction ends: payments that begin with it wait.
pub(super) async fn lock(tx: &Tx, id: CardId) -> Result<card::Model, Error> {
    let card = tx
        .lock::<card::Entity>()
        .filter(card::Column::Id.eq(id.0))
        .filter(card::Column::RemovedAt.is_null())
        .one(tx.db())
        .await?;
    card.ok_or(Error::NotFound)
}

/// Whether a payment with the card is not decided.
async fn is_in_use(tx: &Tx, card: &card::Model) -> Result<bool, Error> {
    let with_it = Condition::any()
        .add(payment_attempt::Column::CardId.eq(card.id))
        .add(payment_attempt::Column::GatewayMethod.eq(&card.gateway_token));
    let attempt = tx
        .find::<payment_attempt::Entity>()
        .filter(payment_attempt::Column::SellerId.eq(card.seller_id))
        .filter(payment_attempt::Column::AccountId.eq(card.account_id))
        .filter(payment_attempt::Column::State.is_in(UNDECIDED))
        .filter(with_it)
        .limit(1)
        .one(tx.db())
        .await?;
    Ok(attempt.is_some())
}

/// States in which the gateway has not had its last word.
pub(super) const UNDECIDED: [AttemptState; 4] = [
    AttemptState::Submitted,
    AttemptState::NeedsAction,
    AttemptState::Unknown,
    AttemptState::Processing,
];

/// What the audit says of a card.
pub(super) fn facts(card: &card::Model) -> serde_json::Value {
    serde_json::json!({ "brand": card.brand, "last4": card.last4 })
}

/// On which account a card is kept, and by whom.
pub(crate) struct Kept {
    /// The seller.
    pub(crate) seller: Uuid,
    /// The account.
    pub(crate) account: Uuid,
    /// The buyer.
    pub(crate) buyer: Uuid,
    /// Who entered it.
    pub(crate) by: Option<Uuid>,
    /// Make it the default.
    pub(crate) make_default: bool,
    /// What the owner of a bank account allowed.
    pub(crate) mandate: Option<GatewayMandate>,
}

/// Keeps a card that was attached at the gateway. A card that is there already is not kept twice; the first card of an
/// account becomes its default.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn keep(tx: &mut Tx, of: &Kept, new: &GatewayCard) -> Result<(), Error> {
    let known = tx
        .find::<card::Entity>()
        .filter(card::Column::SellerId.eq(of.seller))
        .filter(card::Column::GatewayToken.eq(&new.token))
        .one(tx.db())
        .await?;
    let of_account = tx
        .find::<card::Entity>()
        .filter(card::Column::SellerId.eq(of.seller))
        .filter(card::Column::AccountId.eq(of.account))
        .filter(card::Column::RemovedAt.is_null());
    let first = of_account.count(tx.db()).await? == 0;
    let id = match known {
        Some(card) => card.id,
        None => insert(tx, of, new).await?,
    };
    if of.make_default || first {
        make_default(tx, of.seller, of.account, id).await?;
    }
    Ok(())
}

async fn insert(tx: &mut Tx, of: &Kept, new: &GatewayCard) -> Result<Uuid, Error> {
    let GatewayCard {
        token,
        kind,
        brand,
        last4,
        exp_month,
        exp_year,
        fingerprint,
    } = new;
    let id = new_id();
    let row = card::ActiveModel {
        seller_id: Set(of.seller),
        id: Set(id),
        account_id: Set(of.account),
        buyer_id: Set(of.buyer),
        gateway_token: Set(token.clone()),
        brand: Set(brand.clone()),
        last4: Set(last4.clone()),
        exp_month: Set(i16::from(*exp_month)),
        exp_year: Set(i16::try_from(*exp_year).map_err(|_| Error::corrupt("a card's expiry"))?),
        fingerprint: Set(fingerprint.clone()),
        is_default: Set(false),
        removed_at: Set(None),
        created_by: Set(of.by),
        created_at: Set(tx.now()),
        expiry_told_at: Set(None),
        kind: Set(MethodKind::from_domain(*kind)),
        mandate: Set(of.mandate.as_ref().map(|mandate| mandate.reference.clone())),
        mandate_at: Set(of.mandate.as_ref().map(|mandate| mandate.given_at)),
    };
    tx.insert(row).await?;
    let facts = serde_json::json!({ "kind": kind.code(), "brand": brand, "last4": last4 });
    tx.audit(Act::new(TenantId(of.seller), "save", "card", id).after(facts));
    Ok(id)
}

/// Makes one card of an account its default, and no other.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn make_default(tx: &mut Tx, seller: Uuid, account: Uuid, id: Uuid) -> Result<(), Error> {
    // The old one first: a unique index allows one at a time.
    for default in [false, true] {
        let which = Expr::col(card::Column::Id);
        tx.update::<card::Entity>()
            .set(card::ActiveModel {
                is_default: Set(default),
                ..Default::default()
            })
            .filter(card::Column::SellerId.eq(seller))
            .filter(card::Column::AccountId.eq(account))
            .filter(card::Column::IsDefault.eq(!default))
            .filter(card::Column::RemovedAt.is_null())
            .filter(if default { which.eq(id) } else { which.ne(id) })
            .exec(tx.db())
            .await?;
    }
    Ok(())
}
