//! Staged batches into documents: the same sequence for the check and for the publication.

use super::stage::Staged;
use crate::Error;
use domain::imports::{
    Assembled, Assembler, ColumnMap, DraftDocument, Field, ImportIssue, Limits, Problem, fingerprint,
};
use std::collections::BTreeSet;

/// What comes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A document; whether its numbers agree is not checked yet.
    Document(Box<DraftDocument>),
    /// Something is wrong.
    Error(ImportIssue),
    /// Something is worth showing.
    Warning(ImportIssue),
}

/// Reads batches in their order.
pub(super) struct Source {
    map: ColumnMap,
    assembler: Option<Assembler>,
    numbers: BTreeSet<u64>,
}

impl Source {
    pub(super) fn new(map: ColumnMap) -> Self {
        Self {
            map,
            assembler: None,
            numbers: BTreeSet::new(),
        }
    }

    /// Takes a staged batch and gives what it finishes.
    ///
    /// # Errors
    /// [`Error::Database`] when it is no batch.
    pub(super) fn batch(&mut self, content: entity::Json) -> Result<Vec<Found>, Error> {
        let items: Vec<Staged> = serde_json::from_value(content)?;
        let mut found = Vec::new();
        for item in items {
            self.item(item, &mut found);
        }
        Ok(found)
    }

    /// The file has ended.
    pub(super) fn end(&mut self) -> Vec<Found> {
        let mut found = Vec::new();
        self.close(&mut found);
        found
    }

    fn item(&mut self, item: Staged, found: &mut Vec<Found>) {
        match item {
            Staged::Header { line, columns } => {
                self.close(found);
                match Assembler::new(self.map.clone(), Limits::default(), line, &columns) {
                    Ok(assembler) => self.assembler = Some(assembler),
                    Err(issues) => found.extend(issues.into_iter().map(Found::Error)),
                }
            }
            Staged::Row(line, fields) => {
                let mut assembled = Vec::new();
                if let Some(assembler) = &mut self.assembler {
                    assembler.push(line, &fields, &mut |one| assembled.push(one));
                }
                self.take(assembled, found);
            }
            Staged::Document(document) => self.document(document, found),
            Staged::Issue(issue) => {
                if let Some(assembler) = &mut self.assembler {
                    assembler.spoil(issue.line);
                }
                found.push(Found::Error(issue));
            }
            Staged::Notice(issue) => found.push(Found::Warning(issue)),
        }
    }

    fn close(&mut self, found: &mut Vec<Found>) {
        if let Some(assembler) = self.assembler.take() {
            let mut assembled = Vec::new();
            assembler.finish(&mut |one| assembled.push(one));
            self.take(assembled, found);
        }
    }

    fn take(&mut self, assembled: Vec<Assembled>, found: &mut Vec<Found>) {
        for one in assembled {
            match one {
                Assembled::Document(document) => self.document(document, found),
                Assembled::Issue(issue) => found.push(Found::Error(issue)),
                // Its issues say what is wrong.
                Assembled::Broken { .. } => {}
            }
        }
    }

    /// Within one CSV file the assembler finds numbers that come back; here it is files of one archive.
    fn document(&mut self, document: Box<DraftDocument>, found: &mut Vec<Found>) {
        if self.numbers.insert(fingerprint(document.kind, &document.number)) {
            found.push(Found::Document(document));
        } else {
            let problem = Problem::NumberComesBack {
                number: document.number.clone(),
            };
            found.push(Found::Error(ImportIssue::of(
                document.first_line,
                Field::Number,
                problem,
            )));
        }
    }
}
