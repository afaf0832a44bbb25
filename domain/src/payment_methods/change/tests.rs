//! Which expiry can be typed, and what is said of one that cannot.

use super::*;
use proptest::prelude::*;

const TODAY: &str = "2026-03-15";

fn typed(month: &str, year: &str, holder: &str) -> ChangeFields {
    ChangeFields {
        month: month.to_owned(),
        year: year.to_owned(),
        holder: holder.to_owned(),
    }
}

fn parse(month: &str, year: &str) -> Result<CardChange, FieldErrors> {
    typed(month, year, "").parse(MethodKind::Card, TODAY.parse().unwrap())
}

#[test]
fn a_card_is_good_from_this_month_to_thirty_years_ahead() {
    for (month, year, wanted) in [
        ("3", "2026", (3, 2026)),
        ("03", "26", (3, 2026)),
        (" 12 ", "2031", (12, 2031)),
        ("1", "2056", (1, 2056)),
    ] {
        assert_eq!(parse(month, year).unwrap().expiry, Some(wanted));
    }
    let months = Refusal::OutOfRange { from: 1, to: 12 };
    let years = Refusal::OutOfRange { from: 2026, to: 2056 };
    for (month, year, field, why) in [
        ("2", "2026", "month", Refusal::ExpiryPast),
        ("0", "2027", "month", months.clone()),
        ("13", "2027", "month", months.clone()),
        ("May", "2027", "month", months),
        ("", "2027", "month", Refusal::Missing),
        ("5", "2025", "year", years.clone()),
        ("5", "25", "year", years.clone()),
        ("5", "2057", "year", years.clone()),
        ("5", "-1", "year", years),
        ("5", "", "year", Refusal::Missing),
    ] {
        let errors = parse(month, year).unwrap_err();
        assert_eq!(errors, FieldErrors::one(field, why), "{month}/{year}");
    }
}

#[test]
fn every_field_that_is_wrong_is_named() {
    let errors = typed("13", "soon", "4242 4242 4242 4242")
        .parse(MethodKind::Card, TODAY.parse().unwrap())
        .unwrap_err();
    let fields: Vec<&str> = errors.iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["holder", "month", "year"]);
}

#[test]
fn a_bank_account_has_an_owner_and_no_expiry() {
    let today = TODAY.parse().unwrap();
    let change = typed("", "", " Ada  Byron ")
        .parse(MethodKind::SepaDebit, today)
        .unwrap();
    assert_eq!(
        (change.expiry, change.holder.as_deref()),
        (None, Some("Ada Byron"))
    );
    let errors = typed("1", "2030", "")
        .parse(MethodKind::UsBankAccount, today)
        .unwrap_err();
    assert_eq!(errors, FieldErrors::one("holder", Refusal::Missing));
}

proptest! {
    #[test]
    fn what_can_be_typed_is_never_an_expired_card(month in ".{0,3}", year in ".{0,5}", plain in 0_u16..20, far in 2000_u16..2100) {
        let today: NaiveDate = TODAY.parse().unwrap();
        for fields in [typed(&month, &year, ""), typed(&plain.to_string(), &far.to_string(), "")] {
            if let Ok(CardChange { expiry: Some((month, year)), .. }) = fields.parse(MethodKind::Card, today) {
                prop_assert!(expiry(month, year, today) != Expiry::Expired);
            }
        }
    }
}
