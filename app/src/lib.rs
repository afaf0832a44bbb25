//! The portal's pages and the server functions behind them.
//!
//! The same code draws a page on the server and wakes it in the browser. Everything is useful before the program
//! arrives: lists are links and GET forms, acts are form posts. `App` is the table of the site.
#![recursion_limit = "256"]

#[cfg(feature = "ssr")]
pub mod api_keys;
#[cfg(feature = "ssr")]
pub mod audit;
mod awake;
#[cfg(feature = "ssr")]
pub mod bank_files;
pub mod books;
#[cfg(feature = "ssr")]
pub mod company;
pub mod credit_notes;
#[cfg(feature = "ssr")]
pub mod disputes;
pub mod error;
mod frame;
#[cfg(feature = "ssr")]
pub mod gateway;
#[cfg(feature = "ssr")]
mod home;
pub mod imports;
pub mod invoices;
#[cfg(feature = "ssr")]
pub mod jobs;
mod lazy;
pub mod loading;
#[cfg(feature = "ssr")]
pub mod mail;
mod markup;
pub mod payment_methods;
pub mod payments;
#[cfg(feature = "ssr")]
pub mod people;
#[cfg(feature = "ssr")]
pub mod profiles;
#[cfg(feature = "ssr")]
pub mod reconciliation;
#[cfg(feature = "ssr")]
pub mod refunds;
#[cfg(feature = "ssr")]
pub mod reminders;
#[cfg(feature = "ssr")]
pub mod roles;
#[cfg(feature = "ssr")]
pub mod rollups;
#[cfg(feature = "ssr")]
pub mod second_factor;
#[cfg(feature = "ssr")]
pub mod security;
#[cfg(feature = "ssr")]
pub mod server;
pub mod sessions;
#[cfg(feature = "ssr")]
pub mod shared;
#[cfg(feature = "ssr")]
pub mod single_sign_on;
mod site;
#[cfg(feature = "ssr")]
pub mod tenants;
pub mod ui;
pub mod viewer;
pub mod wire;
#[cfg(feature = "ssr")]
pub mod workbench;
#[cfg(feature = "ssr")]
mod written;

pub use site::{App, shell};

/// Where a posted form leads.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Done {
    /// A path of this site.
    pub to: String,
}

/// Class names and address of the stylesheet, made by the build script.
pub mod css {
    include!(concat!(env!("OUT_DIR"), "/css.rs"));
}

/// The stylesheet that [`css::STYLESHEET`] names.
#[cfg(feature = "ssr")]
pub const STYLESHEET_TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/site.css"));
