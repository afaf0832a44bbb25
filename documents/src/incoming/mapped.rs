//! Rows and UBL documents alike into checked documents.
//!
//! The sink between [`super::read`] and whoever stores or previews: it maps and assembles CSV rows, checks every
//! document by V6 to V9, and finds numbers that several files of an archive share.

use super::{Entry, FileRefused, IncomingDocument, Sink};
use domain::imports::{
    Assembled, Assembler, Checked, ColumnMap, Field, ImportIssue, Layout, Limits, NegativeDocuments, Problem,
    check, fingerprint, settle_sign, suggest,
};
use domain::{Currency, imports::DraftTax};
use std::collections::BTreeSet;

/// Takes finished documents.
pub trait DocumentSink {
    /// A document whose numbers agree.
    ///
    /// # Errors
    /// To end the reading.
    fn document(
        &mut self,
        entry: &Entry,
        document: IncomingDocument,
        checked: Checked,
    ) -> Result<(), FileRefused>;

    /// Something is wrong; `entry` is none only for a file that was refused before it began.
    ///
    /// # Errors
    /// To end the reading.
    fn issue(&mut self, entry: &Entry, issue: ImportIssue) -> Result<(), FileRefused>;

    /// A document with issues, which is left out.
    ///
    /// # Errors
    /// To end the reading.
    fn broken(&mut self, entry: &Entry, number: Option<&str>) -> Result<(), FileRefused>;

    /// A file of an archive was refused.
    ///
    /// # Errors
    /// To end the reading.
    fn refused(&mut self, name: &str, why: &FileRefused) -> Result<(), FileRefused>;
}

/// Which mapping CSV files are read with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MapChoice {
    /// The one for the layout that the heading shows; an unknown layout is refused.
    Recognised {
        /// Currency of rows that name none: the seller's.
        default_currency: Option<Currency>,
        /// Tax of rows that name none, if the layout has no opinion.
        default_tax: Option<DraftTax>,
    },
    /// This one.
    Given(Box<ColumnMap>),
}

/// See the module.
pub struct Mapped<'a> {
    choice: MapChoice,
    limits: Limits,
    negative: NegativeDocuments,
    into: &'a mut dyn DocumentSink,
    entry: Option<Entry>,
    assembler: Option<Assembler>,
    seen: BTreeSet<u64>,
    spoiled: bool,
}

impl<'a> Mapped<'a> {
    /// Begins. `negative` is for UBL documents below zero; CSV files follow their mapping.
    pub fn new(
        choice: MapChoice,
        limits: super::Limits,
        negative: NegativeDocuments,
        into: &'a mut dyn DocumentSink,
    ) -> Self {
        let limits = Limits {
            rows_per_document: limits.rows_per_document,
        };
        Self {
            choice,
            limits,
            negative,
            into,
            entry: None,
            assembler: None,
            seen: BTreeSet::new(),
            spoiled: false,
        }
    }

    fn pass(&mut self, assembled: Vec<Assembled>) -> Result<(), FileRefused> {
        for one in assembled {
            match one {
                Assembled::Document(draft) => {
                    let document = IncomingDocument::of_rows(*draft);
                    self.checked(document)?;
                }
                Assembled::Issue(issue) => self.issue_of(issue)?,
                Assembled::Broken { number, .. } => {
                    let entry = self.entry.as_ref().ok_or(FileRefused::Stopped)?;
                    self.into.broken(entry, number.as_deref())?;
                }
            }
        }
        Ok(())
    }

    fn checked(&mut self, document: IncomingDocument) -> Result<(), FileRefused> {
        let draft = &document.draft;
        let entry = self.entry.as_ref().ok_or(FileRefused::Stopped)?;
        let mut issues = Vec::new();
        if !self.seen.insert(fingerprint(draft.kind, &draft.number)) {
            let problem = Problem::NumberComesBack {
                number: draft.number.clone(),
            };
            issues.push(ImportIssue::of(draft.first_line, Field::Number, problem));
        }
        match check(draft) {
            Ok(checked) if issues.is_empty() => return self.into.document(entry, document, checked),
            Ok(_) => {}
            Err(found) => issues.extend(found),
        }
        issues
            .into_iter()
            .try_for_each(|issue| self.into.issue(entry, issue))?;
        self.into.broken(entry, Some(&draft.number))
    }

    fn issue_of(&mut self, issue: ImportIssue) -> Result<(), FileRefused> {
        let entry = self.entry.as_ref().ok_or(FileRefused::Stopped)?;
        self.into.issue(entry, issue)
    }

    fn map_for(&self, columns: &[String]) -> Result<ColumnMap, FileRefused> {
        match &self.choice {
            MapChoice::Given(map) => Ok((**map).clone()),
            MapChoice::Recognised {
                default_currency,
                default_tax,
            } => {
                let map = suggest(columns);
                if map.layout == Layout::Unknown {
                    return Err(FileRefused::UnknownLayout {
                        columns: columns.to_vec(),
                    });
                }
                Ok(ColumnMap {
                    default_currency: map.default_currency.or(*default_currency),
                    default_tax: map.default_tax.or_else(|| default_tax.clone()),
                    ..map
                })
            }
        }
    }
}

impl Sink for Mapped<'_> {
    fn begin(&mut self, entry: &Entry) -> Result<(), FileRefused> {
        self.entry = Some(entry.clone());
        self.assembler = None;
        self.spoiled = false;
        Ok(())
    }

    fn header(&mut self, line: u64, columns: &[String]) -> Result<(), FileRefused> {
        let map = self.map_for(columns)?;
        match Assembler::new(map, self.limits, line, columns) {
            Ok(assembler) => {
                self.assembler = Some(assembler);
                Ok(())
            }
            Err(issues) => {
                issues.into_iter().try_for_each(|issue| self.issue_of(issue))?;
                Err(FileRefused::ColumnsMissing)
            }
        }
    }

    fn row(&mut self, line: u64, fields: &[String]) -> Result<(), FileRefused> {
        let mut assembled = Vec::new();
        if let Some(assembler) = &mut self.assembler {
            assembler.push(line, fields, &mut |one| assembled.push(one));
        }
        self.pass(assembled)
    }

    fn document(&mut self, document: IncomingDocument) -> Result<(), FileRefused> {
        let draft = settle_sign(document.draft, self.negative);
        self.checked(IncomingDocument { draft, ..document })
    }

    fn issue(&mut self, issue: ImportIssue) -> Result<(), FileRefused> {
        match &mut self.assembler {
            Some(assembler) => assembler.spoil(issue.line),
            // A UBL document with issues does not come any more; told once, at its end.
            None => self.spoiled = true,
        }
        self.issue_of(issue)
    }

    fn end(&mut self, _: &Entry) -> Result<(), FileRefused> {
        let mut assembled = Vec::new();
        if let Some(assembler) = self.assembler.take() {
            assembler.finish(&mut |one| assembled.push(one));
        }
        if std::mem::take(&mut self.spoiled) {
            let entry = self.entry.as_ref().ok_or(FileRefused::Stopped)?;
            self.into.broken(entry, None)?;
        }
        self.pass(assembled)
    }

    fn refused(&mut self, name: &str, why: &FileRefused) -> Result<(), FileRefused> {
        self.into.refused(name, why)
    }
}
