//! The payment gateway as the payment core needs it: customers, cards and intents, nothing that is one vendor's own.
//!
//! Every call names the seller, since the keys are the seller's (D5). No call is ever repeated as a way to look
//! something up: [`PaymentGateway::find_intent`] and [`PaymentGateway::find_intent_of`] are there for that (D6).

use async_trait::async_trait;
use domain::{
    Money,
    ids::{AccountId, AttemptId, TenantId},
    payments::GatewayForm,
};
use thiserror::Error;

/// A gateway that keeps cards and charges them.
#[async_trait]
pub trait PaymentGateway: Send + Sync {
    /// The script and publishable key that the browser needs for the seller's card fields.
    fn form(&self, seller: TenantId) -> GatewayForm;

    /// Makes the gateway's customer for a trading account and returns its id. Repeatable: the idempotency key is
    /// derived from the account.
    ///
    /// # Errors
    /// [`GatewayError`].
    async fn create_customer(
        &self,
        seller: TenantId,
        account: AccountId,
        name: &str,
        email: Option<&str>,
    ) -> Result<String, GatewayError>;

    /// Attaches a card, given by the token that the browser got, to a customer. Repeatable.
    ///
    /// # Errors
    /// [`GatewayError`]; a card that the bank refuses is [`GatewayError::Declined`].
    async fn attach_card(
        &self,
        seller: TenantId,
        customer: &str,
        token: &str,
    ) -> Result<GatewayCard, GatewayError>;

    /// Takes a card off its customer; it cannot be charged any more. Repeatable.
    ///
    /// # Errors
    /// [`GatewayError`].
    async fn detach_card(&self, seller: TenantId, token: &str) -> Result<(), GatewayError>;

    /// Makes an intent that is not confirmed yet, so that its id can be stored before money moves (D6).
    ///
    /// # Errors
    /// [`GatewayError`].
    async fn create_intent(&self, seller: TenantId, request: &IntentRequest) -> Result<Intent, GatewayError>;

    /// Confirms an intent with a card: this is the call that moves money.
    ///
    /// # Errors
    /// [`GatewayError`]; after [`GatewayError::Unreachable`] the outcome is unknown and must be looked up.
    async fn confirm_intent(
        &self,
        seller: TenantId,
        attempt: AttemptId,
        intent: &str,
        card: &str,
    ) -> Result<Intent, GatewayError>;

    /// Looks an intent up by its id; none when the gateway does not know it.
    ///
    /// # Errors
    /// [`GatewayError`].
    async fn find_intent(&self, seller: TenantId, intent: &str) -> Result<Option<Intent>, GatewayError>;

    /// Looks up the intent of an attempt whose id never arrived: lists the customer's intents and compares the
    /// attempt in their metadata.
    ///
    /// # Errors
    /// [`GatewayError`].
    async fn find_intent_of(
        &self,
        seller: TenantId,
        customer: &str,
        attempt: AttemptId,
    ) -> Result<Option<Intent>, GatewayError>;

    /// Cancels an intent that has not succeeded.
    ///
    /// # Errors
    /// [`GatewayError`].
    async fn cancel_intent(&self, seller: TenantId, intent: &str) -> Result<Intent, GatewayError>;
}

/// What an intent is made from. Its idempotency key is derived from the attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntentRequest {
    /// The attempt, written into the intent's metadata.
    pub attempt: AttemptId,
    /// The gateway's customer.
    pub customer: String,
    /// The card's token.
    pub card_token: String,
    /// How much.
    pub amount: Money,
}

/// An intent as the gateway tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Its id at the gateway.
    pub id: String,
    /// Where it stands.
    pub state: IntentState,
    /// How much.
    pub amount: Money,
    /// What the browser needs while the bank waits for the payer; good for nothing else.
    pub client_secret: Option<String>,
    /// Id of the charge, once there is one.
    pub charge: Option<String>,
    /// Code of the last refusal.
    pub failure: Option<String>,
}

/// Where an intent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntentState {
    /// Made, not confirmed: no money moves.
    RequiresConfirmation,
    /// The payer must confirm at the bank (3-D Secure).
    RequiresAction,
    /// The bank is thinking.
    Processing,
    /// Paid.
    Succeeded,
    /// Refused; another card may be tried.
    RequiresPaymentMethod,
    /// Given up for good.
    Canceled,
}

/// A card kept by the gateway (V35).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayCard {
    /// The gateway's token.
    pub token: String,
    /// Brand, as the gateway writes it.
    pub brand: String,
    /// Last four digits.
    pub last4: String,
    /// Month of expiry, 1 to 12.
    pub exp_month: u8,
    /// Year of expiry, four digits.
    pub exp_year: u16,
    /// The same for the same number, if the gateway tells one.
    pub fingerprint: Option<String>,
}

/// Why a call to the gateway did not give what was asked for.
#[derive(Debug, Error)]
pub enum GatewayError {
    /// The bank or the gateway said no to the card.
    #[error("declined: {code}")]
    Declined {
        /// The reason, in the gateway's code.
        code: String,
    },
    /// The bank wants the payer to confirm, and nobody is there to do it.
    #[error("the payer must confirm at the bank")]
    NeedsAuthentication,
    /// Asked too often; later it works.
    #[error("asked too often")]
    RateLimited,
    /// No answer, or one that cannot be trusted: what happened is unknown.
    #[error("the gateway cannot be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The gateway refused the request as such: our fault, to be logged.
    #[error("the gateway refused the request: {0}")]
    Misuse(String),
}
