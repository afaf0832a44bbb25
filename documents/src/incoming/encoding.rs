//! Bytes of any encoding into UTF-8, streaming.
//!
//! UTF-8 is checked, not repaired: a wrong byte is refused with its place and a proposal, since a wrong guess would
//! change names in silence. Windows-1252 is read when the caller asks, or, if it allows that, when the first bytes
//! cannot be anything else.

use super::refused::FileRefused;
use encoding_rs::{Decoder as Converter, DecoderResult, Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Read};

/// What the caller says about a file's encoding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EncodingChoice {
    /// By byte order mark, else UTF-8; wrong bytes are refused with a proposal.
    #[default]
    Auto,
    /// As `Auto`, but Windows-1252 is read without asking when the first bytes are clearly not UTF-8.
    AutoOrWindows1252,
    /// UTF-8.
    Utf8,
    /// UTF-16, little end first.
    Utf16Le,
    /// UTF-16, big end first.
    Utf16Be,
    /// Windows-1252, of which ISO-8859-1 is a part.
    Windows1252,
}

/// The encoding that a file is read with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextEncoding {
    /// Checked, not converted.
    Utf8,
    /// Converted.
    Other(&'static Encoding),
}

impl TextEncoding {
    /// Name for messages and the preview.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Other(encoding) => encoding.name(),
        }
    }

    /// By byte order mark.
    pub fn of_bom(window: &[u8]) -> Option<Self> {
        match window {
            [0xef, 0xbb, 0xbf, ..] => Some(Self::Utf8),
            [0xff, 0xfe, ..] => Some(Self::Other(UTF_16LE)),
            [0xfe, 0xff, ..] => Some(Self::Other(UTF_16BE)),
            _ => None,
        }
    }

    /// UTF-16 without a byte order mark: Latin text has every other byte zero.
    pub fn wide_without_bom(window: &[u8]) -> Option<Self> {
        match window {
            [0, b, 0, d, ..] if *b != 0 && *d != 0 => Some(Self::Other(UTF_16BE)),
            [a, 0, c, 0, ..] if *a != 0 && *c != 0 => Some(Self::Other(UTF_16LE)),
            _ => None,
        }
    }

    /// Which encoding to read a file with, by its first bytes and the caller's choice.
    pub fn choose(window: &[u8], choice: EncodingChoice) -> Self {
        let marked = Self::of_bom(window).or_else(|| Self::wide_without_bom(window));
        match choice {
            EncodingChoice::Auto => marked.unwrap_or(Self::Utf8),
            EncodingChoice::AutoOrWindows1252 => marked
                .or_else(|| clearly_windows_1252(window))
                .unwrap_or(Self::Utf8),
            EncodingChoice::Utf8 => Self::Utf8,
            EncodingChoice::Utf16Le => Self::Other(UTF_16LE),
            EncodingChoice::Utf16Be => Self::Other(UTF_16BE),
            EncodingChoice::Windows1252 => Self::Other(WINDOWS_1252),
        }
    }

    /// By the label of an XML declaration.
    ///
    /// # Errors
    /// [`FileRefused::UnknownEncoding`].
    pub fn of_label(label: &str) -> Result<Self, FileRefused> {
        match Encoding::for_label(label.as_bytes()) {
            Some(encoding) if encoding == encoding_rs::UTF_8 => Ok(Self::Utf8),
            Some(encoding) if encoding != encoding_rs::REPLACEMENT => Ok(Self::Other(encoding)),
            Some(_) | None => Err(FileRefused::UnknownEncoding {
                label: label.chars().take(40).collect(),
            }),
        }
    }

    /// The text of a few bytes, wrong ones replaced: for looking, not for keeping.
    pub fn lossy(self, bytes: &[u8]) -> String {
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Self::Other(encoding) => encoding.decode(bytes).0.into_owned(),
        }
    }
}

/// No multi-byte sequence of UTF-8 holds, no byte is undefined, and there is something beyond ASCII.
fn clearly_windows_1252(window: &[u8]) -> Option<TextEncoding> {
    let mut rest = window;
    let mut wrong = 0;
    loop {
        let (valid, error) = match std::str::from_utf8(rest) {
            Ok(valid) => (valid, None),
            Err(error) => (
                std::str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or_default(),
                Some(error),
            ),
        };
        if !valid.is_ascii() {
            return None;
        }
        let Some(error) = error else { break };
        // A sequence that the end of the window cuts off proves nothing.
        let Some(length) = error.error_len() else { break };
        wrong += 1;
        rest = &rest[error.valid_up_to() + length..];
    }
    (wrong > 0 && window.iter().all(|byte| is_defined_in_1252(*byte)))
        .then_some(TextEncoding::Other(WINDOWS_1252))
}

