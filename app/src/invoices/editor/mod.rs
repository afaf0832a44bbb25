//! Writing invoices by hand, and what changed in an issued one (I5 to I11, V17).

pub mod api;
mod costs;
mod lines;
mod revisions;
mod write;

pub(crate) use lines::Lines;
pub(crate) use revisions::view as revisions_page;
pub(crate) use write::{new_view as new_invoice_page, view as write_page};
