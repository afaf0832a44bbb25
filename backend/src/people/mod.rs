//! The people of a tenant: who they are, what they may do, and how new ones come in (R1, R8, T15).

pub mod accept;
mod given;
pub mod invite;
pub mod read;
#[cfg(test)]
mod tests;
pub mod write;

pub use given::Words;
pub(crate) use given::may_speak_for_everybody;
