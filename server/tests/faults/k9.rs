//! K9: what was committed on SQLite survives a power cut.
//!
//! All that the portal writes and syncs is recorded while several senders get their acknowledgements. Then the power is cut at
//! random moments of the record, and what is left must be sound and hold everything acknowledged before the moment.

use crate::{
    figures::{Size, seed},
    power::{Disk, Left, can_record, read, recorded},
    survivors::{look, tell_at_once},
    world::{Engine, World},
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::{path::PathBuf, sync::Arc};

const SENDERS: usize = 3;

/// Runs it.
pub async fn run() {
    if !can_record() {
        return println!("K9 is not run: strace cannot be used here");
    }
    let size = Size::of_run();
    let (seed, cuts, count) = (seed(), size.pick(30, 1_200), size.pick(40, 250));
    let mut random = StdRng::seed_from_u64(seed);
    let mut world = World::new(&Engine::Sqlite).await;
    world.kill();
    let files = world.database_files();
    let mut disk = Disk::of(&files);
    let record = world.program.folder().join("record");
    world.portal_program = recorded(world.portal_program.clone(), &record, None);
    world.start().await;
    let mut world = Arc::new(world);
    let (acknowledged, later, other) = tell_at_once(&world, SENDERS, count).await;
    world.settle().await;
    Arc::get_mut(&mut world).unwrap().kill();
    world.check().await;

    let steps = read(&record, &files);
    let mut moments: Vec<usize> = (0..cuts).map(|_| random.random_range(0..steps.len())).collect();
    moments.sort_unstable();
    let (mut unsound, mut cuts_that_lost, mut lost) = (0, 0, 0);
    let mut done = 0;
    for (number, moment) in moments.into_iter().enumerate() {
        steps[done..moment].iter().for_each(|step| disk.advance(step));
        done = moment;
        let folder = tempfile::tempdir().unwrap();
        disk.cut(Left::of_cut(number), &mut random, folder.path());
        let until = steps[moment].at;
        let before = acknowledged.iter().filter(|event| event.at < until);
        let file: PathBuf = folder.path().join(files[0].file_name().unwrap());
        let worth = look(&file, before).await;
        unsound += usize::from(!worth.sound);
        cuts_that_lost += usize::from(worth.lost > 0);
        lost = lost.max(worth.lost);
    }
    println!(
        "K9: SQLite, seed {seed}: {} acknowledged, {} writes and syncs recorded, {cuts} power cuts; unsound = {unsound}; cuts \
         that lost something acknowledged = {cuts_that_lost}, most lost in one = {lost}; check passes",
        acknowledged.len(),
        steps.len()
    );
    assert_eq!((unsound, cuts_that_lost, later, other), (0, 0, 0, 0));
}
