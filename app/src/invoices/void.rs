//! The page on which an unpaid invoice is withdrawn, with the reason for it (V15, V18).

use super::api::{VoidInvoice, open_void};
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
use domain::{Refusal, ids::InvoiceId, invoices::VoidForm};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// What the page loads.
struct Loads {
    form: Loading<VoidForm>,
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
                        Some(id) => open_void(id).await,
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
    both(form, typed, |form: VoidForm, failed: Failed| {
        view! { <Void form failed/> }
    })
    .into_any()
}

#[component]
fn Void(form: VoidForm, failed: Failed) -> impl IntoView {
    let locale = use_locale();
    let VoidForm {
        invoice,
        number,
        buyer,
        total,
        possible,
    } = form;
    let back = format!("/invoices/{invoice}");
    let act = match possible {
        Err(why) => {
            let refusal = Refusal::Locked {
                number: number.clone(),
                why,
            };
            view! {
                <Alert tone=Tone::Warning><p>{refusal.message(locale)}</p></Alert>
                <p><a class=css::BUTTON href=back>"Back to the invoice"</a></p>
            }
            .into_any()
        }
        Ok(()) => view! {
            <form class=css::FORM method="post" action=VoidInvoice::url()>
                <FormErrors failed=failed.clone() title="The invoice was not deleted"/>
                <input type="hidden" name="id" value=invoice.to_string()/>
                <Field name="reason" label="Reason" autocomplete="off" value=failed.text("reason").unwrap_or_default()
                    error=failed.refusal("reason") required=true help="It stands in the audit. The customer sees that the invoice was voided, not why."/>
                <div class="buttons">
                    <button class=format!("{} primary", css::BUTTON)>"Delete invoice"</button>
                    <a class=css::BUTTON href=back>"Cancel"</a>
                </div>
            </form>
        }
        .into_any(),
    };
    view! {
        <PageHead title=format!("Delete invoice {number}") up=("/invoices", "Invoices") note=buyer/>
        <div class="stack loose">
            <p>"It is about "<b><Amount of=total/></b>". It is voided and keeps its number, so that your series has no gap; nothing can be paid on it any more."</p>
            {act}
        </div>
    }
}
