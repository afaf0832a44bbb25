//! Power cuts on paper: what a process wrote and synced is recorded with strace, and for any moment of it the files are
//! rebuilt as a power cut then could have left them.
//!
//! What was synced is there. Of what was written since, nothing is there, or all of it, or any of its sectors: a disk may
//! write them in any order. A sync that failed makes nothing durable, and what it was asked to write is lost for good, as
//! Linux does it: it counts as written and is never tried again.

use crate::program::Program;
use rand::{Rng, rngs::StdRng};
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::Command,
};

/// What a disk writes whole.
const SECTOR: usize = 512;
/// What is recorded.
const CALLS: &str = "trace=pwrite64,ftruncate,fsync,fdatasync,unlink";
/// The calls that make durable.
const SYNCS: [&str; 2] = ["fsync", "fdatasync"];

/// Whether this machine can record.
pub fn can_record() -> bool {
    let traced = Command::new("strace")
        .args(["-qqq", "-o", "/dev/null", "true"])
        .output();
    traced.is_ok_and(|done| done.status.success())
}

/// The program with all that it writes recorded, and with the n-th sync of each thread failing if one is named.
pub fn recorded(program: Program, into: &Path, failing: Option<usize>) -> Program {
    let into = into.to_str().unwrap();
    let mut words = vec!["strace", "-D", "-f", "-qqq", "-ttt", "-y", "-xx", "-s", "4194304"];
    words.extend(["-e", "signal=none", "-e", CALLS, "-o", into]);
    let fault = failing.map(|n| format!("inject=fsync,fdatasync:error=EIO:when={n}"));
    if let Some(fault) = &fault {
        words.extend(["-e", fault]);
    }
    program.under(&words)
}

/// Of what was written and not synced, what is there after the cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    Nothing,
    Everything,
    AnySectors,
}

impl Left {
    /// Each in its turn.
    pub fn of_cut(number: usize) -> Self {
        [Self::Nothing, Self::Everything, Self::AnySectors][number % 3]
    }
}

#[derive(Clone, Debug)]
enum Change {
    Write { at: usize, data: Vec<u8> },
    Length(usize),
}

#[derive(Clone, Debug)]
enum What {
    Change(Change),
    /// Of so many changes of the file, the first ones.
    Sync {
        changes: usize,
        worked: bool,
    },
    Removal,
}

/// One call.
#[derive(Clone, Debug)]
pub struct Step {
    /// Seconds since 1970.
    pub at: f64,
    file: PathBuf,
    what: What,
}

/// Reads a record of these files.
pub fn read(record: &Path, files: &[PathBuf]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut changes: BTreeMap<PathBuf, usize> = BTreeMap::new();
    // A call during which others were recorded has its end on a line of its own.
    let mut begun: BTreeMap<String, (PathBuf, usize)> = BTreeMap::new();
    for line in BufReader::new(File::open(record).unwrap()).lines() {
        let line = line.unwrap();
        let (thread, rest) = line.split_once(' ').unwrap();
        let (at, call) = rest.trim_start().split_once(' ').unwrap();
        let at: f64 = at.parse().unwrap();
        if let Some(end) = call.strip_prefix("<... ") {
            let is_sync = SYNCS.iter().any(|name| end.starts_with(name));
            if let Some((file, changes)) = begun.remove(thread).filter(|_| is_sync) {
                let worked = end.contains("= 0");
                let what = What::Sync { changes, worked };
                steps.push(Step { at, file, what });
            }
            continue;
        }
        let Some((name, arguments)) = call.split_once('(') else {
            continue;
        };
        let Some(file) = file_of(name, arguments).filter(|file| files.contains(file)) else {
            continue;
        };
        let made = changes.entry(file.clone()).or_default();
        let what = match name {
            "pwrite64" => What::Change(write_of(arguments)),
            "ftruncate" => What::Change(Change::Length(numbers_of(arguments)[0])),
            "unlink" => What::Removal,
            _ if call.contains("<unfinished") => {
                begun.insert(thread.to_owned(), (file, *made));
                continue;
            }
            _ => What::Sync {
                changes: *made,
                worked: call.contains(") = 0"),
            },
        };
        *made += usize::from(matches!(what, What::Change(_)));
        steps.push(Step { at, file, what });
    }
    steps
}

