//! Signing in and out, one's own account, and where to work.

mod account;
pub mod api;
mod doorway;
mod login;
mod password;
mod switch;

pub(crate) use account::view as account_page;
pub use doorway::Doorway;
pub(crate) use login::view as login_page;
pub(crate) use password::{forgotten_page, new_password_page};
pub(crate) use switch::view as switch_page;
