//! The real things behind the backend's ports. Dull on purpose.

pub mod keep;
pub mod openid;
pub mod outgoing;
pub mod smtp;
pub mod stripe;
