//! A key gets what its giver has and ticked, and stored rights are read as they were written.

use super::*;
use proptest::{collection::vec, prelude::*, sample::select};
use uuid::Uuid;

fn typed() -> ApiKeyFields {
    ApiKeyFields {
        key: Uuid::from_u128(7).to_string(),
        name: " ERP  nightly ".to_owned(),
        lasts: "quarter".to_owned(),
        may: vec!["invoices.view_issued".to_owned()],
    }
}

fn own() -> Rights {
    POSSIBLE.into_iter().fold(Rights::NONE, Rights::with)
}

fn refused(fields: &ApiKeyFields, field: &str) -> Option<Refusal> {
    fields.read(own()).unwrap_err().get(field).cloned()
}

#[test]
fn a_key_is_read_as_it_is_kept() {
    let new = typed().read(own()).unwrap();
    assert_eq!(
        (new.name.as_str(), new.lasts, new.id),
        ("ERP nightly", Lasting::Quarter, ApiKeyId(Uuid::from_u128(7)))
    );
    assert_eq!(new.rights, Rights::NONE.with(Permission::ViewIssuedInvoices));
    let now = DateTime::<Utc>::default();
    assert_eq!(Lasting::Quarter.until(now), Some(now + TimeDelta::days(90)));
    assert_eq!(Lasting::Forever.until(now), None);
}

#[test]
fn what_is_wrong_is_said_at_its_field() {
    let none = ApiKeyFields {
        may: Vec::new(),
        ..typed()
    };
    assert_eq!(refused(&none, "may"), Some(Refusal::Missing));
    let strange = ApiKeyFields {
        may: vec!["people.manage".to_owned()],
        ..typed()
    };
    assert_eq!(
        refused(&strange, "may"),
        Some(Refusal::FormBroken),
        "no key manages people"
    );
    let card = ApiKeyFields {
        name: "4111 1111 1111 1111".to_owned(),
        ..typed()
    };
    assert_eq!(refused(&card, "name"), Some(Refusal::CardNumber));
    let never = ApiKeyFields {
        lasts: "never".to_owned(),
        ..typed()
    };
    assert!(matches!(
        refused(&never, "lasts"),
        Some(Refusal::UnknownChoice { .. })
    ));
    let broken = ApiKeyFields {
        key: "7".to_owned(),
        ..typed()
    };
    assert_eq!(refused(&broken, ""), Some(Refusal::FormBroken));
}

proptest! {
    #[test]
    fn nobody_gives_a_key_more_than_they_have(
        has in vec(select(Permission::ALL.to_vec()), 0..6),
        ticked in vec(select(POSSIBLE.to_vec()), 1..4),
    ) {
        let has = has.into_iter().fold(Rights::NONE, Rights::with);
        let may = ticked.iter().map(|one| one.code().to_owned()).collect();
        let read = ApiKeyFields { may, ..typed() }.read(has);
        let wanted = ticked.into_iter().fold(Rights::NONE, Rights::with);
        prop_assert_eq!(read.is_ok(), wanted.are_within(has));
        if let Ok(new) = read {
            prop_assert_eq!(new.rights, wanted);
            prop_assert!(offered(has).len() <= POSSIBLE.len());
        }
    }

    #[test]
    fn stored_rights_are_read_as_they_were_written(ticked in vec(select(POSSIBLE.to_vec()), 0..4)) {
        let rights = ticked.into_iter().fold(Rights::NONE, Rights::with);
        prop_assert_eq!(from_text(&to_text(rights)), rights);
        prop_assert_eq!(rights.in_both(own()), rights);
    }

    #[test]
    fn what_is_in_both_is_in_each(one in any::<u64>(), other in any::<u64>()) {
        let rights = |bits: u64| {
            let has = |(place, one): (usize, &Permission)| (bits >> place & 1 == 1).then_some(*one);
            let some = Permission::ALL.iter().enumerate().filter_map(has);
            some.fold(Rights::NONE, Rights::with)
        };
        let both = rights(one).in_both(rights(other));
        prop_assert!(both.are_within(rights(one)) && both.are_within(rights(other)));
        prop_assert_eq!(both, rights(one & other));
    }
}

#[test]
fn words_of_another_release_give_nothing() {
    assert_eq!(from_text("invoices.dream people.manage"), Rights::NONE);
}
