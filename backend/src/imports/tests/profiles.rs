//! A file may name the billing profile of each invoice.

use super::*;
use crate::profiles::{read::of_customer, write::add};
use domain::{ids::FormKey, profiles::ProfileFields};

fn with_profile(staged: Staged, text: &str) -> Staged {
    match staged {
        Staged::Header { line, mut columns } => {
            columns.push(text.to_owned());
            Staged::Header { line, columns }
        }
        Staged::Row(line, mut fields) => {
            fields.push(text.to_owned());
            Staged::Row(line, fields)
        }
        other => other,
    }
}

#[tokio::test]
async fn invoices_are_bound_to_the_profile_that_the_file_names_or_to_the_default() {
    let world = World::new().await;
    let (seller, daisy) = (world.acme(), world.daisy());
    let lab = ProfileFields {
        name: "Lab west".to_owned(),
        ..ProfileFields::default()
    };
    let lab = add(&seller.scope(), daisy.id(), FormKey(crate::new_id()), &lab)
        .await
        .unwrap();
    let items = [
        with_profile(header(), "profile"),
        with_profile(invoice_row(2, "A-1", "10.00"), "lab  WEST"),
        with_profile(invoice_row(3, "A-2", "10.00"), ""),
    ];
    let (scope, import) = upload(&world, &items).await;
    let published = publish_now(&world, &scope, import).await;
    assert_eq!(published.row.state, ImportState::Published);
    let main = of_customer(&seller.scope(), daisy.id()).await.unwrap().profiles[0].id;
    let mut bound: Vec<_> = invoices(&world).await.into_iter().collect();
    bound.sort_by(|a, b| a.number.cmp(&b.number));
    let bound: Vec<_> = bound.iter().map(|row| row.profile_id).collect();
    assert_eq!(bound, [lab.0, main.0]);
}

#[tokio::test]
async fn a_profile_that_the_customer_has_not_keeps_the_file_out() {
    let world = World::new().await;
    let items = [
        with_profile(header(), "profile"),
        with_profile(invoice_row(2, "A-1", "10.00"), "Lab"),
    ];
    let (scope, import) = upload(&world, &items).await;
    let found = read::find(&scope, import).await.unwrap();
    assert!(matches!(found.issues[0].problem, Problem::UnknownProfile { .. }));
    assert_eq!(found.issues[0].field, Some(Field::Profile));
}
