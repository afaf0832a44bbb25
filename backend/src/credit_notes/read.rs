//! What the pages of credit notes show.

use super::{
    left::{Rows, left},
    parties::{Printed, printed},
    pay_back,
    rows::due,
};
use crate::{
    Error,
    codes::{Stored, currency, money},
    disputes, new_id, refunds,
    scope::{Scope, SeesInvoices},
};
use domain::{
    Money, Quantity, TaxRate, UnitPrice,
    access::IssueCreditNotes,
    credit_notes::{CreditForm, CreditLine, CreditNote, CreditPut},
    ids::{CreditNoteId, DisputeId, FormKey, InvoiceId},
    invoices::{Cost, InvoiceLine, TaxGroup, Totals, billed::Billed},
    refusal::NotPayable,
};
use entity::{
    Uuid, allocation,
    codes::{CreditNoteStage, Stage},
    credit_note, credit_note_line, credit_note_part, credit_note_tax, invoice,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// The form on which an invoice is credited.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn form(scope: &Scope<IssueCreditNotes>, id: InvoiceId) -> Result<CreditForm, Error> {
    let found = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::Id.eq(id.0))
        .one(scope.db())
        .await?;
    let row = found.ok_or(Error::NotFound)?;
    let left = left(&row, &Rows::of(scope), scope.db()).await?;
    let issued: Vec<InvoiceLine> = left.lines.iter().map(|(line, _)| line.clone()).collect();
    let costs: Vec<Cost> = left.costs.iter().map(|(cost, _)| cost.clone()).collect();
    let mut lines = Vec::with_capacity(issued.len() + costs.len());
    for of in Billed::all(left.currency, &issued, &costs)? {
        lines.push(CreditLine {
            left: left.of(of.position)?,
            asked: None,
            of,
        });
    }
    Ok(CreditForm {
        key: FormKey(new_id()),
        invoice: id,
        refused: refused(&row),
        buyer: row.buyer_name.clone(),
        total: money(row.total_minor, &row.currency)?,
        due: due(&row)?,
        left: left.total()?,
        cards: pay_back::cards(scope, id, Money::zero(left.currency)).await?,
        parts: left,
        lines,
        answers: None,
        number: row.number.unwrap_or_default(),
    })
}

/// The same form, filled with what a dispute of the invoice asks for, as far as it is left.
///
/// # Errors
/// [`Error::NotFound`], also when the dispute does not wait for an answer.
pub async fn answer_form(
    scope: &Scope<IssueCreditNotes>,
    id: InvoiceId,
    dispute: DisputeId,
) -> Result<CreditForm, Error> {
    let mut form = form(scope, id).await?;
    let asked = disputes::read::asked_of(scope, id, dispute).await?;
    for line in &mut form.lines {
        if let Some(part) = asked.get(&line.of.position) {
            line.asked = Some(line.of.net_of(*part)?.min(line.left)?);
        }
    }
    form.answers = Some(dispute);
    Ok(form)
}

/// Why an invoice cannot be credited whatever is left of it.
///
/// One that was written off in part and is open again stays refused: what was given up is an expense already, and would
/// become credit that nobody paid for (V14, V37).
pub(crate) const fn refused(row: &invoice::Model) -> Option<NotPayable> {
    match row.stage {
        Stage::Open | Stage::PartlyPaid if row.written_off_minor > 0 => Some(NotPayable::WrittenOff),
        Stage::Draft => Some(NotPayable::Draft),
        Stage::Void => Some(NotPayable::Void),
        Stage::WrittenOff => Some(NotPayable::WrittenOff),
        Stage::Open | Stage::PartlyPaid | Stage::Paid => None,
    }
}

