//! The permission tick table. Read its change before committing it.

use super::*;

const KINDS: [TenantKind; 3] = [TenantKind::Distributor, TenantKind::Partner, TenantKind::Customer];
const SELLERS: [SellerRole; 3] = [SellerRole::Sales, SellerRole::Finance, SellerRole::Admin];
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
                    if allows(kind, roles, *permission) {
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
        for permission in Permission::ALL {
            assert!(!allows(kind, Roles::default(), *permission), "{permission:?}");
        }
    }
}

#[test]
fn a_role_of_one_side_gives_nothing_on_the_other() {
    for permission in Permission::ALL {
        for (_, roles) in columns() {
            let other_side = match permission.side() {
                Side::Seller => roles.seller.is_none(),
                Side::Buyer => roles.buyer.is_none(),
            };
            for kind in KINDS {
                assert!(
                    !(other_side && allows(kind, roles, *permission)),
                    "{permission:?} by {roles:?}"
                );
            }
        }
    }
}

#[test]
fn two_roles_give_what_each_gives() {
    for kind in KINDS {
        for seller in SELLERS.map(Some) {
            for buyer in BUYERS.map(Some) {
                for permission in Permission::ALL {
                    let both = allows(kind, Roles { seller, buyer }, *permission);
                    let one = allows(kind, Roles { seller, buyer: None }, *permission);
                    let other = allows(kind, Roles { seller: None, buyer }, *permission);
                    assert_eq!(both, one || other);
                }
            }
        }
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
    for role in SELLERS {
        assert_eq!(SellerRole::from_code(role.code()), Some(role));
    }
    for role in BUYERS {
        assert_eq!(BuyerRole::from_code(role.code()), Some(role));
    }
    for side in [Side::Seller, Side::Buyer] {
        assert_eq!(Side::from_code(side.code()), Some(side));
    }
}

fn columns() -> Vec<(String, Roles)> {
    let sellers = SELLERS.map(|role| {
        (
            format!("seller {}", role.code()),
            Roles {
                seller: Some(role),
                buyer: None,
            },
        )
    });
    let buyers = BUYERS.map(|role| {
        (
            format!("buyer {}", role.code()),
            Roles {
                seller: None,
                buyer: Some(role),
            },
        )
    });
    sellers.into_iter().chain(buyers).collect()
}
