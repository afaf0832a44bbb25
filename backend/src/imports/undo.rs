//! Takes a published import back as a whole, as long as nothing was built on it.
//!
//! The documents go with their numbers, so that a mended file can be imported again; the import, its audit, its postings
//! with their reversals and what it did to older invoices stay on record. Reminders of its invoices go with them; that they
//! were sent stays in the audit.

use super::write::{self, is};
use crate::{
    Error,
    invoices::balance::{self, Change},
    ledger,
    scope::{Act, Scope, Tx, Visible},
    transact::transact,
};
use domain::{
    Refusal,
    access::ImportInvoices,
    ids::{ImportId, InvoiceId},
};
use entity::{
    Uuid, allocation, attempt_line, codes::ImportState, credit_note, credit_note_line, credit_note_part,
    credit_note_tax, dispute, import, invoice, invoice_cost, invoice_line, invoice_party, invoice_revision,
    invoice_tax, payment, refund, reminder, rollup_line, write_off,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select, sea_query::SelectStatement,
};
use std::collections::BTreeMap;

/// The most numbers that a refusal names.
const NAMED: u64 = 10;

/// Takes an import back: all its documents, opening payments and credits.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::ImportIs`] unless it is published; [`Refusal::ImportInUse`] with the numbers when
/// something was done with its documents since: other payments or credits stand on them, its credit notes were used
/// elsewhere, or they were changed, disputed, written off or billed to a parent.
pub async fn undo(scope: &Scope<ImportInvoices>, import: ImportId) -> Result<(), Error> {
    transact!(scope, tx => {
        let row = write::lock(tx, import).await?;
        if row.state != ImportState::Published {
            return Err(is(&row));
        }
        hold(tx, import).await?;
        let numbers = in_use(tx, &row).await?;
        if !numbers.is_empty() {
            return Err(Refusal::ImportInUse { numbers }.into());
        }
        take_back_credits(tx, import).await?;
        ledger::undo_import(tx, tx.actor().tenant(), import).await?;
        let count = remove(tx, import).await?;
        let undone = import::ActiveModel {
            state: Set(ImportState::Undone),
            undone_at: Set(Some(tx.now())),
            version: Set(row.version + 1),
            ..Default::default()
        };
        write::change(tx, import, ImportState::Published, undone).await?;
        let seller = tx.actor().tenant();
        let facts = serde_json::json!({ "documents": count });
        tx.audit(Act::new(seller, "undo", "import", import.0).after(facts));
        Ok(())
    })
}

/// Keeps others from what the import brought, money before invoices and each in the order of their ids (V30): what they do
/// at this moment is seen by the questions below, or finds nothing any more.
async fn hold(tx: &Tx, import: ImportId) -> Result<(), Error> {
    async fn all<E: EntityTrait>(tx: &Tx, rows: Select<E>, id: E::Column) -> Result<(), Error> {
        let rows = rows.lock_exclusive().order_by_asc(id);
        let _: Vec<Uuid> = rows.select_only().column(id).into_tuple().all(tx.db()).await?;
        Ok(())
    }
    all(tx, payments(tx, import), payment::Column::Id).await?;
    all(tx, credit_notes(tx, import), credit_note::Column::Id).await?;
    all(tx, invoices(tx, import), invoice::Column::Id).await
}

fn invoices(tx: &Tx, import: ImportId) -> Select<invoice::Entity> {
    tx.find::<invoice::Entity>()
        .filter(invoice::Column::ImportId.eq(import.0))
}

fn payments(tx: &Tx, import: ImportId) -> Select<payment::Entity> {
    tx.find::<payment::Entity>()
        .filter(payment::Column::ImportId.eq(import.0))
}

fn credit_notes(tx: &Tx, import: ImportId) -> Select<credit_note::Entity> {
    tx.find::<credit_note::Entity>()
        .filter(credit_note::Column::ImportId.eq(import.0))
}

fn ids<E: EntityTrait>(rows: Select<E>, id: E::Column) -> SelectStatement {
    rows.select_only().column(id).into_query()
}

/// Allocations of money and credit that the import brought.
fn own_allocations(tx: &Tx, import: ImportId) -> Condition {
    Condition::any()
        .add(allocation::Column::PaymentId.in_subquery(ids(payments(tx, import), payment::Column::Id)))
        .add(
            allocation::Column::CreditNoteId
                .in_subquery(ids(credit_notes(tx, import), credit_note::Column::Id)),
        )
}

/// Allocations of other money and credit. The negation of the above says less: of two columns one is empty, and nothing is
/// known of what is empty.
fn foreign_allocations(tx: &Tx, import: ImportId) -> Condition {
    let money = Condition::all()
        .add(allocation::Column::PaymentId.is_not_null())
        .add(allocation::Column::PaymentId.not_in_subquery(ids(payments(tx, import), payment::Column::Id)));
    let credit = Condition::all()
        .add(allocation::Column::CreditNoteId.is_not_null())
        .add(
            allocation::Column::CreditNoteId
                .not_in_subquery(ids(credit_notes(tx, import), credit_note::Column::Id)),
        );
    Condition::any().add(money).add(credit)
}

