//! What a tenant says of itself, and what it shares with the tier above.

pub mod api;
mod particulars;
mod settings;
mod sharing;

pub(crate) use particulars::view as particulars_page;
pub(crate) use settings::view as company_page;
pub(crate) use sharing::view as sharing_page;

use crate::markup::view;
use crate::ui::form::{Choice, Failed, Field};
use domain::{
    locale::Locale,
    tenants::{ACCENTS, COUNTRIES, CompanyFields},
};
use leptos::prelude::*;

/// The group in which the fields are posted.
const GROUP: &str = "company";

/// The fields of a company, posted as one group.
#[component]
pub(crate) fn CompanyFieldset(
    /// As they are.
    fields: CompanyFields,
    /// What came back of a post that failed.
    failed: Failed,
) -> impl IntoView {
    let CompanyFields {
        name,
        street,
        city,
        postal_code,
        country,
        tax_id,
        locale,
        time_zone,
        currency,
        accent,
        support_phone,
        billing_email,
    } = fields;
    let again = failed.clone();
    let typed = move |name: &str, kept: String| again.text(name).unwrap_or(kept);
    let wrong = move |name: &str| failed.refusal(name);
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(code, name)| ((*code).to_owned(), (*name).to_owned()))
            .collect()
    };
    let mut countries = vec![(String::new(), "Choose one".to_owned())];
    countries.extend(pairs(COUNTRIES));
    let zones = backend::tenants::company::zones().into_iter();
    let zones = zones
        .map(|zone| (zone.to_owned(), zone.replace('_', " ")))
        .collect();
    let locales = Locale::ALL
        .iter()
        .map(|locale| (locale.code().to_owned(), locale.label().to_owned()))
        .collect();
    view! {
        <fieldset>
            <legend>"Company"</legend>
            <Field name="name" inside=GROUP label="Legal name" autocomplete="off" required=true
                value=typed("name", name) error=wrong("name")/>
            <Field name="street" inside=GROUP label="Street and number" autocomplete="off" required=true
                value=typed("street", street) error=wrong("street")/>
            <div class="pair">
            <Field name="postal_code" inside=GROUP label="Postal code (optional)" autocomplete="off"
                value=typed("postal_code", postal_code) error=wrong("postal_code")/>
            <Field name="city" inside=GROUP label="City" autocomplete="off" required=true
                value=typed("city", city) error=wrong("city")/>
            </div>
            <div class="pair">
            <Choice name="country" inside=GROUP label="Country" options=countries
                value=typed("country", country) error=wrong("country")/>
            <Field name="tax_id" inside=GROUP label="Tax ID (optional)" autocomplete="off" help="As it is printed on invoices."
                value=typed("tax_id", tax_id) error=wrong("tax_id")/>
            </div>
        </fieldset>
        <fieldset>
            <legend>"Contact"</legend>
            <div class="pair">
            <Field name="support_phone" inside=GROUP label="Phone for questions (optional)" kind="tel" autocomplete="off"
                value=typed("support_phone", support_phone) error=wrong("support_phone")/>
            <Field name="billing_email" inside=GROUP label="E-mail for bills (optional)" kind="email" autocomplete="off"
                value=typed("billing_email", billing_email) error=wrong("billing_email")/>
            </div>
        </fieldset>
        <fieldset>
            <legend>"Language, time and money"</legend>
            <div class="pair">
            <Choice name="locale" inside=GROUP label="Amounts and dates are written as in" options=locales
                value=typed("locale", locale) error=wrong("locale")/>
            <Choice name="time_zone" inside=GROUP label="Time zone" options=zones
                value=typed("time_zone", time_zone) error=wrong("time_zone")/>
            </div>
            <div class="pair">
            <Field name="currency" inside=GROUP label="Main currency" autocomplete="off" required=true help="Three letters, such as USD."
                value=typed("currency", currency) error=wrong("currency")/>
            <Choice name="accent" inside=GROUP label="Colour" options=pairs(&ACCENTS)
                value=typed("accent", accent) error=wrong("accent")/>
            </div>
        </fieldset>
    }
}
