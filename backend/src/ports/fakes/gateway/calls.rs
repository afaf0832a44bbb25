//! What a test counts of the gateway, and how it lets a call go wrong.

#[cfg(doc)]
use crate::ports::PaymentGateway;

/// Calls of the gateway, to be scripted and counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// [`PaymentGateway::create_customer`].
    CreateCustomer,
    /// [`PaymentGateway::begin_setup`].
    BeginSetup,
    /// [`PaymentGateway::find_setup`].
    FindSetup,
    /// [`PaymentGateway::attach_card`].
    AttachCard,
    /// [`PaymentGateway::change_card`].
    ChangeCard,
    /// [`PaymentGateway::detach_card`].
    DetachCard,
    /// [`PaymentGateway::create_intent`].
    CreateIntent,
    /// [`PaymentGateway::confirm_intent`].
    ConfirmIntent,
    /// [`PaymentGateway::find_intent`].
    FindIntent,
    /// [`PaymentGateway::find_intent_of`].
    FindIntentOf,
    /// [`PaymentGateway::list_charges`].
    ListCharges,
    /// [`PaymentGateway::cancel_intent`].
    CancelIntent,
    /// [`PaymentGateway::create_refund`].
    CreateRefund,
    /// [`PaymentGateway::refunds_of`].
    RefundsOf,
    /// [`PaymentGateway::find_dispute`].
    FindDispute,
}

/// How a scripted call goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It takes effect, the answer is lost.
    LoseReply,
    /// It never arrives.
    LoseRequest,
    /// It is refused as too frequent.
    RateLimit,
}
