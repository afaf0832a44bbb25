//! What happens at the gateway without the portal: refunds that take their time, disputes.

use super::{FakeGateway, held};
use crate::ports::{GatewayDispute, GatewayRefund, GatewayRefundState};
use domain::Money;

impl FakeGateway {
    /// The next refund answers like this instead of at once with yes.
    pub fn next_refund(&self, state: GatewayRefundState) {
        held(&self.0).next_refund = Some(state);
    }

    /// The gateway keeps this of the next charge that succeeds at once.
    pub fn next_fee(&self, fee: Money) {
        held(&self.0).next_fee = Some(fee);
    }

    /// It becomes known what the gateway kept of an intent's charge.
    pub fn fee(&self, intent: &str, fee: Money) {
        if let Some((_, _, intent)) = held(&self.0).intents.get_mut(intent) {
            intent.fee = Some(fee);
        }
    }

    /// The bank makes up its mind about a refund.
    pub fn settle_refund(&self, id: &str, state: GatewayRefundState) {
        for (_, refund) in &mut held(&self.0).refunds {
            if refund.id == id {
                refund.state = state;
            }
        }
    }

    /// Somebody gives money of an intent back at the gateway itself.
    pub fn refund_there(&self, intent: &str, id: &str, amount: Money) {
        let refund = GatewayRefund {
            id: id.to_owned(),
            refund: None,
            amount,
            state: GatewayRefundState::Succeeded,
            failure: None,
        };
        held(&self.0).refunds.push((intent.to_owned(), refund));
    }

    /// What was given back or is about to be.
    pub fn refunds(&self) -> Vec<GatewayRefund> {
        let state = held(&self.0);
        state.refunds.iter().map(|(_, refund)| refund.clone()).collect()
    }

    /// A payer disputes, or the bank decides.
    pub fn dispute(&self, dispute: GatewayDispute) {
        held(&self.0).disputes.insert(dispute.id.clone(), dispute);
    }
}
