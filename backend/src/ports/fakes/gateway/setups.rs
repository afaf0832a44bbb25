//! Cards and bank accounts that a payer enters at the gateway without paying.

use super::{FakeGateway, State, held};
use crate::ports::{GatewayCard, GatewayError, GatewayMandate, NEVER, Setup, SetupState};
use chrono::DateTime;
use domain::payment_methods::{CardChange, MethodKind};

/// What a token stands for.
pub(super) fn kind_of(token: &str) -> MethodKind {
    if token.contains("bank") {
        MethodKind::UsBankAccount
    } else if token.contains("iban") {
        MethodKind::SepaDebit
    } else {
        MethodKind::Card
    }
}

/// What is kept of it.
pub(super) fn kept(token: &str) -> GatewayCard {
    let kind = kind_of(token);
    let (brand, last4, (exp_month, exp_year)) = match kind {
        MethodKind::Card => ("visa", "4242", (12, 2034)),
        MethodKind::UsBankAccount => ("STRIPE TEST BANK", "6789", NEVER),
        MethodKind::SepaDebit => ("Bank 37040044", "3000", NEVER),
    };
    GatewayCard {
        token: token.to_owned(),
        kind,
        brand: brand.to_owned(),
        last4: last4.to_owned(),
        exp_month,
        exp_year,
        fingerprint: Some(format!("fp_{token}")),
    }
}

/// A card that is attached to the customer, with what is changed; a token that contains `refuse` keeps what it has.
pub(super) fn change(
    state: &mut State,
    customer: &str,
    token: &str,
    change: &CardChange,
) -> Result<GatewayCard, GatewayError> {
    if token.contains("refuse") {
        return Err(GatewayError::Declined {
            code: "invalid_expiry_year".to_owned(),
        });
    }
    if state.attached.get(token).is_none_or(|owner| owner != customer) {
        return Err(GatewayError::Misuse(format!(
            "{token} is not attached to {customer}"
        )));
    }
    state.changed.insert(token.to_owned(), change.clone());
    let card = kept(token);
    let (exp_month, exp_year) = change.expiry.unwrap_or((card.exp_month, card.exp_year));
    Ok(GatewayCard {
        exp_month,
        exp_year,
        ..card
    })
}

pub(super) fn begin(state: &mut State, customer: &str, kind: MethodKind) -> Setup {
    let id = format!("seti_{}", state.setups.len());
    let setup = Setup {
        id: id.clone(),
        customer: customer.to_owned(),
        kind,
        state: SetupState::Open,
        client_secret: Some(format!("{id}_secret")),
        mandate: None,
    };
    state.setups.insert(id, setup.clone());
    setup
}

impl FakeGateway {
    /// The last change of a card that was taken.
    pub fn change_of(&self, token: &str) -> Option<CardChange> {
        held(&self.0).changed.get(token).cloned()
    }

    /// The payer enters what the token stands for: it is attached at once, as real gateways do, unless it is refused.
    pub fn enter(&self, setup: &str, token: &str) {
        let mut state = held(&self.0);
        let reference = format!("MANDATE{}", state.attached.len());
        let Some(found) = state.setups.get_mut(setup) else {
            return;
        };
        if token.contains("refuse") {
            found.state = SetupState::Refused("card_declined".to_owned());
            return;
        }
        found.state = SetupState::Done(token.to_owned());
        if found.kind.is_bank_debit() {
            found.mandate = Some(GatewayMandate {
                reference,
                given_at: DateTime::UNIX_EPOCH,
            });
        }
        let customer = found.customer.clone();
        state.attached.insert(token.to_owned(), customer);
    }
}
