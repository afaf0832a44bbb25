//! The disputes of an invoice, as either side sees them.

use crate::{
    Error,
    codes::{self, Stored, currency, money},
    invoices::{costs, line_of},
    ledger::as_of::moved,
    new_id,
    scope::{Scope, SeesInvoices, Tx, Visible},
};
use chrono::NaiveDate;
use domain::{
    Currency, Money,
    access::{Permit, Side},
    disputes::{Disputable, Dispute, DisputeEnd, DisputePart, Disputes},
    ids::{CreditNoteId, DisputeId, FormKey, InvoiceId},
    invoices::{InvoiceLine, billed::Billed},
    ledger::Book,
};
use entity::{
    Uuid, codes::DisputeState, credit_note, dispute, dispute_part, invoice, invoice_cost, invoice_line,
    posting,
};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::BTreeMap;

/// The page of an invoice's disputes; with a day as they stood at its end, with what was open and disputed then.
///
/// # Errors
/// [`Error::NotFound`] when there is no such invoice that the scope may see.
pub async fn of_invoice<P: SeesInvoices>(
    scope: &Scope<P>,
    id: InvoiceId,
    on: Option<NaiveDate>,
) -> Result<Disputes, Error> {
    let found = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::Id.eq(id.0))
        .one(scope.db())
        .await?;
    let mut row = found.ok_or(Error::NotFound)?;
    let rows = Rows::of(scope);
    let mut all = rows.disputes(&row, scope.db()).await?;
    if let Some(on) = on {
        all = as_of(all, on);
        row.disputed_minor = all
            .iter()
            .filter(|one| one.state == DisputeState::Open)
            .map(|one| one.amount_minor)
            .sum();
        let moved = moved(scope, posting::Column::InvoiceId, [row.id], on).await?;
        row.open_minor = moved
            .get(&row.id)
            .map_or(0, |moved| moved.balance(Book::Receivable));
    }
    let parts = rows.parts(&all, scope.db()).await?;
    let it = rows.disputable(&row, &all, &parts, scope.db()).await?;
    let notes = credit_notes(scope, &all).await?;
    let number = row.number.clone().unwrap_or_default();
    let disputes = all.iter().map(|one| dispute(one, &all, &parts, &notes));
    Ok(Disputes {
        key: FormKey(new_id()),
        invoice: id,
        counterparty: match scope.side() {
            Side::Seller => row.buyer_name,
            Side::Buyer => row.seller_name,
        },
        side: scope.side(),
        possible: it.possible(&number),
        open: it.open,
        disputed: it.disputed,
        lines: it.lines,
        all: disputes.collect::<Result<_, _>>()?,
        on,
        number,
    })
}

/// Disputes as they stood at the end of a day: without what was opened later, and what ended later waits.
fn as_of(all: Vec<dispute::Model>, on: NaiveDate) -> Vec<dispute::Model> {
    all.into_iter()
        .filter(|row| row.opened_on <= on)
        .map(|row| stood(row, on))
        .collect()
}

/// A dispute as it stood at the end of a day on which it had been opened.
pub(super) fn stood(row: dispute::Model, on: NaiveDate) -> dispute::Model {
    if row.ended_on.is_none_or(|ended| ended <= on) {
        return row;
    }
    dispute::Model {
        state: DisputeState::Open,
        answer: None,
        credit_note_id: None,
        ended_on: None,
        ended_by_name: None,
        ended_at: None,
        ..row
    }
}

/// What a dispute of an invoice asks for, with tax, by the positions of lines and costs.
///
/// # Errors
/// [`Error::NotFound`] when it is no dispute of the invoice that waits for an answer.
pub(crate) async fn asked_of<P: Permit>(
    scope: &Scope<P>,
    invoice: InvoiceId,
    id: DisputeId,
) -> Result<BTreeMap<u32, Money>, Error> {
    let found = scope
        .find::<dispute::Entity>()
        .filter(dispute::Column::Id.eq(id.0))
        .filter(dispute::Column::InvoiceId.eq(invoice.0))
        .filter(dispute::Column::State.eq(DisputeState::Open))
        .one(scope.db())
        .await?;
    let row = found.ok_or(Error::NotFound)?;
    let code = currency(&row.currency)?;
    let parts = Rows::of(scope).parts(&[row], scope.db()).await?;
    let asked = |part: &dispute_part::Model| (position(part), Money::new(part.amount_minor, code));
    Ok(parts.iter().map(asked).collect())
}

/// The rows that a scope or a transaction may see, so that both can ask what can be disputed.
pub(super) struct Rows {
    disputes: Select<dispute::Entity>,
    parts: Select<dispute_part::Entity>,
    lines: Select<invoice_line::Entity>,
    costs: Select<invoice_cost::Entity>,
}

impl Rows {
    fn of<P: Permit>(scope: &Scope<P>) -> Self {
        Self {
            disputes: scope.find(),
            parts: scope.find(),
            lines: scope.find(),
            costs: scope.find(),
        }
    }

