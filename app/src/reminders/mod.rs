//! Payment reminders: what the seller wants of them, and those of an account.

mod account;
pub mod api;
mod settings;

pub(crate) use account::view as account_reminders_page;
pub(crate) use settings::view as reminder_settings_page;
