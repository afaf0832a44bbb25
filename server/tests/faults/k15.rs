//! K15: a full disk is a clear error and no loss, and all is well again when there is room.
//!
//! The database lies on a small disk of its own, which is filled to the last byte while the portal works.

use crate::{
    browse::{Crowd, broken},
    survivors::{look, missing, tell},
    world::{BUYER, Engine, World},
};
use reqwest::StatusCode;
use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};
use tempfile::TempDir;

const EVENTS: usize = 40;
/// More than the free space within the files can take.
const MOST: usize = 10_000;

/// A disk of 64 MiB in memory, as long as this lives.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// None where one may not mount anything.
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=64m", "tmpfs"])
            .arg(folder.path());
        let mounted = mount.output().is_ok_and(|done| done.status.success());
        mounted.then_some(Self(folder))
    }

    /// Writes until there is no room, and returns what is to be deleted.
    fn fill(&self) -> PathBuf {
        let path = self.0.path().join("filler");
        let mut file = File::create(&path).unwrap();
        for piece in [1 << 20, 4_096, 1] {
            while file.write_all(&vec![1; piece]).is_ok() {}
        }
        path
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // What still has a file open keeps it until it ends.
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// Runs it.
pub async fn run() {
    let Some(disk) = SmallDisk::new() else {
        return println!("K15 is not run: nothing can be mounted here");
    };
    let world = World::on_disk(&Engine::Sqlite, disk.path()).await;
    let payer = world.payer(BUYER).await;
    let (mut acknowledged, _, mut strange) = tell(&world, world.port, EVENTS).await;
    world.settle().await;
    let filler = disk.fill();
    // What was free within the files is used up first.
    let mut refused = 0;
    while refused < EVENTS && acknowledged.len() < MOST {
        let (kept, later, other) = tell(&world, world.port, EVENTS).await;
        acknowledged.extend(kept);
        refused += later;
        strange += other;
    }
    let (status, said) = payer.try_get("/readyz").await.unwrap();
    let crowd = Crowd::of(2, &payer);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let looks = crowd.end().await;
    let pages = looks
        .iter()
        .filter(|look| look.status == Some(StatusCode::OK))
        .count();
    fs::remove_file(filler).unwrap();
    let freed = Instant::now();
    loop {
        let (kept, ..) = tell(&world, world.port, 1).await;
        acknowledged.extend(kept.clone());
        if !kept.is_empty() {
            break;
        }
        assert!(
            freed.elapsed() < Duration::from_secs(30),
            "nothing can be written any more"
        );
    }
    let back = freed.elapsed().as_secs_f64();
    let ready = payer.try_get("/readyz").await.unwrap().0 == StatusCode::OK;
    world.settle().await;
    let worth = look(&world.database_files()[0], acknowledged.iter()).await;
    let lost = missing(&world.ledger, acknowledged.iter()).await;
    world.check().await;
    println!(
        "K15: SQLite on a disk of 64 MiB that was filled: {} acknowledged, lost = {lost}; {refused} told to come later, other answers \
         = {strange}; readiness meanwhile {}: {said:?}; {pages} of {} pages shown meanwhile, 5xx other than 503 = {}; written again \
         {back:.2} s after there was room; sound = {}; check passes",
        acknowledged.len(),
        status.as_u16(),
        looks.len(),
        broken(&looks),
        if worth.sound { "yes" } else { "no" }
    );
    assert_eq!(
        (lost, strange, broken(&looks), worth.lost, worth.sound),
        (0, 0, 0, 0, true)
    );
    assert!(refused > 0 && ready);
    assert_eq!(
        (status.as_u16(), said.as_str()),
        (503, "the disk of the database is full")
    );
}
