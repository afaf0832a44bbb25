//! What a tenant says of itself and what it shares.

use super::{is_missing, makers, seen, settings, wrong};
use crate::{
    Scope,
    invoices::read as invoices,
    tenants::{below::read::list, company, grants, logo},
    testing::{PASSWORD, World},
};
use domain::{
    Refusal,
    access::{Side, ViewIssuedInvoices, ViewSharedInvoices},
    invoices::InvoiceQuery,
    tenants::TenantQuery,
};

#[tokio::test]
async fn the_trade_below_is_seen_through_a_grant_alone() {
    let world = World::new().await;
    let invoice = world.daisy().invoice("80.00").number("A-1").await;
    let look = async || {
        let shared: Scope<ViewSharedInvoices> = world.distributor().scope();
        grants::look(&shared, world.acme().id()).await
    };
    assert!(is_missing(look().await));

    grants::give(&settings(world.acme())).await.unwrap();
    grants::give(&settings(world.acme())).await.unwrap();
    let given = grants::sharing(&settings(world.acme())).await.unwrap();
    assert_eq!((given.given.len(), given.possible), (1, None));
    let (scope, name) = look().await.unwrap();
    assert_eq!(name, "Acme");
    let page = invoices::list(&scope, &InvoiceQuery::new(Side::Seller))
        .await
        .unwrap();
    assert_eq!(page.rows[0].number.as_deref(), Some("A-1"));
    assert_eq!(invoices::find(&scope, invoice).await.unwrap().buyer.name, "Daisy");
    // It is a view, and of that one partner: one's own list stays one's own, and nothing can be written.
    assert!(scope.begin().await.is_err());
    let own: Scope<ViewIssuedInvoices> = world.distributor().scope();
    assert!(is_missing(invoices::find(&own, invoice).await));
    let shared: Scope<ViewSharedInvoices> = world.distributor().scope();
    assert!(is_missing(grants::look(&shared, world.borealis().id()).await));
    // Nobody else sees through it.
    let neighbour: Scope<ViewSharedInvoices> = world.borealis().scope();
    assert!(is_missing(grants::look(&neighbour, world.acme().id()).await));

    let id = given.given[0].id;
    assert!(is_missing(
        grants::take_back(&settings(world.borealis()), id).await
    ));
    assert!(is_missing(
        grants::take_back(&settings(world.distributor()), id).await
    ));
    grants::take_back(&settings(world.acme()), id).await.unwrap();
    assert!(is_missing(look().await));
    // At the top there is nobody to share with, and a customer issues nothing.
    assert!(is_missing(grants::give(&settings(world.distributor())).await));
    assert!(is_missing(grants::give(&settings(world.daisy())).await));
}

#[tokio::test]
async fn a_new_name_is_found_and_old_documents_keep_theirs() {
    let world = World::new().await;
    let (acme, scope) = (world.acme(), settings(world.acme()));
    let invoice = world.daisy().invoice("80.00").await;
    let mut renamed = company::find(&scope).await.unwrap().fields();
    renamed.name = "Acme Nord".to_owned();
    renamed.accent = "plum".to_owned();
    company::change(&scope, &renamed).await.unwrap();
    assert_eq!(company::find(&scope).await.unwrap().fields(), renamed);

    let top = makers(world.distributor());
    let query = TenantQuery {
        search: Some("nord".to_owned()),
        ..TenantQuery::default()
    };
    let found = list(&top, &query).await.unwrap();
    assert!(found.rows.iter().any(|row| row.name == "Acme Nord"));
    let issued: Scope<ViewIssuedInvoices> = acme.scope();
    let old = invoices::find(&issued, invoice).await.unwrap();
    assert_eq!(old.seller.name, "Acme");

    renamed.country = "Nowhere".to_owned();
    let errors = wrong(company::change(&scope, &renamed).await);
    assert_eq!(errors.0.keys().collect::<Vec<_>>(), ["country"]);
}

/// The smallest PNG: one pixel.
const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0,
    1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89,
];

#[tokio::test]
async fn a_logo_is_a_small_picture_for_those_one_trades_with() {
    let world = World::new().await;
    let (acme, scope) = (world.acme(), settings(world.acme()));
    let refused = |bytes: &[u8]| {
        let (scope, bytes) = (scope.clone(), bytes.to_vec());
        async move { wrong(logo::change(&scope, bytes).await).0.remove("logo").unwrap() }
    };
    assert_eq!(refused(b"<svg onload=alert(1)>").await, Refusal::NotAPicture);
    let mut wide = PIXEL.to_vec();
    wide[18] = 0xff;
    assert!(matches!(refused(&wide).await, Refusal::PictureTooLarge { .. }));
    let mut heavy = PIXEL.to_vec();
    heavy.resize(logo::LOGO_BYTES + 1, 0);
    assert!(matches!(refused(&heavy).await, Refusal::PictureTooLarge { .. }));

    logo::change(&scope, PIXEL.to_vec()).await.unwrap();
    logo::change(&scope, PIXEL.to_vec()).await.unwrap();
    let person = seen(&world, "admin@acme.example", PASSWORD).await;
    assert!(person.tenant.logo.is_some());
    for friend in [acme, world.daisy(), world.distributor()] {
        let picture = logo::picture(&friend.admin(), acme.id()).await.unwrap();
        assert_eq!(
            (picture.media_type.as_str(), picture.bytes.as_slice()),
            ("image/png", PIXEL)
        );
    }
    for stranger in [world.borealis(), world.party("Fjord")] {
        assert!(is_missing(logo::picture(&stranger.admin(), acme.id()).await));
    }
    logo::remove(&scope).await.unwrap();
    assert!(is_missing(logo::picture(&acme.admin(), acme.id()).await));
    assert_eq!(
        seen(&world, "admin@acme.example", PASSWORD).await.tenant.logo,
        None
    );
}
