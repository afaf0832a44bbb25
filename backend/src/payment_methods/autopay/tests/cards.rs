//! Saved cards with which autopay is on.

use super::*;

/// A card of a party's, which becomes its default.
pub(super) async fn save(world: &World, of: &Party, token: &str, month: i16, year: i16) -> CardId {
    let row = card::ActiveModel {
        seller_id: Set(of.seller().0),
        id: Set(crate::new_id()),
        account_id: Set(of.account().0),
        buyer_id: Set(of.id().0),
        gateway_token: Set(token.to_owned()),
        brand: Set("visa".to_owned()),
        last4: Set("4242".to_owned()),
        exp_month: Set(month),
        exp_year: Set(year),
        is_default: Set(false),
        created_by: Set(None),
        created_at: Set(world.backend.now()),
        ..Default::default()
    };
    let row = row.insert(world.backend.system().writer()).await.unwrap();
    write::prefer(&of.scope(), CardId(row.id)).await.unwrap();
    CardId(row.id)
}

/// Switches autopay of a party on.
pub(super) async fn on(of: &Party) -> Result<(), Error> {
    switch(&of.scope(), of.account(), Currency::USD, Switch::On).await
}
