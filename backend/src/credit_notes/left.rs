//! What is left of invoices: themselves less the credit notes that name them and stand (V12).
//!
//! A credit note over one invoice names it and, if it was written here, the lines; one of a file over several has a part for
//! each. Both count by tax group and in total.

use crate::{
    Error,
    codes::{Stored, currency},
    invoices::costs,
    scope::{Scope, Tx},
};
use domain::{
    Currency, Money, Quantity, TaxRate, UnitPrice,
    access::Permit,
    credit_notes::{
        Left,
        sums::{GroupSum, Sums},
    },
    invoices::{
        InvoiceLine, TaxCategory, TaxGroup,
        billed::{cost_place, cost_position},
        totals::{Line, TaxKey, charged},
    },
};
use entity::{
    Uuid, codes::CreditNoteStage, credit_note, credit_note_line, credit_note_part, credit_note_tax, invoice,
    invoice_cost, invoice_line, invoice_tax,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::SelectStatement,
};
use std::collections::BTreeMap;

/// The rows that a scope or a transaction may see, so that both can ask what is left.
pub(crate) struct Rows {
    invoice_lines: Select<invoice_line::Entity>,
    invoice_costs: Select<invoice_cost::Entity>,
    invoice_taxes: Select<invoice_tax::Entity>,
    notes: Select<credit_note::Entity>,
    lines: Select<credit_note_line::Entity>,
    taxes: Select<credit_note_tax::Entity>,
    parts: Select<credit_note_part::Entity>,
}

impl Rows {
    pub(crate) fn of<P: Permit>(scope: &Scope<P>) -> Self {
        Self {
            invoice_lines: scope.find(),
            invoice_costs: scope.find(),
            invoice_taxes: scope.find(),
            notes: scope.find(),
            lines: scope.find(),
            taxes: scope.find(),
            parts: scope.find(),
        }
    }

    pub(crate) fn in_transaction(tx: &Tx) -> Self {
        Self {
            invoice_lines: tx.find(),
            invoice_costs: tx.find(),
            invoice_taxes: tx.find(),
            notes: tx.find(),
            lines: tx.find(),
            taxes: tx.find(),
            parts: tx.find(),
        }
    }

    fn standing(&self) -> Select<credit_note::Entity> {
        self.notes
            .clone()
            .filter(credit_note::Column::Stage.eq(CreditNoteStage::Issued))
    }

    /// The credit notes that stand and name one of these invoices alone.
    fn naming(&self, invoices: &[Uuid]) -> Select<credit_note::Entity> {
        self.standing()
            .filter(credit_note::Column::InvoiceId.is_in(invoices.iter().copied()))
    }

    /// What those that stand and name several take of these.
    fn parts_of(&self, invoices: &[Uuid]) -> Select<credit_note_part::Entity> {
        self.parts
            .clone()
            .filter(credit_note_part::Column::InvoiceId.is_in(invoices.iter().copied()))
            .filter(credit_note_part::Column::CreditNoteId.in_subquery(ids(self.standing())))
    }
}

fn ids(notes: Select<credit_note::Entity>) -> SelectStatement {
    notes.select_only().column(credit_note::Column::Id).into_query()
}

/// A credit note stands that names an invoice, wherever its credit lies by now: what it credits was taken back once, and
/// its lines are named (V12, V18).
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn stands_on(rows: &Rows, invoice: Uuid, db: &impl ConnectionTrait) -> Result<bool, Error> {
    let alone = rows.naming(&[invoice]).one(db).await?;
    Ok(alone.is_some() || rows.parts_of(&[invoice]).one(db).await?.is_some())
}

