//! Credit notes of a file. They wait until all its invoices are written, since they may name any of them.
//!
//! A credit note first lowers what is open on the invoices that it names, in their order; the rest stays as credit of
//! the account (V36 to V38). One that names none credits the account as a whole (D18).

use super::{
    customers::Customers,
    issues::Issues,
    prepare::{AT_ONCE, ISSUED, Prepared, prepare},
    stage,
};
use crate::{
    Error,
    codes::Stored,
    invoices::write::AccountFacts,
    ledger::{Entry, Journal, Origin, Put, put},
    new_id,
    scope::{Act, Tx},
};
use domain::{
    Money,
    ids::{ImportId, InvoiceId, TenantId},
    imports::{DraftDocument, Field, ImportIssue, Problem},
    invoices::{InvoiceLine, Totals},
    ledger::{self, Book, EntryKind, Source},
};
use entity::{
    Uuid, codes, codes::Stage, credit_note, credit_note_line, credit_note_tax, import_row, invoice,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// What set-aside credit notes are called in the table of staged rows.
const LATER: &str = "later";
/// Places of set-aside batches, beyond those of the file.
const FIRST_SEQ: i64 = 1 << 40;
/// Credit notes that are held in memory before they are set aside.
const MOST_HELD: usize = 1_000;

/// Credit notes that wait.
#[derive(Default)]
pub(super) struct Later {
    held: Vec<DraftDocument>,
    aside: i64,
}

impl Later {
    /// Keeps one for the end. Many are set aside within the transaction, so that memory stays bounded.
    pub(super) async fn push(
        &mut self,
        tx: &Tx,
        import: ImportId,
        draft: DraftDocument,
    ) -> Result<(), Error> {
        self.held.push(draft);
        if self.held.len() < MOST_HELD {
            return Ok(());
        }
        let batch = import_row::ActiveModel {
            seller_id: Set(tx.actor().tenant().0),
            import_id: Set(import.0),
            seq: Set(FIRST_SEQ + self.aside),
            kind: Set(LATER.to_owned()),
            row_count: Set(0),
            content: Set(serde_json::to_value(std::mem::take(&mut self.held))?),
        };
        tx.insert(batch).await?;
        self.aside += 1;
        Ok(())
    }

    /// Writes all of them, in the order of the file.
    pub(super) async fn write(
        &mut self,
        tx: &mut Tx,
        import: ImportId,
        customers: &Customers,
        issues: &mut Issues,
    ) -> Result<(), Error> {
        for seq in 0..self.aside {
            let batch = stage::of_import(tx, import)
                .filter(import_row::Column::Seq.eq(FIRST_SEQ + seq))
                .one(tx.db())
                .await?
                .ok_or_else(|| Error::corrupt("a set-aside batch is gone"))?;
            let drafts: Vec<DraftDocument> = serde_json::from_value(batch.content)?;
            write(tx, import, customers, drafts, issues).await?;
        }
        write(tx, import, customers, std::mem::take(&mut self.held), issues).await
    }
}

async fn write(
    tx: &mut Tx,
    import: ImportId,
    customers: &Customers,
    drafts: Vec<DraftDocument>,
    issues: &mut Issues,
) -> Result<(), Error> {
    let mut documents = Vec::with_capacity(drafts.len());
    for draft in drafts {
        match prepare(draft, customers) {
            Ok(document) => documents.push(document),
            Err(found) => found.into_iter().for_each(|issue| issues.error(issue)),
        }
    }
    for some in documents.chunks(AT_ONCE) {
        let mut debts = debts(tx, some).await?;
        let mut rows = Rows::default();
        for document in some {
            rows.add(tx, import, customers, document, &mut debts, issues)?;
        }
        rows.insert(tx).await?;
    }
    Ok(())
}

/// What can be credited, by number, with its row locked. The open amount goes down as credit notes take from it.
async fn debts(tx: &Tx, documents: &[Prepared]) -> Result<BTreeMap<String, invoice::Model>, Error> {
    let numbers: Vec<&str> = documents
        .iter()
        .flat_map(|document| &document.draft.invoices)
        .map(String::as_str)
        .collect();
    let mut debts = BTreeMap::new();
    for some in numbers.chunks(AT_ONCE) {
        let rows = tx
            .lock::<invoice::Entity>()
            .filter(invoice::Column::Number.is_in(some.iter().copied()))
            .filter(invoice::Column::Stage.is_not_in([Stage::Draft, Stage::Void]))
            .order_by_asc(invoice::Column::Id)
            .all(tx.db())
            .await?;
        debts.extend(
            rows.into_iter()
                .map(|row| (row.number.clone().unwrap_or_default(), row)),
        );
    }
    Ok(debts)
}

/// Rows of credit notes, and what they do to invoices.
#[derive(Default)]
struct Rows {
    credit_notes: Vec<credit_note::ActiveModel>,
    lines: Vec<credit_note_line::ActiveModel>,
    taxes: Vec<credit_note_tax::ActiveModel>,
    journal: Journal,
    puts: Vec<Put>,
}

impl Rows {
    fn add(
        &mut self,
        tx: &mut Tx,
        import: ImportId,
        customers: &Customers,
        document: &Prepared,
        debts: &mut BTreeMap<String, invoice::Model>,
        issues: &mut Issues,
    ) -> Result<(), Error> {
        let facts = &document.of(customers)?.facts;
        let Prepared {
            draft,
            total,
            settled,
            ..
        } = document;
        let id = new_id();
        let seller = tx.actor().tenant();
        let mut rest = total.minor() - settled.minor();
        let mut first = None;
        for number in &draft.invoices {
            let fits = |debt: &&mut invoice::Model| {
                debt.account_id == facts.account.0 && debt.currency == draft.currency.code()
            };
            let Some(debt) = debts.get_mut(number).filter(fits) else {
                let problem = Problem::UnknownInvoice {
                    number: number.clone(),
                };
                issues.error(ImportIssue::of(draft.first_line, Field::Invoices, problem));
                continue;
            };
            first = first.or(Some(debt.id));
            // What is being paid right now is not there to be credited (V31).
            let part = rest.min(debt.open_minor - debt.reserved_minor).max(0);
            if part == 0 {
                continue;
            }
            rest -= part;
            debt.open_minor -= part;
            self.put(tx, facts, document, id, InvoiceId(debt.id), part);
        }
        let applied = total.minor() - settled.minor() - rest;
        self.book(tx, facts, document, id)?;
        let Totals {
            lines,
            discount,
            charge,
            net,
            taxes,
            tax,
            rounding,
            total: _,
        } = &document.checked.totals;
        self.lines.extend(
            document
                .checked
                .lines
                .iter()
                .map(|line| line_row(seller, id, line)),
        );
        self.taxes
            .extend(taxes.iter().map(|group| credit_note_tax::ActiveModel {
                seller_id: Set(seller.0),
                credit_note_id: Set(id),
                category: Set(codes::TaxCategory::from_domain(group.category)),
                rate: Set(group.rate.scaled()),
                base_minor: Set(group.base.minor()),
                tax_minor: Set(group.tax.minor()),
                reason: Set(group.reason.clone()),
            }));
        self.credit_notes.push(credit_note::ActiveModel {
            seller_id: Set(seller.0),
            id: Set(id),
            account_id: Set(facts.account.0),
            buyer_id: Set(facts.buyer.0),
            invoice_id: Set(first),
            stage: Set(ISSUED),
            number: Set(draft.number.clone()),
            reason: Set(draft.note.clone().unwrap_or_else(|| "Credit note".to_owned())),
            currency: Set(draft.currency.code().to_owned()),
            issue_date: Set(draft.issue_date),
            lines_minor: Set(lines.minor()),
            discount_minor: Set(discount.minor()),
            charge_minor: Set(charge.minor()),
            net_minor: Set(net.minor()),
            tax_minor: Set(tax.minor()),
            rounding_minor: Set(rounding.minor()),
            total_minor: Set(total.minor()),
            applied_minor: Set(applied),
            refunded_minor: Set(settled.minor()),
            remaining_minor: Set(rest),
            parties: Set(None),
            import_id: Set(Some(import.0)),
            created_by: Set(None),
            created_by_name: Set(tx.actor().name().to_owned()),
            created_at: Set(tx.now()),
        });
        let after = serde_json::json!({ "number": draft.number, "total": total, "applied_minor": applied });
        tx.audit(Act::new(seller, "import", "credit_note", id).after(after));
        Ok(())
    }

    fn put(
        &mut self,
        tx: &mut Tx,
        facts: &AccountFacts,
        document: &Prepared,
        credit_note: Uuid,
        invoice: InvoiceId,
        part: i64,
    ) {
        self.puts.push(Put {
            books: facts.books(),
            from: Origin::CreditNote(credit_note),
            invoice,
            amount: Money::new(part, document.draft.currency),
            reverses: None,
            freed: 0,
            day: document.draft.issue_date,
            at: tx.now(),
        });
        let after = serde_json::json!({ "credit_note": credit_note, "amount_minor": part });
        tx.audit(Act::new(facts.seller, "credit", "invoice", invoice.0).after(after));
    }

    /// The credit, and what of it was given back before the note came here (D18).
    fn book(&mut self, tx: &Tx, facts: &AccountFacts, document: &Prepared, id: Uuid) -> Result<(), Error> {
        let Totals {
            net, tax, rounding, ..
        } = document.checked.totals;
        let entry =
            |kind| Entry::new(facts.books(), kind, id, document.draft.issue_date, tx.now()).credit_note(id);
        let postings = ledger::credited(net, tax, rounding)?;
        self.journal.book(&entry(EntryKind::Credit), &postings);
        let back = ledger::refunded(Source::CreditNote, Book::Opening, document.settled)?;
        self.journal.book(&entry(EntryKind::Refund), &back);
        Ok(())
    }

    async fn insert(self, tx: &Tx) -> Result<(), Error> {
        let Self {
            credit_notes,
            lines,
            taxes,
            journal,
            puts,
        } = self;
        tx.insert_all(credit_notes).await?;
        tx.insert_all(lines).await?;
        tx.insert_all(taxes).await?;
        journal.write(tx).await?;
        put(tx, &puts).await
    }
}

fn line_row(seller: TenantId, credit_note: Uuid, line: &InvoiceLine) -> credit_note_line::ActiveModel {
    let InvoiceLine {
        position,
        item_code,
        description,
        quantity,
        unit_price,
        discount,
        net,
        tax_category,
        tax_rate,
    } = line;
    credit_note_line::ActiveModel {
        seller_id: Set(seller.0),
        credit_note_id: Set(credit_note),
        position: Set(i32::try_from(*position).unwrap_or(i32::MAX)),
        item_code: Set(item_code.clone()),
        description: Set(description.clone()),
        quantity: Set(quantity.scaled()),
        unit_price: Set(unit_price.scaled()),
        discount_minor: Set(discount.minor()),
        net_minor: Set(net.minor()),
        tax_category: Set(codes::TaxCategory::from_domain(*tax_category)),
        tax_rate: Set(tax_rate.scaled()),
        invoice_position: Set(None),
    }
}
