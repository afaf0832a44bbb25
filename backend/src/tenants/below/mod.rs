//! The partners or customers that a tenant made.

pub mod family;
pub mod read;
pub mod write;
