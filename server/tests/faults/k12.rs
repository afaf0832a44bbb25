//! K12: a slow or dead gateway does not take the portal down.
//!
//! Some people browse all the time. Now and then the gateway stops answering, or answers after half a minute, while others
//! try to pay. What browsing costs then is compared with the quiet times between.

use crate::{
    browse::{Crowd, Look, broken, p99},
    figures::Size,
    payer::{Answer, Card, Payer},
    proxy::Mode,
    world::{BUYER, Engine, World},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use uuid::Uuid;

const BROWSERS: usize = 2;
const PAYERS: usize = 6;
/// The longest that a payer waits: the time-out of a call, and what stands around it. A busy machine may add some.
const LONGEST: Duration = Duration::from_millis(10_500);
/// A payer who reads "try again later" does so after this.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long the gateway answers after its trouble.
const SLOW: Duration = Duration::from_secs(30);

/// How the gateway fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    Hangs,
    IsSlow,
}

/// Runs it.
pub async fn run() {
    let size = Size::of_run();
    let (quiet_for, trouble_for) = (size.seconds(3, 15), size.seconds(13, 30));
    let rounds = size.pick(1, 3);
    let troubles: &[Trouble] = match size {
        Size::Small => &[Trouble::Hangs],
        Size::Full => &[Trouble::Hangs, Trouble::IsSlow],
    };
    let world = World::new(&Engine::Sqlite).await;
    let payer = world.payer(BUYER).await;
    let invoices = world.ledger.payable().await;
    world.save_card(&payer, invoices[PAYERS]).await;
    let (mut quiet, mut disturbed) = (Vec::new(), Vec::new());
    let (mut posts, mut recoveries) = (Vec::new(), Vec::new());
    // The first pages of a start are not like the others.
    browse(&payer, Duration::from_secs(1)).await;
    for _ in 0..rounds {
        for trouble in troubles {
            quiet.extend(browse(&payer, quiet_for).await);
            begin(&world, *trouble).await;
            let stop = Arc::new(AtomicBool::new(false));
            let payers = invoices[..PAYERS].iter().map(|invoice| {
                let (payer, url, stop) = (payer.clone(), world.url(), stop.clone());
                tokio::spawn(keep_paying(payer, url, *invoice, stop))
            });
            let payers: Vec<_> = payers.collect();
            disturbed.extend(browse(&payer, trouble_for).await);
            stop.store(true, Ordering::SeqCst);
            for payer in payers {
                posts.extend(payer.await.unwrap());
            }
            world.gateway_proxy.strike(0, &[]);
            world.gateway.heal().await;
            recoveries.push(until_paid(&world, &payer, invoices[0]).await);
        }
    }
    world.converge().await;
    let differences = world.differences().await;
    let log = world.portal.as_ref().unwrap().log();
    let said = |words: &str| log.matches(words).count();
    let (opened, probed) = (said("left alone for a while"), said("whether it is well again"));
    let closed = said("the gateway answers again");
    world.check().await;
    let longest = posts.iter().copied().max().unwrap_or_default();
    let ratio = p99(&disturbed).as_secs_f64() / p99(&quiet).as_secs_f64();
    let wrong = broken(&quiet) + broken(&disturbed);
    println!(
        "K12: SQLite: {} pages in quiet, p99 {:.0} ms; {} pages while the gateway hangs or is slow, p99 {:.0} ms; ratio = \
         {ratio:.2}; broken answers = {wrong}; {} payments tried meanwhile, the longest answered after {:.1} s; breaker opened \
         {opened} times, asked again {probed} times, closed {closed} times; first payment {:.1} s after the trouble at worst; \
         portal and gateway differ on {differences}; check passes",
        quiet.len(),
        p99(&quiet).as_secs_f64() * 1_000.0,
        disturbed.len(),
        p99(&disturbed).as_secs_f64() * 1_000.0,
        posts.len(),
        longest.as_secs_f64(),
        recoveries.iter().max().unwrap().as_secs_f64(),
    );
    assert_eq!((wrong, differences), (0, 0));
    assert!(longest < LONGEST && opened > 0 && probed > 0 && closed > 0);
    // A few seconds on a busy machine prove no ratio.
    assert!(
        size == Size::Small || ratio <= 2.0,
        "browsing became slower by {ratio:.2}"
    );
}

async fn browse(payer: &Payer, time: Duration) -> Vec<Look> {
    let crowd = Crowd::of(BROWSERS, payer);
    tokio::time::sleep(time).await;
    crowd.end().await
}

async fn begin(world: &World, trouble: Trouble) {
    match trouble {
        Trouble::Hangs => world.gateway_proxy.strike(1, &[Mode::Hang]),
        Trouble::IsSlow => world.gateway.pause(SLOW, "before").await,
    }
}

/// Tries to pay again and again, and tells how long each answer took.
async fn keep_paying(payer: Payer, url: String, invoice: Uuid, stop: Arc<AtomicBool>) -> Vec<Duration> {
    let mut took = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let Some(form) = payer.open(invoice).await.form else {
            break;
        };
        let begun = Instant::now();
        payer.post(&url, &form.pay(50, &Card::Saved)).await;
        took.push(begun.elapsed());
        tokio::time::sleep(PATIENCE).await;
    }
    took
}

/// How long it takes until somebody can pay again.
async fn until_paid(world: &World, payer: &Payer, invoice: Uuid) -> Duration {
    let begun = Instant::now();
    loop {
        let form = payer.open(invoice).await.form.expect("the invoice runs out");
        if let Answer::Receipt(_) = payer.post(&world.url(), &form.pay(50, &Card::Saved)).await {
            return begun.elapsed();
        }
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "nobody can pay any more"
        );
        tokio::time::sleep(PATIENCE).await;
    }
}