/// Syncs that failed.
pub fn failed_syncs(steps: &[Step]) -> usize {
    let failed = |step: &&Step| matches!(step.what, What::Sync { worked: false, .. });
    steps.iter().filter(failed).count()
}

/// The file of a call: that of its descriptor, which stands in angle brackets, or the one that it names.
fn file_of(name: &str, arguments: &str) -> Option<PathBuf> {
    let (open, close) = if name == "unlink" { ('"', '"') } else { ('<', '>') };
    let (_, rest) = arguments.split_once(open)?;
    let bytes = bytes_of(rest.split_once(close)?.0);
    Some(PathBuf::from(String::from_utf8(bytes).ok()?))
}

fn write_of(arguments: &str) -> Change {
    let mut parts = arguments.splitn(3, '"');
    let (_, data, rest) = (parts.next(), parts.next().unwrap(), parts.next().unwrap());
    assert!(!rest.starts_with("..."), "the record cuts what was written");
    Change::Write {
        at: numbers_of(rest)[1],
        data: bytes_of(data),
    }
}

/// The numbers after the first comma, up to the end of the call.
fn numbers_of(text: &str) -> Vec<usize> {
    let text = text
        .split([')', '<'])
        .find(|part| part.contains(", "))
        .unwrap_or(text);
    let text = text.rsplit('>').next().unwrap();
    text.split(',')
        .filter_map(|word| word.trim().parse().ok())
        .collect()
}

/// `\x` and two digits for each byte.
fn bytes_of(text: &str) -> Vec<u8> {
    let digit = |byte: u8| u8::try_from((byte as char).to_digit(16).unwrap()).unwrap();
    let bytes = text.as_bytes().chunks_exact(4);
    bytes.map(|four| digit(four[2]) * 16 + digit(four[3])).collect()
}

/// One file on a disk.
#[derive(Clone, Debug, Default)]
struct OnDisk {
    durable: Vec<u8>,
    /// Changes since, and how many there were before them.
    since: Vec<Change>,
    before: usize,
}

/// The files at a moment.
#[derive(Clone, Debug, Default)]
pub struct Disk(BTreeMap<PathBuf, OnDisk>);

impl Disk {
    /// As the files are now, all of it durable.
    pub fn of(files: &[PathBuf]) -> Self {
        let read = |file: &PathBuf| {
            let durable = fs::read(file).ok()?;
            Some((
                file.clone(),
                OnDisk {
                    durable,
                    ..OnDisk::default()
                },
            ))
        };
        Self(files.iter().filter_map(read).collect())
    }

    /// One call later.
    pub fn advance(&mut self, step: &Step) {
        let file = self.0.entry(step.file.clone()).or_default();
        match &step.what {
            What::Change(change) => file.since.push(change.clone()),
            What::Sync { changes, worked } => {
                let asked = changes.saturating_sub(file.before).min(file.since.len());
                file.before += asked;
                for change in file.since.drain(..asked).filter(|_| *worked) {
                    apply(&mut file.durable, &change);
                }
            }
            What::Removal => {
                self.0.remove(&step.file);
            }
        }
    }

    /// Writes what a power cut now could leave into a folder.
    pub fn cut(&self, left: Left, random: &mut StdRng, into: &Path) {
        for (path, file) in &self.0 {
            let mut bytes = file.durable.clone();
            for change in &file.since {
                match left {
                    Left::Nothing => {}
                    Left::Everything => apply(&mut bytes, change),
                    Left::AnySectors => apply_in_part(&mut bytes, change, random),
                }
            }
            fs::write(into.join(path.file_name().unwrap()), bytes).unwrap();
        }
    }
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Length(length) => bytes.resize(*length, 0),
        Change::Write { at, data } => {
            let end = at + data.len();
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[*at..end].copy_from_slice(data);
        }
    }
}

fn apply_in_part(bytes: &mut Vec<u8>, change: &Change, random: &mut StdRng) {
    match change {
        Change::Length(_) if random.random() => apply(bytes, change),
        Change::Length(_) => {}
        Change::Write { at, data } => {
            let mut from = 0;
            while from < data.len() {
                // Up to the end of the sector that it lies in.
                let length = (SECTOR - (at + from) % SECTOR).min(data.len() - from);
                if random.random() {
                    let data = data[from..from + length].to_vec();
                    apply(bytes, &Change::Write { at: at + from, data });
                }
                from += length;
            }
        }
    }
}
