//! The pages on which an invoice is written: to whom, a draft, and a new revision of an issued one.

use super::{
    api::{DeleteDraft, OpenedInvoice, WriteInvoice, open_invoice, open_new_invoice},
    costs::Costs,
    lines::Lines,
    preview::{Comes, added_up},
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::Amount,
        currencies::other_currencies,
        customers::FindCustomer,
        form::{Choice, Failed, Field, FormErrors, typed_form},
        loaded::both,
        page::{Alert, PageHead, Tone},
    },
    viewer::use_locale,
};
use domain::{
    Refusal,
    ids::InvoiceId,
    invoices::editing::{InvoiceForm, WriteButton, Writing},
    locale::format_amount,
    payments::offline::FoundPayers,
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::{use_location, use_params_map};

const PAGE: &str = "/write";

/// The page of a new invoice.
pub(crate) fn new_view() -> AnyView {
    let search = use_location().search;
    let opened: Loading<OpenedInvoice> = load(move || search.get(), open_new_invoice);
    both(
        opened,
        typed_form(),
        |opened: OpenedInvoice, failed: Failed| match opened {
            OpenedInvoice::Search(found) => find(found),
            OpenedInvoice::Form(form) => view! { <Write form=*form failed/> }.into_any(),
        },
    )
    .into_any()
}

/// The page of an invoice that is there.
pub(crate) fn view() -> AnyView {
    let params = use_params_map();
    let id = Memo::new(move |_| {
        params
            .read()
            .get("id")
            .and_then(|id| id.parse::<InvoiceId>().ok())
    });
    let form: Loading<InvoiceForm> = load(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => open_invoice(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    both(form, typed_form(), |form: InvoiceForm, failed: Failed| {
        view! { <Write form failed/> }
    })
    .into_any()
}

fn find(found: FoundPayers) -> AnyView {
    view! {
        <PageHead title="New invoice" up=("/invoices?side=issued", "Invoices") note="Whom does it bill?"/>
        <div class="stack">
            <FindCustomer page=PAGE found columns=&[]/>
        </div>
    }
    .into_any()
}

#[component]
fn Write(form: InvoiceForm, failed: Failed) -> impl IntoView {
    let locale = use_locale();
    let buyer = form.buyer.clone();
    let back = match form.writing {
        Writing::New => "/invoices?side=issued".to_owned(),
        Writing::Draft | Writing::Revision { .. } | Writing::Refused { .. } => {
            format!("/invoices/{}", form.invoice)
        }
    };
    let title = match &form.writing {
        Writing::New => "New invoice".to_owned(),
        Writing::Draft => "Draft".to_owned(),
        Writing::Revision { number, .. } | Writing::Refused { number, .. } => format!("Change {number}"),
    };
    let about = match &form.writing {
        Writing::New | Writing::Draft => None,
        Writing::Revision { settled, .. } => {
            let settled = *settled;
            Some(view! {
                <p class="soft">"Number and date of issue stay, and how it was is kept for both sides to see. "
                    {settled.is_positive().then(|| view! { "Paid and credited so far: " <Amount of=settled/> ". The total cannot be less." })}
                </p>
            })
        }
        Writing::Refused { .. } => None,
    };
    let act = match &form.writing {
        Writing::Refused { number, why } => {
            let refusal = Refusal::Locked {
                number: number.clone(),
                why: *why,
            };
            view! {
                <Alert tone=Tone::Warning><p>{refusal.message(locale)}</p></Alert>
                <p><a class=css::BUTTON href=back>"Back to the invoice"</a></p>
            }
            .into_any()
        }
        Writing::New | Writing::Draft | Writing::Revision { .. } => {
            view! { {about} <Fields form failed back/> }.into_any()
        }
    };
    view! {
        <PageHead title up=("/invoices?side=issued", "Invoices") note=buyer/>
        <div class="stack loose">{act}</div>
    }
}

#[component]
fn Fields(form: InvoiceForm, failed: Failed, back: String) -> impl IntoView {
    let locale = use_locale();
    let InvoiceForm {
        key,
        invoice,
        version,
        writing,
        account,
        profile,
        profiles,
        currency,
        currencies,
        issue_date,
        due_date,
        note,
        discount,
        lines,
        costs,
        usual,
        ..
    } = form;
    let typed = |field: &str, stored: String| failed.text(field).unwrap_or(stored);
    let added_up = added_up(invoice, &failed, locale);
    // Who changed it since what was added up is not overwritten unseen.
    let version = added_up.as_ref().map_or(version, |written| written.version);
    let revision = matches!(writing, Writing::Revision { .. });
    let draft = matches!(writing, Writing::Draft);
    let (preview, save, issue) = (WriteButton::Preview, WriteButton::Save, WriteButton::Issue);
    let title = if revision {
        "Nothing was changed"
    } else {
        "The invoice was not kept"
    };
    let likely = currencies
        .iter()
        .map(|code| (code.code().to_owned(), code.code().to_owned()));
    let codes: Vec<_> = likely.chain(other_currencies(&currencies)).collect();
    let discount = if discount.is_zero() {
        String::new()
    } else {
        format_amount(discount, locale)
    };
    let dates = if revision {
        view! { <input type="hidden" name="form[issue_date]" value=issue_date.to_string()/> }.into_any()
    } else {
        view! {
            <Field name="issue_date" inside="form" label="Issued on" kind="date" value=typed("issue_date", issue_date.to_string())
                error=failed.refusal("issue_date") required=true/>
        }
        .into_any()
    };
    let money = if revision {
        view! { <input type="hidden" name="form[currency]" value=currency.code()/> }.into_any()
    } else {
        view! {
            <Choice name="currency" inside="form" label="Currency" options=codes value=typed("currency", currency.code().to_owned())
                error=failed.refusal("currency")/>
        }
        .into_any()
    };
    // An issued invoice stays bound to its profile, and one profile is no choice.
    let profiles = (!revision && profiles.len() > 1).then(|| {
        let chosen = profile.map(|id| id.to_string()).unwrap_or_default();
        let options = profiles
            .into_iter()
            .map(|(id, name)| (id.to_string(), name))
            .collect::<Vec<_>>();
        view! {
            <Choice name="billing_profile" inside="form" label="Billing profile" options value=typed("billing_profile", chosen)
                error=failed.refusal("billing_profile")/>
        }
    });
    view! {
        <form class=css::WRITING method="post" action=WriteInvoice::url()>
            <FormErrors failed=failed.clone() title/>
            <input type="hidden" name="id" value=invoice.to_string()/>
            <input type="hidden" name="form[key]" value=key.to_string()/>
            <input type="hidden" name="form[version]" value=version.to_string()/>
            <input type="hidden" name="form[account]" value=account.to_string()/>
            <div class="head">
                {profiles}
                {money}
                {dates}
                <Field name="due_date" inside="form" label="Due on" kind="date" value=typed("due_date", due_date.to_string())
                    error=failed.refusal("due_date") required=true/>
            </div>
            <section class="stack">
                <h2>"Lines"</h2>
                <p class="soft">"Lines that are left empty are not meant. When they are filled, add it up to get more of them."</p>
                <Lines lines usual currency failed=failed.clone()/>
            </section>
            <section class="stack">
                <h2>"Costs of the whole"</h2>
                <p class="soft">"Freight, handling and the like. They bear the tax of the lines, in proportion to them."</p>
                <Costs costs failed=failed.clone()/>
            </section>
            <div class="foot">
                <Field name="discount" inside="form" label="Discount on the whole" inputmode="decimal" autocomplete="off"
                    value=typed("discount", discount) error=failed.refusal("discount")/>
                <Field name="note" inside="form" label="Note on the document" autocomplete="off" value=typed("note", note) error=failed.refusal("note")/>
                {revision.then(|| view! {
                    <Field name="reason" inside="form" label="Why it is changed" autocomplete="off" value=typed("reason", String::new())
                        error=failed.refusal("reason") required=true help="The customer sees it."/>
                })}
            </div>
            {added_up.map(|written| view! { <Comes written/> })}
            <div class="buttons">
                // The first button answers the Enter key: it keeps nothing. A reason that is still missing is no hindrance to it.
                <button class=css::BUTTON name="act" value=preview.code() formnovalidate=true>{preview.label()}</button>
                {if revision {
                    view! { <button class=format!("{} primary", css::BUTTON) name="act" value=save.code()>"Save changes"</button> }.into_any()
                } else {
                    view! {
                        <button class=format!("{} primary", css::BUTTON) name="act" value=issue.code()>"Issue invoice"</button>
                        <button class=css::BUTTON name="act" value=save.code()>"Save draft"</button>
                    }.into_any()
                }}
                <a class=format!("{} plain", css::BUTTON) href=back>"Cancel"</a>
            </div>
        </form>
        {draft.then(|| view! {
            <form method="post" action=DeleteDraft::url()>
                <input type="hidden" name="id" value=invoice.to_string()/>
                <button class=format!("{} plain", css::BUTTON)>"Delete draft"</button>
            </form>
        })}
    }
}
