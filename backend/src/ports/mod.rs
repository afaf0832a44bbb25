//! What the backend needs from outside: the time, a payment gateway, a mail system, providers of identities.
//!
//! Each port is a small trait with a fake beside it; the real ones are adapters of the server.

mod charges;
mod clock;
pub mod fakes;
mod gateway;
mod identity;
mod mailer;
mod setup;

pub use charges::{Charges, GatewayCharge};
pub use clock::{Clock, SystemClock};
pub use gateway::{
    About, DisputeState, EventRefused, GatewayCard, GatewayDispute, GatewayError, GatewayEvent,
    GatewayRefund, GatewayRefundState, Intent, IntentRequest, IntentState, NEVER, PaymentGateway, Presence,
    RefundRequest,
};
pub use identity::{Answer, Client, Identity, IdentityProviders, ProviderError, Question};
pub use mailer::{MailError, Mailer, OutgoingMail};
pub use setup::{GatewayMandate, Setup, SetupState};

use std::sync::Arc;

/// The ports, chosen by configuration.
#[derive(Clone)]
pub struct Ports {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where cards are charged.
    pub gateway: Arc<dyn PaymentGateway>,
    /// Where mails go.
    pub mailer: Arc<dyn Mailer>,
    /// Where people of a company sign in.
    pub identities: Arc<dyn IdentityProviders>,
}
