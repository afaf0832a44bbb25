//! What moved the money of a payment or the credit of a credit note: the allocations that name it, and what the ledger
//! says went back and returned. It costs what hangs on the one document.

use super::Origin;
use crate::{
    Error,
    codes::{Stored, money},
    invoices::detail::actor,
    scope::{Scope, SeesInvoices},
};
use chrono::{DateTime, Utc};
use domain::{
    access::Side,
    explain::{Destination, Outflow},
    ids::InvoiceId,
    ledger::{Book, Source},
    refunds::RefundKind,
};
use entity::{
    allocation, audit_entry,
    codes::{ActorKind, EntryKind},
    invoice, posting, refund,
};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What is booked when money or credit goes back to its payer or returns.
const BACK: [EntryKind; 3] = [EntryKind::Refund, EntryKind::Chargeback, EntryKind::WonBack];

/// Everything that moved one document's money or credit, and who was there when.
pub(crate) struct Moves {
    /// The oldest first.
    pub(crate) outflows: Vec<Outflow>,
    /// Who did what happened at a moment, as far as the viewer may see it.
    people: BTreeMap<DateTime<Utc>, String>,
}

impl Moves {
    /// Of a document that the scope sees.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(crate) async fn of<P: SeesInvoices>(
        scope: &Scope<P>,
        seller: Uuid,
        of: Origin,
        currency: &str,
    ) -> Result<Self, Error> {
        let allocations = allocations(scope, seller, of).await?;
        let people = people(scope, seller, of, &allocations).await?;
        let numbers = numbers(scope, seller, &allocations).await?;
        let mut outflows = back(scope, seller, of, &people).await?;
        for row in allocations {
            outflows.push(Outflow {
                at: row.created_at,
                to: Destination::Invoice {
                    id: InvoiceId(row.invoice_id),
                    number: numbers.get(&row.invoice_id).cloned().unwrap_or_default(),
                },
                amount: money(row.amount_minor, currency)?,
                by: people.get(&row.created_at).cloned(),
            });
        }
        // What is written in one transaction bears one moment: money is taken off an invoice before it goes back.
        outflows.sort_by_key(|outflow| (outflow.at, matches!(outflow.to, Destination::Back(_))));
        Ok(Self { outflows, people })
    }

    /// Who did what happened at a moment: what is written in one transaction bears one.
    pub(crate) fn who(&self, at: DateTime<Utc>) -> Option<String> {
        self.people.get(&at).cloned()
    }
}

async fn allocations<P: SeesInvoices>(
    scope: &Scope<P>,
    seller: Uuid,
    of: Origin,
) -> Result<Vec<allocation::Model>, Error> {
    let which = match of {
        Origin::Payment(id) => allocation::Column::PaymentId.eq(id),
        Origin::CreditNote(id) => allocation::Column::CreditNoteId.eq(id),
    };
    let rows = scope
        .find::<allocation::Entity>()
        .filter(allocation::Column::SellerId.eq(seller))
        .filter(which)
        .order_by_asc(allocation::Column::Id)
        .all(scope.db())
        .await?;
    Ok(rows)
}

/// Numbers of the invoices that something was put to.
async fn numbers<P: SeesInvoices>(
    scope: &Scope<P>,
    seller: Uuid,
    allocations: &[allocation::Model],
) -> Result<BTreeMap<Uuid, String>, Error> {
    let rows: Vec<(Uuid, Option<String>)> = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::SellerId.eq(seller))
        .filter(invoice::Column::Id.is_in(allocations.iter().map(|row| row.invoice_id)))
        .select_only()
        .columns([invoice::Column::Id, invoice::Column::Number])
        .into_tuple()
        .all(scope.db())
        .await?;
    let number = |(id, number): (Uuid, Option<String>)| (id, number.unwrap_or_default());
    Ok(rows.into_iter().map(number).collect())
}

/// Who wrote into the audit of the document and of its invoices. A buyer sees what happened to invoices, and no more.
async fn people<P: SeesInvoices>(
    scope: &Scope<P>,
    seller: Uuid,
    of: Origin,
    allocations: &[allocation::Model],
) -> Result<BTreeMap<DateTime<Utc>, String>, Error> {
    let of_kind = |kind: &str| Condition::all().add(audit_entry::Column::EntityKind.eq(kind));
    let invoices = allocations.iter().map(|row| row.invoice_id);
    let itself = match of {
        Origin::Payment(id) => of_kind("payment").add(audit_entry::Column::EntityId.eq(id)),
        Origin::CreditNote(id) => of_kind("credit_note").add(audit_entry::Column::EntityId.eq(id)),
    };
    let which = Condition::any()
        .add(of_kind("invoice").add(audit_entry::Column::EntityId.is_in(invoices)))
        .add(itself);
    let rows: Vec<(DateTime<Utc>, ActorKind, String)> = scope
        .find::<audit_entry::Entity>()
        .filter(audit_entry::Column::TenantId.eq(seller))
        .filter(which)
        .select_only()
        .columns([
            audit_entry::Column::At,
            audit_entry::Column::ActorKind,
            audit_entry::Column::ActorName,
        ])
        .into_tuple()
        .all(scope.db())
        .await?;
    let person = |(at, kind, name)| (at, actor(kind, name));
    Ok(rows.into_iter().map(person).collect())
}

/// What went back, and what of it returned, as it is booked.
async fn back<P: SeesInvoices>(
    scope: &Scope<P>,
    seller: Uuid,
    of: Origin,
    people: &BTreeMap<DateTime<Utc>, String>,
) -> Result<Vec<Outflow>, Error> {
    let (which, book) = match of {
        Origin::Payment(id) => (posting::Column::PaymentId.eq(id), Source::Payment.book()),
        Origin::CreditNote(id) => (posting::Column::CreditNoteId.eq(id), Source::CreditNote.book()),
    };
    let rows = scope
        .find::<posting::Entity>()
        .filter(posting::Column::SellerId.eq(seller))
        .filter(which)
        .filter(posting::Column::Kind.is_in(BACK))
        .all(scope.db())
        .await?;
    let refunds: BTreeMap<Uuid, refund::Model> = scope
        .find::<refund::Entity>()
        .filter(refund::Column::SellerId.eq(seller))
        .filter(refund::Column::Id.is_in(rows.iter().map(|row| row.source_id)))
        .all(scope.db())
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let mut outflows = Vec::with_capacity(rows.len());
    for row in rows {
        let asked = refunds.get(&row.source_id);
        let came_back = row.kind == EntryKind::WonBack;
        let by = if scope.side() == Side::Seller && !came_back {
            asked.map(|refund| refund.created_by_name.clone())
        } else {
            people.get(&row.created_at).cloned()
        };
        outflows.push(Outflow {
            at: row.created_at,
            // Credit that was used before it came here is booked without a refund of its own.
            to: Destination::Back(asked.map_or(RefundKind::Refund, |refund| refund.kind.to_domain())),
            amount: money(left(&row, book), &row.currency)?,
            by,
        });
    }
    Ok(outflows)
}

/// How much left a book, which is on the right of the ledger: what is debited to it.
fn left(row: &posting::Model, book: Book) -> i64 {
    if row.debit.to_domain() == book {
        row.amount_minor
    } else {
        -row.amount_minor
    }
}
