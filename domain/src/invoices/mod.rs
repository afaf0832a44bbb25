//! Invoices: what they are, how they add up, what may be done with them. The reference slice.

mod choices;
#[macro_use]
pub(crate) mod codes;
pub mod as_of;
pub mod billed;
pub mod columns;
pub mod editing;
pub mod explain;
pub mod form;
pub mod lifecycle;
pub mod numbering;
mod page;
pub mod totals;
mod types;
mod void;
mod write_off;

pub use choices::*;
pub use page::*;
pub use types::*;
pub use void::*;
pub use write_off::*;
