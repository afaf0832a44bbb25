//! The payment gateway as the payment core needs it: customers, cards and intents, nothing that is one vendor's own.
//!
//! Every call names the seller, since the keys are the seller's (D5). No call is ever repeated as a way to look
//! something up: [`PaymentGateway::find_intent`] and [`PaymentGateway::find_intent_of`] are there for that (D6).

use super::{charges::Charges, setup::Setup};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{
    Money,
    ids::{AccountId, AttemptId, RefundId, TenantId},
    payment_methods::{CardChange, MethodKind},
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

    /// Begins to set up a card or bank account of a customer, which the browser then enters at the gateway. Nothing is
    /// charged, and one that is never entered is nothing.
    ///
    /// # Errors
    /// [`GatewayError`].
    async fn begin_setup(
        &self,
        seller: TenantId,
        customer: &str,
        kind: MethodKind,
    ) -> Result<Setup, GatewayError>;

    /// Looks up how far that is; none when the gateway does not know it.
    ///
    /// # Errors
    /// [`GatewayError`].
    async fn find_setup(&self, seller: TenantId, setup: &str) -> Result<Option<Setup>, GatewayError>;

    /// Attaches a card or bank account, given by the token that the browser got, to a customer. Repeatable.
    ///
    /// # Errors
    /// [`GatewayError`]; a card that the bank refuses is [`GatewayError::Declined`].
    async fn attach_card(
        &self,
        seller: TenantId,
        customer: &str,
        token: &str,
    ) -> Result<GatewayCard, GatewayError>;

    /// Changes what is kept of a card or bank account of a customer, and returns it as it is then. Repeatable.
    ///
    /// # Errors
    /// [`GatewayError`]; an expiry that the gateway does not take is [`GatewayError::Declined`].
    async fn change_card(
        &self,
        seller: TenantId,
        customer: &str,
        token: &str,
        change: &CardChange,
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

    /// Confirms an intent with a card: this is the call that moves money. Off session a bank that wants the payer is
    /// [`GatewayError::NeedsAuthentication`].
    ///
    /// # Errors
    /// [`GatewayError`]; after [`GatewayError::Unreachable`] the outcome is unknown and must be looked up.
    async fn confirm_intent(
        &self,
        seller: TenantId,
        attempt: AttemptId,
        intent: &str,
        card: &str,
        payer: Presence,
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

    /// A page of the money that was taken since a moment, the newest first, whoever asked for it; `after` is the end of the
    /// page before.
    ///
    /// # Errors
    /// [`GatewayError`].
    async fn list_charges(
        &self,
        seller: TenantId,
        since: DateTime<Utc>,
        after: Option<&str>,
    ) -> Result<Charges, GatewayError>;

    /// Cancels an intent that has not succeeded.
    ///
    /// # Errors
    /// [`GatewayError`].
    async fn cancel_intent(&self, seller: TenantId, intent: &str) -> Result<Intent, GatewayError>;

    /// Gives money of an intent back to where it came from. Its idempotency key is derived from the refund.
    ///
    /// # Errors
    /// [`GatewayError`]; after [`GatewayError::Unreachable`] the outcome is unknown and must be looked up.
    async fn create_refund(
        &self,
        seller: TenantId,
        request: &RefundRequest,
    ) -> Result<GatewayRefund, GatewayError>;

    /// All that was given back of an intent, or is about to be, whoever asked for it.
    ///
    /// # Errors
    /// [`GatewayError`].
    async fn refunds_of(&self, seller: TenantId, intent: &str) -> Result<Vec<GatewayRefund>, GatewayError>;

    /// Looks up what a payer's bank disputes, in one of the gateway's accounts: a dispute does not say whose it is.
    ///
    /// # Errors
    /// [`GatewayError`].
    async fn find_dispute(
        &self,
        account: &str,
        dispute: &str,
    ) -> Result<Option<GatewayDispute>, GatewayError>;

    /// Whether other sellers may use the same account, so that not all that is charged there is the seller's.
    fn is_shared(&self, seller: TenantId) -> bool;

    /// The gateway's account whose keys a seller uses; several sellers may use one. [`Self::read_event`] takes the name.
    fn account_of(&self, seller: TenantId) -> String;

    /// The seller that an account is kept for alone; none for the one that all others share.
    fn seller_of(&self, account: &str) -> Option<TenantId>;

    /// Reads what the gateway posted by itself, if it really is from it: signed with a secret of that account, not long
    /// ago, and not a byte changed (K6).
    ///
    /// # Errors
    /// [`EventRefused`].
    fn read_event(
        &self,
        account: &str,
        signature: &str,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<GatewayEvent, EventRefused>;
}

/// Whether the payer is there to answer the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// At the page.
    OnSession,
    /// Not there: autopay.
    OffSession,
}

/// What a refund is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRequest {
    /// The refund, written into its metadata.
    pub refund: RefundId,
    /// The intent whose money it is.
    pub intent: String,
    /// How much.
    pub amount: Money,
}

/// Money that goes back, as the gateway tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayRefund {
    /// Its id at the gateway.
    pub id: String,
    /// Ours, if it was asked for here.
    pub refund: Option<RefundId>,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub state: GatewayRefundState,
    /// Code of what went wrong.
    pub failure: Option<String>,
}

