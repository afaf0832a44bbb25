//! Sessions: signing in, who is signed in, signing out.
//!
//! A session is a row; the browser holds 32 random bytes and the row their SHA-256, so nobody who reads the table can
//! take a session over. Rights are read with every request, so a change of them takes effect at once. Who has a second
//! factor gets a session only after its code.

pub(crate) mod begin;
pub mod email;
pub(crate) mod given;
pub(crate) mod guard;
pub(crate) mod notice;
pub mod operator;
mod password;
pub mod pending;
pub mod read;
pub mod reset;
#[cfg(test)]
mod tests;
mod throttle;
pub(crate) mod token;
pub mod typed;
pub mod write;

pub(crate) use password::hash as hash_password;
