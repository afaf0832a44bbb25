//! The table of the site: every page, and the document around them.

use crate::markup::view;
use crate::{
    awake, css, frame::Frame, invoices::selection::Selection, lazy::Page, ui::page::NotFound, viewer,
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
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
                    <Route path=path!("/login") view=Page::Login ssr=SsrMode::Async/>
                    <Route path=path!("/login/code") view=Page::Code ssr=SsrMode::Async/>
                    <Route path=path!("/login/with/:tenant") view=Page::WayIn ssr=SsrMode::Async/>
                    <Route path=path!("/password") view=Page::Forgotten ssr=SsrMode::Async/>
                    <Route path=path!("/password/:token") view=Page::NewPassword ssr=SsrMode::Async/>
                    <Route path=path!("/invitation/:token") view=Page::Invitation ssr=SsrMode::Async/>
                    <Route path=path!("/") view=Page::Home ssr=SsrMode::Async/>
                    <Route path=path!("/account") view=Page::Account ssr=SsrMode::Async/>
                    <Route path=path!("/account/second-factor") view=Page::SecondFactor ssr=SsrMode::Async/>
                    <Route path=path!("/account/email") view=Page::Email ssr=SsrMode::Async/>
                    <Route path=path!("/account/email/:token") view=Page::NewEmail ssr=SsrMode::Async/>
                    <Route path=path!("/switch") view=Page::Switch ssr=SsrMode::Async/>
                    <Route path=path!("/people") view=Page::People ssr=SsrMode::Async/>
                    <Route path=path!("/people/new") view=Page::Invite ssr=SsrMode::Async/>
                    <Route path=path!("/people/:id") view=Page::Person ssr=SsrMode::Async/>
                    <Route path=path!("/roles") view=Page::Roles ssr=SsrMode::Async/>
                    <Route path=path!("/audit") view=Page::Audit ssr=SsrMode::Async/>
                    <Route path=path!("/jobs") view=Page::Jobs ssr=SsrMode::Async/>
                    <Route path=path!("/tenants") view=Page::Tenants ssr=SsrMode::Async/>
                    <Route path=path!("/tenants/new") view=Page::NewTenant ssr=SsrMode::Async/>
                    <Route path=path!("/tenants/:id") view=Page::Tenant ssr=SsrMode::Async/>
                    <Route path=path!("/profiles") view=Page::OwnProfiles ssr=SsrMode::Async/>
                    <Route path=path!("/profiles/:id") view=Page::OwnProfile ssr=SsrMode::Async/>
                    <Route path=path!("/profiles/of/:id") view=Page::Profiles ssr=SsrMode::Async/>
                    <Route path=path!("/profiles/change/:id") view=Page::Profile ssr=SsrMode::Async/>
                    <Route path=path!("/groups") view=Page::Groups ssr=SsrMode::Async/>
                    <Route path=path!("/company") view=Page::Company ssr=SsrMode::Async/>
                    <Route path=path!("/company/addresses") view=Page::Particulars ssr=SsrMode::Async/>
                    <Route path=path!("/company/keys") view=Page::ApiKeys ssr=SsrMode::Async/>
                    <Route path=path!("/reminders") view=Page::ReminderSettings ssr=SsrMode::Async/>
                    <Route path=path!("/reminders/:id") view=Page::AccountReminders ssr=SsrMode::Async/>
                    <Route path=path!("/sharing") view=Page::Sharing ssr=SsrMode::Async/>
                    <Route path=path!("/shared") view=Page::Givers ssr=SsrMode::Async/>
                    <Route path=path!("/shared/:id") view=Page::Shared ssr=SsrMode::Async/>
                    <Route path=path!("/shared/:id/:invoice") view=Page::SharedInvoice ssr=SsrMode::Async/>
                    <Route path=path!("/door") view=Page::Door ssr=SsrMode::Async/>
                    <Route path=path!("/security") view=Page::Security ssr=SsrMode::Async/>
                    <Route path=path!("/security/single-sign-on") view=Page::SingleSignOn ssr=SsrMode::Async/>
                    <Route path=path!("/invoices") view=Page::Invoices ssr=SsrMode::Async/>
                    <Route path=path!("/invoices/import") view=Page::Imports ssr=SsrMode::Async/>
                    <Route path=path!("/invoices/import/:id") view=Page::Import ssr=SsrMode::Async/>
                    <Route path=path!("/invoices/:id") view=Page::Invoice ssr=SsrMode::Async/>
                    <Route path=path!("/write") view=Page::NewInvoice ssr=SsrMode::Async/>
                    <Route path=path!("/write/:id") view=Page::WriteInvoice ssr=SsrMode::Async/>
                    <Route path=path!("/revisions/:id") view=Page::Revisions ssr=SsrMode::Async/>
                    <Route path=path!("/revisions/:id/:number") view=Page::Replaced ssr=SsrMode::Async/>
                    <Route path=path!("/as-of") view=Page::AsOf ssr=SsrMode::Async/>
                    <Route path=path!("/explain/:id") view=Page::Explain ssr=SsrMode::Async/>
                    <Route path=path!("/explain/payment/:id") view=Page::ExplainPayment ssr=SsrMode::Async/>
                    <Route path=path!("/explain/credit/:id") view=Page::ExplainCredit ssr=SsrMode::Async/>
                    <Route path=path!("/explain/account/:id") view=Page::ExplainAccount ssr=SsrMode::Async/>
                    <Route path=path!("/void/:id") view=Page::VoidInvoice ssr=SsrMode::Async/>
                    <Route path=path!("/write-off/:id") view=Page::WriteOff ssr=SsrMode::Async/>
                    <Route path=path!("/disputes") view=Page::Disputes ssr=SsrMode::Async/>
                    <Route path=path!("/disputes/:id") view=Page::InvoiceDisputes ssr=SsrMode::Async/>
                    <Route path=path!("/credits") view=Page::CreditNotes ssr=SsrMode::Async/>
                    <Route path=path!("/credits/:id") view=Page::CreditNote ssr=SsrMode::Async/>
                    <Route path=path!("/credit") view=Page::CreditAccount ssr=SsrMode::Async/>
                    <Route path=path!("/credit/:id") view=Page::NewCreditNote ssr=SsrMode::Async/>
                    <Route path=path!("/rollups") view=Page::Rollups ssr=SsrMode::Async/>
                    <Route path=path!("/rollups/new") view=Page::NewRollup ssr=SsrMode::Async/>
                    <Route path=path!("/rollups/:id") view=Page::Rollup ssr=SsrMode::Async/>
                    <Route path=path!("/refund/:id") view=Page::Refund ssr=SsrMode::Async/>
                    <Route path=path!("/receipt/:id") view=Page::SendReceipt ssr=SsrMode::Async/>
                    <Route path=path!("/books") view=Page::Books ssr=SsrMode::Async/>
                    <Route path=path!("/books/entries") view=Page::BookEntries ssr=SsrMode::Async/>
                    <Route path=path!("/proof") view=Page::Proof ssr=SsrMode::Async/>
                    <Route path=path!("/payments") view=Page::Payments ssr=SsrMode::Async/>
                    <Route path=path!("/payments/attempts") view=Page::Attempts ssr=SsrMode::Async/>
                    <Route path=path!("/payments/record") view=Page::RecordPayment ssr=SsrMode::Async/>
                    <Route path=path!("/allocate/:id") view=Page::Allocate ssr=SsrMode::Async/>
                    <Route path=path!("/workbench") view=Page::Workbench ssr=SsrMode::Async/>
                    <Route path=path!("/workbench/:id") view=Page::Plan ssr=SsrMode::Async/>
                    <Route path=path!("/attach/:id") view=Page::Attach ssr=SsrMode::Async/>
                    <Route path=path!("/compared") view=Page::Compared ssr=SsrMode::Async/>
                    <Route path=path!("/compared/:id") view=Page::Finding ssr=SsrMode::Async/>
                    <Route path=path!("/bank") view=Page::BankFiles ssr=SsrMode::Async/>
                    <Route path=path!("/bank/waiting") view=Page::WaitingEntries ssr=SsrMode::Async/>
                    <Route path=path!("/bank/:id") view=Page::BankFile ssr=SsrMode::Async/>
                    <Route path=path!("/bank/entries/:id") view=Page::BankEntry ssr=SsrMode::Async/>
                    <Route path=path!("/reconciliation") view=Page::Reconciliation ssr=SsrMode::Async/>
                    <Route path=path!("/reconciliation/bills") view=Page::VendorBills ssr=SsrMode::Async/>
                    <Route path=path!("/reconciliation/bills/:id") view=Page::VendorBill ssr=SsrMode::Async/>
                    <Route path=path!("/reconciliation/settings") view=Page::ReconciliationSettings ssr=SsrMode::Async/>
                    <Route path=path!("/payments/new") view=Page::NewPayment ssr=SsrMode::Async/>
                    <Route path=path!("/payments/result/:key") view=Page::PaymentResult ssr=SsrMode::Async/>
                    <Route path=path!("/payments/:id") view=Page::Receipt ssr=SsrMode::Async/>
                    <Route path=path!("/methods") view=Page::Methods ssr=SsrMode::Async/>
                    <Route path=path!("/methods/new") view=Page::NewMethod ssr=SsrMode::Async/>
                    <Route path=path!("/methods/change/:id") view=Page::ChangeMethod ssr=SsrMode::Async/>
                    <Route path=path!("/methods/enter") view=Page::EnterMethod ssr=SsrMode::Async/>
                    <Route path=path!("/mail") view=Page::SentMail ssr=SsrMode::Async/>
                    <Route path=path!("/mail/:id") view=Page::Mail ssr=SsrMode::Async/>
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
    let (carried, plain) = (crate::wire::to_text(&viewer), crate::server::is_plain());
    #[cfg(not(feature = "ssr"))]
    let (carried, plain) = (String::new(), false);
    // What wakes the page. A plain page has nothing to wake, nor anything to wake it with.
    let program = (!plain).then(|| {
        view! {
            <script type="text/plain" id=viewer::ELEMENT nonce=use_nonce() inner_html=carried></script>
            <HydrationScripts options/>
        }
    });
    let page = if plain {
        Owner::with_no_hydration(|| App().into_any())
    } else {
        App().into_any()
    };
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
                {program}
                <MetaTags/>
            </head>
            <body>
                {page}
            </body>
        </html>
    }
}