/// Those of its own that people made: later than the import, by a plan, or of its money for an invoice that is not its own.
/// (Its credit notes it puts to older invoices itself.)
fn by_hand(tx: &Tx, row: &import::Model) -> Condition {
    let import = ImportId(row.id);
    let elsewhere = Condition::all()
        .add(allocation::Column::PaymentId.is_not_null())
        .add(allocation::Column::InvoiceId.not_in_subquery(ids(invoices(tx, import), invoice::Column::Id)));
    let people = Condition::any()
        .add(allocation::Column::PlanId.is_not_null())
        .add(elsewhere)
        .add_option(row.published_at.map(|at| allocation::Column::CreatedAt.gt(at)));
    Condition::all().add(own_allocations(tx, import)).add(people)
}

/// Numbers of documents on which something stands that the import did not bring, the first few.
async fn in_use(tx: &Tx, row: &import::Model) -> Result<Vec<String>, Error> {
    let import = ImportId(row.id);
    let moved = moved(tx, row).await?;
    if !moved.is_empty() {
        return Ok(moved);
    }
    let foreign = tx
        .find::<allocation::Entity>()
        .filter(foreign_allocations(tx, import))
        .select_only()
        .column(allocation::Column::InvoiceId)
        .into_query();
    let tried = tx
        .find::<attempt_line::Entity>()
        .select_only()
        .column(attempt_line::Column::InvoiceId)
        .into_query();
    let credited = tx
        .find::<credit_note::Entity>()
        .filter(
            Condition::any()
                .add(credit_note::Column::ImportId.is_null())
                .add(credit_note::Column::ImportId.ne(import.0)),
        )
        .filter(credit_note::Column::InvoiceId.is_not_null())
        .select_only()
        .column(credit_note::Column::InvoiceId)
        .into_query();
    let credited_in_part = tx
        .find::<credit_note_part::Entity>()
        .filter(
            credit_note_part::Column::CreditNoteId
                .not_in_subquery(ids(credit_notes(tx, import), credit_note::Column::Id)),
        )
        .select_only()
        .column(credit_note_part::Column::InvoiceId)
        .into_query();
    let stands = Condition::any()
        .add(invoice::Column::Id.in_subquery(credited))
        .add(invoice::Column::Id.in_subquery(credited_in_part))
        .add(invoice::Column::Id.in_subquery(foreign))
        .add(invoice::Column::Id.in_subquery(tried))
        .add(invoice::Column::ReservedMinor.gt(0));
    let used: Vec<Option<String>> = invoices(tx, import)
        .filter(stands)
        .order_by_asc(invoice::Column::NumberKey)
        .limit(NAMED)
        .select_only()
        .column(invoice::Column::Number)
        .into_tuple()
        .all(tx.db())
        .await?;
    Ok(used.into_iter().flatten().collect())
}

/// Numbers of invoices to which people put money or credit of the import, or from which they took it, and of its own that
/// people changed; else of receipts and credit notes of which they gave something back.
async fn moved(tx: &Tx, row: &import::Model) -> Result<Vec<String>, Error> {
    let import = ImportId(row.id);
    let by_hand = tx
        .find::<allocation::Entity>()
        .filter(by_hand(tx, row))
        .select_only()
        .column(allocation::Column::InvoiceId)
        .into_query();
    let revised = tx
        .find::<invoice_revision::Entity>()
        .select_only()
        .column(invoice_revision::Column::InvoiceId)
        .into_query();
    let written_off = tx
        .find::<write_off::Entity>()
        .select_only()
        .column(write_off::Column::InvoiceId)
        .into_query();
    let disputed = tx
        .find::<dispute::Entity>()
        .select_only()
        .column(dispute::Column::InvoiceId)
        .into_query();
    // A bill keeps its lines, also when it was withdrawn.
    let billed = tx
        .find::<rollup_line::Entity>()
        .select_only()
        .column(rollup_line::Column::InvoiceId)
        .into_query();
    let changed = Condition::any()
        .add(invoice::Column::Id.in_subquery(billed))
        .add(invoice::Column::Id.in_subquery(disputed))
        .add(invoice::Column::Id.in_subquery(written_off))
        .add(invoice::Column::Id.in_subquery(revised));
    let changed = Condition::all()
        .add(invoice::Column::ImportId.eq(import.0))
        .add(changed);
    let touched = Condition::any()
        .add(invoice::Column::Id.in_subquery(by_hand))
        .add(changed);
    let numbers: Vec<Option<String>> = tx
        .find::<invoice::Entity>()
        .filter(touched)
        .order_by_asc(invoice::Column::NumberKey)
        .limit(NAMED)
        .select_only()
        .column(invoice::Column::Number)
        .into_tuple()
        .all(tx.db())
        .await?;
    let numbers: Vec<String> = numbers.into_iter().flatten().collect();
    if numbers.is_empty() {
        return given_back(tx, import).await;
    }
    Ok(numbers)
}