    pub(super) fn in_transaction(tx: &Tx) -> Self {
        Self {
            disputes: tx.find(),
            parts: tx.find(),
            lines: tx.find(),
            costs: tx.find(),
        }
    }

    /// The disputes of an invoice, the newest first.
    pub(super) async fn disputes(
        &self,
        invoice: &invoice::Model,
        db: &impl ConnectionTrait,
    ) -> Result<Vec<dispute::Model>, Error> {
        let rows = of_seller(
            self.disputes.clone(),
            dispute::Column::SellerId,
            invoice.seller_id,
        )
        .filter(dispute::Column::InvoiceId.eq(invoice.id))
        .order_by_desc(dispute::Column::Id);
        Ok(rows.all(db).await?)
    }

    pub(super) async fn parts(
        &self,
        of: &[dispute::Model],
        db: &impl ConnectionTrait,
    ) -> Result<Vec<dispute_part::Model>, Error> {
        let ids = of.iter().map(|dispute| dispute.id);
        let rows = self
            .parts
            .clone()
            .filter(dispute_part::Column::DisputeId.is_in(ids))
            .order_by_asc(dispute_part::Column::Position);
        Ok(rows.all(db).await?)
    }

    /// What can be disputed of an invoice with these disputes.
    pub(super) async fn disputable(
        &self,
        invoice: &invoice::Model,
        all: &[dispute::Model],
        parts: &[dispute_part::Model],
        db: &impl ConnectionTrait,
    ) -> Result<Disputable, Error> {
        let code = currency(&invoice.currency)?;
        let lines = of_seller(
            self.lines.clone(),
            invoice_line::Column::SellerId,
            invoice.seller_id,
        )
        .filter(invoice_line::Column::InvoiceId.eq(invoice.id))
        .order_by_asc(invoice_line::Column::Position)
        .all(db)
        .await?;
        let lines: Vec<InvoiceLine> = lines.iter().map(|line| line_of(line, code)).collect();
        let costs = costs::of(invoice, self.costs.clone(), db).await?;
        let lines = Billed::all(code, &lines, &costs)?;
        let open = |part: &&dispute_part::Model| {
            let of = all.iter().find(|dispute| dispute.id == part.dispute_id);
            of.is_some_and(|dispute| dispute.state == DisputeState::Open)
        };
        let by_line = |wanted: u32| {
            let of_line = parts.iter().filter(open).filter(|part| position(part) == wanted);
            Money::new(of_line.map(|part| part.amount_minor).sum(), code)
        };
        Ok(Disputable::new(
            codes::stage(invoice.stage),
            Money::new(invoice.open_minor, code),
            Money::new(invoice.disputed_minor, code),
            &lines,
            by_line,
        )?)
    }
}

fn of_seller<E: Visible>(rows: Select<E>, column: E::Column, seller: Uuid) -> Select<E> {
    rows.filter(column.eq(seller))
}

pub(super) fn position(part: &dispute_part::Model) -> u32 {
    u32::try_from(part.position).unwrap_or_default()
}

/// Numbers of the credit notes that answer disputes.
pub(super) async fn credit_notes<P: SeesInvoices>(
    scope: &Scope<P>,
    all: &[dispute::Model],
) -> Result<BTreeMap<Uuid, String>, Error> {
    let ids: Vec<Uuid> = all.iter().filter_map(|one| one.credit_note_id).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(Uuid, String)> = scope
        .find::<credit_note::Entity>()
        .filter(credit_note::Column::Id.is_in(ids))
        .select_only()
        .column(credit_note::Column::Id)
        .column(credit_note::Column::Number)
        .into_tuple()
        .all(scope.db())
        .await?;
    Ok(rows.into_iter().collect())
}

fn dispute(
    row: &dispute::Model,
    all: &[dispute::Model],
    parts: &[dispute_part::Model],
    notes: &BTreeMap<Uuid, String>,
) -> Result<Dispute, Error> {
    let code: Currency = currency(&row.currency)?;
    let own = parts.iter().filter(|part| part.dispute_id == row.id);
    let part = |part: &dispute_part::Model| DisputePart {
        position: position(part),
        description: part.description.clone(),
        amount: Money::new(part.amount_minor, code),
    };
    let named = |id: Uuid| {
        let number = notes.get(&id).cloned().unwrap_or_default();
        (CreditNoteId(id), number)
    };
    let before = all.iter().find(|one| Some(one.id) == row.reopens);
    Ok(Dispute {
        id: DisputeId(row.id),
        state: row.state.to_domain(),
        amount: money(row.amount_minor, &row.currency)?,
        parts: own.map(part).collect(),
        reason: row.reason.clone(),
        by: row.created_by_name.clone(),
        at: row.created_at,
        end: row.ended_at.map(|at| DisputeEnd {
            by: row.ended_by_name.clone().unwrap_or_default(),
            at,
            words: row.answer.clone().unwrap_or_default(),
            credit_note: row.credit_note_id.map(named),
        }),
        again_without: before.and_then(|before| before.credit_note_id).map(named),
    })
}
