//! The frame around every page: house icon, tenant, profile menu and the menu of the billing module.
//!
//! The distributor finds Billing in its main menu (T3); partners and customers under My profile → My Account → Billing
//! (T4, T5). The menus are popovers, which open and close without script. An entry stands here once its page exists.
//! Billing, Reconciliation and Administration are applications (T19), each with a menu of its own; the address says which one.

use crate::markup::view;
use crate::{
    css,
    sessions::api::LogOut,
    ui::icon::{Glyph, Icon},
    viewer::use_viewer,
};
use domain::{
    access::{Permission, TenantKind},
    sessions::Viewer,
    tenants::Door,
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;

/// Where Administration begins for somebody, if anything of it is theirs.
pub(crate) fn administration(viewer: &Viewer) -> Option<&'static str> {
    let pages = [
        (Permission::ManagePeople, "/people"),
        (Permission::ManageTenants, "/tenants"),
        (Permission::ManageRoles, "/roles"),
        (Permission::ManageSettings, "/company"),
        (Permission::ViewAudit, "/audit"),
        (Permission::ManageSettings, "/security"),
    ];
    let found = pages.into_iter().find(|(permission, _)| viewer.may(*permission));
    found.map(|(_, to)| to)
}

/// Where Billing begins for somebody, if anything of it is theirs.
pub(crate) fn billing(viewer: &Viewer) -> Option<&'static str> {
    let pages = [
        (Permission::ViewIssuedInvoices, "/invoices"),
        (Permission::ViewReceivedInvoices, "/invoices"),
        (Permission::ImportInvoices, "/invoices/import"),
        (Permission::RecordPayments, "/payments/record"),
        (Permission::ViewBooks, "/books"),
        (Permission::PayInvoices, "/methods"),
        (Permission::ViewSentMail, "/mail"),
        (Permission::ViewReceivedMail, "/mail"),
    ];
    let found = pages.into_iter().find(|(permission, _)| viewer.may(*permission));
    found.map(|(_, to)| to)
}

/// Where Reconciliation begins for somebody who may open it.
pub(crate) fn reconciliation(viewer: &Viewer) -> Option<&'static str> {
    viewer
        .may(Permission::OpenReconciliation)
        .then_some(RECONCILIATION)
}

const RECONCILIATION: &str = "/reconciliation";

/// Entries of the menu that lie below another entry's address.
const DEEPER: [(&str, &str); 5] = [
    ("/invoices", "/invoices/import"),
    ("/payments", "/payments/new"),
    ("/payments", "/payments/record"),
    (RECONCILIATION, "/reconciliation/bills"),
    (RECONCILIATION, "/reconciliation/settings"),
];

/// The application that an address lies in. All pages of the others are plain (app/src/lazy.rs), so the browser's program
/// need not know them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Application {
    Billing,
    #[cfg(feature = "ssr")]
    Reconciliation,
    #[cfg(feature = "ssr")]
    Administration,
}

impl Application {
    #[cfg(not(feature = "ssr"))]
    const fn of(_: &str) -> Self {
        Self::Billing
    }

    #[cfg(feature = "ssr")]
    fn of(path: &str) -> Self {
        if is_administration(path) {
            Self::Administration
        } else if path.starts_with(RECONCILIATION) {
            Self::Reconciliation
        } else {
            Self::Billing
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Billing => "Billing",
            #[cfg(feature = "ssr")]
            Self::Reconciliation => "Reconciliation",
            #[cfg(feature = "ssr")]
            Self::Administration => "Administration",
        }
    }
}

/// Whether an address lies in Administration.
#[cfg(feature = "ssr")]
fn is_administration(path: &str) -> bool {
    let begins = [
        "/people",
        "/roles",
        "/audit",
        "/tenants",
        "/groups",
        "/company",
        "/sharing",
        "/security",
        "/jobs",
    ];
    begins.iter().any(|begin| path.starts_with(begin))
}

/// Draws the frame for whoever is signed in; the page `Log in` stands alone.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let Some(viewer) = use_viewer() else {
        return children().into_any();
    };
    close_menus_on_another_page();
    // Erased at the borders: the type of a whole page would outgrow the compiler.
    let bar = view! { <TopBar viewer=viewer.clone()/> }.into_any();
    // Behind a shut door there is nothing to choose.
    let menu = (viewer.tenant.door == Door::Open).then(|| view! { <SideMenu viewer/> }.into_any());
    view! {
        <div class=css::FRAME>
            <a class="skip" href="#content">"Skip to content"</a>
            {bar}
            {menu}
            <main id="content" tabindex="-1">{children().into_any()}</main>
        </div>
    }
    .into_any()
}

