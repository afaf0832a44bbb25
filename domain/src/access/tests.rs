//! The permission tick table. Read its change before committing it.

use super::*;
use proptest::{collection::vec, prelude::*, sample::select};

const KINDS: [TenantKind; 3] = [TenantKind::Distributor, TenantKind::Partner, TenantKind::Customer];
const SELLERS: [SellerRole; 4] = [
    SellerRole::Sales,
    SellerRole::Finance,
    SellerRole::Admin,
    SellerRole::User,
];
const BUYERS: [BuyerRole; 3] = [BuyerRole::Viewer, BuyerRole::Payer, BuyerRole::Admin];

#[test]
fn the_tick_table_is_as_agreed() {
    let mut table = format!("{:28}", "permission");
    for role in columns() {
        table.push_str(&format!("{:>17}", role.0));
    }
    for kind in KINDS {
        table.push_str(&format!("\n{}\n", kind.code()));
        for permission in Permission::ALL {
            table.push_str(&format!("  {:26}", permission.code()));
            for (_, roles) in columns() {
                table.push_str(&format!(
                    "{:>17}",
                    if Rights::of(kind, roles).has(*permission) {
                        "yes"
                    } else {
                        "-"
                    }
                ));
            }
            table.push('\n');
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn nobody_without_a_role_may_anything() {
    for kind in KINDS {
        assert_eq!(Rights::of(kind, Roles::default()), Rights::NONE);
    }
}

#[test]
fn a_role_of_one_side_gives_nothing_on_the_other() {
    for kind in KINDS {
        for (name, roles) in columns() {
            for permission in Rights::of(kind, roles).iter() {
                let side = if roles.seller.is_some() {
                    Side::Seller
                } else {
                    Side::Buyer
                };
                assert!(permission.area().is_open_to(side), "{permission:?} by {name}");
            }
        }
    }
}

#[test]
fn a_tenant_can_do_only_what_its_tier_can() {
    for kind in KINDS {
        for (name, roles) in columns() {
            assert!(Rights::of(kind, roles).are_within(Rights::all(kind)), "{name}");
        }
        let admin = Roles {
            seller: Some(SellerRole::Admin),
            buyer: Some(BuyerRole::Admin),
        };
        assert_eq!(
            Rights::of(kind, admin),
            Rights::all(kind),
            "an admin can do all of it"
        );
    }
}

#[test]
fn two_roles_give_what_each_gives() {
    for kind in KINDS {
        for seller in SELLERS.map(Some) {
            for buyer in BUYERS.map(Some) {
                let both = Rights::of(kind, Roles { seller, buyer });
                let one = Rights::of(kind, Roles { seller, buyer: None });
                let other = Rights::of(kind, Roles { seller: None, buyer });
                assert_eq!(both, one.and(other));
            }
        }
    }
}

/// A permission under its own name, so that a failed case can be read.
fn any_permission() -> impl Strategy<Value = Permission> {
    select(Permission::ALL)
}

fn any_rights() -> impl Strategy<Value = Rights> {
    vec(any_permission(), 0..Permission::ALL.len())
        .prop_map(|some| some.into_iter().fold(Rights::NONE, Rights::with))
}

proptest! {
    #[test]
    fn a_change_gives_what_was_asked_for_and_only_what_the_side_can_have(
        role in select(&Role::ALL[..]),
        wanted in any_rights(),
    ) {
        let changes = Changes::between(role, wanted);
        let given = changes.applied(role);
        for permission in Permission::ALL {
            let open = permission.area().is_open_to(role.side());
            prop_assert_eq!(given.has(*permission), open && wanted.has(*permission));
        }
        prop_assert_eq!(Changes::from_text(&changes.to_text()), changes);
    }

    #[test]
    fn text_that_nobody_wrote_gives_nothing_of_the_other_side(
        role in select(&Role::ALL[..]),
        words in vec("[+-]?[a-z]{0,8}[.]?[a-z_]{0,12}", 0..6),
        codes in vec((any_permission(), any::<bool>()), 0..6),
    ) {
        let codes = codes.iter().map(|(one, on)| format!("{}{}", if *on { '+' } else { '-' }, one.code()));
        let text = words.into_iter().chain(codes).collect::<Vec<_>>().join(" ");
        for permission in Changes::from_text(&text).applied(role).iter() {
            prop_assert!(permission.area().is_open_to(role.side()));
        }
    }

    #[test]
    fn sets_of_rights_are_sets(one in any_rights(), other in any_rights(), permission in any_permission()) {
        prop_assert!(one.are_within(one.and(other)));
        prop_assert_eq!(one.and(other), other.and(one));
        prop_assert!(one.with(permission).has(permission));
        prop_assert!(!one.without(permission).has(permission));
        prop_assert_eq!(one.are_within(other), one.iter().all(|each| other.has(each)));
    }
}

#[test]
fn a_role_that_nobody_changed_has_no_changes() {
    for role in Role::ALL {
        let changes = Changes::between(role, Changes::default().applied(role));
        assert!(changes.is_empty() && changes.to_text().is_empty(), "{role:?}");
    }
}

#[test]
fn codes_are_unique_and_read_back() {
    let mut codes: Vec<&str> = Permission::ALL
        .iter()
        .map(|permission| permission.code())
        .collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), Permission::ALL.len());
    for kind in KINDS {
        assert_eq!(TenantKind::from_code(kind.code()), Some(kind));
    }
    for role in Role::ALL {
        assert_eq!(Role::from_code(role.side(), role.code()), Some(role));
    }
    for side in [Side::Seller, Side::Buyer] {
        assert_eq!(Side::from_code(side.code()), Some(side));
    }
}

fn columns() -> Vec<(String, Roles)> {
    let column = |role: Role| match role {
        Role::Seller(one) => (
            format!("seller {}", one.code()),
            Roles {
                seller: Some(one),
                buyer: None,
            },
        ),
        Role::Buyer(one) => (
            format!("buyer {}", one.code()),
            Roles {
                seller: None,
                buyer: Some(one),
            },
        ),
    };
    Role::ALL.map(column).into()
}
