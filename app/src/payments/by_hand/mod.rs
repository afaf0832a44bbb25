//! Money beside the gateway: recorded by hand, put to invoices, taken off again.

#[cfg(feature = "ssr")]
mod allocate;
pub mod api;
#[cfg(feature = "ssr")]
mod attach;
#[cfg(feature = "ssr")]
mod lines;
#[cfg(feature = "ssr")]
mod record;

#[cfg(feature = "ssr")]
pub(crate) use allocate::view as allocate_page;
#[cfg(feature = "ssr")]
pub(crate) use attach::view as attach_page;
#[cfg(feature = "ssr")]
pub(crate) use record::view as record_page;
