//! The real things behind the backend's ports. Dull on purpose.

pub mod keep;
pub mod smtp;
pub mod stripe;