/// A link in an open menu leads away from it: without a new document nothing else would close it.
fn close_menus_on_another_page() {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| before != path)
            && let Ok(open) = document().query_selector_all(":popover-open")
        {
            for index in 0..open.length() {
                if let Some(menu) = open.item(index) {
                    let _ = menu.unchecked_into::<web_sys::HtmlElement>().hide_popover();
                }
            }
        }
        path
    });
}

#[component]
fn TopBar(viewer: Viewer) -> impl IntoView {
    let initials: String = viewer
        .name
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2)
        .collect();
    let distributor = viewer.tenant.kind == TenantKind::Distributor;
    let office = administration(&viewer);
    let path = use_location().pathname;
    let app = move || Application::of(&path.get()).name();
    let bills = billing(&viewer).filter(|_| !distributor);
    let compares = reconciliation(&viewer);
    let logo = viewer.tenant.logo.clone().map(|hash| {
        view! {
            <img class="logo" src=format!("/logo/{}?{hash}", viewer.tenant.id) alt="" height="20"/>
        }
    });
    let switch = format!("{}: choose where to work", viewer.tenant.name);
    let contact = [
        viewer.tenant.support_phone.clone(),
        viewer.tenant.billing_email.clone(),
    ];
    let help = contact.iter().any(Option::is_some).then(|| view! {
        <button class="bar-button help" popovertarget="help" aria-label="Help"><Icon of=Glyph::Help/><span class="label">"Help"</span></button>
        <div class="menu at-end" id="help" popover="auto">
            <p class="who"><b>"Questions about a bill?"</b><span>"We are glad to help."</span></p>
            <ul>
                {viewer.tenant.support_phone.clone().map(|phone| view! {
                    <li><a href=format!("tel:{}", phone.replace(' ', "")) rel="external"><Icon of=Glyph::Help/>{phone.clone()}</a></li>
                })}
                {viewer.tenant.billing_email.clone().map(|email| view! {
                    <li><a href=format!("mailto:{email}") rel="external"><Icon of=Glyph::Mail/>{email.clone()}</a></li>
                })}
            </ul>
        </div>
    });
    view! {
        <header>
            <button class="bar-button burger" popovertarget="side" aria-label="Menu"><Icon of=Glyph::Menu large=true/></button>
            <a class="bar-button home" href="/" aria-label="Home"><Icon of=Glyph::House large=true/></a>
            <a class="bar-button switch" href="/switch" aria-label=switch>
                {logo}<span class="tenant">{viewer.tenant.name.clone()}</span><span class="app">{app}</span><Icon of=Glyph::Chevrons/>
            </a>
            <span class="bar-space"></span>
            {help}
            <button class="bar-button profile" popovertarget="profile" aria-label="My profile"><span class="face" aria-hidden="true">{initials}</span></button>
            <div class="menu at-end" id="profile" popover="auto">
                <p class="who"><b>{viewer.name}</b><span>{viewer.email}</span></p>
                <ul>
                    <li><a href="/account"><Icon of=Glyph::User/>"My Account"</a></li>
                    {bills.map(|to| view! { <li><a href=to><Icon of=Glyph::File/>"Billing"</a></li> })}
                    {compares.map(|to| view! { <li><a href=to><Icon of=Glyph::List/>"Reconciliation"</a></li> })}
                    {office.map(|to| view! { <li><a href=to><Icon of=Glyph::Building/>"Administration"</a></li> })}
                    <li><a href="/switch"><Icon of=Glyph::Chevrons/>"Choose where to work"</a></li>
                </ul>
                <hr/>
                <form method="post" action=LogOut::url()><button><Icon of=Glyph::Leave/>"Log out"</button></form>
            </div>
        </header>
    }
}

