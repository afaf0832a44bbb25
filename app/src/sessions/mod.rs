//! Signing in and out, and one's own account.

mod account;
pub mod api;
mod login;

pub use account::AccountPage;
pub use login::LoginPage;
