//! The start page: what the house icon leads to (T11 to T13).

use crate::markup::view;
use crate::{
    css,
    ui::{
        form::Said,
        icon::{Glyph, Icon},
        page::PageHead,
    },
    viewer::use_viewer,
};
use domain::access::Permission;
use leptos::prelude::*;

/// The page.
pub(crate) fn view() -> AnyView {
    let viewer = use_viewer();
    let may = |permission| viewer.as_ref().is_some_and(|viewer| viewer.may(permission));
    let (_, made) = crate::tenants::made_in_words();
    let title = viewer
        .as_ref()
        .map(|viewer| viewer.tenant.name.clone())
        .unwrap_or_default();
    let link = |to: &'static str, glyph, name: &'static str, what: &'static str, external: bool| {
        view! {
            <li><a href=to rel=external.then_some("external")><Icon of=glyph large=true/><span><b>{name}</b><span>{what}</span></span></a></li>
        }
    };
    view! {
        <PageHead title note="What would you like to do?"/>
        <Said words=&[("welcome", "Welcome. From here you reach everything.")]/>
        <div class=css::HOME>
            <section class="panel">
                <h2>"Home Links"</h2>
                <ul>
                    {may(Permission::PayInvoices).then(|| link("/payments/new", Glyph::Card, "Make a payment", "Pay one or many invoices by card", true))}
                    {may(Permission::ViewReceivedInvoices).then(|| link("/invoices?side=to-pay", Glyph::File, "Invoices to pay", "Find, filter and download what you were billed", false))}
                    {may(Permission::ViewIssuedInvoices).then(|| link("/invoices?side=issued", Glyph::Building, "Issued invoices", "What you billed, and what is still open", false))}
                    {(may(Permission::ViewIssuedInvoices) || may(Permission::ViewReceivedInvoices))
                        .then(|| link("/payments", Glyph::List, "Payments", "What was paid, by whom and for what", false))}
                    {may(Permission::RecordPayments).then(|| link("/payments/record", Glyph::Plus, "Record a payment", "Checks, transfers and cash", false))}
                    {may(Permission::ViewBooks).then(|| link("/books", Glyph::Building, "Books", "Who owes what on any day, and the proof of it", false))}
                    {may(Permission::OpenReconciliation).then(|| link("/reconciliation", Glyph::List, "Reconciliation", "What vendors billed you, beside what you billed", false))}
                    {may(Permission::ImportInvoices).then(|| link("/invoices/import", Glyph::Upload, "Import invoices", "From your ERP, as CSV or UBL", false))}
                </ul>
            </section>
            <section class="panel">
                <h2>"Settings"</h2>
                <ul>
                    {may(Permission::ManagePeople).then(|| link("/people", Glyph::User, "People", "Who works here, and what they may do", false))}
                    {may(Permission::ManageRoles).then(|| link("/roles", Glyph::Building, "Roles & Permissions", "What each role may do", false))}
                    {may(Permission::ManageTenants).then(|| link("/tenants", Glyph::Building, made, "Make them, switch them on, shut them out", false))}
                    {may(Permission::ManageSettings).then(|| link("/company", Glyph::House, "Company", "Name, address, logo and colours", false))}
                    {may(Permission::ViewAudit).then(|| link("/audit", Glyph::List, "Audit", "What was done, by whom and from where", false))}
                    {may(Permission::ManageSettings).then(|| link("/security", Glyph::Check, "Security", "Who needs a second factor, and how long logins last", false))}
                    {link("/account", Glyph::Lock, "Change password", "And what you are signed in as", false)}
                    {(may(Permission::ViewSentMail) || may(Permission::ViewReceivedMail)).then(|| link("/mail", Glyph::Mail, "Sent mail", "Receipts and notices", false))}
                </ul>
            </section>
        </div>
    }
    .into_any()
}
