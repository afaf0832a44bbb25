//! The only door to data.
//!
//! An [`Actor`] is somebody proven; with a permission it gives a [`Scope`], and only a scope starts queries and
//! transactions, each narrowed by [`visibility`]. A command's first argument is its scope, so calling it without the
//! check does not compile.

mod actor;
mod audit;
mod reach;
#[expect(clippy::module_inception, reason = "the slice is named after its main type")]
mod scope;
mod system;
#[cfg(test)]
pub(crate) mod tests;
mod transaction;
mod visibility;

pub use actor::{Actor, Request};
pub(crate) use actor::{NewActor, Who, time_zone};
pub(crate) use audit::Act;
pub(crate) use reach::{Company, Subsidiaries};
pub use scope::{Scope, SeesInvoices, SharedInvoices};
pub(crate) use system::System;
pub(crate) use transaction::Tx;
pub(crate) use visibility::{Viewpoint, Visible};
