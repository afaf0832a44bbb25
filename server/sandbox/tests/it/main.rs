//! What the sandbox promises, seen from outside: through its HTTP interface only.

#![expect(clippy::unwrap_used, reason = "a test whose step fails has failed")]

mod cards;
mod debits;
mod faults;
mod gateway;
mod idempotency;
mod intents;
mod objects;
mod pages;
mod privacy;
mod refunds;
mod webhooks;
