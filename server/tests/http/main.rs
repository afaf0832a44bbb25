//! The site over HTTP, without a network: who may call what, what the doors let in, what a stream brings.
//!
//! With `TEST_DATABASE_URL` set the same tests run on PostgreSQL.
#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "what cannot be asked is a failed test")]

mod access;
mod attachments;
mod bank;
mod canary;
mod card_numbers;
mod doors;
mod forged;
mod forms;
mod gateway_events;
mod matrix;
mod people;
mod place;
mod principals;
mod programs;
mod provider;
mod second_factor;
mod single_sign_on;
mod site;
mod table;
mod writes;
