//! The queue of jobs: written in the transaction that causes them, run at least once, with effect once.
//!
//! A claim leases a job and raises its token, so a worker that was thought dead cannot finish what another one took
//! over (K14, K21). What fails is tried again later and later, then parked as dead, where it is seen. A job takes ids,
//! not data, and may run twice.

pub mod operator;
mod queue;
pub mod read;
mod registry;
mod runner;
mod sweep;
#[cfg(test)]
mod tests;
pub mod write;

pub use queue::{Waiting, release_all, waiting};
pub(crate) use queue::{enqueue, enqueue_at, enqueue_in, schedule};
pub use registry::{standard, tick};
pub use runner::{Job, JobContext, Ran, Registry, Retry, run_due, run_one};
