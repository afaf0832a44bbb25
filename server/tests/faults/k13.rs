//! K13: a database that is down gives a clear page and 503, soon, and the portal recovers by itself.
//!
//! PostgreSQL is stopped for a while, then hangs without a word, then is asked by more people than it has connections. All
//! the time people browse and somebody tries to pay.

use crate::{
    browse::{Crowd, Look, broken, slowest, unavailable},
    cluster::Cluster,
    figures::Size,
    payer::{Answer, Card, Payer},
    proxy::{Mode, Proxy},
    world::{BUYER, Engine, World},
};
use reqwest::StatusCode;
use std::time::{Duration, Instant};
use uuid::Uuid;

const BROWSERS: usize = 4;
const CROWD: usize = 64;
/// The longest that anybody waits for an answer while it is down.
const LONGEST: Duration = Duration::from_secs(2);

/// What came of one trouble.
struct Came {
    looks: Vec<Look>,
    /// Of the pages asked for while it was down, and of those that were on their way when it began.
    slowest: (Duration, Duration),
    /// Posts of a payment that were answered by an error other than 503.
    broken_posts: usize,
    /// From the end of the trouble to the first page.
    back_after: Duration,
}

/// Runs it.
pub async fn run() {
    let Some(cluster) = Cluster::new("-c fsync=off").await else {
        return println!("K13 is not run: PostgreSQL is not installed");
    };
    let size = Size::of_run();
    let down_for = size.seconds(4, 20);
    let mut world = World::new(&Engine::Postgres(cluster.url())).await;
    let proxy = Proxy::to(cluster.port(), 1).await;
    world.kill();
    let through = world
        .database_url
        .replace(&format!(":{}/", cluster.port()), &format!(":{}/", proxy.port()));
    world.portal_program = world.portal_program.clone().with("database__url", through);
    world.start().await;
    let payer = world.payer(BUYER).await;
    let invoices = world.ledger.payable().await;
    world.save_card(&payer, invoices[1]).await;
    world.ledger.close().await;

    let stopped = trouble(
        &world,
        &payer,
        invoices[0],
        down_for,
        || cluster.stop(),
        || cluster.start(),
    )
    .await;
    let hang = || proxy.strike(1, &[Mode::Hang]);
    let hung = trouble(&world, &payer, invoices[0], down_for, hang, || {
        proxy.strike(0, &[])
    })
    .await;
    let crowd = Crowd::of(CROWD, &payer);
    tokio::time::sleep(size.seconds(3, 20)).await;
    let crowded = crowd.end().await;
    world.program.run(&["check"]);

    for (what, came) in [("stopped", &stopped), ("hung", &hung)] {
        let (down, unclear) = unavailable(&came.looks);
        println!(
            "K13: PostgreSQL {what} for {} s: {} pages, {down} of them 503, without a clear word = {unclear}; other 5xx, or no \
             answer = {}; the slowest asked for while it was down after {:.2} s, on its way before that after {:.2} s; first page \
             {:.2} s after it was back; check passes",
            down_for.as_secs(),
            came.looks.len(),
            broken(&came.looks) + came.broken_posts,
            came.slowest.0.as_secs_f64(),
            came.slowest.1.as_secs_f64(),
            came.back_after.as_secs_f64()
        );
    }
    let (down, unclear) = unavailable(&crowded);
    println!(
        "K13: PostgreSQL asked by {CROWD} people at once with 6 connections: {} pages, {down} of them 503, without a clear word \
         = {unclear}; other 5xx, or no answer = {}; the slowest after {:.2} s; check passes",
        crowded.len(),
        broken(&crowded),
        slowest(&crowded).as_secs_f64()
    );
    for came in [&stopped, &hung] {
        assert_eq!(
            (broken(&came.looks), came.broken_posts, unavailable(&came.looks).1),
            (0, 0, 0)
        );
        assert!(unavailable(&came.looks).0 > 0 && came.slowest.0 <= LONGEST);
    }
    assert_eq!((broken(&crowded), unclear), (0, 0));
}

/// Lets people browse and one pay while something is wrong, and waits until it is right again.
async fn trouble(
    world: &World,
    payer: &Payer,
    invoice: Uuid,
    time: Duration,
    begin: impl FnOnce(),
    end: impl FnOnce(),
) -> Came {
    let form = payer.open(invoice).await.form.expect("the invoice runs out");
    let crowd = Crowd::of(BROWSERS, payer);
    tokio::time::sleep(Duration::from_millis(500)).await;
    tokio::task::block_in_place(begin);
    let down = Instant::now();
    let mut broken_posts = 0;
    let until = Instant::now() + time;
    while Instant::now() < until {
        let answer = payer.post(&world.url(), &form.pay(50, &Card::Saved)).await;
        let wrong = matches!(answer, Answer::Other(status, _)
            if status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE);
        broken_posts += usize::from(wrong || answer == Answer::Lost);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tokio::task::block_in_place(end);
    let back = Instant::now();
    while payer
        .try_get("/invoices")
        .await
        .is_none_or(|(status, _)| status != StatusCode::OK)
    {
        assert!(
            back.elapsed() < Duration::from_secs(60),
            "the portal does not recover"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let back_after = back.elapsed();
    // The form that was posted all the while is one payment in the end, however often it was posted.
    payer.post(&world.url(), &form.pay(50, &Card::Saved)).await;
    assert!(payer.decided(form.key).await.is_some(), "the payment was lost");
    let looks = crowd.end().await;
    let (before, after): (Vec<_>, Vec<_>) = looks.iter().cloned().partition(|look| look.at < down);
    let meanwhile: Vec<_> = after.into_iter().filter(|look| look.at < back).collect();
    Came {
        slowest: (slowest(&meanwhile), slowest(&before)),
        looks,
        broken_posts,
        back_after,
    }
}
