//! Imports of invoices and credit notes: what a file's rows mean and whether its numbers agree.
//!
//! Pure and streaming: rows come in one by one in file order, finished documents go out one by one, and nothing but
//! the open document and a hash of each number seen is kept. A document that [`check()`] passes adds up by V6 to V9;
//! nobody corrects a file's numbers in silence.

mod assemble;
pub mod check;
mod fields;
mod issues;
mod layouts;
mod mapping;
mod own;
mod progress;
mod row_parts;
mod settle;
mod stored;
mod types;
mod values;
mod words;

pub use assemble::{Assembled, Assembler, Limits, fingerprint};
pub use check::{Checked, check};
pub use fields::{ColumnMap, Field, Layout, MissingColumns, SignRule, labels};
pub use issues::{ImportIssue, Problem, Sum};
pub use layouts::{infer_tax, recognise, suggest};
pub use mapping::{Mapper, Row, RowKind};
pub use own::{own_header, own_records};
pub use progress::{ImportDetail, ImportRow, ImportState, MappingOffer, PreviewDocument};
pub use settle::{LinePrices, NegativeDocuments, settle_lines, settle_sign};
pub use types::{
    Adjustment, AdjustmentKind, CustomerKey, DocumentKind, DraftDocument, DraftLine, DraftTax, StatedGroup,
    StatedTotals,
};
pub use values::{DateOrder, DecimalMark, date, decimal, money, price_for};
pub use words::{Breaks, LONG_TEXT, SHORT_TEXT, bounded, category, percent};

#[cfg(test)]
mod tests;
