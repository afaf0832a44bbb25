//! Signing in and out, one's own account, and where to work.

mod account;
pub mod api;
mod doorway;
mod login;
mod password;
mod switch;

pub use account::AccountPage;
pub use doorway::Doorway;
pub use login::LoginPage;
pub use password::{ForgottenPage, NewPasswordPage};
pub use switch::SwitchPage;