fn is_defined_in_1252(byte: u8) -> bool {
    !matches!(byte, 0 | 0x81 | 0x8d | 0x8f | 0x90 | 0x9d)
}

/// Reads UTF-8 out of a source in any encoding, without its byte order mark. What it yields is valid UTF-8, but a
/// character may stand across two fillings.
pub struct Utf8Text<R> {
    source: R,
    encoding: TextEncoding,
    converter: Option<Converter>,
    raw: Vec<u8>,
    text: Vec<u8>,
    given: usize,
    offset: u64,
    line: u64,
    at_start: bool,
    ended: bool,
}

const CHUNK: usize = 64 * 1024;

impl<R: Read> Utf8Text<R> {
    /// Begins at the first byte of the source.
    pub fn new(source: R, encoding: TextEncoding) -> Self {
        let converter = match encoding {
            TextEncoding::Utf8 => None,
            TextEncoding::Other(encoding) => Some(encoding.new_decoder_with_bom_removal()),
        };
        let (raw, text) = (Vec::with_capacity(CHUNK), Vec::with_capacity(CHUNK));
        Self {
            source,
            encoding,
            converter,
            raw,
            text,
            given: 0,
            offset: 0,
            line: 1,
            at_start: true,
            ended: false,
        }
    }

    /// Fills `text` with the next piece; leaves it empty at the end only.
    fn refill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        while self.text.is_empty() && !self.ended {
            self.read_raw()?;
            match self.converter.take() {
                None => self.check()?,
                Some(mut converter) => {
                    let converted = self.convert(&mut converter);
                    self.converter = Some(converter);
                    converted?;
                }
            }
        }
        let breaks = self.text.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.line += breaks;
        Ok(())
    }

    /// Adds to `raw` until it is full or the source ends.
    fn read_raw(&mut self) -> io::Result<()> {
        let missing = (CHUNK - self.raw.len()) as u64;
        let read = (&mut self.source).take(missing).read_to_end(&mut self.raw)?;
        self.ended = (read as u64) < missing;
        Ok(())
    }

    fn check(&mut self) -> io::Result<()> {
        let valid = match std::str::from_utf8(&self.raw) {
            Ok(_) => self.raw.len(),
            // A character that the chunk cuts off is kept for the next one.
            Err(error) if error.error_len().is_none() && !self.ended => error.valid_up_to(),
            Err(error) => return Err(self.wrong(error.valid_up_to()).into()),
        };
        let start = if std::mem::take(&mut self.at_start) && self.raw.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        self.text.extend_from_slice(&self.raw[start..valid]);
        self.raw.drain(..valid);
        self.offset += valid as u64;
        Ok(())
    }

    fn convert(&mut self, converter: &mut Converter) -> io::Result<()> {
        let needed = converter
            .max_utf8_buffer_length_without_replacement(self.raw.len())
            .unwrap_or(4 * CHUNK);
        self.text.resize(needed, 0);
        let (result, read, written) =
            converter.decode_to_utf8_without_replacement(&self.raw, &mut self.text, self.ended);
        self.text.truncate(written);
        match result {
            DecoderResult::Malformed(length, behind) => {
                let place = read.saturating_sub(usize::from(length) + usize::from(behind));
                Err(self.wrong(place).into())
            }
            DecoderResult::InputEmpty | DecoderResult::OutputFull => {
                self.raw.drain(..read);
                self.offset += read as u64;
                Ok(())
            }
        }
    }

    /// The refusal for a wrong byte at a place of `raw`.
    fn wrong(&self, place: usize) -> FileRefused {
        let before = &self.raw[..place];
        let breaks = match self.encoding {
            TextEncoding::Utf8 => before.iter().filter(|byte| **byte == b'\n').count(),
            TextEncoding::Other(_) => self.text.iter().filter(|byte| **byte == b'\n').count(),
        };
        let fits =
            self.encoding == TextEncoding::Utf8 && self.raw.iter().all(|byte| is_defined_in_1252(*byte));
        FileRefused::WrongEncoding {
            expected: self.encoding.name().to_owned(),
            offset: self.offset + place as u64,
            line: self.line + breaks as u64,
            proposal: fits.then(|| WINDOWS_1252.name().to_owned()),
        }
    }
}

impl<R: Read> Read for Utf8Text<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: Read> BufRead for Utf8Text<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.given == self.text.len() {
            self.refill()?;
        }
        Ok(&self.text[self.given..])
    }

    fn consume(&mut self, amount: usize) {
        self.given += amount;
    }
}
