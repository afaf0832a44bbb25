//! K8: an import is all of its file or nothing, and can be taken up again.
//!
//! `quittance import` is killed at random moments. After each kill there must be all of the file or nothing of it. Then a portal
//! is started, which finishes what had got as far as being written; where it finds nothing to finish, the file is imported again.

use crate::{
    figures::{Size, median_and_worst, seed},
    ledger::Ledger,
    power::{Disk, Left},
    world::{Engine, World},
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::{
    fmt::Write,
    fs,
    path::Path,
    time::{Duration, Instant},
};

/// Lines of an invoice in the file.
const LINES: usize = 4;
/// What every line costs, in minor units.
const PRICE: i64 = 1_000;
/// How long the portal may need to finish what it finds.
const FINISHES: Duration = Duration::from_secs(300);
/// Numbers in the file begin with it.
const PREFIX: &str = "K8-";

/// Runs it.
pub async fn run() {
    let size = Size::of_run();
    let (seed, kills, lines) = (seed(), size.pick(3, 100), size.pick(2_000, 100_000));
    let mut random = StdRng::seed_from_u64(seed);
    let mut world = World::new(&Engine::Sqlite).await;
    world.kill();
    let file = world.program.folder().join("invoices.csv");
    let (seller, customer) = world.ledger.customer().await;
    let documents = write(&file, lines, &customer);
    let seller = seller.to_string();
    let arguments = ["import", "--tenant", &seller, file.to_str().unwrap()];
    world.ledger.close().await;
    let untouched = Disk::of(&world.database_files());

    let begun = Instant::now();
    world.program.run(&arguments);
    let whole = begun.elapsed();
    assert_eq!(
        found(&world).await,
        all(documents),
        "an import that nobody disturbs"
    );
    world.check().await;
    let (mut in_part, mut all_there, mut resumed, mut wrong) = (0, 0, 0, 0);
    let mut later = Vec::with_capacity(kills);
    for kill in 1..=kills {
        put_back(&world, &untouched, &mut random);
        let mut importer = world.program.spawn(&arguments);
        let moment = whole.mul_f64(random.random_range(0.02..1.0));
        tokio::time::sleep(moment).await;
        importer.kill();
        let after_kill = Instant::now();
        let left = found(&world).await;
        in_part += usize::from(left != NOTHING && left != all(documents));
        all_there += usize::from(left == all(documents));
        world.start().await;
        until_idle(&world).await;
        let now = found(&world).await;
        resumed += usize::from(left == NOTHING && now == all(documents));
        world.kill();
        if now == NOTHING {
            world.program.run(&arguments);
        }
        wrong += usize::from(found(&world).await != all(documents));
        // Beyond what the file takes by itself.
        later.push((moment + after_kill.elapsed()).saturating_sub(whole));
        // It takes as long as an import, and what could go wrong was counted.
        if kill == kills || kill == 1 {
            world.check().await;
        }
    }
    println!(
        "K8: SQLite, seed {seed}: a file of {lines} lines and {documents} invoices, killed at {kills} random moments of {:.1} s; in \
         part there after a kill = {in_part}, all there {all_there} times; taken up by the portal {resumed} times; rows, duplicates \
         or totals wrong in the end = {wrong}; a kill cost {} more, with the portal's start; check passes",
        whole.as_secs_f64(),
        median_and_worst(&later)
    );
    assert_eq!((in_part, wrong), (0, 0));
}

/// Invoices of the file, different numbers of them, their lines, and their sum in minor units.
type Found = (usize, usize, usize, i64);

const NOTHING: Found = (0, 0, 0, 0);

fn all(documents: usize) -> Found {
    let total = i64::try_from(documents * LINES).unwrap() * PRICE;
    (documents, documents, documents * LINES, total)
}

async fn found(world: &World) -> Found {
    let ledger = Ledger::open(&world.database_url).await;
    let ours = format!("invoices WHERE number LIKE '{PREFIX}%'");
    let rows = ledger.count(&ours).await;
    let numbers = ledger
        .count(&format!("(SELECT DISTINCT seller_id, number FROM {ours}) AS n"))
        .await;
    let lines = ledger
        .count(&format!(
            "invoice_lines WHERE invoice_id IN (SELECT id FROM {ours})"
        ))
        .await;
    let total = ledger
        .number(&format!("SELECT COALESCE(SUM(total_minor), 0) FROM {ours}"))
        .await;
    ledger.close().await;
    (rows, numbers, lines, total)
}

/// Writes a file of so many lines, and returns how many invoices they are.
fn write(file: &Path, lines: usize, customer: &str) -> usize {
    let mut text = String::from(
        "number,customer_id,issue_date,due_date,currency,description,quantity,unit_price,tax_category,tax_rate\n",
    );
    let documents = lines / LINES;
    for document in 1..=documents {
        for line in 1..=LINES {
            writeln!(
                text,
                "{PREFIX}{document:06},{customer},2026-01-15,2026-02-14,EUR,Part {line},1,{}.{:02},Z,0",
                PRICE / 100,
                PRICE % 100
            )
            .unwrap();
        }
    }
    fs::write(file, text).unwrap();
    documents
}

/// The database as it was before any import. What the portal wrote ahead since is of no use to it.
fn put_back(world: &World, untouched: &Disk, random: &mut StdRng) {
    let [file, ahead] = world.database_files();
    let shared = file.with_extension("db-shm");
    for old in [&ahead, &shared] {
        let _ = fs::remove_file(old);
    }
    untouched.cut(Left::Nothing, random, file.parent().unwrap());
}

/// Waits until the portal has finished what it found.
async fn until_idle(world: &World) {
    let ledger = Ledger::open(&world.database_url).await;
    let begun = Instant::now();
    while ledger
        .count("jobs WHERE kind LIKE 'imports.%' AND state IN ('queued', 'running')")
        .await
        > 0
    {
        assert!(begun.elapsed() < FINISHES, "the portal does not finish an import");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    ledger.close().await;
}
