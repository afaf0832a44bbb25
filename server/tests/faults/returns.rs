//! Work whose effects can be counted: money that somebody gave back at the gateway itself. The gateway tells of each part in
//! a post of its own, a job reads it from the gateway, and the portal must write each part once.

use crate::{
    events::Event,
    figures::difference,
    payer::Payer,
    world::{BUYER, World},
};
use uuid::Uuid;

/// Parts of one payment that are given back, one minor unit each.
const PARTS: usize = 10;
/// What is paid before, in minor units.
const PAID: i64 = 50;

/// Somebody with a saved card and the invoices that are paid from it, at a gateway that tells nothing by itself.
pub async fn prepare(world: &World) -> (Payer, Vec<Uuid>) {
    let payer = world.payer(BUYER).await;
    let mut invoices = world.ledger.payable().await;
    world.gateway.be_silent().await;
    let last = invoices.pop().unwrap();
    world.save_card(&payer, last).await;
    (payer, invoices)
}

/// Has so many parts given back, and returns what the gateway has to tell of them.
pub async fn give_back(world: &World, payer: &Payer, invoice: Uuid, count: usize) -> Vec<Event> {
    let mut events = Vec::with_capacity(count);
    while events.len() < count {
        let intent = world.pay(payer, invoice, PAID).await;
        for _ in 0..PARTS.min(count - events.len()) {
            let refund = world.gateway.give_back(&intent, 1).await;
            events.push(Event::refunded(&refund, &intent));
        }
    }
    events
}

/// What stands written of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effects {
    /// Refunds here less those at the gateway.
    pub refunds: i64,
    /// Entries in the books less refunds at the gateway.
    pub entries: i64,
    /// Minor units in the books less those given back at the gateway.
    pub minor: i64,
}

/// All as it should be.
pub const ONCE: Effects = Effects {
    refunds: 0,
    entries: 0,
    minor: 0,
};

/// Counts them, when so many parts were given back.
pub async fn effects(world: &World, count: usize) -> Effects {
    const OF_THEM: &str = "refunds WHERE kind = 'refund' AND gateway_id IS NOT NULL AND amount_minor = 1";
    let booked = format!("postings WHERE kind = 'refund' AND source_id IN (SELECT id FROM {OF_THEM})");
    let entries = world
        .ledger
        .count(&format!(
            "(SELECT DISTINCT seller_id, source_id FROM {booked}) AS e"
        ))
        .await;
    let cash = format!(
        "SELECT CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) FROM {booked} AND (debit = 'cash_card' OR credit = 'cash_card')"
    );
    Effects {
        refunds: difference(world.ledger.count(OF_THEM).await, count),
        entries: difference(entries, count),
        minor: world.ledger.number(&cash).await - i64::try_from(count).unwrap(),
    }
}
