//! The page on which what is open of an invoice is written off, or a write-off is taken back, with the reason for it (V14).

use super::api::{TakeWriteOffBack, WriteOffInvoice, open_write_off};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::Amount,
        form::{Failed, Field, FormErrors, typed_form},
        loaded::both,
        page::{Alert, PageHead, Tone},
    },
    viewer::use_locale,
};
use domain::{Refusal, ids::InvoiceId, invoices::WriteOffForm};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// What the page loads.
struct Loads {
    form: Loading<WriteOffForm>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let id = Memo::new(move |_| {
            params
                .read()
                .get("id")
                .and_then(|id| id.parse::<InvoiceId>().ok())
        });
        Self {
            form: load(
                move || id.get(),
                |id| async move {
                    match id {
                        Some(id) => open_write_off(id).await,
                        None => Err(AppError::NotFound),
                    }
                },
            ),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { form, typed } = Loads::new();
    both(form, typed, |form: WriteOffForm, failed: Failed| {
        view! { <WriteOff form failed/> }
    })
    .into_any()
}

#[component]
fn WriteOff(form: WriteOffForm, failed: Failed) -> impl IntoView {
    let locale = use_locale();
    let WriteOffForm {
        invoice,
        number,
        buyer,
        open,
        written_off,
        possible,
    } = form;
    let title = if written_off.is_positive() {
        format!("Take back the write-off of {number}")
    } else {
        format!("Write off {number}")
    };
    let act = if written_off.is_positive() {
        view! {
            <p>"Of it, "<b><Amount of=written_off/></b>" is written off. When you take that back, it is open again: it can be paid, and is owed in your books."</p>
            <Act url=TakeWriteOffBack::url() invoice button="Take write-off back" failed/>
        }
        .into_any()
    } else if let Err(why) = possible {
        let refusal = Refusal::Locked {
            number: number.clone(),
            why,
        };
        view! {
            <Alert tone=Tone::Warning><p>{refusal.message(locale)}</p></Alert>
            <p><a class=css::BUTTON href=format!("/invoices/{invoice}")>"Back to the invoice"</a></p>
        }
        .into_any()
    } else {
        view! {
            <p>"It is about "<b><Amount of=open/></b>", all that is open. The invoice keeps its number, and what was paid of it stays paid. Nothing can be paid on it until you take the write-off back."</p>
            <Act url=WriteOffInvoice::url() invoice button="Write off" failed/>
        }
        .into_any()
    };
    view! {
        <PageHead title up=("/invoices", "Invoices") note=buyer/>
        <div class="stack loose">{act}</div>
    }
}

/// The form, with the reason.
#[component]
fn Act(url: &'static str, invoice: InvoiceId, button: &'static str, failed: Failed) -> impl IntoView {
    view! {
        <form class=css::FORM method="post" action=url>
            <FormErrors failed=failed.clone() title="Nothing was changed"/>
            <input type="hidden" name="id" value=invoice.to_string()/>
            <Field name="reason" label="Reason" autocomplete="off" value=failed.text("reason").unwrap_or_default()
                error=failed.refusal("reason") required=true help="It stands in the audit. The customer does not see it."/>
            <div class="buttons">
                <button class=format!("{} primary", css::BUTTON)>{button}</button>
                <a class=css::BUTTON href=format!("/invoices/{invoice}")>"Cancel"</a>
            </div>
        </form>
    }
}