/// Where a refund stands at the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GatewayRefundState {
    /// The bank is thinking.
    Pending,
    /// The money is gone.
    Succeeded,
    /// It did not go, or came back.
    Failed,
}

/// A payment that the payer disputes at the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayDispute {
    /// Its id at the gateway.
    pub id: String,
    /// The intent whose money it is about.
    pub intent: String,
    /// How much the bank took.
    pub amount: Money,
    /// Where it stands.
    pub state: DisputeState,
    /// What the gateway takes for it, in minor units of the amount's currency.
    pub fee: Money,
    /// The bank's reason, in the gateway's code.
    pub reason: String,
}

/// Where a dispute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisputeState {
    /// A question of the bank that waits for the seller's answer: no money was taken.
    Inquiry,
    /// One that was answered or dropped: no money was taken either.
    InquiryAnswered,
    /// The money was taken, and may come back.
    Open,
    /// The money came back.
    Won,
    /// The money is gone.
    Lost,
}

/// What the gateway told by itself: only what to look at, so that neither order nor number of such posts matters (K4, K5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayEvent {
    /// Its id at the gateway; the same one comes again with the same id.
    pub id: String,
    /// What to look at.
    pub about: About,
}

/// What the gateway has news of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// An intent.
    Intent(String),
    /// What was given back of an intent.
    Refunds(String),
    /// A dispute.
    Dispute(String),
    /// Something that the portal does not care for.
    Nothing,
}

/// Why a post is not taken for the gateway's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EventRefused {
    /// No secret is known for the account, so nothing can be believed.
    #[error("no secret is configured for this account")]
    NoSecret,
    /// Not signed, or not with that secret, or not this body.
    #[error("the signature does not fit")]
    Forged,
    /// Signed too long ago, or in the future.
    #[error("the signature is too old")]
    Stale,
    /// Signed, and still no event.
    #[error("the body is no event")]
    Unreadable,
}

/// What an intent is made from. Its idempotency key is derived from the attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntentRequest {
    /// The attempt, written into the intent's metadata.
    pub attempt: AttemptId,
    /// The gateway's customer.
    pub customer: String,
    /// The card's or bank account's token.
    pub card_token: String,
    /// Which of them it is.
    pub kind: MethodKind,
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
    /// What the gateway kept of the charge, once it knows: of a debit it may do so days later.
    pub fee: Option<Money>,
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

/// Month and year in which a bank account expires, so that whoever asks whether a method is still good need not know what
/// it is.
pub const NEVER: (u8, u16) = (12, 9999);

/// A card or bank account kept by the gateway (V35).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayCard {
    /// The gateway's token.
    pub token: String,
    /// What it is.
    pub kind: MethodKind,
    /// Brand, as the gateway writes it; name of the bank where it is an account.
    pub brand: String,
    /// Last four digits.
    pub last4: String,
    /// Month of expiry, 1 to 12. A bank account has none and says [`NEVER`].
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
