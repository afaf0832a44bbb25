//! Files as a whole: what is known from before, columns, and who finds them.

use super::*;

#[tokio::test]
async fn what_was_in_a_file_before_is_not_offered_twice() {
    let world = World::new().await;
    let scope = seller(&world);
    let (one, other) = (entry(100, "one"), entry(200, "other"));
    bring(&scope, &[one.clone(), other.clone(), one.clone()]).await;
    // The next file overlaps, and one of two equal payments is new.
    let moved = StatementEntry {
        line: 9,
        ..one.clone()
    };
    let second = bring(&scope, &[entry(300, "new"), moved, one.clone(), one.clone()]).await;
    let detail = read::file(&scope, second, &Position::First).await.unwrap();
    assert_eq!((detail.row.entries, detail.row.known), (2, 2));
    assert_eq!(
        read::waiting(&scope, &Position::First).await.unwrap().rows.len(),
        5
    );
    let whole = bring(&scope, &[one, other]).await;
    let detail = read::file(&scope, whole, &Position::First).await.unwrap();
    assert_eq!((detail.row.entries, detail.row.known), (0, 2));
    // Another seller has its own.
    let acme: Scope<RecordPayments> = world.acme().scope();
    bring(&acme, &[entry(100, "one")]).await;
    assert_eq!(
        read::waiting(&acme, &Position::First).await.unwrap().rows.len(),
        1
    );
}

#[tokio::test]
async fn columns_of_a_csv_file_are_named_once_for_all_files_with_its_heading() {
    let world = World::new().await;
    let scope = seller(&world);
    let rows_of = |amount: &str| {
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Brought::Rows(Rows {
            header: texts(&["When", "Amount", "Details"]),
            rows: vec![(2, texts(&["2026-03-14", amount, "INV-1"]))],
        })
    };
    let file = write::take_in(&scope, "march.csv", b"1", &rows_of("5.00"))
        .await
        .unwrap();
    let detail = read::file(&scope, file, &Position::First).await.unwrap();
    assert_eq!(
        (detail.row.state, detail.entries.rows.len()),
        (BankFileState::Columns, 0)
    );
    let mut columns: BankColumns = detail.offer.unwrap().columns;
    assert!(matches!(
        write::name_columns(&scope, file, &columns).await,
        Err(Error::Refused(Refusal::FileRefused { why })) if why.contains("booking day")
    ));
    columns
        .columns
        .insert(domain::bank_files::BankField::BookedOn, "When".into());
    write::name_columns(&scope, file, &columns).await.unwrap();
    assert!(matches!(
        write::name_columns(&scope, file, &columns).await,
        Err(Error::Conflict)
    ));
    assert_eq!(rows(&scope, file).await[0].amount, usd(500));
    let next = write::take_in(&scope, "april.csv", b"2", &rows_of("6.00"))
        .await
        .unwrap();
    assert_eq!(rows(&scope, next).await[0].amount, usd(600));
    // A row that cannot be read leaves the columns to be looked at.
    let broken = write::take_in(&scope, "may.csv", b"3", &rows_of("six"))
        .await
        .unwrap();
    let detail = read::file(&scope, broken, &Position::First).await.unwrap();
    assert_eq!(detail.row.state, BankFileState::Columns);
    assert!(matches!(
        write::name_columns(&scope, broken, &columns).await,
        Err(Error::Refused(Refusal::FileRefused { why })) if why.starts_with("Line 2, column Amount")
    ));
}

#[tokio::test]
async fn nobody_else_finds_a_file_or_an_entry() {
    let world = World::new().await;
    let scope = seller(&world);
    let file = bring(&scope, &[entry(100, "x")]).await;
    let id = rows(&scope, file).await[0].id;
    let form = typed(&scope, &world, &rows(&scope, file).await[0]).await;
    let stranger: Scope<RecordPayments> = world.acme().scope();
    assert!(matches!(
        read::file(&stranger, file, &Position::First).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(read::entry(&stranger, id).await, Err(Error::NotFound)));
    assert!(matches!(read::prefill(&stranger, id).await, Err(Error::NotFound)));
    assert!(matches!(
        aside::set_aside(&stranger, id, "mine").await,
        Err(Error::NotFound)
    ));
    assert!(matches!(
        aside::take_up(&stranger, id).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(
        record::record(&stranger, id, &form).await,
        Err(Error::NotFound)
    ));
    let one = ChosenEntry {
        entry: id,
        seen: String::new(),
    };
    assert!(matches!(
        record::record_proposed(&stranger, &[one]).await,
        Err(Error::NotFound)
    ));
    let columns = BankColumns::default();
    assert!(matches!(
        write::name_columns(&stranger, file, &columns).await,
        Err(Error::NotFound)
    ));
    assert_eq!(read::files(&stranger).await.unwrap().files.len(), 0);
    // Sales records no payments.
    let sales = world.distributor().actor(Roles {
        seller: Some(SellerRole::Sales),
        buyer: None,
    });
    assert!(matches!(
        sales.permit::<RecordPayments>(),
        Err(Error::Forbidden(_))
    ));
}
