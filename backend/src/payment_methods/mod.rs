//! Saved cards and bank accounts: brand or bank, last four digits, expiry and the gateway's token, nothing else (V35); and
//! autopay, which pays with them what falls due.

pub mod add;
pub mod autopay;
pub mod change;
pub(crate) mod detach;
pub mod read;
#[cfg(test)]
mod tests;
pub mod write;

pub(crate) use autopay::run::PayDue;