#[component]
fn SideMenu(viewer: Viewer) -> impl IntoView {
    let path = use_location().pathname;
    // The page that is shown, for the mark in the menu: the longest entry that its address begins with.
    let entry = move |to: &'static str, glyph: Glyph, name: &'static str, external: bool| {
        let current = move || {
            let path = path.get();
            let deeper = DEEPER
                .iter()
                .any(|(above, below)| *above == to && path.starts_with(below));
            let here = path == to || (to != "/" && path.starts_with(to) && !deeper);
            here.then_some("page")
        };
        view! { <li><a href=to aria-current=current rel=external.then_some("external")><Icon of=glyph/>{name}</a></li> }
    };
    let application = Memo::new(move |_| Application::of(&path.get()));
    let name = move || application.get().name();
    let menu = move || {
        let may = |permission| viewer.may(permission);
        let distributor = viewer.tenant.kind == TenantKind::Distributor;
        match application.get() {
            #[cfg(feature = "ssr")]
            Application::Administration => view! {
                {may(Permission::ManagePeople).then(|| entry("/people", Glyph::User, "People", false))}
                {may(Permission::ManageTenants).then(|| entry("/tenants", Glyph::Building, if distributor { "Partners" } else { "Customers" }, false))}
                {may(Permission::ManageRoles).then(|| entry("/roles", Glyph::Lock, "Roles & Permissions", false))}
                {may(Permission::ManageSettings).then(|| entry("/company", Glyph::House, "Company", false))}
                {(may(Permission::ManageSettings) && viewer.tenant.kind == TenantKind::Partner)
                    .then(|| entry("/sharing", Glyph::Eye, "Sharing", false))}
                {may(Permission::ViewAudit).then(|| entry("/audit", Glyph::List, "Audit", false))}
                {may(Permission::ManageSettings).then(|| entry("/security", Glyph::Check, "Security", false))}
                {may(Permission::ManageSettings).then(|| entry("/jobs", Glyph::Clock, "Background work", false))}
            }
            .into_any(),
            #[cfg(feature = "ssr")]
            Application::Reconciliation => view! {
                {may(Permission::OpenReconciliation).then(|| entry(RECONCILIATION, Glyph::List, "Dashboard", false))}
                {may(Permission::SetUpReconciliation)
                    .then(|| entry("/reconciliation/bills", Glyph::Upload, "Vendors’ bills", false))}
                {may(Permission::SetUpReconciliation)
                    .then(|| entry("/reconciliation/settings", Glyph::Building, "Settings", false))}
            }
            .into_any(),
            Application::Billing => view! {
                {(may(Permission::ViewIssuedInvoices) || may(Permission::ViewReceivedInvoices))
                    .then(|| entry("/invoices", Glyph::File, "Invoices", false))}
                {may(Permission::ImportInvoices).then(|| entry("/invoices/import", Glyph::Upload, "Import", false))}
                {(may(Permission::ViewSharedInvoices) && distributor)
                    .then(|| entry("/shared", Glyph::Eye, "Shared invoices", false))}
                {(may(Permission::ViewIssuedInvoices) || may(Permission::ViewReceivedInvoices))
                    .then(|| entry("/payments", Glyph::List, "Payments", false))}
                {may(Permission::RecordPayments).then(|| entry("/payments/record", Glyph::Plus, "Record a payment", false))}
                {may(Permission::RecordPayments).then(|| entry("/bank", Glyph::Upload, "Bank files", false))}
                {(may(Permission::ViewIssuedInvoices) || may(Permission::ViewReceivedInvoices))
                    .then(|| entry("/credits", Glyph::File, "Credit notes", false))}
                {(may(Permission::ViewIssuedInvoices) || may(Permission::ViewReceivedInvoices))
                    .then(|| entry("/disputes", Glyph::Alert, "Disputes", false))}
                {(may(Permission::ViewIssuedInvoices) || may(Permission::ViewReceivedInvoices))
                    .then(|| entry("/rollups", Glyph::File, "Roll-up bills", false))}
                {may(Permission::ViewBooks).then(|| entry("/books", Glyph::Building, "Books", false))}
                {may(Permission::PayInvoices).then(|| entry("/payments/new", Glyph::Card, "Make a payment", true))}
                {may(Permission::PayInvoices).then(|| entry("/methods", Glyph::Card, "Payment methods", false))}
                {(may(Permission::ViewSentMail) || may(Permission::ViewReceivedMail))
                    .then(|| entry("/mail", Glyph::Mail, "Sent mail", false))}
            }
            .into_any(),
        }
    };
    view! {
        <nav class="side" id="side" popover="auto" aria-label=move || format!("{} menu", name())>
            <h2>{name}</h2>
            <ul>{menu}</ul>
        </nav>
    }
}
