//! Posting.

use crate::{Error, codes::Stored, database::Sql, scope::Tx};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    ids::{ImportId, TenantId},
    ledger::{EntryKind, Posting},
};
use entity::{codes, posting};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
use uuid::Uuid;

/// Whose books, and of which of their customers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Books {
    /// The seller.
    pub(crate) seller: Uuid,
    /// The trading account.
    pub(crate) account: Uuid,
    /// Its buyer.
    pub(crate) buyer: Uuid,
}

/// One act on one document: what its postings have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    books: Books,
    source: Uuid,
    kind: EntryKind,
    first: i32,
    booked_on: NaiveDate,
    at: DateTime<Utc>,
    invoice: Option<Uuid>,
    payment: Option<Uuid>,
    credit_note: Option<Uuid>,
}

impl Entry {
    /// An act by a document or an allocation, which counts from a day. Source and kind are the key: nothing is posted
    /// twice.
    pub(crate) const fn new(
        books: Books,
        kind: EntryKind,
        source: Uuid,
        booked_on: NaiveDate,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            books,
            source,
            kind,
            first: 1,
            booked_on,
            at,
            invoice: None,
            payment: None,
            credit_note: None,
        }
    }

    /// What it does on a second account: its postings come after those on the first.
    pub(crate) const fn after(mut self, postings: i32) -> Self {
        self.first = postings + 1;
        self
    }

    /// The invoice on which it leaves more or less open.
    pub(crate) const fn invoice(mut self, id: Uuid) -> Self {
        self.invoice = Some(id);
        self
    }

    /// The payment of which it leaves more or less unapplied.
    pub(crate) const fn payment(mut self, id: Uuid) -> Self {
        self.payment = Some(id);
        self
    }

    /// The credit note of which it leaves more or less.
    pub(crate) const fn credit_note(mut self, id: Uuid) -> Self {
        self.credit_note = Some(id);
        self
    }
}

/// Postings of a transaction, written together.
#[derive(Debug, Default)]
pub(crate) struct Journal(Vec<posting::ActiveModel>);

impl Journal {
    /// Adds what an act does, as the domain says it.
    pub(crate) fn book(&mut self, entry: &Entry, postings: &[Posting]) {
        let Entry {
            books:
                Books {
                    seller,
                    account,
                    buyer,
                },
            source,
            kind,
            first,
            booked_on,
            at,
            invoice,
            payment,
            credit_note,
        } = *entry;
        let rows = (first..)
            .zip(postings)
            .map(|(position, posting)| posting::ActiveModel {
                seller_id: Set(seller),
                source_id: Set(source),
                kind: Set(codes::EntryKind::from_domain(kind)),
                position: Set(position),
                account_id: Set(account),
                buyer_id: Set(buyer),
                invoice_id: Set(invoice),
                payment_id: Set(payment),
                credit_note_id: Set(credit_note),
                debit: Set(codes::Book::from_domain(posting.debit)),
                credit: Set(codes::Book::from_domain(posting.credit)),
                currency: Set(posting.amount.currency().code().to_owned()),
                amount_minor: Set(posting.amount.minor()),
                booked_on: Set(booked_on),
                created_at: Set(at),
            });
        self.0.extend(rows);
    }

    /// Writes them.
    ///
    /// # Errors
    /// [`Error::Database`], also when an act was posted before.
    pub(crate) async fn write(self, tx: &Tx) -> Result<(), Error> {
        tx.insert_all(self.0).await
    }
}

/// Posts everything that an import brought the other way round, for the same days: as if it had never been.
///
/// # Errors
/// [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "mirrors rows of one seller where they lie, named in each part of the statement"
)]
pub(crate) async fn undo_import(tx: &Tx, seller: TenantId, import: ImportId) -> Result<(), Error> {
    const DOCUMENTS: [(&str, &str); 3] = [
        ("invoice_id", "invoices"),
        ("payment_id", "payments"),
        ("credit_note_id", "credit_notes"),
    ];
    for (column, table) in DOCUMENTS {
        let mut sql = Sql::new(tx.db().get_database_backend());
        sql.push(
            "INSERT INTO postings (seller_id, source_id, kind, position, account_id, buyer_id, invoice_id, payment_id, \
             credit_note_id, debit, credit, currency, amount_minor, booked_on, created_at) SELECT p.seller_id, \
             p.source_id, 'undo', CAST(ROW_NUMBER() OVER (PARTITION BY p.source_id ORDER BY p.kind, p.position) \
             AS integer), p.account_id, p.buyer_id, p.invoice_id, p.payment_id, p.credit_note_id, p.credit, p.debit, \
             p.currency, p.amount_minor, p.booked_on, ",
        );
        sql.bind(tx.now());
        sql.push(&format!(
            " FROM postings p JOIN {table} d ON d.seller_id = p.seller_id AND d.id = p.{column} WHERE d.import_id = "
        ));
        sql.bind(import.0).push(" AND p.seller_id = ").bind(seller.0);
        // An allocation hangs on two documents; it is mirrored with the first that the import brought.
        sql.push(
            " AND NOT EXISTS (SELECT 1 FROM postings m WHERE m.seller_id = p.seller_id \
             AND m.source_id = p.source_id AND m.kind = 'undo')",
        );
        tx.db().execute_raw(sql.statement()).await?;
    }
    Ok(())
}
