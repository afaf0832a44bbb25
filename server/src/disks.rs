//! Whether there is room left where the portal writes (K15). A full disk is no loss, since nothing is acknowledged that is not
//! on it; but nothing can be done either, and the operator should hear of it before the people.

use crate::config::Config;
use rustix::fs::statvfs;
use std::path::PathBuf;

/// With less than this left, in bytes, a disk counts as full: the write-ahead log and a few uploads want it.
const FLOOR: u64 = 16 * 1024 * 1024;

/// The folders that the portal writes to, by what they are called to the operator.
#[derive(Clone, Debug)]
pub struct Disks(Vec<(&'static str, PathBuf)>);

impl Disks {
    /// Those of an installation. PostgreSQL looks after its own.
    pub fn of(config: &Config) -> Self {
        let database = config.database.folder().map(|folder| ("database", folder));
        let uploads = ("uploads", std::env::temp_dir());
        Self(database.into_iter().chain([uploads]).collect())
    }

    /// The first one without room. One that cannot be asked is not known to be full.
    pub fn full(&self) -> Option<&'static str> {
        let is_full = |folder: &PathBuf| {
            statvfs(folder).is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) < FLOOR)
        };
        let full = self.0.iter().find(|(_, folder)| is_full(folder));
        full.map(|(name, folder)| {
            tracing::error!(folder = %folder.display(), "the disk is full");
            *name
        })
    }
}
