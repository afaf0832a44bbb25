//! The partners or customers that a tenant made.

pub mod read;
pub mod write;
