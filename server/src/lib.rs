//! The program around the portal: settings, routes, adapters to the outside, the worker.
#![recursion_limit = "256"]

pub mod adapters;
pub mod commands;
pub mod config;
pub mod exports;
pub mod headers;
pub mod intake;
pub mod router;
pub mod session;
pub mod uploads;
pub mod worker;

/// A page is thousands of small pieces of text: the system's allocator takes a quarter more of the processor for one
/// (docs/BENCHMARKS.md). SQLite uses it too. Huge pages are off: they made an idle portal hold 20 MB more.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