/// What is left of an invoice, line by line.
///
/// # Errors
/// [`Error::Database`]; [`Error::Corrupt`] for a currency that there is not.
pub(crate) async fn left(
    invoice: &invoice::Model,
    rows: &Rows,
    db: &impl ConnectionTrait,
) -> Result<Left, Error> {
    let currency = currency(&invoice.currency)?;
    let taken = taken(rows, &[invoice.id], db).await?.remove(&invoice.id);
    let taken = taken.unwrap_or_default();
    let credited_lines = rows
        .lines
        .clone()
        .filter(credit_note_line::Column::CreditNoteId.in_subquery(ids(rows.naming(&[invoice.id]))))
        .all(db)
        .await?;
    let lines = rows
        .invoice_lines
        .clone()
        .filter(invoice_line::Column::InvoiceId.eq(invoice.id))
        .order_by_asc(invoice_line::Column::Position)
        .all(db)
        .await?;
    let taxes = rows
        .invoice_taxes
        .clone()
        .filter(invoice_tax::Column::InvoiceId.eq(invoice.id))
        .order_by_asc(invoice_tax::Column::Category)
        .order_by_asc(invoice_tax::Column::Rate)
        .all(db)
        .await?;
    let lines: Vec<InvoiceLine> = lines
        .into_iter()
        .map(|line| invoice_line_of(line, currency))
        .collect();
    let credited = |position: u32| {
        let of_line = credited_lines
            .iter()
            .filter(|line| line_position(line) == Some(position));
        Money::new(of_line.map(|line| line.net_minor).sum(), currency)
    };
    let costs = costs::of(invoice, rows.invoice_costs.clone(), db).await?;
    let whole = Money::new(invoice.charge_minor - taken.charge, currency);
    let (charge, charged) = charge_left(invoice, whole, &lines, &credited_lines)?;
    let groups = taxes.into_iter().map(|group| {
        let GroupSum {
            category,
            rate,
            base,
            tax,
        } = taken.less(&group, currency);
        TaxGroup {
            category,
            rate,
            base,
            tax,
            reason: group.reason,
        }
    });
    Ok(Left {
        currency,
        groups: groups.collect(),
        discount: Money::new(invoice.discount_minor - taken.discount, currency),
        charge,
        costs: (0..)
            .zip(costs)
            .map(|(place, cost)| (cost, credited(cost_position(place))))
            .collect(),
        charged,
        rounding: Money::new(invoice.rounding_minor - taken.rounding, currency),
        lines: lines
            .into_iter()
            .map(|line| {
                let credited = credited(line.position);
                (line, credited)
            })
            .collect(),
    })
}

/// What is left of an invoice's charge once the credit notes that named parts of it are taken off too: of `whole`, which those
/// that did not name any have left, and of what each tax group bore.
fn charge_left(
    invoice: &invoice::Model,
    whole: Money,
    lines: &[InvoiceLine],
    credited: &[credit_note_line::Model],
) -> Result<(Money, Vec<(TaxKey, Money)>), Error> {
    let currency = whole.currency();
    let added: Vec<Line> = lines.iter().map(Line::from).collect();
    let mut left = whole;
    let mut charged = charged(Money::new(invoice.charge_minor, currency), &added)?;
    for line in credited.iter().filter(|line| names_cost(line)) {
        let part = Money::new(line.net_minor, currency);
        left = left.checked_sub(part)?;
        let key = (line.tax_category.to_domain(), TaxRate::from_scaled(line.tax_rate));
        for (_, share) in charged.iter_mut().filter(|(group, _)| *group == key) {
            *share = share.checked_sub(part)?;
        }
    }
    Ok((left, charged))
}

/// It credits a part of a cost.
fn names_cost(line: &credit_note_line::Model) -> bool {
    line_position(line).and_then(cost_place).is_some()
}

