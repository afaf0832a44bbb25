//! A payment gateway that speaks a narrow part of Stripe's API, for demonstrations and tests.
//!
//! The portal's binary runs it on a port of its own and reaches it over HTTP, exactly as it would reach Stripe, so the
//! same adapter serves both. What must stay true: no card number is ever written anywhere, a request with an
//! idempotency key has its effect once (also across a restart), and no more can be refunded than was charged.
//!
//! * [`serve`] runs it; [`Sandbox`] is the same in two steps, for callers that need the port; [`router`] is it without
//!   a socket.
//! * `routes.rs` lists every call of the API, `browser.rs` what a browser loads, `control.rs` the switches for tests.

mod auth;
mod balance;
mod banks;
mod browser;
mod cards;
mod charges;
mod config;
mod control;
mod customers;
mod cut;
mod debits;
mod disputes;
mod error;
mod events;
mod faults;
mod form;
mod idempotency;
mod objects;
mod payment_intents;
mod payment_methods;
mod pipeline;
mod refunds;
mod routes;
mod server;
mod setup_intents;
mod state;
mod store;
mod webhooks;

pub use config::{Control, Database, Exposure, SandboxConfig, SandboxError, WebhookTarget};
pub use server::{Sandbox, router, serve};
pub use webhooks::sign;
