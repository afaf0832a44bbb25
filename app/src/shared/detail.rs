//! One invoice that another tenant shares: the paper, and nothing to be done with it.

use super::api::find_shared;
use crate::invoices::Paper;
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{badge::StatusBadge, loaded::loaded, page::PageHead},
};
use domain::{
    ids::{InvoiceId, TenantId},
    invoices::InvoiceDetail,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// What the page loads.
struct Loads {
    invoice: Loading<(String, InvoiceDetail)>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let ids = Memo::new(move |_| {
            let params = params.read();
            let of = params.get("id")?.parse::<TenantId>().ok()?;
            let id = params.get("invoice")?.parse::<InvoiceId>().ok()?;
            Some((of, id))
        });
        Self {
            invoice: load(
                move || ids.get(),
                |ids| async move {
                    let (of, id) = ids.ok_or(AppError::NotFound)?;
                    find_shared(of, id).await
                },
            ),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { invoice } = Loads::new();
    loaded(invoice, |(name, invoice): (String, InvoiceDetail)| {
        let status = invoice.row.status;
        let number = invoice.row.number.clone();
        let title = number.map_or_else(|| "Draft invoice".to_owned(), |number| format!("Invoice {number}"));
        view! {
            <PageHead title=title.clone() up=("/shared", "Shared invoices") mark=move || view! { <StatusBadge of=status/> }
                note=format!("{name} lets you see it.")/>
            <div class=css::INVOICE><Paper title invoice/></div>
        }
    })
    .into_any()
}
