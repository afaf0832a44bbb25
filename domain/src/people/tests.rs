//! Who may change whom, and what can be an address.

use super::*;
use crate::access::{BuyerReach, BuyerRole, Roles, SellerRole};
use proptest::{prelude::*, sample::select};
use uuid::Uuid;

fn standing(user: u128, state: MembershipState, roles: Roles) -> Standing {
    Standing {
        user: UserId(Uuid::from_u128(user)),
        state,
        admin: roles.seller == Some(SellerRole::Admin) || roles.buyer == Some(BuyerRole::Admin),
        rights: Rights::of(TenantKind::Partner, roles),
        reach: BuyerReach::Own,
    }
}

fn any_reach() -> impl Strategy<Value = BuyerReach> {
    select(BuyerReach::ALL.to_vec())
}

fn any_roles() -> impl Strategy<Value = Roles> {
    let seller = select(vec![
        None,
        Some(SellerRole::Sales),
        Some(SellerRole::Finance),
        Some(SellerRole::Admin),
    ]);
    let buyer = select(vec![
        None,
        Some(BuyerRole::Viewer),
        Some(BuyerRole::Payer),
        Some(BuyerRole::Admin),
    ]);
    (seller, buyer).prop_map(|(seller, buyer)| Roles { seller, buyer })
}

proptest! {
    #[test]
    fn nobody_changes_themselves_or_who_may_do_more(
        own in any_roles(), theirs in any_roles(), reach in any_reach(), their_reach in any_reach(),
    ) {
        let own = Standing { reach, ..standing(1, MembershipState::Active, own) };
        let other = Standing { reach: their_reach, ..standing(2, MembershipState::Active, theirs) };
        prop_assert_eq!(may_change(Some(own.user), (own.rights, own.reach), &own), Err(Refusal::OwnMembership));
        let may = may_change(Some(own.user), (own.rights, own.reach), &other).is_ok();
        prop_assert_eq!(may, other.rights.are_within(own.rights) && their_reach <= reach);
    }

    #[test]
    fn whoever_gives_has_it(own in any_roles(), given in any_roles()) {
        let (own, given) = (Rights::of(TenantKind::Partner, own), Rights::of(TenantKind::Partner, given));
        prop_assert_eq!(may_give(own, given).is_ok(), given.are_within(own));
        if let Err(Refusal::MoreThanOwn { permission }) = may_give(own, given) {
            prop_assert!(given.iter().any(|one| one.label() == permission && !own.has(one)));
        }
    }

    #[test]
    fn a_tenant_keeps_an_admin_who_can_work(
        some in proptest::collection::vec(
            (any_roles(), select(vec![MembershipState::Active, MembershipState::Disabled, MembershipState::Removed])),
            0..5,
        ),
    ) {
        let people: Vec<Standing> = some.iter().map(|(roles, state)| standing(1, *state, *roles)).collect();
        let left = people.iter().filter(|one| one.admin && one.state == MembershipState::Active).count();
        prop_assert_eq!(keeps_an_admin(&people).is_ok(), left > 0);
    }

    #[test]
    fn no_text_breaks_the_reading_of_names_and_addresses(text in ".{0,300}") {
        if let Ok(name) = name(&text) {
            prop_assert!(!name.is_empty() && name.chars().count() <= NAME_MAX as usize && !name.contains('\n'));
        }
        if let Ok(email) = email(&text) {
            prop_assert!(email.contains('@') && !email.contains(char::is_whitespace) && !email.contains(['<', '>', ',']));
        }
    }
}

#[test]
fn addresses_are_read_as_people_write_them() {
    for (text, read) in [
        (
            " Ada.Lovelace+bills@Example.COM ",
            "ada.lovelace+bills@example.com",
        ),
        ("o'neil@müller.example", "o'neil@müller.example"),
        ("x@a.b-c.example", "x@a.b-c.example"),
    ] {
        assert_eq!(email(text).as_deref(), Ok(read));
    }
    for text in [
        "ada",
        "ada@",
        "@example.com",
        "ada@example",
        "ada@exa mple.com",
        "a@b@c.d",
        "a..b@c.example",
        ".a@c.example",
        "a@-c.example",
        "a@c..example",
        "a,b@c.example",
        "<a@c.example>",
        "a@c.example\r\nBcc: x@y.example",
    ] {
        assert!(matches!(email(text), Err(Refusal::NotAnEmail { .. })), "{text}");
    }
    assert_eq!(email("  "), Err(Refusal::Missing));
    assert!(matches!(
        email(&format!("{}@c.example", "a".repeat(300))),
        Err(Refusal::TooLong { .. })
    ));
}