/// What is left of some invoices by tax group and in total, for credit notes that do not name lines.
///
/// # Errors
/// As [`left`].
pub(crate) async fn sums(
    invoices: &[invoice::Model],
    rows: &Rows,
    db: &impl ConnectionTrait,
) -> Result<BTreeMap<Uuid, Sums>, Error> {
    let ids: Vec<Uuid> = invoices.iter().map(|invoice| invoice.id).collect();
    let mut taken = taken(rows, &ids, db).await?;
    let mut groups: BTreeMap<Uuid, Vec<invoice_tax::Model>> = BTreeMap::new();
    let taxes = rows
        .invoice_taxes
        .clone()
        .filter(invoice_tax::Column::InvoiceId.is_in(ids))
        .order_by_asc(invoice_tax::Column::Category)
        .order_by_asc(invoice_tax::Column::Rate);
    for group in taxes.all(db).await? {
        groups.entry(group.invoice_id).or_default().push(group);
    }
    let mut all = BTreeMap::new();
    for invoice in invoices {
        let currency = currency(&invoice.currency)?;
        let taken = taken.remove(&invoice.id).unwrap_or_default();
        let groups = groups.remove(&invoice.id).unwrap_or_default();
        let left = Sums {
            groups: groups.iter().map(|group| taken.less(group, currency)).collect(),
            rounding: Money::new(invoice.rounding_minor - taken.rounding, currency),
        };
        all.insert(invoice.id, left);
    }
    Ok(all)
}

/// What credit notes took of an invoice, in minor units.
#[derive(Default)]
struct Taken {
    /// Base and tax by group.
    groups: BTreeMap<(TaxCategory, TaxRate), (i64, i64)>,
    discount: i64,
    charge: i64,
    rounding: i64,
}

impl Taken {
    fn add(&mut self, group: (TaxCategory, TaxRate), base: i64, tax: i64) {
        let sum = self.groups.entry(group).or_default();
        sum.0 += base;
        sum.1 += tax;
    }

    /// What it leaves of a tax group of the invoice.
    fn less(&self, group: &invoice_tax::Model, currency: Currency) -> GroupSum {
        let key = (group.category.to_domain(), TaxRate::from_scaled(group.rate));
        let (base, tax) = self.groups.get(&key).copied().unwrap_or_default();
        GroupSum {
            category: key.0,
            rate: key.1,
            base: Money::new(group.base_minor - base, currency),
            tax: Money::new(group.tax_minor - tax, currency),
        }
    }
}

async fn taken(
    rows: &Rows,
    invoices: &[Uuid],
    db: &impl ConnectionTrait,
) -> Result<BTreeMap<Uuid, Taken>, Error> {
    let mut all: BTreeMap<Uuid, Taken> = BTreeMap::new();
    let mut of_note = BTreeMap::new();
    for note in rows.naming(invoices).all(db).await? {
        let Some(invoice) = note.invoice_id else { continue };
        let taken = all.entry(invoice).or_default();
        taken.discount += note.discount_minor;
        taken.charge += note.charge_minor;
        taken.rounding += note.rounding_minor;
        of_note.insert(note.id, invoice);
    }
    let taxes = rows
        .taxes
        .clone()
        .filter(credit_note_tax::Column::CreditNoteId.in_subquery(ids(rows.naming(invoices))));
    for tax in taxes.all(db).await? {
        let Some(invoice) = of_note.get(&tax.credit_note_id) else {
            continue;
        };
        let group = (tax.category.to_domain(), TaxRate::from_scaled(tax.rate));
        all.entry(*invoice)
            .or_default()
            .add(group, tax.base_minor, tax.tax_minor);
    }
    for part in rows.parts_of(invoices).all(db).await? {
        let group = (part.category.to_domain(), TaxRate::from_scaled(part.rate));
        let taken = all.entry(part.invoice_id).or_default();
        taken.add(group, part.base_minor, part.tax_minor);
        taken.rounding += part.rounding_minor;
    }
    Ok(all)
}

/// The position of what a line of a credit note credits.
fn line_position(line: &credit_note_line::Model) -> Option<u32> {
    line.invoice_position
        .and_then(|position| u32::try_from(position).ok())
}

fn invoice_line_of(line: invoice_line::Model, currency: Currency) -> InvoiceLine {
    InvoiceLine {
        position: u32::try_from(line.position).unwrap_or_default(),
        item_code: line.item_code,
        description: line.description,
        quantity: Quantity::from_scaled(line.quantity),
        unit_price: UnitPrice::from_scaled(line.unit_price),
        discount: Money::new(line.discount_minor, currency),
        net: Money::new(line.net_minor, currency),
        tax_category: line.tax_category.to_domain(),
        tax_rate: TaxRate::from_scaled(line.tax_rate),
    }
}
