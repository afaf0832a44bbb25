//! What a tenant asks of its people's logins: which roles need a second factor, and how long sessions last.

pub mod read;
#[cfg(test)]
mod tests;
pub mod write;
