//! Pages that a browser fetches when they are first opened.
//!
//! Pages share parts of the program, and every set of parts that shares something becomes a file of its own. With a
//! part per page that made over eighty files a page, most of them too small to compress well; so pages that are opened
//! one after another share a part, and only the heavy ones stand alone (docs/SIZE.md).

/// Makes `$page` a page of the site whose view, `$view`, is fetched with the part named: `lazy_page!(PAGE: PART, VIEW)`.
///
/// `$view` is a function of the same module, `fn() -> AnyView`. It loads the page's data as well, so that a page brings
/// the decoding of its own data and no other's.
macro_rules! lazy_page {
    ($page:ident: $part:ident, $view:ident) => {
        /// See the module.
        pub struct $page;

        impl ::leptos_router::LazyRoute for $page {
            fn data() -> Self {
                Self
            }

            async fn view(_page: Self) -> ::leptos::prelude::AnyView {
                part::$view().await
            }

            async fn preload() {
                #[cfg(feature = "hydrate")]
                part::preload().await;
            }
        }

        #[cfg(feature = "hydrate")]
        mod part {
            #[::leptos::wasm_split::wasm_split($part, wasm_split_path = ::leptos::wasm_split, preload(preload))]
            pub(super) fn $view() -> ::leptos::prelude::AnyView {
                crate::awake::mark();
                super::$view()
            }
        }

        #[cfg(not(feature = "hydrate"))]
        mod part {
            pub(super) async fn $view() -> ::leptos::prelude::AnyView {
                ::leptos::prefetch_lazy_fn_on_server(stringify!($part));
                super::$view()
            }
        }
    };
}

pub(crate) use lazy_page;
