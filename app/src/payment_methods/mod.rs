//! Payment methods: the saved cards and bank accounts of each account, and autopay (M1 to M3).

pub mod api;
#[cfg(feature = "ssr")]
mod change;
#[cfg(feature = "ssr")]
mod enter;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod new;

#[cfg(feature = "ssr")]
pub(crate) use {
    change::view as change_method_page, enter::view as enter_method_page, list::view as methods_page,
    new::view as new_method_page,
};
