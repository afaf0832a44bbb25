//! Saved cards: brand, last four digits, expiry and the gateway's token, nothing else (V35).

pub mod read;
#[cfg(test)]
mod tests;
pub(crate) mod write;
