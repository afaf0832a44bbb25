//! K16: a disk that cannot write does not lose what was acknowledged, silently or otherwise.
//!
//! Once for each N, the N-th sync of the portal fails. Then the power is cut; what the failed sync should have written is gone
//! for good. Whatever the portal acknowledged before or after the failure must be there.

use crate::{
    figures::{Size, seed},
    power::{Disk, Left, can_record, failed_syncs, read, recorded},
    survivors::{look, missing, tell_at_once},
    world::{Engine, World},
};
use rand::{SeedableRng, rngs::StdRng};
use std::sync::Arc;

const SENDERS: usize = 2;
/// Events of each sender in one round: enough for more syncs than the last round's number.
const EACH: usize = 12;

/// Runs it.
pub async fn run() {
    if !can_record() {
        return println!("K16 is not run: strace cannot be used here");
    }
    let (seed, rounds) = (seed(), Size::of_run().pick(5, 50));
    let mut random = StdRng::seed_from_u64(seed);
    let mut world = World::new(&Engine::Sqlite).await;
    world.kill();
    let usual = world.portal_program.clone();
    let files = world.database_files();
    let (mut errors, mut unsound, mut lost, mut refused, mut strange) = (0, 0, 0, 0, 0);
    let mut acknowledged = Vec::new();
    for round in 1..=rounds {
        let mut disk = Disk::of(&files);
        let record = world.program.folder().join(format!("record-{round}"));
        world.portal_program = recorded(usual.clone(), &record, Some(round));
        world.start().await;
        let mut shared = Arc::new(world);
        let (kept, later, other) = tell_at_once(&shared, SENDERS, EACH).await;
        Arc::get_mut(&mut shared).unwrap().kill();
        world = Arc::into_inner(shared).unwrap();
        acknowledged.extend(kept);
        refused += later;
        strange += other;
        let steps = read(&record, &files);
        errors += failed_syncs(&steps);
        steps.iter().for_each(|step| disk.advance(step));
        for cut in 0..3 {
            let folder = tempfile::tempdir().unwrap();
            disk.cut(Left::of_cut(cut), &mut random, folder.path());
            let worth = look(
                &folder.path().join(files[0].file_name().unwrap()),
                acknowledged.iter(),
            )
            .await;
            unsound += usize::from(!worth.sound);
            lost += worth.lost;
        }
        std::fs::remove_file(&record).unwrap();
    }
    world.portal_program = usual;
    world.start().await;
    world.settle().await;
    let gone = missing(&world.ledger, acknowledged.iter()).await;
    world.check().await;
    println!(
        "K16: SQLite, seed {seed}: {rounds} runs, {errors} syncs failed, {} acknowledged, {refused} told to come later, other \
         answers = {strange}; after {} power cuts: unsound = {unsound}, acknowledged and missing = {lost}; missing in the end = \
         {gone}; check passes",
        acknowledged.len(),
        rounds * 3
    );
    assert_eq!((unsound, lost, gone, strange), (0, 0, 0, 0));
    assert!(errors > 0);
}
