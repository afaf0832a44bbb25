//! The audit: who did what to what (V51). Entries are written by [`crate::scope`]; here they are read and proven.

pub mod read;
mod verify;

#[cfg(test)]
mod tests;

pub use verify::{Broken, Flaw, Proof, verify};
