//! Tenants: with whom one trades, and how tenants and their accounts come to be.

pub mod read;
pub(crate) mod write;
