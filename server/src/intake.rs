//! Takes a file in: reads it as it is and stages what is found, in batches, with the database setting the pace.
//!
//! The reader is synchronous and runs on a thread of its own; a small channel between the two keeps the memory bounded
//! however large the file is.

use backend::{
    Error, Scope,
    imports::{Staged, begin, fail_upload, finish_upload, stage},
};
use documents::incoming::{Entry, FileKind, FileRefused, IncomingDocument, Options, Sink, read, sniff};
use domain::{access::ImportInvoices, ids::ImportId, imports::ImportIssue};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
};
use tokio::sync::mpsc;

/// Items of a batch.
const BATCH: usize = 2_000;
/// Batches that may wait for the database.
const WAITING: usize = 2;

/// Reads a whole file into a new import. A file that cannot be read is an import too: a failed one, which says why.
///
/// # Errors
/// When the database does not answer, or the file cannot be read back from disk.
pub async fn take_in(
    scope: &Scope<ImportInvoices>,
    mut file: File,
    name: &str,
    options: Options,
) -> Result<ImportId, Error> {
    let (digest, bytes, kind) = {
        let looked = tokio::task::spawn_blocking(move || look(&mut file).map(|found| (found, file)));
        let (found, back) = looked.await.map_err(port)?.map_err(port)?;
        file = back;
        found
    };
    let import = begin(scope, name, kind.map_or("unknown", word), &digest).await?;
    let (send, mut receive) = mpsc::channel(WAITING);
    let reader = {
        let name = name.to_owned();
        tokio::task::spawn_blocking(move || {
            let mut sink = Batches {
                batch: Vec::with_capacity(BATCH),
                send,
            };
            read(&mut file, &name, &options, &mut sink)?;
            sink.flush()
        })
    };
    let mut trouble = None;
    while let Some(batch) = receive.recv().await {
        if let Err(error) = stage(scope, import, &batch).await {
            trouble = Some(error);
            break;
        }
    }
    // The reader stops at its next batch when nobody listens any more.
    drop(receive);
    let outcome = reader.await.map_err(port)?;
    match (trouble, outcome) {
        (Some(error), _) => return Err(error),
        (None, Ok(())) => finish_upload(scope, import, bytes).await?,
        (None, Err(why)) => fail_upload(scope, import, &why.message()).await?,
    }
    Ok(import)
}

/// Digest, length and kind of a file; leaves it at its beginning.
fn look(file: &mut File) -> std::io::Result<(String, u64, Option<FileKind>)> {
    let mut digest = Sha256::new();
    let mut window = Vec::new();
    let mut bytes = 0;
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            break;
        }
        if window.is_empty() {
            window.extend_from_slice(&piece[..read]);
        }
        digest.update(&piece[..read]);
        bytes += read as u64;
    }
    file.seek(SeekFrom::Start(0))?;
    let digest = digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok((digest, bytes, sniff(&window).ok()))
}

const fn word(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Csv => "CSV",
        FileKind::Xml => "UBL",
        FileKind::Zip => "ZIP",
    }
}

fn port(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Port(Box::new(error))
}

/// Hands over what the reader finds, many at a time.
struct Batches {
    batch: Vec<Staged>,
    send: mpsc::Sender<Vec<Staged>>,
}

impl Batches {
    fn push(&mut self, item: Staged) -> Result<(), FileRefused> {
        self.batch.push(item);
        if self.batch.len() >= BATCH {
            self.flush()
        } else {
            Ok(())
        }
    }

    fn flush(&mut self) -> Result<(), FileRefused> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.send.blocking_send(batch).map_err(|_| FileRefused::Stopped)
    }
}

impl Sink for Batches {
    fn begin(&mut self, _entry: &Entry) -> Result<(), FileRefused> {
        Ok(())
    }

    fn header(&mut self, line: u64, columns: &[String]) -> Result<(), FileRefused> {
        self.push(Staged::Header {
            line,
            columns: columns.to_vec(),
        })
    }

    fn row(&mut self, line: u64, fields: &[String]) -> Result<(), FileRefused> {
        self.push(Staged::Row(line, fields.to_vec()))
    }

    fn document(&mut self, document: IncomingDocument) -> Result<(), FileRefused> {
        for notice in document.notices {
            self.push(Staged::Notice(notice))?;
        }
        self.push(Staged::Document(Box::new(document.draft)))
    }

    fn issue(&mut self, issue: ImportIssue) -> Result<(), FileRefused> {
        self.push(Staged::Issue(issue))
    }

    fn end(&mut self, _entry: &Entry) -> Result<(), FileRefused> {
        Ok(())
    }

    /// One bad file spoils its archive: all of it or nothing (D19).
    fn refused(&mut self, _name: &str, why: &FileRefused) -> Result<(), FileRefused> {
        Err(why.clone())
    }
}
