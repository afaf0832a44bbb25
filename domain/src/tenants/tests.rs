//! Reading what a company says of itself, doors, lists of tenants.

use super::*;
use crate::{list::Position, refusal::Refusal};
use proptest::prelude::*;

fn fields() -> CompanyFields {
    CompanyFields {
        name: "  Nordwind   Handel GmbH ".to_owned(),
        street: "Speicherstadt 7".to_owned(),
        city: "Hamburg".to_owned(),
        postal_code: "20457".to_owned(),
        country: "DE".to_owned(),
        tax_id: "DE 123456789".to_owned(),
        locale: "de-DE".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        currency: "EUR".to_owned(),
        accent: "teal".to_owned(),
        support_phone: "+49 40 123-456".to_owned(),
        billing_email: "Rechnung@Nordwind.example".to_owned(),
    }
}

fn is_zone(name: &str) -> bool {
    name == "Europe/Berlin"
}

#[test]
fn a_company_is_read_and_shown_again() {
    let company = fields().read(is_zone).expect("all fields are right");
    assert_eq!(company.party.name, "Nordwind Handel GmbH");
    assert_eq!(company.party.email.as_deref(), Some("rechnung@nordwind.example"));
    let again = company.fields().read(is_zone).expect("what is shown can be sent");
    assert_eq!(again, company);
}

#[test]
fn every_wrong_field_is_named() {
    let wrong = CompanyFields {
        name: " ".to_owned(),
        country: "XX".to_owned(),
        locale: "tlh".to_owned(),
        time_zone: "Mars/Olympus".to_owned(),
        currency: "ZZZ".to_owned(),
        accent: "red".to_owned(),
        support_phone: "call me".to_owned(),
        billing_email: "nobody".to_owned(),
        ..CompanyFields::default()
    };
    let errors = wrong.read(is_zone).expect_err("nothing of it is right");
    let named: Vec<&str> = errors.iter().map(|(field, _)| field).collect();
    for field in [
        "name",
        "street",
        "city",
        "country",
        "locale",
        "time_zone",
        "currency",
        "accent",
        "support_phone",
        "billing_email",
    ] {
        assert!(named.contains(&field), "{field} is not named in {named:?}");
    }
    assert!(!named.contains(&"postal_code"), "some countries have none");
}

#[test]
fn countries_are_unique_and_sorted() {
    assert!(COUNTRIES.len() > 240);
    let mut codes: Vec<&str> = COUNTRIES.iter().map(|(code, _)| *code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), COUNTRIES.len());
    assert!(codes.iter().all(|code| code.len() == 2));
    assert_eq!(country("JP"), Some("Japan"));
}

#[test]
fn a_door_is_open_for_who_is_active_and_waits_for_nothing() {
    assert_eq!(Door::of(TenantState::Active, None), Door::Open);
    assert_eq!(Door::of(TenantState::Active, Some(true)), Door::Open);
    assert_eq!(Door::of(TenantState::Active, Some(false)), Door::Waiting);
    for group in [None, Some(true), Some(false)] {
        assert_eq!(Door::of(TenantState::Suspended, group), Door::Suspended);
        assert_eq!(Door::of(TenantState::Closed, group), Door::Closed);
    }
}

#[test]
fn who_is_shut_out_is_told_why() {
    assert_eq!(reason(TenantState::Suspended, " "), Err(Refusal::Missing));
    assert_eq!(
        reason(TenantState::Closed, "moved  away"),
        Ok(Some("moved away".to_owned()))
    );
    assert_eq!(reason(TenantState::Active, "whatever"), Ok(None));
}

#[test]
fn terms_are_whole_days_of_a_year() {
    assert_eq!(terms_days(" 30 "), Ok(30));
    for text in ["", "-1", "366", "1.5", "soon"] {
        assert_eq!(terms_days(text), Err(Refusal::NotDays { at_most: 365 }), "{text}");
    }
}

proptest! {
    #[test]
    fn a_list_of_tenants_is_its_address(search in "[a-zA-Zäß &=+%]{0,20}", state in 0..4usize, last: bool) {
        let query = TenantQuery {
            search: Some(search.trim().to_owned()).filter(|text| !text.is_empty()),
            state: TenantState::ALL.get(state).copied(),
            group: None,
            position: if last { Position::Last } else { Position::First },
        };
        prop_assert_eq!(TenantQuery::from_query(&query.to_query()), query);
    }

    #[test]
    fn any_typed_company_is_read_or_its_fields_are_named(
        name in "\\PC{0,140}", street in "\\PC{0,220}", phone in "\\PC{0,70}", email in "\\PC{0,80}",
    ) {
        let typed = CompanyFields { name, street, support_phone: phone, billing_email: email, ..fields() };
        match typed.read(is_zone) {
            Ok(company) => {
                prop_assert!(!company.party.name.is_empty());
                prop_assert_eq!(company.fields().read(is_zone), Ok(company));
            }
            Err(errors) => prop_assert!(errors.iter().next().is_some()),
        }
    }
}
