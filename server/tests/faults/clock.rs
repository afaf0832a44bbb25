//! A clock for a process that can be set while it runs.

use crate::{program::Program, seeded::shelf};
use std::{io::Write, path::PathBuf, process::Command, sync::OnceLock};
use tempfile::NamedTempFile;

/// See the module.
pub struct Clock(NamedTempFile);

impl Clock {
    /// One that is right. None where there is no C compiler.
    pub fn new() -> Option<Self> {
        library()?;
        let clock = Self(NamedTempFile::new().unwrap());
        clock.set(0);
        Some(clock)
    }

    /// Sets it off by so many minutes.
    pub fn set(&self, minutes: i64) {
        // In place: whoever reads it has it mapped.
        let mut file = std::fs::File::options().write(true).open(self.0.path()).unwrap();
        file.write_all(&(minutes * 60).to_ne_bytes()).unwrap();
    }

    /// The program with this clock.
    pub fn of(&self, program: Program) -> Program {
        program
            .with_variable("LD_PRELOAD", library().unwrap().display())
            .with_variable("FAULTS_CLOCK", self.0.path().display())
    }
}

/// Compiled once in a run.
fn library() -> Option<&'static PathBuf> {
    static LIBRARY: OnceLock<Option<PathBuf>> = OnceLock::new();
    let compile = || {
        let library = shelf("faults-clock").join("clock.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/clock.c");
        let mut cc = Command::new("cc");
        cc.args(["-shared", "-fPIC", "-O2", "-o"])
            .arg(&library)
            .arg(source);
        let compiled = cc.status().is_ok_and(|status| status.success());
        compiled.then_some(library)
    };
    LIBRARY.get_or_init(compile).as_ref()
}
