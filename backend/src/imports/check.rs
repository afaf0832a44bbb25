//! The check: reads the staged file batch by batch and tells what publishing it would do, and what stands against it.

use super::{
    customers::Customers,
    issues::Issues,
    prepare::{Prepared, already_there, creditable, prepare, taken},
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
    ids::{AccountId, ImportId, TenantId},
    imports::{ColumnMap, DocumentKind, Field, ImportIssue, PreviewDocument, Problem, fingerprint},
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
    /// Invoices of the file, by a hash of their number.
    in_file: BTreeMap<u64, (AccountId, Currency)>,
    /// Invoices that credit notes name and the books do not have: line, number, account, currency.
    wanted: Vec<(u64, String, AccountId, Currency)>,
}

async fn check(scope: &Scope<ImportInvoices>, row: &import::Model) -> Result<Findings, Error> {
    let map = match &row.mapping {
        Some(map) => serde_json::from_value(map.clone())?,
        None => ColumnMap::default(),
    };
    let (accounts, tenants) = (scope.find::<account::Entity>(), scope.find::<tenant::Entity>());
    let customers = Customers::load(scope.tenant(), accounts, tenants, scope.find(), scope.db()).await?;
    let mut source = Source::new(map);
    let mut findings = Findings::default();
    let mut done = 0_u64;
    for seq in 1_i64.. {
        let batch = scope
            .find::<import_row::Entity>()
            .filter(import_row::Column::ImportId.eq(row.id))
            .filter(import_row::Column::Seq.eq(seq))
            .filter(import_row::Column::Kind.eq(BATCH))
            .one(scope.db())
            .await?;
        let (found, rows) = match batch {
            Some(batch) => (source.batch(batch.content)?, batch.row_count),
            None => (source.end(), 0),
        };
        take(scope, &customers, found, &mut findings).await?;
        if rows == 0 {
            break;
        }
        done = done.saturating_add(u64::try_from(rows).unwrap_or(0));
        progress::write(scope.backend(), scope.tenant(), ImportId(row.id), done).await;
        // Lets other work of this thread get on between two batches.
        tokio::task::yield_now().await;
    }
    findings.settle_references();
    Ok(findings)
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
    let named: BTreeSet<&str> = documents
        .iter()
        .flat_map(|document| &document.draft.invoices)
        .map(String::as_str)
        .collect();
    let in_books = creditable(scope.find::<invoice::Entity>(), scope.db(), &named).await?;
    for document in &documents {
        if taken.contains(&(document.draft.kind, document.draft.number.clone())) {
            findings.duplicates += 1;
            findings.issues.error(already_there(&document.draft));
        } else {
            findings.add(document, customers, &in_books)?;
        }
    }
    Ok(())
}

impl Findings {
    fn add(
        &mut self,
        document: &Prepared,
        customers: &Customers,
        in_books: &BTreeMap<String, (AccountId, Currency)>,
    ) -> Result<(), Error> {
        let Prepared { draft, total, .. } = document;
        let account = document.account(customers)?;
        let currency = draft.currency;
        let zero = Money::zero(currency);
        let sum = self.totals.entry(currency).or_insert(zero);
        *sum = match draft.kind {
            DocumentKind::Invoice => sum.checked_add(*total)?,
            DocumentKind::CreditNote => sum.checked_sub(*total)?,
        };
        self.documents += 1;
        if draft.kind == DocumentKind::Invoice {
            self.in_file
                .insert(fingerprint(draft.kind, &draft.number), (account, currency));
        }
        for number in draft
            .invoices
            .iter()
            .filter(|_| draft.kind == DocumentKind::CreditNote)
        {
            if in_books.get(number) != Some(&(account, currency)) {
                self.wanted
                    .push((draft.first_line, number.clone(), account, currency));
            }
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

    /// A credit note may stand before the invoice that it names, so this waits for the end of the file. It must be of
    /// the same customer and currency (V27).
    fn settle_references(&mut self) {
        for (line, number, account, currency) in std::mem::take(&mut self.wanted) {
            let found = self.in_file.get(&fingerprint(DocumentKind::Invoice, &number));
            if found != Some(&(account, currency)) {
                let problem = Problem::UnknownInvoice { number };
                self.issues.error(ImportIssue::of(line, Field::Invoices, problem));
            }
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
        in_file: _,
        wanted: _,
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
