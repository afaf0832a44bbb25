//! What lies unused on a payer's account and may pay before anything is charged: unapplied money and credit (V26).

use super::allocation::CheckedLine;
use crate::{
    ids::{AccountId, TenantId},
    money::Money,
    refusal::Refusal,
};
use serde::{Deserialize, Serialize};

/// Money and credit of an account, in one currency, that are put to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnAccount {
    /// What is left of credit notes.
    pub credit: Money,
    /// What is unapplied of payments.
    pub money: Money,
}

impl OnAccount {
    /// Both.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn total(&self) -> Result<Money, Refusal> {
        self.credit.checked_add(self.money)
    }
}

/// What the payer wants used first: all that lies on an account in a currency, as far as the form's invoices take it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseFirst {
    /// The account.
    pub account: AccountId,
    /// What lay there when the form was shown (V30).
    pub seen: Money,
}

/// What of a submitted form was paid by what lay on an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FromAccount {
    /// Who was paid.
    pub seller: TenantId,
    /// Its name.
    pub seller_name: String,
    /// How much.
    pub amount: Money,
}

/// Lines as they are paid by what lies on the account, and what is left of them to be charged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parted {
    /// Paid first.
    pub first: Vec<CheckedLine>,
    /// Left over.
    pub rest: Vec<CheckedLine>,
}

/// Parts lines: what is available goes to them in their order, which is oldest due first (V28).
///
/// # Errors
/// [`Refusal::MixedCurrencies`] for a line of another currency.
pub fn part(available: Money, lines: &[CheckedLine]) -> Result<Parted, Refusal> {
    let mut left = available;
    let mut parted = Parted {
        first: Vec::new(),
        rest: Vec::new(),
    };
    for line in lines {
        let first = line.amount.min(left)?;
        let rest = line.amount.checked_sub(first)?;
        left = left.checked_sub(first)?;
        let of = |amount| CheckedLine {
            amount,
            ..line.clone()
        };
        parted.first.extend(first.is_positive().then(|| of(first)));
        parted.rest.extend(rest.is_positive().then(|| of(rest)));
    }
    Ok(parted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategies::{eur, invoice};

    fn lines(amounts: &[i64]) -> Vec<CheckedLine> {
        let line = |(place, amount): (usize, &i64)| CheckedLine {
            invoice: invoice(place as u128),
            number: place.to_string(),
            account: AccountId(uuid::Uuid::from_u128(1)),
            amount: eur(*amount),
        };
        amounts.iter().enumerate().map(line).collect()
    }

    fn amounts(lines: &[CheckedLine]) -> Vec<(String, i64)> {
        lines
            .iter()
            .map(|line| (line.number.clone(), line.amount.minor()))
            .collect()
    }

    #[test]
    fn what_is_available_pays_the_first_lines_and_the_rest_is_left() {
        let Parted { first, rest } = part(eur(150), &lines(&[100, 100, 30])).unwrap();
        assert_eq!(amounts(&first), [("0".to_owned(), 100), ("1".to_owned(), 50)]);
        assert_eq!(amounts(&rest), [("1".to_owned(), 50), ("2".to_owned(), 30)]);
    }

    #[test]
    fn what_covers_all_leaves_nothing() {
        let Parted { first, rest } = part(eur(1_000), &lines(&[100, 30])).unwrap();
        assert_eq!((first.len(), rest.len()), (2, 0));
    }
}
