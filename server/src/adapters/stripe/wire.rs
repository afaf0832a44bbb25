//! The gateway's objects as far as they are read, and the way between its amounts and ours.
//!
//! Tolerant where the API varies (an expanded object in place of an id, absent fields), strict where money is
//! concerned: an unknown state or currency makes an answer untrusted.

use std::collections::HashMap;

use backend::ports::{Intent, IntentState};
use domain::ids::AttemptId;
use domain::{Currency, Money};
use serde::Deserialize;

use super::http::Failure;

/// The gateway's clock and ours may differ by so much.
const CLOCK_TOLERANCE: i64 = 24 * 60 * 60;
/// No minor unit in ISO 4217, two decimals at Stripe for the sake of older callers.
const TWO_DECIMALS_AT_STRIPE: [&str; 2] = ["ISK", "UGX"];

/// An object of which only the id matters.
#[derive(Deserialize)]
pub struct Named {
    /// Its id.
    pub id: String,
}

/// One page of a list, newest first.
#[derive(Deserialize)]
pub struct WireList<T> {
    /// The objects.
    pub data: Vec<T>,
    /// Whether older ones follow.
    #[serde(default)]
    pub has_more: bool,
}

/// An id, or the object it stands for.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Reference {
    /// The id.
    Id(String),
    /// The object.
    Object(Named),
}

impl Reference {
    /// The id, lent.
    pub fn id(&self) -> &str {
        match self {
            Self::Id(id) | Self::Object(Named { id }) => id,
        }
    }

    /// The id.
    pub fn into_id(self) -> String {
        match self {
            Self::Id(id) | Self::Object(Named { id }) => id,
        }
    }
}

/// A payment intent.
#[derive(Deserialize)]
pub struct WireIntent {
    /// Its id.
    pub id: String,
    /// When it was made, in Unix seconds.
    pub created: i64,
    status: String,
    amount: i64,
    currency: String,
    customer: Option<Reference>,
    client_secret: Option<String>,
    latest_charge: Option<WireCharge>,
    last_payment_error: Option<WireFailure>,
    metadata: Option<HashMap<String, String>>,
}

/// A charge: its id, or as much of it as was asked for.
#[derive(Deserialize)]
#[serde(untagged)]
enum WireCharge {
    Id(String),
    Object {
        id: String,
        balance_transaction: Option<WireSettled>,
    },
}

impl WireCharge {
    fn into_id(self) -> String {
        match self {
            Self::Id(id) | Self::Object { id, .. } => id,
        }
    }

    /// What the gateway kept of it, when that is known.
    fn fee(&self) -> Option<Result<Money, Failure>> {
        match self {
            Self::Id(_) => None,
            Self::Object {
                balance_transaction, ..
            } => balance_transaction.as_ref()?.fee(),
        }
    }
}

/// What a charge did to the account at the gateway: an id where it was not asked for.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum WireSettled {
    /// As far as it is read. Its currency is the account's, which may be another than the payer's.
    Object {
        /// What the gateway kept.
        fee: i64,
        /// In this currency.
        currency: String,
    },
    /// It did something, and what was not told.
    Id(serde::de::IgnoredAny),
}

impl WireSettled {
    /// What the gateway kept, if it is told.
    pub fn fee(&self) -> Option<Result<Money, Failure>> {
        match self {
            Self::Object { fee, currency } => Some(from_wire(*fee, currency)),
            Self::Id(_) => None,
        }
    }
}

/// Why something was refused.
#[derive(Deserialize)]
pub struct WireFailure {
    code: Option<String>,
    decline_code: Option<String>,
}

impl WireFailure {
    /// The bank's code, else the gateway's.
    pub fn into_code(self) -> String {
        let Self { code, decline_code } = self;
        decline_code
            .or(code)
            .unwrap_or_else(|| "processing_error".to_owned())
    }
}

impl WireIntent {
    /// Whether it was made for this attempt of this customer.
    pub fn is_of(&self, customer: &str, attempt: &str) -> bool {
        let noted = self.metadata.as_ref().and_then(|notes| notes.get("attempt"));
        let payer = self.customer.as_ref().map(Reference::id);
        noted.is_some_and(|noted| noted == attempt) && payer == Some(customer)
    }

    /// The intent in our words.
    ///
    /// # Errors
    /// When state or amount are not understood; then nothing is known.
    pub fn into_intent(self) -> Result<Intent, Failure> {
        let Self {
            id,
            created: _,
            status,
            amount,
            currency,
            customer: _,
            client_secret,
            latest_charge,
            last_payment_error,
            metadata: _,
        } = self;
        let failure = last_payment_error.and_then(|WireFailure { code, decline_code }| decline_code.or(code));
        let fee = latest_charge.as_ref().and_then(WireCharge::fee);
        Ok(Intent {
            state: state(&status)?,
            amount: from_wire(amount, &currency)?,
            fee: fee.transpose()?,
            id,
            client_secret,
            charge: latest_charge.map(WireCharge::into_id),
            failure,
        })
    }
}

