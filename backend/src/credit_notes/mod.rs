//! Credit notes: what is left to credit of an invoice, issuing, and the list on both sides (C1 to C3, V36 to V39).

pub mod explain;
pub mod list;
pub mod read;
#[cfg(test)]
mod tests;
pub mod write;
