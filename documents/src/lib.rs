//! Documents of other programs: data in, no database.
//!
//! [`incoming`] reads the files that people bring from their books: CSV, UBL invoices and credit notes, and ZIP
//! archives of those. Everything streams; what a file may cost is bounded by [`incoming::Limits`]. [`bank`] reads what
//! banks give out: statements with the money that came in. [`bills`] reads what vendors want to be paid for.
#![deny(
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss
)]

pub mod bank;
pub mod bills;
pub mod incoming;