/// An amount as the gateway wants it: its minor units and the currency in lower case.
///
/// # Errors
/// When the amount cannot be said there: not positive, or three decimals of which the last is not zero.
pub fn to_wire(amount: Money) -> Result<(i64, String), Failure> {
    let refused = |reason: &str| {
        Err(Failure::Misuse {
            status: 400,
            reason: reason.to_owned(),
        })
    };
    let (minor, currency) = (amount.minor(), amount.currency());
    if minor <= 0 {
        return refused("an amount that is not positive");
    }
    if currency.exponent() == 3 && minor % 10 != 0 {
        return refused("the gateway charges three-decimal currencies in steps of ten");
    }
    let factor = if TWO_DECIMALS_AT_STRIPE.contains(&currency.code()) {
        100
    } else {
        1
    };
    match minor.checked_mul(factor) {
        Some(minor) => Ok((minor, currency.code().to_ascii_lowercase())),
        None => refused("an amount that is too large"),
    }
}

/// The earliest time, in Unix seconds, at which an intent of this attempt can have been made.
pub fn not_before(attempt: AttemptId) -> i64 {
    let made = attempt.0.get_timestamp().map(|stamp| stamp.to_unix().0);
    made.and_then(|seconds| i64::try_from(seconds).ok())
        .map_or(i64::MIN, |seconds| seconds - CLOCK_TOLERANCE)
}

/// An amount in our words.
///
/// # Errors
/// When the currency is unknown or cannot hold the amount.
pub fn from_wire(minor: i64, currency: &str) -> Result<Money, Failure> {
    let currency: Currency = currency
        .parse()
        .map_err(|_| Failure::untrusted("an unknown currency"))?;
    let factor = if TWO_DECIMALS_AT_STRIPE.contains(&currency.code()) {
        100
    } else {
        1
    };
    if minor % factor != 0 {
        return Err(Failure::untrusted("an amount that the currency cannot hold"));
    }
    Ok(Money::new(minor / factor, currency))
}

fn state(status: &str) -> Result<IntentState, Failure> {
    match status {
        "requires_confirmation" => Ok(IntentState::RequiresConfirmation),
        "requires_action" => Ok(IntentState::RequiresAction),
        "processing" => Ok(IntentState::Processing),
        "succeeded" => Ok(IntentState::Succeeded),
        "requires_payment_method" => Ok(IntentState::RequiresPaymentMethod),
        "canceled" => Ok(IntentState::Canceled),
        _ => Err(Failure::untrusted("an intent in an unknown state")),
    }
}

/// How much an intent says about money that has moved.
pub fn weight(state: IntentState) -> u8 {
    match state {
        IntentState::Succeeded => 5,
        IntentState::Processing => 4,
        IntentState::RequiresAction => 3,
        IntentState::RequiresConfirmation => 2,
        IntentState::RequiresPaymentMethod => 1,
        IntentState::Canceled => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intent(json: &str) -> Result<Intent, Failure> {
        serde_json::from_str::<WireIntent>(json).unwrap().into_intent()
    }

    #[test]
    fn the_charge_may_be_an_id_or_an_object() {
        for charge in [r#""ch_1""#, r#"{"id":"ch_1","object":"charge"}"#] {
            let json = format!(
                r#"{{"id":"pi_1","created":1,"status":"succeeded","amount":5,"currency":"eur","latest_charge":{charge}}}"#
            );
            assert_eq!(intent(&json).unwrap().charge.as_deref(), Some("ch_1"));
        }
    }

    #[test]
    fn the_fee_is_known_when_the_charge_has_settled() {
        for (settled, fee) in [
            ("null", None),
            (r#""txn_1""#, None),
            (
                r#"{"id":"txn_1","amount":500,"fee":45,"net":455,"currency":"usd"}"#,
                Some(Money::new(45, Currency::USD)),
            ),
        ] {
            let json = format!(
                r#"{{"id":"pi_1","created":1,"status":"succeeded","amount":5,"currency":"eur",
                    "latest_charge":{{"id":"ch_1","balance_transaction":{settled}}}}}"#
            );
            assert_eq!(intent(&json).unwrap().fee, fee);
        }
    }

    #[test]
    fn an_unknown_state_or_currency_leaves_the_outcome_open() {
        for (status, currency) in [("requires_capture", "eur"), ("succeeded", "xxq")] {
            let json = format!(
                r#"{{"id":"pi_1","created":1,"status":"{status}","amount":5,"currency":"{currency}"}}"#
            );
            assert!(matches!(intent(&json), Err(Failure::Unknown(_))));
        }
    }

    #[test]
    fn amounts_survive_the_way_there_and_back() {
        for (minor, code, sent) in [
            (1999, "EUR", 1999),
            (500, "JPY", 500),
            (12_340, "KWD", 12_340),
            (7, "ISK", 700),
            (3, "UGX", 300),
        ] {
            let money = Money::new(minor, code.parse().unwrap());
            let (amount, currency) = to_wire(money).unwrap();
            assert_eq!(amount, sent);
            assert_eq!(from_wire(amount, &currency).unwrap(), money);
        }
    }

    #[test]
    fn an_amount_that_cannot_be_said_is_refused_before_it_is_sent() {
        for (minor, currency) in [(12_345, Currency::KWD), (0, Currency::EUR), (-1, Currency::EUR)] {
            assert!(to_wire(Money::new(minor, currency)).is_err());
        }
    }
}
