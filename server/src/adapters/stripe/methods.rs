//! Cards and bank accounts, as the gateway tells them.

use backend::ports::{GatewayCard, NEVER};
use domain::payment_methods::MethodKind;
use serde::Deserialize;

use super::http::Failure;
use super::wire::Reference;

/// A payment method.
#[derive(Deserialize)]
pub struct WireMethod {
    id: String,
    /// Whose it is.
    pub customer: Option<Reference>,
    card: Option<WireCard>,
    us_bank_account: Option<WireUsAccount>,
    sepa_debit: Option<WireSepaAccount>,
}

#[derive(Deserialize)]
struct WireUsAccount {
    bank_name: Option<String>,
    last4: String,
    fingerprint: Option<String>,
}

#[derive(Deserialize)]
struct WireSepaAccount {
    bank_code: Option<String>,
    last4: String,
    fingerprint: Option<String>,
}

#[derive(Deserialize)]
struct WireCard {
    brand: String,
    last4: String,
    exp_month: u8,
    exp_year: u16,
    fingerprint: Option<String>,
}

impl WireMethod {
    /// The card or bank account in our words.
    ///
    /// # Errors
    /// When it is neither, or not this customer's.
    pub fn into_card(self, expected: &str) -> Result<GatewayCard, Failure> {
        let Self {
            id,
            customer,
            card,
            us_bank_account,
            sepa_debit,
        } = self;
        if customer.map(Reference::into_id).as_deref() != Some(expected) {
            return Err(Failure::untrusted("a card was attached to another customer"));
        }
        let cards = card.map(WireCard::into_card);
        let accounts = us_bank_account.map(WireUsAccount::into_card);
        let known = cards.or(accounts).or(sepa_debit.map(WireSepaAccount::into_card));
        match known {
            Some(known) => Ok(GatewayCard { token: id, ..known }),
            None => Err(Failure::Misuse {
                status: 400,
                reason: "the payment method is neither card nor bank account".to_owned(),
            }),
        }
    }
}

// Each lacks its token, which stands around it.

impl WireCard {
    fn into_card(self) -> GatewayCard {
        let Self {
            brand,
            last4,
            exp_month,
            exp_year,
            fingerprint,
        } = self;
        GatewayCard {
            token: String::new(),
            kind: MethodKind::Card,
            brand,
            last4,
            exp_month,
            exp_year,
            fingerprint,
        }
    }
}

impl WireUsAccount {
    fn into_card(self) -> GatewayCard {
        let Self {
            bank_name,
            last4,
            fingerprint,
        } = self;
        account(MethodKind::UsBankAccount, bank_name, last4, fingerprint)
    }
}

impl WireSepaAccount {
    /// The gateway knows the code of such a bank, not its name.
    fn into_card(self) -> GatewayCard {
        let Self {
            bank_code,
            last4,
            fingerprint,
        } = self;
        let bank = bank_code.map(|code| format!("Bank {code}"));
        account(MethodKind::SepaDebit, bank, last4, fingerprint)
    }
}

fn account(
    kind: MethodKind,
    bank: Option<String>,
    last4: String,
    fingerprint: Option<String>,
) -> GatewayCard {
    let (exp_month, exp_year) = NEVER;
    GatewayCard {
        token: String::new(),
        kind,
        brand: bank.unwrap_or_else(|| "Bank account".to_owned()),
        last4,
        exp_month,
        exp_year,
        fingerprint,
    }
}
