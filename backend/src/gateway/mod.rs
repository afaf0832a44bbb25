//! The daily comparison with the payment gateway, both ways.
//!
//! What the gateway took is listed page by page and held against attempts and payments; what was paid here and is not in
//! the list is looked up. An attempt that is not decided goes the reconciler's way and a refund that is missing the
//! refunds' own, so only what neither can put right becomes a finding. A finding is there once however often it is found,
//! and ends by itself when both sides agree. No transaction is open while the gateway is asked.

mod charges;
mod claims;
mod findings;
mod job;
mod missing;
pub mod read;
mod run;
#[cfg(test)]
mod tests;
pub mod write;

pub(crate) use job::{CompareGateway, PlanComparisons};

/// What the comparison is called in the audit and in the queue.
const COMPARE: &str = "gateway.compare";
