//! ZIP archives of importable files.
//!
//! Nothing that the archive says about itself is believed: counts are checked before the directory is read, sizes and
//! ratios while unpacking. Entries are streamed one after the other; nothing is written anywhere.

use super::{limits::Limits, refused::FileRefused};
use std::io::{self, Read, Seek, SeekFrom};
use zip::{ZipArchive, result::ZipError};

/// What an entry is to the reader of the archive.
pub(super) enum Found<'a> {
    /// A file to read.
    File {
        /// Its name.
        name: &'a str,
        /// Its bytes, unpacked and bounded.
        bytes: &'a mut dyn Read,
    },
    /// Left out: a picture of the invoice, or what operating systems add.
    Skipped {
        /// Its name.
        name: &'a str,
    },
}

/// Walks through an archive in its own order.
///
/// # Errors
/// What is wrong with the archive, and what `each` returns.
pub(super) fn walk(
    mut source: impl Read + Seek,
    limits: Limits,
    each: &mut dyn FnMut(Found<'_>) -> Result<(), FileRefused>,
) -> Result<(), FileRefused> {
    let size = source.seek(SeekFrom::End(0))?;
    if size > limits.file_bytes {
        return Err(FileRefused::TooLarge {
            limit: limits.file_bytes,
        });
    }
    let too_many = FileRefused::TooManyEntries {
        limit: limits.archive_entries,
    };
    if claimed_entries(&mut source, size)? > limits.archive_entries {
        return Err(too_many);
    }
    source.seek(SeekFrom::Start(0))?;
    let mut archive = ZipArchive::new(source).map_err(|error| broken(&error))?;
    if archive.len() > limits.archive_entries {
        return Err(too_many);
    }
    if archive.is_empty() {
        return Err(FileRefused::Empty);
    }
    // Entries that share packed bytes unpack to far more than the archive's size: the flat kind of bomb.
    if archive.has_overlapping_files().map_err(|error| broken(&error))? {
        return Err(FileRefused::ArchiveBomb {
            entry: "the archive".to_owned(),
        });
    }
    let mut total = 0;
    for place in 0..archive.len() {
        check_entry(&mut archive, place)?;
        let entry = archive.by_index(place).map_err(|error| broken(&error))?;
        let name = entry.name().to_owned();
        if entry.is_dir() {
            continue;
        }
        if is_litter(&name) {
            each(Found::Skipped { name: &name })?;
            continue;
        }
        let packed = entry.compressed_size();
        let mut bytes = Unpacked {
            entry,
            name: &name,
            packed,
            limits,
            unpacked: 0,
            total: &mut total,
        };
        each(Found::File {
            name: &name,
            bytes: &mut bytes,
        })?;
    }
    Ok(())
}

/// Names, links and passwords, before anything is unpacked.
fn check_entry<R: Read + Seek>(archive: &mut ZipArchive<R>, place: usize) -> Result<(), FileRefused> {
    let entry = archive.by_index_raw(place).map_err(|error| broken(&error))?;
    let name: String = entry.name().chars().take(200).collect();
    let points_elsewhere = entry.enclosed_name().is_none()
        || entry.is_symlink()
        || entry.name().starts_with('/')
        || entry.name().contains(['\\', ':', '\0'])
        || entry.name().split('/').any(|part| part == "..");
    if points_elsewhere {
        return Err(FileRefused::UnsafePath { entry: name });
    }
    if entry.encrypted() {
        return Err(FileRefused::EncryptedArchive { entry: name });
    }
    Ok(())
}

/// Files that operating systems put beside the user's own.
fn is_litter(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    name.starts_with("__MACOSX/")
        || file.starts_with("._")
        || matches!(file, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

/// How many entries the end record claims. The unpacker reserves memory by it, so it is looked at first.
fn claimed_entries(source: &mut (impl Read + Seek), size: u64) -> Result<usize, FileRefused> {
    // The record is 22 bytes and may be followed by a comment of up to 65,535.
    const RECORD: usize = 22;
    let tail = size.min(RECORD as u64 + 65_535);
    source.seek(SeekFrom::Start(size - tail))?;
    let mut bytes = Vec::new();
    source.take(tail).read_to_end(&mut bytes)?;
    let record = bytes
        .windows(RECORD)
        .rev()
        .find(|window| window.starts_with(b"PK\x05\x06"));
    let record = record.ok_or_else(|| FileRefused::BrokenArchive {
        why: "its directory is missing".to_owned(),
    })?;
    // 65,535 means that the true number stands elsewhere: more than any limit in either case.
    Ok(usize::from(u16::from_le_bytes([record[10], record[11]])))
}

fn broken(error: &ZipError) -> FileRefused {
    match error {
        ZipError::Io(error) => FileRefused::from(error),
        other => FileRefused::BrokenArchive {
            why: other.to_string().chars().take(200).collect(),
        },
    }
}

/// Unpacks an entry and ends where it gets too large: for a file, for all files, or for what it was packed into.
struct Unpacked<'a, R: Read> {
    entry: R,
    name: &'a str,
    packed: u64,
    limits: Limits,
    unpacked: u64,
    total: &'a mut u64,
}

/// Below this size the ratio says nothing: a short file of blanks packs well.
const RATIO_FROM: u64 = 1024 * 1024;

impl<R: Read> Read for Unpacked<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.entry.read(into).map_err(|error| {
            let own = error.get_ref().is_some_and(|inner| inner.is::<FileRefused>());
            if own {
                error
            } else {
                FileRefused::BrokenArchive {
                    why: error.to_string(),
                }
                .into()
            }
        })?;
        self.unpacked += read as u64;
        *self.total += read as u64;
        let Limits {
            file_bytes,
            archive_bytes,
            archive_ratio,
            ..
        } = self.limits;
        let by_ratio = self.packed.max(1).saturating_mul(archive_ratio).max(RATIO_FROM);
        if self.unpacked > file_bytes || *self.total > archive_bytes || self.unpacked > by_ratio {
            return Err(FileRefused::ArchiveBomb {
                entry: self.name.to_owned(),
            }
            .into());
        }
        Ok(read)
    }
}
