//! The test bank accounts, and what the gateway makes of the numbers it is given.
//!
//! As with cards ([`crate::cards`]), only the accounts of the table are accepted, and a number leaves this module as bank, last
//! four digits and a keyed fingerprint.

use serde::{Deserialize, Serialize};

use crate::cards::{Decline, keyed_hash};
use crate::error::ApiError;

/// How a debit ends, some time after it was ordered.
#[derive(Debug)]
pub enum Ending {
    /// The money comes.
    Paid,
    /// The bank refuses it.
    Refused(Decline),
    /// The money comes, and the bank takes it back, with its reason.
    Returned(&'static str),
}

/// One account of the table.
#[derive(Debug)]
pub struct TestAccount {
    /// How a stored payment method refers to it instead of by its number.
    pub name: &'static str,
    /// The routing number of an account in the United States; none in an IBAN.
    routing: Option<&'static str>,
    number: &'static str,
    /// How debits of it end.
    pub ending: Ending,
}

const NO_FUNDS: Decline = Decline::later(
    "insufficient_funds",
    "The account has insufficient funds to cover this transaction.",
);
const CLOSED: Decline = Decline::later("account_closed", "The customer's bank account has been closed.");
const DEBIT_FAILED: Decline = Decline::later("payment_intent_payment_attempt_failed", "The payment failed.");

const ROUTING: &str = "110000000";

/// A method that is there without having been entered, as at Stripe: each use of it makes one of [`TEST_NUMBERS`].
pub const TEST_METHOD: &str = "pm_usBankAccount_success";
/// Routing and account number of a test account that pays.
pub const TEST_NUMBERS: (&str, &str) = (ROUTING, "000123456789");

const fn us(name: &'static str, number: &'static str, ending: Ending) -> TestAccount {
    TestAccount {
        name,
        routing: Some(ROUTING),
        number,
        ending,
    }
}

const fn sepa(name: &'static str, number: &'static str, ending: Ending) -> TestAccount {
    TestAccount {
        name,
        routing: None,
        number,
        ending,
    }
}

static ACCOUNTS: &[TestAccount] = &[
    us("us_paid", "000123456789", Ending::Paid),
    us("us_closed", "000111111113", Ending::Refused(CLOSED)),
    us("us_no_funds", "000222222227", Ending::Refused(NO_FUNDS)),
    us(
        "us_returned",
        "000555555559",
        Ending::Returned("insufficient_funds"),
    ),
    sepa("sepa_paid", "DE89370400440532013000", Ending::Paid),
    sepa(
        "sepa_refused",
        "DE62370400440532013001",
        Ending::Refused(DEBIT_FAILED),
    ),
    sepa(
        "sepa_returned",
        "DE35370400440532013002",
        Ending::Returned("debit_not_authorized"),
    ),
];

/// The account that a stored name stands for.
pub fn by_name(name: &str) -> Option<&'static TestAccount> {
    ACCOUNTS.iter().find(|account| account.name == name)
}

/// What may be kept and shown of an account in the United States.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UsView {
    /// The bank.
    pub bank_name: String,
    /// The last four digits.
    pub last4: String,
    /// The bank's number.
    pub routing_number: String,
    /// The same for the same number.
    pub fingerprint: String,
    /// Always `company`.
    pub account_holder_type: String,
    /// Always `checking`.
    pub account_type: String,
}

/// What may be kept and shown of an account with an IBAN.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SepaView {
    /// The bank.
    pub bank_code: String,
    /// Where it is.
    pub country: String,
    /// The last four digits.
    pub last4: String,
    /// The same for the same number.
    pub fingerprint: String,
}

/// Looks a routing and an account number up and forgets the latter.
///
/// # Errors
/// When it is none of the table.
pub fn accept_us(routing: &str, number: &str, key: &str) -> Result<(&'static TestAccount, UsView), ApiError> {
    let account = find(Some(routing), number)
        .ok_or_else(|| unknown("us_bank_account[account_number]", "account_number_invalid"))?;
    let view = UsView {
        bank_name: "STRIPE TEST BANK".to_owned(),
        last4: last4(account.number),
        routing_number: routing.to_owned(),
        fingerprint: fingerprint(account.number, key),
        account_holder_type: "company".to_owned(),
        account_type: "checking".to_owned(),
    };
    Ok((account, view))
}

/// Looks an IBAN up and forgets it.
///
/// # Errors
/// When it is none of the table.
pub fn accept_iban(iban: &str, key: &str) -> Result<(&'static TestAccount, SepaView), ApiError> {
    let iban: String = iban.chars().filter(|c| !c.is_whitespace()).collect();
    let account = find(None, &iban.to_ascii_uppercase())
        .ok_or_else(|| unknown("sepa_debit[iban]", "invalid_bank_account_iban"))?;
    let view = SepaView {
        bank_code: account.number[4..12].to_owned(),
        country: account.number[..2].to_owned(),
        last4: last4(account.number),
        fingerprint: fingerprint(account.number, key),
    };
    Ok((account, view))
}

fn find(routing: Option<&str>, number: &str) -> Option<&'static TestAccount> {
    ACCOUNTS
        .iter()
        .find(|account| account.routing == routing && account.number == number)
}

fn unknown(param: &str, code: &'static str) -> ApiError {
    ApiError::parameter(code, param, "This is no test bank account.")
}

fn last4(number: &str) -> String {
    number[number.len() - 4..].to_owned()
}

fn fingerprint(number: &str, key: &str) -> String {
    keyed_hash(key, &[b"account", number.as_bytes()])[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_has_its_own_name_and_is_shown_by_its_end() {
        for account in ACCOUNTS {
            assert!(std::ptr::eq(by_name(account.name).unwrap(), account));
        }
        let (account, view) = accept_iban("de89 3704 0044 0532 0130 00", "key").unwrap();
        assert_eq!(
            (account.name, view.bank_code.as_str(), view.last4.as_str()),
            ("sepa_paid", "37040044", "3000")
        );
        assert!(accept_us(ROUTING, "000000000000", "key").is_err());
    }
}
