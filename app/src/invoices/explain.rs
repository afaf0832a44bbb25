//! The page `How it adds up`: every total of an invoice opened to its parts.

use super::api::explain_invoice;
use crate::loading::{Loading, load_named};
use crate::markup::view;
use crate::{
    css,
    ui::{loaded::loaded, page::PageHead, steps::steps},
    viewer::use_locale,
};
use domain::invoices::{
    InvoiceDetail,
    explain::{Movement, explain},
};
use leptos::prelude::*;

/// What the page loads.
struct Loads {
    invoice: Loading<(InvoiceDetail, Vec<Movement>)>,
}

impl Loads {
    fn new() -> Self {
        Self {
            invoice: load_named(explain_invoice),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { invoice } = Loads::new();
    loaded(invoice, |(invoice, movements): (InvoiceDetail, Vec<Movement>)| {
        let opened = explain((&invoice).into(), &movements, use_locale()).unwrap_or_default();
        let number = invoice.row.number.unwrap_or_else(|| "draft".to_owned());
        let paper = format!("/invoices/{}", invoice.row.id);
        view! {
            <PageHead title=format!("How {number} adds up") up=("/invoices", "Invoices")
                note="Each total with its parts. What was rounded shows what it was before; rounding happens once a line and once a tax rate.">
                {invoice.changed.is_some().then(|| view! {
                    <a class=css::BUTTON href=format!("/revisions/{}", invoice.row.id)>"Changes"</a>
                })}
                <a class=css::BUTTON href=format!("/explain/account/{}", invoice.row.account)>"Account"</a>
                <a class=css::BUTTON href=paper>"Invoice"</a>
            </PageHead>
            {steps(opened)}
        }
    })
    .into_any()
}
