//! The check: reads the staged file batch by batch and tells what publishing it would do, and what stands against it.

use super::{
    customers::Customers,
    issues::Issues,
    named::{self, Creditable, Named, Naming},
    prepare::{AT_ONCE, Prepared, already_there, prepare, taken},
    progress,
    source::{Found, Source},
    stage::BATCH,
    summary::{PREVIEWED, Summary},
    write,
};
use crate::{
    Error,
    jobs::{self, Job, JobContext},
    scope::{Scope, Tx},
    transact::transact,
};
use domain::{
    Currency, Money,
    access::ImportInvoices,
    credit_notes::sums::Sums,
    ids::{ImportId, TenantId},
    imports::{ColumnMap, DocumentKind, PreviewDocument},
    jobs::JobSubject,
};
use entity::{account, codes::ImportState, credit_note, import, import_row, invoice, tenant};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The job that checks an import as it is mapped at one moment; a later mapping makes a later job.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct CheckImport {
    seller: TenantId,
    import: ImportId,
    version: i64,
}

/// The unique key of the jobs of an import at a version.
pub(super) fn job_key(import: ImportId, version: i64) -> String {
    format!("import:{import}:{version}")
}

/// Has an import checked.
pub(super) async fn enqueue(tx: &Tx, import: ImportId, version: i64) -> Result<(), Error> {
    let seller = tx.actor().tenant();
    let job = CheckImport {
        seller,
        import,
        version,
    };
    jobs::enqueue(tx, Some(seller), &job, Some(job_key(import, version))).await
}

impl Job for CheckImport {
    const KIND: &'static str = "imports.check";
    const WORDS: &'static str = "Check an import";

    fn subject(&self) -> Option<JobSubject> {
        Some(JobSubject::Import(self.import))
    }

    async fn run(&self, context: &JobContext) -> Result<(), Error> {
        let scope = context
            .backend()
            .job(self.seller, Self::KIND)
            .await?
            .permit::<ImportInvoices>()?;
        let Some(row) = find(&scope, *self).await? else {
            return Ok(());
        };
        match check(&scope, &row).await {
            Ok(findings) => conclude(&scope, *self, findings).await,
            Err(error) if context.is_last_try() => {
                fail(&scope, *self).await?;
                Err(error)
            }
            Err(error) => Err(error),
        }
    }
}

/// The import, if it still waits for this check.
async fn find(scope: &Scope<ImportInvoices>, job: CheckImport) -> Result<Option<import::Model>, Error> {
    let row = scope
        .find::<import::Entity>()
        .filter(import::Column::Id.eq(job.import.0))
        .filter(import::Column::State.eq(ImportState::Staged))
        .filter(import::Column::Version.eq(job.version))
        .one(scope.db())
        .await?;
    Ok(row)
}

/// What was found so far.
#[derive(Default)]
struct Findings {
    issues: Issues,
    documents: i64,
    duplicates: u64,
    totals: BTreeMap<Currency, Money>,
    preview: Vec<PreviewDocument>,
    /// Credit notes that name invoices.
    naming: Vec<Naming>,
}

async fn check(scope: &Scope<ImportInvoices>, row: &import::Model) -> Result<Findings, Error> {
    let map = match &row.mapping {
        Some(map) => serde_json::from_value(map.clone())?,
        None => ColumnMap::default(),
    };
    let (accounts, tenants) = (scope.find::<account::Entity>(), scope.find::<tenant::Entity>());
    let customers = Customers::load(scope.tenant(), accounts, tenants, scope.find(), scope.db()).await?;
    let mut source = Source::new(map.clone());
    let mut findings = Findings::default();
    let mut done = 0_u64;
    for seq in 1_i64.. {
        let (found, rows) = read(scope, row, &mut source, seq).await?;
        take(scope, &customers, found, &mut findings).await?;
        if rows == 0 {
            break;
        }
        done = done.saturating_add(u64::try_from(rows).unwrap_or(0));
        progress::write(scope.backend(), scope.tenant(), ImportId(row.id), done).await;
        // Lets other work of this thread get on between two batches.
        tokio::task::yield_now().await;
    }
    let mut named = in_books(scope, &findings.naming).await?;
    in_file(
        scope,
        row,
        Source::new(map),
        &customers,
        &findings.naming,
        &mut named,
    )
    .await?;
    findings.settle_references(&mut named);
    Ok(findings)
}

/// What a batch of the file holds, and of how many rows; the end has none.
async fn read(
    scope: &Scope<ImportInvoices>,
    row: &import::Model,
    source: &mut Source,
    seq: i64,
) -> Result<(Vec<Found>, i64), Error> {
    let batch = scope
        .find::<import_row::Entity>()
        .filter(import_row::Column::ImportId.eq(row.id))
        .filter(import_row::Column::Seq.eq(seq))
        .filter(import_row::Column::Kind.eq(BATCH))
        .one(scope.db())
        .await?;
    match batch {
        Some(batch) => Ok((source.batch(batch.content)?, batch.row_count)),
        None => Ok((source.end(), 0)),
    }
}

/// The invoices of the books that credit notes name.
async fn in_books(scope: &Scope<ImportInvoices>, notes: &[Naming]) -> Result<Named, Error> {
    let mut named = Named::default();
    let numbers: BTreeSet<&String> = notes.iter().flat_map(|note| &note.invoices).collect();
    let numbers: Vec<&String> = numbers.into_iter().collect();
    for some in numbers.chunks(AT_ONCE) {
        let rows = scope
            .find::<invoice::Entity>()
            .filter(invoice::Column::Number.is_in(some.iter().copied()))
            .all(scope.db())
            .await?;
        named::of_books(&mut named, &rows, named::Rows::of(scope), scope.db()).await?;
    }
    Ok(named)
}

