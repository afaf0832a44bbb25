//! What a form says is read or refused at its fields; what a profile leaves empty the company says.

use super::*;
use crate::refusal::Refusal;

fn company() -> Party {
    Party {
        name: "Acme Ltd".to_owned(),
        street: "1 Main Street".to_owned(),
        city: "Springfield".to_owned(),
        postal_code: "62701".to_owned(),
        country: "US".to_owned(),
        tax_id: Some("12-3456789".to_owned()),
        email: Some("billing@acme.example".to_owned()),
    }
}

fn typed() -> ProfileFields {
    ProfileFields {
        name: " Research  lab ".to_owned(),
        billing: PlaceFields {
            street: "4 Quay".to_owned(),
            city: "Bergen".to_owned(),
            postal_code: String::new(),
            country: "NO".to_owned(),
        },
        contacts: vec![
            ContactFields::default(),
            ContactFields {
                name: "Kim Lab".to_owned(),
                email: "Kim@Lab.example".to_owned(),
                phone: "+47 55 55".to_owned(),
            },
        ],
        ..ProfileFields::default()
    }
}

#[test]
fn a_profile_is_read_as_it_is_kept() {
    let profile = typed().read().unwrap();
    assert_eq!(profile.name, "Research lab");
    assert_eq!(profile.shipping, None);
    assert_eq!(profile.email(), Some("kim@lab.example"));
    assert_eq!(profile.billing.unwrap().line(), "4 Quay, Bergen, Norway");
}

#[test]
fn what_is_missing_or_wrong_is_said_at_its_field() {
    let mut wrong = typed();
    wrong.name = String::new();
    wrong.billing.street = String::new();
    wrong.billing.country = "XX".to_owned();
    wrong.shipping.city = "Oslo".to_owned();
    wrong.contacts[1].email = "nobody".to_owned();
    wrong.contacts[0].phone = "+47 11 11".to_owned();
    let errors = wrong.read().unwrap_err();
    let fields: Vec<&str> = errors.iter().map(|(field, _)| field).collect();
    assert_eq!(
        fields,
        [
            "billing[country]",
            "billing[street]",
            "contacts[0][name]",
            "contacts[1][email]",
            "name",
            "shipping[country]",
            "shipping[street]",
        ]
    );
    assert_eq!(errors.get("shipping[country]"), Some(&Refusal::Missing));
}

#[test]
fn more_contacts_than_the_page_has_are_refused() {
    let mut many = typed();
    many.contacts = vec![ContactFields::default(); CONTACTS_MAX + 1];
    assert_eq!(many.read().unwrap_err().get(""), Some(&Refusal::FormBroken));
}

#[test]
fn what_a_profile_leaves_empty_the_company_says() {
    assert_eq!(Profile::first().printed(&company()), company());
    let printed = typed().read().unwrap().printed(&company());
    assert_eq!(
        printed,
        Party {
            street: "4 Quay".to_owned(),
            city: "Bergen".to_owned(),
            postal_code: String::new(),
            country: "NO".to_owned(),
            email: Some("kim@lab.example".to_owned()),
            ..company()
        }
    );
}

#[test]
fn an_invoice_says_only_what_there_is() {
    let names = |profile: &Profile| {
        let facts = profile.facts().into_iter();
        facts.map(|(heading, _)| heading).collect::<Vec<_>>()
    };
    assert_eq!(names(&Profile::first()), ["Billing profile"]);
    let mut profile = typed().read().unwrap();
    profile.order_reference = Some("PO 7".to_owned());
    profile.shipping = profile.billing.clone();
    assert_eq!(
        names(&profile),
        ["Billing profile", "Your reference", "Ship to", "Contact"]
    );
}
