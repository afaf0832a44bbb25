//! Keys with which programs of a tenant call: made and revoked by people, and the way in with one.
//!
//! A key is 32 random bytes, shown once; its row holds their SHA-256. What is drawn at random cannot be guessed from a list
//! of likely ones, so a hash that costs nothing is as good as one that costs a second. A key does what it was let do and its
//! giver may do now, read with every call: with their rights it shrinks, and when they are shut out it rests.

pub mod enter;
pub mod read;
#[cfg(test)]
mod tests;
pub mod write;
