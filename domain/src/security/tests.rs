//! Whose session lasts how long, who needs a second factor, and what can be set.

use super::*;
use proptest::{collection::vec, option, prelude::*, sample::select};

const OPERATOR: Limits = Limits {
    idle: TimeDelta::minutes(45),
    absolute: TimeDelta::hours(12),
};

fn roles(seller: Option<SellerRole>, buyer: Option<BuyerRole>) -> Roles {
    Roles { seller, buyer }
}

#[test]
fn finance_and_administrators_are_logged_out_sooner() {
    let nothing_set = SecuritySettings::default();
    let idle = |roles| nothing_set.limits(OPERATOR, roles).idle.num_minutes();
    assert_eq!(idle(roles(Some(SellerRole::Sales), None)), 45);
    assert_eq!(idle(roles(None, Some(BuyerRole::Payer))), 45);
    assert_eq!(idle(roles(Some(SellerRole::Finance), None)), 30);
    assert_eq!(idle(roles(Some(SellerRole::Admin), None)), 30);
    assert_eq!(idle(roles(Some(SellerRole::Sales), Some(BuyerRole::Admin))), 30);
    let strict = Limits {
        idle: TimeDelta::minutes(10),
        ..OPERATOR
    };
    let admin = roles(Some(SellerRole::Admin), None);
    assert_eq!(
        nothing_set.limits(strict, admin).idle.num_minutes(),
        10,
        "never later than others"
    );
}

#[test]
fn what_the_tenant_set_counts() {
    let set = SecuritySettings {
        office_idle_minutes: Some(60),
        idle_minutes: Some(5),
        absolute_hours: Some(24),
        ..Default::default()
    };
    let limits = set.limits(OPERATOR, roles(Some(SellerRole::Admin), None));
    assert_eq!((limits.idle.num_minutes(), limits.absolute.num_hours()), (60, 24));
    assert_eq!(set.limits(OPERATOR, Roles::default()).idle.num_minutes(), 5);
}

#[test]
fn numbers_outside_of_the_bounds_are_refused_at_their_field() {
    let form = SecurityForm {
        office_idle_minutes: "4".to_owned(),
        idle_minutes: "721".to_owned(),
        absolute_hours: "a day".to_owned(),
        second_factor: vec!["issued:admin".to_owned(), "nowhere:admin".to_owned()],
    };
    let errors = SecuritySettings::read(&form).unwrap_err();
    assert_eq!(
        errors.get("office_idle_minutes"),
        Some(&Refusal::OutOfRange { from: 5, to: 720 })
    );
    assert_eq!(
        errors.get("idle_minutes"),
        Some(&Refusal::OutOfRange { from: 5, to: 720 })
    );
    assert_eq!(
        errors.get("absolute_hours"),
        Some(&Refusal::OutOfRange { from: 1, to: 24 })
    );
    assert!(errors.get("second_factor").is_some());
    assert_eq!(
        SecuritySettings::read(&SecurityForm::default()),
        Ok(SecuritySettings::default())
    );
}

fn any_word() -> impl Strategy<Value = RoleWord> {
    (select(vec![Side::Seller, Side::Buyer]), "[a-z0-9]{1,32}")
        .prop_map(|(side, code)| RoleWord::new(side, &code))
}

proptest! {
    #[test]
    fn a_role_needs_a_second_factor_only_where_it_was_ticked(
        ticked in vec(any_word(), 0..5),
        seller in option::of("[a-z0-9]{1,3}"),
        buyer in option::of("[a-z0-9]{1,3}"),
    ) {
        let settings = SecuritySettings { second_factor: ticked.clone(), ..Default::default() };
        let of = |side, code: &Option<String>| code.as_ref().is_some_and(|code| ticked.contains(&RoleWord::new(side, code)));
        prop_assert_eq!(
            settings.asks_for_second_factor(seller.as_deref(), buyer.as_deref()),
            of(Side::Seller, &seller) || of(Side::Buyer, &buyer)
        );
        prop_assert_eq!(SecuritySettings::second_factor_from(&settings.second_factor_text()), ticked);
    }

    #[test]
    fn whatever_is_read_lies_within_the_bounds(idle in "[0-9]{0,5}", office in "[ -~]{0,6}", absolute in "[0-9]{0,3}") {
        let form = SecurityForm {
            idle_minutes: idle,
            office_idle_minutes: office,
            absolute_hours: absolute,
            ..Default::default()
        };
        if let Ok(read) = SecuritySettings::read(&form) {
            for minutes in [read.idle_minutes, read.office_idle_minutes].into_iter().flatten() {
                prop_assert!((IDLE_MINUTES.0..=IDLE_MINUTES.1).contains(&minutes));
            }
            prop_assert!(read.absolute_hours.is_none_or(|hours| (1..=24).contains(&hours)));
            let limits = read.limits(OPERATOR, Roles::default());
            prop_assert!(limits.idle >= TimeDelta::minutes(5) && limits.absolute >= TimeDelta::hours(1));
        }
    }

    #[test]
    fn no_stored_text_breaks_the_reading(text in ".{0,80}") {
        let _ = SecuritySettings::second_factor_from(&text);
    }
}
