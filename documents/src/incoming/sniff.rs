//! What a file is, by its first bytes.
//!
//! Names and declared types are what the sender believes; content decides. Kinds that people upload by mistake are
//! named in the refusal, so that they know what to do.

use super::{encoding::TextEncoding, refused::FileRefused};
use serde::{Deserialize, Serialize};

/// How many first bytes are looked at.
pub const WINDOW: usize = 64 * 1024;

/// Kinds of files that can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Rows and columns.
    Csv,
    /// XML; only UBL is taken.
    Xml,
    /// A ZIP archive of the other two.
    Zip,
}

/// Tells the kind of a file from its first bytes, at most [`WINDOW`] of them.
///
/// # Errors
/// [`FileRefused::Empty`], [`FileRefused::Unsupported`], [`FileRefused::NulByte`].
pub fn sniff(window: &[u8]) -> Result<FileKind, FileRefused> {
    let unsupported = |what: &str| {
        Err(FileRefused::Unsupported {
            what: what.to_owned(),
        })
    };
    if window.is_empty() {
        return Err(FileRefused::Empty);
    }
    if window.starts_with(b"PK\x03\x04") || window.starts_with(b"PK\x05\x06") {
        return if is_office(window) {
            unsupported("an office file; save the sheet as CSV")
        } else {
            Ok(FileKind::Zip)
        };
    }
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| window.starts_with(magic)) {
        return unsupported(what);
    }
    let start = beginning(window);
    let lower: String = start.chars().take(64).collect::<String>().to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return unsupported("a web page");
    }
    if start.starts_with('<') {
        return Ok(FileKind::Xml);
    }
    if start.starts_with(['{', '[']) {
        return unsupported("a JSON file");
    }
    if start.is_empty() {
        return Err(FileRefused::Empty);
    }
    let is_wide = TextEncoding::of_bom(window).is_some() || TextEncoding::wide_without_bom(window).is_some();
    match window.iter().position(|byte| *byte == 0) {
        Some(place) if !is_wide => {
            let line = window[..place].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
            Err(FileRefused::NulByte { line })
        }
        Some(_) | None => Ok(FileKind::Csv),
    }
}

const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF file"),
    (b"\xd0\xcf\x11\xe0", "an old office file; save the sheet as CSV"),
    (b"\x1f\x8b", "a gzip file; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip file; pack it as ZIP"),
    (b"Rar!", "a RAR file; pack it as ZIP"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3\0", "a database"),
];

/// Office files are archives; their first entries have fixed names.
fn is_office(window: &[u8]) -> bool {
    let has = |name: &[u8]| window.windows(name.len()).any(|part| part == name);
    has(b"[Content_Types].xml") || has(b"mimetypeapplication/vnd.oasis.opendocument")
}

/// The first characters without byte order mark and blanks, as far as they can be told before the encoding is known.
fn beginning(window: &[u8]) -> String {
    let encoding = TextEncoding::of_bom(window).or_else(|| TextEncoding::wide_without_bom(window));
    let text = encoding
        .unwrap_or(TextEncoding::Utf8)
        .lossy(&window[..window.len().min(512)]);
    text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace())
        .to_owned()
}
