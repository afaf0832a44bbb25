//! The publication: one transaction writes everything in the file, or nothing (D19). A run that dies leaves nothing,
//! and the next one begins again with the same staged rows (K8).

use super::{
    check::job_key,
    credit::Later,
    customers::Customers,
    issues::Issues,
    prepare::{Prepared, already_there, prepare, taken},
    progress,
    source::{Found, Source},
    stage::{self, BATCH},
    write,
};
use crate::{
    Error,
    invoices::write::{AccountFacts, NewInvoice, issue_all},
    jobs::{self, Job, JobContext},
    payments::opening::{Opening, record_opening},
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    access::ImportInvoices,
    ids::{ImportId, TenantId},
    imports::{ColumnMap, DocumentKind, DraftDocument},
    invoices::Source as Origin,
    jobs::JobSubject,
};
use entity::{account, codes::ImportState, credit_note, import, import_row, invoice, tenant};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};
use serde::{Deserialize, Serialize};

/// Documents that are written with one set of statements.
const AT_ONCE: usize = 1_000;

/// The job that publishes an import.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct PublishImport {
    seller: TenantId,
    import: ImportId,
}

/// Has an import published.
pub(super) async fn enqueue(tx: &Tx, import: ImportId) -> Result<(), Error> {
    let seller = tx.actor().tenant();
    let row = write::lock(tx, import).await?;
    let job = PublishImport { seller, import };
    jobs::enqueue(tx, Some(seller), &job, Some(job_key(import, row.version))).await
}

impl Job for PublishImport {
    const KIND: &'static str = "imports.publish";
    const WORDS: &'static str = "Publish an import";

    fn subject(&self) -> Option<JobSubject> {
        Some(JobSubject::Import(self.import))
    }

    async fn run(&self, context: &JobContext) -> Result<(), Error> {
        let Self { seller, import } = *self;
        let job = context.backend().job(seller, Self::KIND).await?;
        let scope = job.as_import(import).permit::<ImportInvoices>()?;
        let outcome = run(&scope, context, import).await;
        progress::forget(import);
        match outcome {
            Err(error) if context.is_last_try() => {
                fail(&scope, import).await?;
                Err(error)
            }
            other => other,
        }
    }
}

/// How a run of the transaction ended.
enum Verdict {
    /// Everything stands written.
    Written,
    /// It was published, or given up, before.
    NothingToDo,
    /// Since the check something came in its way.
    Refused(Issues),
}

async fn run(scope: &Scope<ImportInvoices>, context: &JobContext, import: ImportId) -> Result<(), Error> {
    let mut tx = scope.begin().await?;
    match write_all(&mut tx, context, import).await {
        Ok(Verdict::Written) => tx.commit().await,
        Ok(Verdict::NothingToDo) => tx.rollback().await,
        Ok(Verdict::Refused(issues)) => {
            tx.rollback().await?;
            refuse(scope, import, &issues).await
        }
        Err(error) => {
            tx.rollback().await?;
            Err(error)
        }
    }
}

/// What the transaction holds in memory: a batch at most, and what must wait for its end.
struct Work<'a> {
    context: &'a JobContext,
    import: ImportId,
    customers: Customers,
    issues: Issues,
    later: Later,
}

async fn write_all(tx: &mut Tx, context: &JobContext, import: ImportId) -> Result<Verdict, Error> {
    let seller = tx.actor().tenant();
    // Not locked: on PostgreSQL the progress is written to this row meanwhile.
    let row = tx
        .find::<import::Entity>()
        .filter(import::Column::Id.eq(import.0))
        .one(tx.db())
        .await?;
    let Some(row) = row.filter(|row| row.state == ImportState::Publishing) else {
        return Ok(Verdict::NothingToDo);
    };
    let map: ColumnMap = row
        .mapping
        .map(serde_json::from_value)
        .transpose()?
        .unwrap_or_default();
    let (accounts, tenants) = (tx.find::<account::Entity>(), tx.find::<tenant::Entity>());
    let customers = Customers::load(seller, accounts, tenants, tx.find(), tx.db()).await?;
    let mut source = Source::new(map);
    let mut work = Work {
        context,
        import,
        customers,
        issues: Issues::default(),
        later: Later::default(),
    };
    let mut done = 0_u64;
    for seq in 1_i64.. {
        let batch = stage::of_import(tx, import)
            .filter(import_row::Column::Seq.eq(seq))
            .filter(import_row::Column::Kind.eq(BATCH))
            .one(tx.db())
            .await?;
        let Some(batch) = batch else { break };
        let rows = u64::try_from(batch.row_count).unwrap_or(0);
        work.take(tx, source.batch(batch.content)?).await?;
        if work.issues.has_errors() {
            return Ok(Verdict::Refused(work.issues));
        }
        done = done.saturating_add(rows);
        progress::report(context.backend(), seller, import, done).await;
        tokio::task::yield_now().await;
    }
    work.take(tx, source.end()).await?;
    work.finish(tx, row.document_count).await
}