/// A credit note as a document, as either side sees it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find<P: SeesInvoices>(scope: &Scope<P>, id: CreditNoteId) -> Result<CreditNote, Error> {
    let found = scope
        .find::<credit_note::Entity>()
        .filter(credit_note::Column::Id.eq(id.0))
        .one(scope.db())
        .await?;
    let note = found.ok_or(Error::NotFound)?;
    let currency = currency(&note.currency)?;
    let amount = |minor| Money::new(minor, currency);
    let lines = scope
        .find::<credit_note_line::Entity>()
        .filter(credit_note_line::Column::CreditNoteId.eq(id.0))
        .order_by_asc(credit_note_line::Column::Position)
        .all(scope.db())
        .await?;
    let taxes = scope
        .find::<credit_note_tax::Entity>()
        .filter(credit_note_tax::Column::CreditNoteId.eq(id.0))
        .all(scope.db())
        .await?;
    let parts = scope
        .find::<credit_note_part::Entity>()
        .filter(credit_note_part::Column::CreditNoteId.eq(id.0))
        .all(scope.db())
        .await?;
    let credited: BTreeSet<Uuid> = parts
        .iter()
        .map(|part| part.invoice_id)
        .chain(note.invoice_id)
        .collect();
    let mut applied: BTreeMap<Uuid, i64> = BTreeMap::new();
    // Of a subsidiary's invoice the parent knows the number, also where it does not reach it (V27).
    let mut known: BTreeMap<Uuid, String> = BTreeMap::new();
    for row in scope
        .find::<allocation::Entity>()
        .filter(allocation::Column::CreditNoteId.eq(id.0))
        .all(scope.db())
        .await?
    {
        *applied.entry(row.invoice_id).or_default() += row.amount_minor;
        known.extend(row.invoice_number.map(|number| (row.invoice_id, number)));
    }
    applied.retain(|_, sum| *sum != 0);
    let named = applied.keys().chain(&credited);
    let seen = numbers(scope, named.copied().collect()).await?;
    known.extend(seen.clone());
    let Printed { seller, buyer } = printed(scope, &note).await?;
    let number = |id: &Uuid| known.get(id).cloned().unwrap_or_default();
    let back = refunds::read::of_note(scope, id.0).await?;
    // Credit that was taken off its invoice again is credit, whatever it was put there for.
    let instead = |invoice: &Uuid, on: i64| {
        let put = back
            .instead
            .get(&InvoiceId(*invoice))
            .copied()
            .unwrap_or_default();
        amount(put.min(on))
    };
    Ok(CreditNote {
        id,
        issue_date: note.issue_date,
        void: note.stage == CreditNoteStage::Void,
        invoices: credited.iter().map(|id| (InvoiceId(*id), number(id))).collect(),
        seller,
        buyer,
        lines: lines
            .into_iter()
            .map(|line| InvoiceLine {
                position: u32::try_from(line.position).unwrap_or_default(),
                item_code: line.item_code,
                description: line.description,
                quantity: Quantity::from_scaled(line.quantity),
                unit_price: UnitPrice::from_scaled(line.unit_price),
                discount: amount(line.discount_minor),
                net: amount(line.net_minor),
                tax_category: line.tax_category.to_domain(),
                tax_rate: TaxRate::from_scaled(line.tax_rate),
            })
            .collect(),
        totals: Totals {
            lines: amount(note.lines_minor),
            discount: amount(note.discount_minor),
            charge: amount(note.charge_minor),
            net: amount(note.net_minor),
            taxes: taxes
                .into_iter()
                .map(|group| TaxGroup {
                    category: group.category.to_domain(),
                    rate: TaxRate::from_scaled(group.rate),
                    base: amount(group.base_minor),
                    tax: amount(group.tax_minor),
                    reason: group.reason,
                })
                .collect(),
            tax: amount(note.tax_minor),
            rounding: amount(note.rounding_minor),
            total: amount(note.total_minor),
        },
        applied: applied
            .iter()
            .map(|(id, sum)| CreditPut {
                invoice: InvoiceId(*id),
                number: number(id),
                amount: amount(*sum),
                instead: instead(id, *sum),
                reached: seen.contains_key(id),
            })
            .collect(),
        refunded: amount(note.refunded_minor),
        remaining: amount(note.remaining_minor),
        back: back.refunds,
        number: note.number,
        reason: note.reason,
    })
}

async fn numbers<P: SeesInvoices>(scope: &Scope<P>, ids: Vec<Uuid>) -> Result<BTreeMap<Uuid, String>, Error> {
    let rows: Vec<(Uuid, Option<String>)> = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::Id.is_in(ids))
        .select_only()
        .column(invoice::Column::Id)
        .column(invoice::Column::Number)
        .into_tuple()
        .all(scope.db())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, number)| (id, number.unwrap_or_default()))
        .collect())
}
