//! What a form of an invoice adds up to before anything of it is kept.

use super::{costs::typed_costs, lines::typed_lines};
use crate::markup::view;
use crate::{css, invoices::paper::billed, ui::form::Failed};
use domain::{
    ids::InvoiceId,
    invoices::editing::{InvoiceFields, WriteAct, WriteInvoice},
    locale::Locale,
};
use leptos::prelude::*;

/// Where the sums stand on the page.
pub(super) const COMES: &str = "comes";

/// What was typed, added up, when that was asked for.
pub(super) fn added_up(invoice: InvoiceId, failed: &Failed, locale: Locale) -> Option<WriteInvoice> {
    if failed.error.is_some() || failed.fields.is_empty() {
        return None;
    }
    fields(failed).parse(invoice, WriteAct::Save, locale).ok()
}

/// The sums.
#[component]
pub(super) fn Comes(written: WriteInvoice) -> impl IntoView {
    view! {
        <section class="stack" id=COMES aria-label="What it comes to" role="status">
            <h2>"What it comes to"</h2>
            <dl class=css::TOTALS>{billed(&written.totals, &written.costs)}</dl>
            <p class="soft">"Nothing was kept yet."</p>
        </section>
    }
}

/// The form as it was posted.
fn fields(failed: &Failed) -> InvoiceFields {
    let text = |field: &str| failed.text(field).unwrap_or_default();
    InvoiceFields {
        key: text("key"),
        version: text("version"),
        account: text("account"),
        billing_profile: text("billing_profile"),
        currency: text("currency"),
        issue_date: text("issue_date"),
        due_date: text("due_date"),
        note: text("note"),
        discount: text("discount"),
        reason: text("reason"),
        lines: typed_lines(failed),
        costs: typed_costs(failed),
    }
}
