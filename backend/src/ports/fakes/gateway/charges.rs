//! The list of what was taken: by the portal, and behind its back.

use super::{FakeGateway, State, held};
use crate::ports::{Charges, GatewayCharge, GatewayRefundState, IntentState};
use chrono::{DateTime, Utc};
use domain::Money;

/// Charges on a page: few, so that tests turn pages.
const PAGE: usize = 2;

impl FakeGateway {
    /// Somebody charges at the gateway itself.
    pub fn charge_there(&self, charge: GatewayCharge) {
        held(&self.0).foreign.push(charge);
    }

    /// The gateway never knew of an intent.
    pub fn forget(&self, intent: &str) {
        held(&self.0).intents.remove(intent);
    }

    /// The gateway took another amount than was asked for.
    pub fn charge_otherwise(&self, intent: &str, amount: Money) {
        if let Some((_, _, intent)) = held(&self.0).intents.get_mut(intent) {
            intent.amount = amount;
        }
    }
}

/// A page of the list, all of it as if it had just been charged.
pub(super) fn page(state: &State, since: DateTime<Utc>, after: Option<&str>) -> Charges {
    let ours = state
        .intents
        .values()
        .filter(|(_, _, intent)| intent.state == IntentState::Succeeded);
    let ours = ours.map(|(customer, attempt, intent)| GatewayCharge {
        reference: intent.id.clone(),
        made_at: since,
        attempt: Some(*attempt),
        customer: Some(customer.clone()),
        amount: intent.amount,
        refunded: given_back(state, &intent.id, intent.amount),
        fee: intent.fee,
        is_debit: false,
        brand: "visa".to_owned(),
        last4: "4242".to_owned(),
        description: String::new(),
    });
    let all: Vec<GatewayCharge> = state.foreign.iter().cloned().chain(ours).collect();
    let place = after.and_then(|after| all.iter().position(|charge| charge.reference == after));
    let rest = all.get(place.map_or(0, |place| place + 1)..).unwrap_or_default();
    let taken: Vec<GatewayCharge> = rest.iter().take(PAGE).cloned().collect();
    let last = taken.last().map(|charge| charge.reference.clone());
    Charges {
        next: last.filter(|_| rest.len() > PAGE),
        taken,
    }
}

fn given_back(state: &State, intent: &str, of: Money) -> Money {
    let done = state
        .refunds
        .iter()
        .filter(|(whose, refund)| whose == intent && refund.state == GatewayRefundState::Succeeded);
    Money::new(done.map(|(_, refund)| refund.amount.minor()).sum(), of.currency())
}
