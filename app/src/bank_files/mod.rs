//! Files of banks: brought, read, and what came in recorded as payments. Plain pages all of them.

pub mod api;
mod columns;
mod detail;
mod entries;
mod entry;
mod list;
mod waiting;

pub(crate) use detail::view as bank_file_page;
pub(crate) use entry::view as bank_entry_page;
pub(crate) use list::view as bank_files_page;
pub(crate) use waiting::view as waiting_page;
