//! What a vendor billed a seller for its customers, beside what the seller billed them.
//!
//! A vendor's bill of a month is read into [`BillLine`]s. [`compare`] puts them beside the seller's own lines of the month,
//! by mapped customer and by products that are sold for one another; it is pure, so that an old month comes out the same
//! again. Who reads the result: licences are counted in seats, all else in money (V58), and what is not mapped is never
//! taken for equal (V55).

mod columns;
mod compare;
mod expiry;
mod figures;
mod groups;
mod lines;
mod mapping;
mod month;
mod pages;
mod summary;

pub use columns::{BillColumns, BillField};
pub use compare::{Class, ComparedRow, Missing, OwnSum, VendorLine, compare};
pub use expiry::{Expiring, Window, expiring};
pub use figures::Figures;
pub use lines::{BillLine, BilledTerm, LineKind};
pub use mapping::{CompanyMapping, Mappings, ProductMapping, VendorRef, in_force, propose_customers};
pub use month::Month;
pub use pages::*;
pub use summary::{Licence, discrepancies, export_header, export_lines, licences, sums};

/// Most characters of a vendor's name.
pub const VENDOR_MAX: u32 = 80;
/// Most of one's own products that stand for one product of a vendor.
pub const MOST_ITEMS: u32 = 50;

/// What tells vendors apart: their name without case and punctuation.
pub fn vendor_key(name: &str) -> String {
    crate::bank_files::plain_name(name)
}

#[cfg(test)]
mod tests;
