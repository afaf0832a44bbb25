//! Files of many batches, and workers that die over them.

use super::*;

#[tokio::test]
async fn a_publication_that_is_killed_leaves_nothing_and_the_next_run_finishes() {
    use std::{
        pin::pin,
        task::{Context, Waker},
    };
    let world = World::new().await;
    let mut items = vec![header()];
    for number in 0..60 {
        items.push(row(
            number + 2,
            "invoice",
            &format!("N-{number:03}"),
            "10.00",
            "",
            "1.00",
        ));
    }
    let (scope, import) = upload(&world, &items).await;
    publish(&scope, import).await.unwrap();
    for polls in [3, 20, 60, 150, 400] {
        {
            let registry = jobs::standard();
            let mut run = pin!(jobs::run_one(&world.backend, &registry));
            for _ in 0..polls {
                let mut context = Context::from_waker(Waker::noop());
                if run.as_mut().poll(&mut context).is_ready() {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_micros(300)).await;
            }
        }
        let count = counts(&world).await[0];
        assert!(count == 0 || count == 60, "{count} of 60 after {polls} polls");
        // The lease of the dead worker runs out.
        world.seconds_pass(31);
    }
    work(&world).await;
    assert_eq!(counts(&world).await, [60, 0, 60, 60]);
    assert_eq!(
        read::find(&scope, import).await.unwrap().row.state,
        ImportState::Published
    );
}

#[tokio::test]
async fn lines_of_one_document_may_lie_in_several_batches() {
    let world = World::new().await;
    let scope = world.acme().scope();
    let import = begin(&scope, "split.csv", "CSV", "00").await.unwrap();
    stage(&scope, import, &[header(), invoice_row(2, "N-1", "10.00")])
        .await
        .unwrap();
    stage(
        &scope,
        import,
        &[invoice_row(3, "N-1", "5.00"), invoice_row(4, "N-2", "1.00")],
    )
    .await
    .unwrap();
    finish_upload(&scope, import, 1).await.unwrap();
    work(&world).await;
    publish_now(&world, &scope, import).await;
    let rows = invoices(&world).await;
    assert_eq!(
        rows.iter().map(|row| row.total_minor).collect::<Vec<_>>(),
        [1_500, 100]
    );
}

#[tokio::test]
#[ignore = "takes a minute or more without optimisation"]
async fn a_hundred_thousand_rows_are_published_within_two_minutes() {
    let world = World::new().await;
    let begun = std::time::Instant::now();
    let scope = world.acme().scope();
    let import = begin(&scope, "big.csv", "CSV", "00").await.unwrap();
    let mut line = 1;
    for batch in 0..20_u64 {
        let mut items = if batch == 0 { vec![header()] } else { Vec::new() };
        for number in 0..2_500_u64 {
            for _ in 0..2 {
                line += 1;
                items.push(invoice_row(
                    line,
                    &format!("M-{:06}", batch * 2_500 + number),
                    "10.00",
                ));
            }
        }
        stage(&scope, import, &items).await.unwrap();
    }
    finish_upload(&scope, import, 1).await.unwrap();
    println!("staged after {:?}", begun.elapsed());
    jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
    println!("checked after {:?}", begun.elapsed());
    publish(&scope, import).await.unwrap();
    jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
    println!("published after {:?}", begun.elapsed());
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!(
        "{}",
        memory
            .lines()
            .find(|line| line.starts_with("VmHWM"))
            .unwrap_or_default()
    );
    assert_eq!(
        read::find(&scope, import).await.unwrap().row.state,
        ImportState::Published
    );
    assert!(begun.elapsed().as_secs() < 120);
}
