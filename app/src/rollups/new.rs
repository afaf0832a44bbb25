//! The page on which a roll-up bill is prepared: for whom, over which days, and what it would hold.

use super::{
    PAGE,
    api::{IssueRollup, prepare_rollup},
    blocks::{Blocks, Shown},
};
use crate::loading::load;
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::Amount,
        form::{Choice, Failed, Field, FormErrors, typed_form},
        icon::Glyph,
        loaded::both,
        page::{Alert, Empty, PageHead, Tone},
    },
};
use domain::{
    FieldErrors,
    rollups::{MOST_INVOICES, NewRollup, Preview, RollupFields},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_location;

/// The page.
pub(crate) fn view() -> AnyView {
    let search = use_location().search;
    let page = load(move || search.get(), prepare_rollup);
    let shown = both(page, typed_form(), |page: NewRollup, failed: Failed| {
        view! { <New page failed/> }
    });
    view! {
        <PageHead title="New roll-up bill" up=(PAGE, "Roll-up bills")
            note="One bill for a parent company over what is open of its subsidiaries."/>
        {shown}
    }
    .into_any()
}

#[component]
fn New(page: NewRollup, failed: Failed) -> impl IntoView {
    let NewRollup {
        parents,
        currencies,
        fields,
        errors,
        preview,
    } = page;
    if parents.is_empty() {
        return view! {
            <Empty glyph=Glyph::Building title="No customer has subsidiaries">
                <p>"Say on a customer’s page whose subsidiary it is; then its parent can be billed for it."</p>
            </Empty>
        }
        .into_any();
    }
    let parents = parents.into_iter().map(|(id, name)| (id.to_string(), name));
    let currencies = currencies
        .into_iter()
        .map(|currency| (currency.code().to_owned(), currency.code().to_owned()));
    let refusal = |field: &str| errors.0.get(field).cloned();
    let whole = Failed {
        error: refusal("").map(|why| crate::error::AppError::Invalid(FieldErrors::one("", why))),
        ..Failed::default()
    };
    view! {
        <div class="stack loose">
            <FormErrors failed=failed.clone() title="Nothing was issued"/>
            <form class=css::SIEVE method="get" action="/rollups/new">
                <Choice name="account" label="Parent company" options=parents.collect() value=fields.account.clone() error=refusal("account")/>
                <Choice name="currency" label="Currency" options=currencies.collect() value=fields.currency.clone() error=refusal("currency")/>
                <Field name="period_from" label="Invoices issued from" kind="date" value=fields.period_from.clone() error=refusal("period_from") required=true/>
                <Field name="period_to" label="Up to and including" kind="date" value=fields.period_to.clone() error=refusal("period_to") required=true/>
                <div class="buttons"><button class=css::BUTTON>"Show invoices"</button></div>
            </form>
            <FormErrors failed=whole title="There is nothing to bill"/>
            {preview.map(|preview| view! { <Shows preview fields failed/> })}
        </div>
    }
    .into_any()
}

/// What the bill would hold, and the form that issues it.
#[component]
fn Shows(preview: Preview, fields: RollupFields, failed: Failed) -> impl IntoView {
    let Preview {
        key,
        buyer,
        blocks,
        total,
        shown,
        due_date,
        being_paid,
        more,
    } = preview;
    let due = failed.text("due_date").unwrap_or_else(|| due_date.to_string());
    let left_out = match being_paid {
        0 => None,
        1 => Some("One more invoice is being paid right now. It is left out, and can be billed next time if it is still open.".to_owned()),
        count => Some(format!(
            "{count} more invoices are being paid right now. They are left out, and can be billed next time if they are still open."
        )),
    };
    view! {
        {left_out.map(|said| view! { <Alert tone=Tone::Info><p>{said}</p></Alert> })}
        {more.then(|| view! {
            <Alert tone=Tone::Warning><p>{format!("One bill holds {MOST_INVOICES} invoices, and there are more. Issue another one for the rest.")}</p></Alert>
        })}
        <Blocks blocks shown=Shown::ToBill/>
        <form class=css::FORM method="post" action=IssueRollup::url()>
            <h2>{format!("Bill {buyer}")}</h2>
            <p>"Together "<b><Amount of=total/></b>". The invoices stay as they are; until the bill is withdrawn only the parent pays them."</p>
            <input type="hidden" name="form[key]" value=key.to_string()/>
            <input type="hidden" name="form[account]" value=fields.account/>
            <input type="hidden" name="form[currency]" value=fields.currency/>
            <input type="hidden" name="form[period_from]" value=fields.period_from/>
            <input type="hidden" name="form[period_to]" value=fields.period_to/>
            <input type="hidden" name="form[seen]" value=total.minor().to_string()/>
            <input type="hidden" name="form[shown]" value=shown/>
            <Field name="due_date" inside="form" label="Due" kind="date" value=due error=failed.refusal("due_date") required=true
                help="When the parent is asked to pay. The invoices keep their own days."/>
            <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Issue roll-up bill"</button></div>
        </form>
    }
}
