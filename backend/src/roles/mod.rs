//! What a tenant makes of the built-in roles, and roles of its own (R7, N4).

pub mod read;
#[cfg(test)]
mod tests;
pub mod write;
