//! Two people with one entry, and two files at once.

use super::*;
use futures::future::join_all;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_cannot_record_an_entry_twice() {
    let world = World::new().await;
    let scope = seller(&world);
    world.acme().invoice("100.00").number("INV-7001").await;
    for round in 0..6 {
        let file = bring(&scope, &[entry(1_000 + round, "x")]).await;
        let row = rows(&scope, file).await.remove(0);
        // A colleague has another form.
        let forms = [
            typed(&scope, &world, &row).await,
            typed(&scope, &world, &row).await,
        ];
        let other = RecordPayment {
            put: PutTo::Nothing,
            ..forms[1].clone()
        };
        let posts = [forms[0].clone(), other].map(|form| {
            let (scope, id) = (scope.clone(), row.id);
            tokio::spawn(async move { record::record(&scope, id, &form).await })
        });
        let answers = join_all(posts).await.into_iter().map(Result::unwrap);
        let (done, refused): (Vec<_>, Vec<_>) = answers.partition(Result::is_ok);
        assert_eq!((done.len(), refused.len()), (1, 1));
        for answer in refused {
            assert!(matches!(
                answer,
                Err(Error::Refused(Refusal::BankEntryIs { .. }) | Error::Conflict)
            ));
        }
    }
    assert_eq!(payments(&world).await.len(), 6);
    assert_clean(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn setting_aside_and_recording_exclude_each_other() {
    let world = World::new().await;
    let scope = seller(&world);
    for round in 0..6 {
        let file = bring(&scope, &[entry(1_000 + round, "x")]).await;
        let row = rows(&scope, file).await.remove(0);
        let form = typed(&scope, &world, &row).await;
        let (one, other, id) = (scope.clone(), scope.clone(), row.id);
        let recorded = tokio::spawn(async move { record::record(&one, id, &form).await.is_ok() });
        let aside = tokio::spawn(async move { aside::set_aside(&other, id, "no").await.is_ok() });
        let (recorded, aside) = (recorded.await.unwrap(), aside.await.unwrap());
        assert!(recorded != aside, "{recorded} {aside}");
    }
    assert_clean(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_file_twice_at_once_is_there_once() {
    let world = World::new().await;
    let scope = seller(&world);
    let all: Vec<StatementEntry> = (1..40).map(|minor| entry(minor, "x")).collect();
    let posts = (0..4).map(|_| {
        let (scope, entries) = (scope.clone(), all.clone());
        let format = "MT940".to_owned();
        tokio::spawn(async move {
            let brought = Brought::Entries { format, entries };
            write::take_in(&scope, "a.sta", b"a", &brought).await
        })
    });
    let answers = join_all(posts).await.into_iter().map(Result::unwrap);
    let (done, refused): (Vec<_>, Vec<_>) = answers.partition(Result::is_ok);
    assert!(!done.is_empty());
    assert!(
        refused
            .iter()
            .all(|answer| matches!(answer, Err(Error::Conflict)))
    );
    assert_eq!(entries(&world).await, 39);
}
