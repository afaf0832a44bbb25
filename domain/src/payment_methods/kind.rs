//! What a saved method is: a card, or a bank account that the seller may debit.

use crate::{invoices::codes::codes, money::Currency};
use serde::{Deserialize, Serialize};

/// What a saved method is. The words are the gateway's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MethodKind {
    /// A card: paid, or refused, at once.
    #[default]
    Card,
    /// An account in the United States, debited by ACH.
    UsBankAccount,
    /// An account with an IBAN, debited by SEPA.
    SepaDebit,
}

codes! {
    MethodKind:
        Card = "card" "Card",
        UsBankAccount = "us_bank_account" "US bank account",
        SepaDebit = "sepa_debit" "Bank account (SEPA)";
}

impl MethodKind {
    /// Whether a payment with it takes days, and may come back after it succeeded.
    pub const fn is_bank_debit(self) -> bool {
        match self {
            Self::Card => false,
            Self::UsBankAccount | Self::SepaDebit => true,
        }
    }

    /// Whether it pays in a currency: each way of debiting banks has one.
    pub fn pays(self, currency: Currency) -> bool {
        match self {
            Self::Card => true,
            Self::UsBankAccount => currency == Currency::USD,
            Self::SepaDebit => currency == Currency::EUR,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bank_account_pays_in_one_currency_and_a_card_in_all() {
        let pays = |kind: MethodKind| {
            [Currency::USD, Currency::EUR, Currency::JPY].map(|currency| kind.pays(currency))
        };
        assert_eq!(pays(MethodKind::Card), [true, true, true]);
        assert_eq!(pays(MethodKind::UsBankAccount), [true, false, false]);
        assert_eq!(pays(MethodKind::SepaDebit), [false, true, false]);
    }

    #[test]
    fn kinds_are_read_as_they_were_written() {
        for kind in MethodKind::ALL {
            assert_eq!(MethodKind::from_code(kind.code()), Some(*kind));
        }
    }
}
