//! Credit notes of a file. They wait until all its invoices are written, since they may name any of them.
//!
//! One that names invoices lowers what is open on those, in their order; it is no more than what is left of them (V12), and
//! where there are several it says what it credits of each. One that names none lowers what is due on the account, by the
//! order of V28. The rest stays as credit of the account (V36 to V38, D18).

use super::{
    customers::Customers,
    debts::{Debts, Over},
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
    credit_notes::sums::{GroupSum, Sums},
    ids::{ImportId, InvoiceId, TenantId},
    imports::DraftDocument,
    invoices::{InvoiceLine, Totals},
    ledger::{self, Book, EntryKind, Source},
};
use entity::{Uuid, codes, credit_note, credit_note_line, credit_note_part, credit_note_tax, import_row};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};

/// What set-aside credit notes are called in the table of staged rows.
const LATER: &str = "later";
/// Places of set-aside batches, beyond those of the file: of credit notes that name invoices, and of the others.
const NAMING: i64 = 1 << 40;
const OTHERS: i64 = 1 << 41;
/// Credit notes that are held in memory before they are set aside.
const MOST_HELD: usize = 1_000;

/// Credit notes that wait. Those that name invoices go first: the others take what is due then.
pub(super) struct Later {
    naming: Queue,
    others: Queue,
}

impl Default for Later {
    fn default() -> Self {
        Self {
            naming: Queue::at(NAMING),
            others: Queue::at(OTHERS),
        }
    }
}

impl Later {
    /// Keeps one for the end.
    pub(super) async fn push(
        &mut self,
        tx: &Tx,
        import: ImportId,
        draft: DraftDocument,
    ) -> Result<(), Error> {
        let queue = if draft.invoices.is_empty() {
            &mut self.others
        } else {
            &mut self.naming
        };
        queue.push(tx, import, draft).await
    }

    /// Writes all of them, each kind in the order of the file.
    pub(super) async fn write(
        &mut self,
        tx: &mut Tx,
        import: ImportId,
        customers: &Customers,
        issues: &mut Issues,
    ) -> Result<(), Error> {
        for queue in [&mut self.naming, &mut self.others] {
            while let Some(drafts) = queue.next(tx, import).await? {
                write(tx, import, customers, drafts, issues).await?;
            }
        }
        Ok(())
    }
}

/// Credit notes in the order of the file. Many are set aside within the transaction, so that memory stays bounded.
struct Queue {
    held: Vec<DraftDocument>,
    /// Where the next batch is read, and where it is written.
    head: i64,
    tail: i64,
}

impl Queue {
    const fn at(place: i64) -> Self {
        Self {
            held: Vec::new(),
            head: place,
            tail: place,
        }
    }

    async fn push(&mut self, tx: &Tx, import: ImportId, draft: DraftDocument) -> Result<(), Error> {
        self.held.push(draft);
        if self.held.len() < MOST_HELD {
            return Ok(());
        }
        let batch = import_row::ActiveModel {
            seller_id: Set(tx.actor().tenant().0),
            import_id: Set(import.0),
            seq: Set(self.tail),
            kind: Set(LATER.to_owned()),
            row_count: Set(0),
            content: Set(serde_json::to_value(std::mem::take(&mut self.held))?),
        };
        tx.insert(batch).await?;
        self.tail += 1;
        Ok(())
    }

    async fn next(&mut self, tx: &Tx, import: ImportId) -> Result<Option<Vec<DraftDocument>>, Error> {
        if self.head == self.tail {
            let held = std::mem::take(&mut self.held);
            return Ok((!held.is_empty()).then_some(held));
        }
        let batch = stage::of_import(tx, import)
            .filter(import_row::Column::Seq.eq(self.head))
            .one(tx.db())
            .await?
            .ok_or_else(|| Error::corrupt("a set-aside batch is gone"))?;
        self.head += 1;
        Ok(Some(serde_json::from_value(batch.content)?))
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
        let mut debts = Debts::lock(tx, some, customers).await?;
        let mut rows = Rows::default();
        for document in some {
            let facts = &document.of(customers)?.facts;
            match debts.lower(document, facts.account) {
                Ok(over) => rows.add(tx, import, facts, document, over)?,
                Err(found) => found.into_iter().for_each(|issue| issues.error(issue)),
            }
        }
        rows.insert(tx).await?;
    }
    Ok(())
}

/// Rows of credit notes, and what they do to invoices.
#[derive(Default)]
struct Rows {
    credit_notes: Vec<credit_note::ActiveModel>,
    lines: Vec<credit_note_line::ActiveModel>,
    parts: Vec<credit_note_part::ActiveModel>,
    taxes: Vec<credit_note_tax::ActiveModel>,
    journal: Journal,
    puts: Vec<Put>,
}

impl Rows {
    fn add(
        &mut self,
        tx: &mut Tx,
        import: ImportId,
        facts: &AccountFacts,
        document: &Prepared,
        Over { parts, lowers }: Over,
    ) -> Result<(), Error> {
        let Prepared {
            draft,
            total,
            settled,
            ..
        } = document;
        let id = new_id();
        let seller = tx.actor().tenant();
        let applied: i64 = lowers.iter().map(|(_, part)| part.minor()).sum();
        for (invoice, part) in lowers {
            self.put(tx, facts, document, id, invoice, part);
        }
        // Of one invoice all of it is credited, and the credit note says so itself.
        let invoice = match parts.as_slice() {
            [(invoice, _)] => Some(invoice.0),
            several => {
                self.parts.extend(
                    several
                        .iter()
                        .flat_map(|(invoice, part)| part_rows(seller, id, *invoice, part)),
                );
                None
            }
        };
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
            invoice_id: Set(invoice),
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
            remaining_minor: Set(total.minor() - settled.minor() - applied),
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
        part: Money,
    ) {
        self.puts.push(Put {
            books: facts.books(),
            from: Origin::CreditNote(credit_note),
            invoice,
            amount: part,
            reverses: None,
            freed: 0,
            day: document.draft.issue_date,
            at: tx.now(),
        });
        let after = serde_json::json!({ "credit_note": credit_note, "amount_minor": part.minor() });
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
            parts,
            taxes,
            journal,
            puts,
        } = self;
        tx.insert_all(credit_notes).await?;
        tx.insert_all(lines).await?;
        tx.insert_all(parts).await?;
        tx.insert_all(taxes).await?;
        journal.write(tx).await?;
        put(tx, &puts).await
    }
}

/// What a credit note over several invoices credits of one. Its rounding stands with the first group.
fn part_rows(
    seller: TenantId,
    credit_note: Uuid,
    invoice: InvoiceId,
    part: &Sums,
) -> Vec<credit_note_part::ActiveModel> {
    let rounding = std::iter::once(part.rounding.minor()).chain(std::iter::repeat(0));
    let row = |(group, rounding): (&GroupSum, i64)| credit_note_part::ActiveModel {
        seller_id: Set(seller.0),
        credit_note_id: Set(credit_note),
        invoice_id: Set(invoice.0),
        category: Set(codes::TaxCategory::from_domain(group.category)),
        rate: Set(group.rate.scaled()),
        base_minor: Set(group.base.minor()),
        tax_minor: Set(group.tax.minor()),
        rounding_minor: Set(rounding),
    };
    part.groups.iter().zip(rounding).map(row).collect()
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