/// Receipts and credit notes of the import of which something was given back.
async fn given_back(tx: &Tx, import: ImportId) -> Result<Vec<String>, Error> {
    let refunded = |column: refund::Column| {
        tx.find::<refund::Entity>()
            .select_only()
            .column(column)
            .into_query()
    };
    let payments: Vec<String> = payments(tx, import)
        .filter(payment::Column::Id.in_subquery(refunded(refund::Column::PaymentId)))
        .limit(NAMED)
        .select_only()
        .column(payment::Column::ReceiptNumber)
        .into_tuple()
        .all(tx.db())
        .await?;
    let notes: Vec<String> = credit_notes(tx, import)
        .filter(credit_note::Column::Id.in_subquery(refunded(refund::Column::CreditNoteId)))
        .limit(NAMED)
        .select_only()
        .column(credit_note::Column::Number)
        .into_tuple()
        .all(tx.db())
        .await?;
    Ok(payments.into_iter().chain(notes).collect())
}

/// Older invoices get back what the import's credit notes took off them; so do its own, before they go.
async fn take_back_credits(tx: &mut Tx, import: ImportId) -> Result<(), Error> {
    let seller = tx.actor().tenant();
    let rows = tx
        .find::<allocation::Entity>()
        .filter(
            allocation::Column::CreditNoteId
                .in_subquery(ids(credit_notes(tx, import), credit_note::Column::Id)),
        )
        .all(tx.db())
        .await?;
    // What was taken off again in between counts for nothing.
    let mut sums: BTreeMap<(Uuid, Option<Uuid>), i64> = BTreeMap::new();
    for row in rows {
        *sums.entry((row.invoice_id, row.credit_note_id)).or_default() += row.amount_minor;
    }
    for ((invoice, note), amount) in sums.into_iter().filter(|(_, amount)| *amount != 0) {
        let change = Change {
            credited: -amount,
            ..Change::default()
        };
        balance::change(tx, seller, InvoiceId(invoice), change).await?;
        let facts = serde_json::json!({ "credit_note": note, "amount_minor": amount });
        tx.audit(Act::new(seller, "uncredit", "invoice", invoice).after(facts));
    }
    Ok(())
}

/// Removes the documents, parts first. Returns how many there were.
async fn remove(tx: &Tx, import: ImportId) -> Result<u64, Error> {
    let own_invoices = || ids(invoices(tx, import), invoice::Column::Id);
    let own_notes = || ids(credit_notes(tx, import), credit_note::Column::Id);
    let count = invoices(tx, import).count(tx.db()).await? + credit_notes(tx, import).count(tx.db()).await?;
    delete::<allocation::Entity>(tx, own_allocations(tx, import)).await?;
    delete::<payment::Entity>(tx, only(payment::Column::ImportId, import.0)).await?;
    let parts = credit_note_line::Column::CreditNoteId.in_subquery(own_notes());
    delete::<credit_note_line::Entity>(tx, Condition::all().add(parts)).await?;
    let parts = credit_note_part::Column::CreditNoteId.in_subquery(own_notes());
    delete::<credit_note_part::Entity>(tx, Condition::all().add(parts)).await?;
    let parts = credit_note_tax::Column::CreditNoteId.in_subquery(own_notes());
    delete::<credit_note_tax::Entity>(tx, Condition::all().add(parts)).await?;
    delete::<credit_note::Entity>(tx, only(credit_note::Column::ImportId, import.0)).await?;
    let parts = invoice_line::Column::InvoiceId.in_subquery(own_invoices());
    delete::<invoice_line::Entity>(tx, Condition::all().add(parts)).await?;
    let parts = invoice_cost::Column::InvoiceId.in_subquery(own_invoices());
    delete::<invoice_cost::Entity>(tx, Condition::all().add(parts)).await?;
    let parts = invoice_tax::Column::InvoiceId.in_subquery(own_invoices());
    delete::<invoice_tax::Entity>(tx, Condition::all().add(parts)).await?;
    let parts = invoice_party::Column::InvoiceId.in_subquery(own_invoices());
    delete::<invoice_party::Entity>(tx, Condition::all().add(parts)).await?;
    let sent = reminder::Column::InvoiceId.in_subquery(own_invoices());
    delete::<reminder::Entity>(tx, Condition::all().add(sent)).await?;
    delete::<invoice::Entity>(tx, only(invoice::Column::ImportId, import.0)).await?;
    Ok(count)
}

fn only(column: impl ColumnTrait, id: Uuid) -> Condition {
    Condition::all().add(column.eq(id))
}

async fn delete<E: Visible>(tx: &Tx, which: Condition) -> Result<(), Error> {
    tx.delete::<E>().filter(which).exec(tx.db()).await?;
    Ok(())
}
