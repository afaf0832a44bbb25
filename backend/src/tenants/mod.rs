//! Tenants: what they say of themselves, whom they made, what they share, and with whom they trade.

pub mod below;
pub mod company;
pub mod door;
pub mod grants;
pub mod groups;
pub mod logo;
pub mod particulars;
pub mod read;
#[cfg(test)]
mod tests;
pub(crate) mod write;
