//! The workbench: unused money and credit of a customer on the left, what it owes on the right, a rule between them, and
//! what was done before (V26, V28, V34).
//!
//! Looking is a GET: which boxes are ticked and which rule is chosen stand in the address, and the amounts are filled in
//! by the server. Only saving and undoing change anything.

pub mod api;
mod bench;
mod debts;
mod find;
mod history;
mod plan;

pub(crate) use find::view as workbench_page;
pub(crate) use plan::view as plan_page;

/// The page's address.
const PAGE: &str = "/workbench";
