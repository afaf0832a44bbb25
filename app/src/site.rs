//! The table of the site: every page, and the document around them.

use crate::markup::view;
use crate::{
    awake, css,
    frame::Frame,
    home::HomePage,
    imports::{ImportPage, ImportsPage},
    invoices::{InvoicePage, InvoicesPage, selection::Selection},
    mail::{MailPage, SentMailPage},
    payments::{NewPaymentPage, ReceiptPage, ResultPage},
    people::{InvitationPage, InvitePage, PeoplePage, PersonPage},
    roles::RolesPage,
    sessions::{AccountPage, ForgottenPage, LoginPage, NewPasswordPage, SwitchPage},
    ui::page::NotFound,
    viewer,
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    Lazy, SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

/// All pages. Each is drawn whole before it is sent, so that it is complete without script and may set its status.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    viewer::provide();
    Selection::provide();
    awake::leave_clicks_until_then();
    view! {
        <Title formatter=|text: String| if text.is_empty() { "Quittance".to_owned() } else { format!("{text} · Quittance") }/>
        <Router>
            <Frame>
                <FlatRoutes fallback=NotFound>
                    <Route path=path!("/login") view={Lazy::<LoginPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/password") view={Lazy::<ForgottenPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/password/:token") view={Lazy::<NewPasswordPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/invitation/:token") view={Lazy::<InvitationPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/") view={Lazy::<HomePage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/account") view={Lazy::<AccountPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/switch") view={Lazy::<SwitchPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/people") view={Lazy::<PeoplePage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/people/new") view={Lazy::<InvitePage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/people/:id") view={Lazy::<PersonPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/roles") view={Lazy::<RolesPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/invoices") view={Lazy::<InvoicesPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/invoices/import") view={Lazy::<ImportsPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/invoices/import/:id") view={Lazy::<ImportPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/invoices/:id") view={Lazy::<InvoicePage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/payments/new") view={Lazy::<NewPaymentPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/payments/result/:key") view={Lazy::<ResultPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/payments/:id") view={Lazy::<ReceiptPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/mail") view={Lazy::<SentMailPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/mail/:id") view={Lazy::<MailPage>::new()} ssr=SsrMode::Async/>
                </FlatRoutes>
            </Frame>
        </Router>
    }
}

/// The document around a page, drawn on the server only.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::server::guard_page(use_nonce().as_deref());
    let viewer = viewer::load();
    let accent = viewer
        .as_ref()
        .map_or_else(|| "indigo".to_owned(), |viewer| viewer.tenant.accent.clone());
    let language = viewer
        .as_ref()
        .map_or("en-US", |viewer| viewer.tenant.locale.code());
    #[cfg(feature = "ssr")]
    let carried = crate::wire::to_text(&viewer);
    #[cfg(not(feature = "ssr"))]
    let carried = String::new();
    view! {
        <!DOCTYPE html>
        <html lang=language data-accent=accent>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="preload" href="/fonts/inter-latin.woff2" r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
                <link rel="stylesheet" href=css::STYLESHEET/>
                <script type="text/plain" id=viewer::ELEMENT nonce=use_nonce() inner_html=carried></script>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
