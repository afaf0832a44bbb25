//! The second factor of a person's login: codes of an app (TOTP, RFC 6238) and recovery codes.
//!
//! It belongs to the person and not to a tenant, so it is asked for wherever they work. A code is taken once; which codes
//! were taken is decided by one guarded statement, so that two nodes agree.

pub(crate) mod kept;
pub mod read;
#[cfg(test)]
mod tests;
pub(crate) mod totp;
pub mod write;
