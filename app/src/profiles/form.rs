//! The fields of a billing profile, posted as one group.

use crate::markup::view;
use crate::{
    css,
    ui::{
        form::{Failed, Field},
        icon::{Glyph, Icon},
    },
    viewer::use_locale,
};
use domain::{
    profiles::{CONTACTS_MAX, Contact, Place, Profile, contact_field, place_field},
    tenants::COUNTRIES,
};
use leptos::prelude::*;

/// The group in which the fields are posted.
const GROUP: &str = "profile";

/// Who fills it in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// The seller, who says what it is called too.
    Seller,
    /// The customer itself.
    Owner,
}

/// All of them.
#[component]
pub(super) fn ProfileFieldset(
    /// What it says up to now.
    profile: Profile,
    /// Who fills it in.
    by: By,
    /// What came back of a post that failed.
    failed: Failed,
) -> impl IntoView {
    let Profile {
        name,
        billing,
        shipping,
        contacts,
        order_reference,
    } = profile;
    let text = |field: &str, kept: String| failed.text(field).unwrap_or(kept);
    let name = (by == By::Seller).then(|| {
        view! {
            <Field name="name" inside=GROUP label="Name of the profile" autocomplete="off" required=true
                value=text("name", name) error=failed.refusal("name")/>
        }
    });
    let people = (0..CONTACTS_MAX)
        .map(|index| contact(index, contacts.get(index), &failed))
        .collect_view();
    view! {
        {name}
        <Field name="order_reference" inside=GROUP label="Reference on invoices (optional)" autocomplete="off"
            help="Such as the number of the customer’s order."
            value=text("order_reference", order_reference.unwrap_or_default()) error=failed.refusal("order_reference")/>
        <fieldset>
            <legend>"Billing address"</legend>
            <p class="muted">"Left empty, invoices are made out to the company’s own address."</p>
            {place("billing", billing.as_ref(), &failed)}
        </fieldset>
        <fieldset>
            <legend>"Shipping address"</legend>
            <p class="muted">"Left empty, invoices name none."</p>
            {place("shipping", shipping.as_ref(), &failed)}
        </fieldset>
        <fieldset>
            <legend>"Contact people"</legend>
            <p class="muted">"Mail about the invoices goes to the first one who has an address."</p>
            {people}
        </fieldset>
    }
}

fn place(which: &'static str, kept: Option<&Place>, failed: &Failed) -> impl IntoView + use<> {
    let kept = |of: fn(&Place) -> &String| kept.map(of).cloned().unwrap_or_default();
    let words = if which == "billing" { "" } else { "Shipping: " };
    let input = |field: &str, label: &str, kept: String| {
        input(
            &place_field(which, field),
            &format!("{words}{label}"),
            kept,
            failed,
        )
    };
    view! {
        {input("street", "Street and number", kept(|place| &place.street))}
        <div class="pair">
            {input("postal_code", "Postal code", kept(|place| &place.postal_code))}
            {input("city", "City", kept(|place| &place.city))}
        </div>
        {country(&place_field(which, "country"), &format!("{words}Country"), kept(|place| &place.country), failed)}
    }
}

fn contact(index: usize, kept: Option<&Contact>, failed: &Failed) -> impl IntoView + use<> {
    let number = index + 1;
    let (name, email, phone) = kept
        .map(|contact| {
            let Contact { name, email, phone } = contact.clone();
            (name, email.unwrap_or_default(), phone.unwrap_or_default())
        })
        .unwrap_or_default();
    let input = |field: &str, label: &str, kept: String| {
        input(
            &contact_field(index, field),
            &format!("{label} of contact {number}"),
            kept,
            failed,
        )
    };
    view! {
        {input("name", "Name", name)}
        <div class="pair">
            {input("email", "E-mail", email)}
            {input("phone", "Phone", phone)}
        </div>
    }
}

/// Name in the post of a field that is in a group of its own: `profile[billing][street]`.
fn posted(field: &str) -> String {
    let (first, rest) = field.split_once('[').unwrap_or((field, ""));
    if rest.is_empty() {
        format!("{GROUP}[{first}]")
    } else {
        format!("{GROUP}[{first}][{rest}")
    }
}

fn input(field: &str, label: &str, kept: String, failed: &Failed) -> impl IntoView + use<> {
    let (id, name) = (field.to_owned(), posted(field));
    let value = failed.text(field).unwrap_or(kept);
    let why = failed.refusal(field).map(|why| why.message(use_locale()));
    let error_id = format!("{field}-error");
    view! {
        <div class=css::FIELD>
            <label for=id.clone()>{label.to_owned()}</label>
            <input class="input" id=id name=name value=value autocomplete="off" aria-invalid=why.is_some().then_some("true")
                aria-describedby=why.is_some().then(|| error_id.clone())/>
            {why.map(|why| view! { <p class="error" id=error_id><Icon of=Glyph::Alert/>{why}</p> })}
        </div>
    }
}

fn country(field: &str, label: &str, kept: String, failed: &Failed) -> impl IntoView + use<> {
    let (id, name) = (field.to_owned(), posted(field));
    let chosen = failed.text(field).unwrap_or(kept);
    let why = failed.refusal(field).map(|why| why.message(use_locale()));
    let error_id = format!("{field}-error");
    let options = std::iter::once(&("", "None"))
        .chain(COUNTRIES.iter())
        .map(|(code, text)| view! { <option value=*code selected={*code == chosen}>{*text}</option> })
        .collect_view();
    view! {
        <div class=css::FIELD>
            <label for=id.clone()>{label.to_owned()}</label>
            <select class="input" id=id name=name aria-invalid=why.is_some().then_some("true")
                aria-describedby=why.is_some().then(|| error_id.clone())>{options}</select>
            {why.map(|why| view! { <p class="error" id=error_id><Icon of=Glyph::Alert/>{why}</p> })}
        </div>
    }
}
