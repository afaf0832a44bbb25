//! Signing in and out, one's own account, and where to work.

#[cfg(feature = "ssr")]
mod account;
pub mod api;
#[cfg(feature = "ssr")]
mod code;
#[cfg(feature = "ssr")]
mod door;
#[cfg(feature = "ssr")]
mod doorway;
#[cfg(feature = "ssr")]
mod email;
#[cfg(feature = "ssr")]
mod login;
#[cfg(feature = "ssr")]
mod password;
#[cfg(feature = "ssr")]
mod switch;

#[cfg(feature = "ssr")]
pub(crate) use account::view as account_page;
#[cfg(feature = "ssr")]
pub(crate) use code::view as code_page;
#[cfg(feature = "ssr")]
pub(crate) use door::view as door_page;
#[cfg(feature = "ssr")]
pub(crate) use doorway::{Doorway, by_link};
#[cfg(feature = "ssr")]
pub(crate) use email::{email_page, new_email_page};
#[cfg(feature = "ssr")]
pub(crate) use login::view as login_page;
#[cfg(feature = "ssr")]
pub(crate) use password::{forgotten_page, new_password_page};
#[cfg(feature = "ssr")]
pub(crate) use switch::view as switch_page;
