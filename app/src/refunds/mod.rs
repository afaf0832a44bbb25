//! Money that goes back: the page on which it is given (V32).

pub mod api;
mod new;

pub(crate) use new::view as refund_page;
