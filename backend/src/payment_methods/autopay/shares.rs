//! Which card pays which of the invoices: the one that an invoice's billing profile prefers if it is good, else the default.

use super::default_card;
use crate::{
    Error,
    codes::{Stored, currency as known},
    payment_methods::read::expiry_of,
    scope::Tx,
};
use chrono::NaiveDate;
use domain::payment_methods::Expiry;
use entity::{Uuid, autopay, billing_profile, card, invoice};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder};

/// Invoices that one card pays.
pub(super) struct Share {
    /// The card; none when there is no default.
    pub(super) card: Option<card::Model>,
    /// Whether a profile prefers it.
    pub(super) is_preferred: bool,
    /// What an invoice must fulfil to be among them.
    pub(super) invoices: Condition,
}

/// The shares of an account: those of cards that profiles prefer, then what is left for the default card. The cards are held
/// until the transaction ends.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn of(tx: &Tx, row: &autopay::Model, today: NaiveDate) -> Result<Vec<Share>, Error> {
    let currency = known(&row.currency)?;
    let profiles = tx
        .find::<billing_profile::Entity>()
        .filter(billing_profile::Column::SellerId.eq(row.seller_id))
        .filter(billing_profile::Column::AccountId.eq(row.account_id))
        .filter(billing_profile::Column::CardId.is_not_null())
        .all(tx.db())
        .await?;
    let cards = tx
        .lock::<card::Entity>()
        .filter(card::Column::SellerId.eq(row.seller_id))
        .filter(card::Column::AccountId.eq(row.account_id))
        .filter(card::Column::Id.is_in(profiles.iter().filter_map(|profile| profile.card_id)))
        .filter(card::Column::RemovedAt.is_null())
        .order_by_asc(card::Column::Id)
        .all(tx.db())
        .await?;
    let mut shares = Vec::new();
    let mut rest = Condition::all();
    for card in cards
        .into_iter()
        .filter(|card| expiry_of(card, today) != Expiry::Expired && card.kind.to_domain().pays(currency))
    {
        let preferring: Vec<Uuid> = profiles
            .iter()
            .filter(|profile| profile.card_id == Some(card.id))
            .map(|profile| profile.id)
            .collect();
        let profile = invoice::Column::ProfileId;
        rest = rest.add(profile.is_not_in(preferring.clone()));
        shares.push(Share {
            card: Some(card),
            is_preferred: true,
            invoices: Condition::all().add(profile.is_in(preferring)),
        });
    }
    shares.push(Share {
        card: default_card(tx, row.seller_id, row.account_id).await?,
        is_preferred: false,
        invoices: rest,
    });
    Ok(shares)
}