impl Work<'_> {
    async fn take(&mut self, tx: &mut Tx, found: Vec<Found>) -> Result<(), Error> {
        let mut documents = Vec::new();
        for one in found {
            match one {
                Found::Document(draft) => self.prepare(*draft, &mut documents),
                Found::Error(issue) => self.issues.error(issue),
                Found::Warning(_) => {}
            }
        }
        let (invoices, credit_notes) = (tx.find::<invoice::Entity>(), tx.find::<credit_note::Entity>());
        let taken = taken(invoices, credit_notes, tx.db(), &documents).await?;
        let is_taken = |draft: &DraftDocument| taken.contains(&(draft.kind, draft.number.clone()));
        for document in documents.iter().filter(|document| is_taken(&document.draft)) {
            self.issues.error(already_there(&document.draft));
        }
        if self.issues.has_errors() {
            return Ok(());
        }
        let (invoices, credit_notes): (Vec<_>, Vec<_>) = documents
            .into_iter()
            .partition(|document| document.draft.kind == DocumentKind::Invoice);
        for some in invoices.chunks(AT_ONCE) {
            self.issue(tx, some).await?;
        }
        for credit_note in credit_notes {
            self.later.push(tx, self.import, credit_note.draft).await?;
        }
        Ok(())
    }

    fn prepare(&mut self, draft: DraftDocument, documents: &mut Vec<Prepared>) {
        match prepare(draft, &self.customers) {
            Ok(document) => documents.push(document),
            Err(issues) => issues.into_iter().for_each(|issue| self.issues.error(issue)),
        }
    }

    /// Writes invoices with their own numbers, outside of any series (D18).
    async fn issue(&mut self, tx: &mut Tx, documents: &[Prepared]) -> Result<(), Error> {
        let mut new = Vec::with_capacity(documents.len());
        for document in documents {
            let customer = document.of(&self.customers)?;
            let facts = customer.billed_by(document.draft.profile.as_deref());
            let facts = facts.map_err(|_| Error::corrupt("a prepared document without profile"))?;
            let invoice = new_invoice(document, &facts, self.import);
            new.push((facts, invoice));
        }
        let all: Vec<(&AccountFacts, &NewInvoice)> = new.iter().map(|(facts, new)| (&**facts, new)).collect();
        let ids = issue_all(tx, &all).await?;
        let mut openings = Vec::new();
        for ((document, (facts, _)), id) in documents.iter().zip(&new).zip(ids) {
            if document.draft.prepaid.is_positive() {
                openings.push(Opening {
                    account: facts.account,
                    buyer: facts.buyer,
                    invoice: id,
                    number: document.draft.number.clone(),
                    amount: document.draft.prepaid,
                    applied: document.settled,
                    paid_on: document.draft.issue_date,
                });
            }
        }
        record_opening(tx, tx.actor().tenant(), self.import, &openings).await
    }

    /// What had to wait: credit notes, which lower what is open by then (V37).
    async fn finish(mut self, tx: &mut Tx, expected: i64) -> Result<Verdict, Error> {
        let seller = tx.actor().tenant();
        self.later
            .write(tx, self.import, &self.customers, &mut self.issues)
            .await?;
        if self.issues.has_errors() {
            return Ok(Verdict::Refused(self.issues));
        }
        stage::drop_batches(tx, self.import).await?;
        let published = import::ActiveModel {
            state: Set(ImportState::Published),
            done: Set(0),
            total: Set(0),
            published_at: Set(Some(tx.now())),
            ..Default::default()
        };
        write::change(tx, self.import, ImportState::Publishing, published).await?;
        let facts = serde_json::json!({ "documents": expected });
        tx.audit(Act::new(seller, "import", "import", self.import.0).after(facts));
        self.context.fence(tx).await?;
        Ok(Verdict::Written)
    }
}

fn new_invoice(document: &Prepared, facts: &AccountFacts, import: ImportId) -> NewInvoice {
    let Prepared {
        draft,
        checked,
        due_date,
        ..
    } = document;
    NewInvoice {
        account: facts.account,
        number: Some(draft.number.clone()),
        source: Origin::Import,
        order_id: draft.order_id.clone(),
        issue_date: draft.issue_date,
        due_date: *due_date,
        lines: checked.lines.clone(),
        costs: checked.costs.clone(),
        totals: checked.totals.clone(),
        note: draft.note.clone(),
        import: Some(import),
    }
}

/// Back to the preview, with what came in the way.
async fn refuse(scope: &Scope<ImportInvoices>, import: ImportId, issues: &Issues) -> Result<(), Error> {
    let (errors, warnings) = issues.counts();
    transact!(scope, tx => {
        issues.write(tx, import).await?;
        let checked = import::ActiveModel {
            state: Set(ImportState::Checked),
            error_count: Set(errors),
            warning_count: Set(warnings),
            ..Default::default()
        };
        write::change(tx, import, ImportState::Publishing, checked).await
    })
}

async fn fail(scope: &Scope<ImportInvoices>, import: ImportId) -> Result<(), Error> {
    transact!(scope, tx => {
        let failed = import::ActiveModel {
            state: Set(ImportState::Failed),
            failure: Set(Some("It could not be written, and nothing was. Try again later.".to_owned())),
            ..Default::default()
        };
        write::change(tx, import, ImportState::Publishing, failed).await
    })
}