/// The invoices of the file itself that they name. They are read once more rather than all kept from the first reading.
async fn in_file(
    scope: &Scope<ImportInvoices>,
    row: &import::Model,
    mut source: Source,
    customers: &Customers,
    notes: &[Naming],
    named: &mut Named,
) -> Result<(), Error> {
    let numbers = notes.iter().flat_map(|note| &note.invoices);
    let missing: BTreeSet<&String> = numbers.filter(|number| !named.knows(number)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for seq in 1_i64.. {
        let (found, rows) = read(scope, row, &mut source, seq).await?;
        for one in found {
            let Found::Document(draft) = one else { continue };
            if draft.kind != DocumentKind::Invoice || !missing.contains(&draft.number) {
                continue;
            }
            // What is wrong with it was said before.
            let Ok(document) = prepare(*draft, customers) else {
                continue;
            };
            let invoice = Creditable {
                account: document.account(customers)?,
                currency: document.draft.currency,
                left: Sums::of(&document.checked.totals),
                problem: None,
            };
            named.add(document.draft.number, invoice);
        }
        if rows == 0 {
            break;
        }
        tokio::task::yield_now().await;
    }
    Ok(())
}

async fn take(
    scope: &Scope<ImportInvoices>,
    customers: &Customers,
    found: Vec<Found>,
    findings: &mut Findings,
) -> Result<(), Error> {
    let mut documents = Vec::new();
    for one in found {
        match one {
            Found::Document(draft) => {
                // Also when something else is wrong with it, a credit note may name it.
                match prepare(*draft, customers) {
                    Ok(document) => documents.push(document),
                    Err(issues) => issues.into_iter().for_each(|issue| findings.issues.error(issue)),
                }
            }
            Found::Error(issue) => findings.issues.error(issue),
            Found::Warning(issue) => findings.issues.warning(issue),
        }
    }
    let (invoices, credit_notes) = (
        scope.find::<invoice::Entity>(),
        scope.find::<credit_note::Entity>(),
    );
    let taken = taken(invoices, credit_notes, scope.db(), &documents).await?;
    for document in &documents {
        if taken.contains(&(document.draft.kind, document.draft.number.clone())) {
            findings.duplicates += 1;
            findings.issues.error(already_there(&document.draft));
        } else {
            findings.add(document, customers)?;
        }
    }
    Ok(())
}

impl Findings {
    fn add(&mut self, document: &Prepared, customers: &Customers) -> Result<(), Error> {
        let Prepared { draft, total, .. } = document;
        let currency = draft.currency;
        let zero = Money::zero(currency);
        let sum = self.totals.entry(currency).or_insert(zero);
        *sum = match draft.kind {
            DocumentKind::Invoice => sum.checked_add(*total)?,
            DocumentKind::CreditNote => sum.checked_sub(*total)?,
        };
        self.documents += 1;
        if draft.kind == DocumentKind::CreditNote {
            self.naming
                .extend(Naming::of(document, document.account(customers)?));
        }
        if self.preview.len() < PREVIEWED {
            self.preview.push(PreviewDocument {
                kind: draft.kind,
                number: draft.number.clone(),
                customer: document.of(customers)?.facts.buyer_party.name.clone(),
                issue_date: draft.issue_date,
                due_date: Some(document.due_date).filter(|_| draft.kind == DocumentKind::Invoice),
                lines: u64::try_from(draft.lines.len()).unwrap_or(u64::MAX),
                total: *total,
                line: draft.first_line,
            });
        }
        Ok(())
    }

    /// A credit note may stand before the invoice that it names, so this waits for the end of the file.
    fn settle_references(&mut self, named: &mut Named) {
        for note in std::mem::take(&mut self.naming) {
            let found = named.take(&note).err().unwrap_or_default();
            found.into_iter().for_each(|issue| self.issues.error(issue));
        }
    }
}

/// Writes what was found, unless the columns were mapped anew meanwhile.
async fn conclude(scope: &Scope<ImportInvoices>, job: CheckImport, findings: Findings) -> Result<(), Error> {
    let Findings {
        issues,
        documents,
        duplicates,
        totals,
        preview,
        naming: _,
    } = findings;
    let (errors, warnings) = issues.counts();
    let totals: Vec<Money> = totals.into_values().collect();
    transact!(scope, tx => {
        let row = write::lock(tx, job.import).await?;
        if row.version != job.version || row.state != ImportState::Staged {
            return Ok(());
        }
        issues.write(tx, job.import).await?;
        let summary = Summary {
            totals: totals.clone(),
            duplicates,
            preview: preview.clone(),
            ..Summary::of(&row)?
        };
        let checked = import::ActiveModel {
            state: Set(ImportState::Checked),
            document_count: Set(documents),
            error_count: Set(errors),
            warning_count: Set(warnings),
            done: Set(row.total),
            summary: Set(summary.stored()?),
            checked_at: Set(Some(tx.now())),
            ..Default::default()
        };
        write::change(tx, job.import, ImportState::Staged, checked).await
    })
}

async fn fail(scope: &Scope<ImportInvoices>, job: CheckImport) -> Result<(), Error> {
    transact!(scope, tx => {
        let failed = import::ActiveModel {
            state: Set(ImportState::Failed),
            failure: Set(Some("It could not be checked. Upload the file again.".to_owned())),
            ..Default::default()
        };
        write::change(tx, job.import, ImportState::Staged, failed).await
    })
}
