//! Writing invoices by hand, and what changed in an issued one (I5 to I11, V17).

pub mod api;
mod costs;
mod lines;
mod preview;
mod replaced;
mod revisions;
mod write;

pub(crate) use lines::{Lines, typed_lines};
pub(crate) use replaced::view as replaced_page;
pub(crate) use revisions::view as revisions_page;
pub(crate) use write::{new_view as new_invoice_page, view as write_page};
