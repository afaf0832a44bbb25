//! The program around the portal: settings, routes, adapters to the outside, the worker.
#![recursion_limit = "256"]

pub mod adapters;
pub mod api;
pub mod attachments;
pub mod bank_uploads;
pub mod bill_uploads;
pub mod commands;
pub mod config;
pub mod disks;
pub mod exports;
pub mod gateway_events;
pub mod headers;
pub mod intake;
pub mod logos;
pub mod posts;
pub mod proxies;
pub mod router;
pub mod session;
pub mod single_sign_on;
pub mod uploads;
pub mod worker;

/// A page is thousands of small pieces of memory: the system's allocator takes a quarter more of the processor for one
/// (docs/BENCHMARKS.md). Mimalloc takes the place of `malloc`, for Rust's own allocations as for SQLite's; as Rust's
/// allocator by name it would be asked for aligned memory each time, which it finds more slowly. Huge pages are off: they
/// made an idle portal hold 20 MB more. The name here is what makes the linker take it.
#[used]
static MALLOC: unsafe extern "C" fn(usize) -> *mut std::ffi::c_void = libmimalloc_sys::mi_malloc;
