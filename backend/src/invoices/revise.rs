//! Changing an issued invoice: a new revision under the same number, the old one kept as it was (I7 to I11, V16, V17).
//!
//! Number, parties and issue date stay. What was paid stays on it, and credit that came from elsewhere, so the total is never
//! less than that; once a credit note names the invoice its lines stand, since the note names them. The books get the
//! difference, on the day of the change.

use super::{
    costs,
    edit::{line_of, take_content_away},
    rows::stored_stage,
    void::standing,
    write::{self, NewInvoice},
};
use crate::{
    Error,
    codes::{Stored, currency, money},
    credit_notes::left::{self, stands_on},
    ledger::{Books, Entry, Journal},
    new_id, refunds,
    scope::{Act, Scope, Tx},
};
use domain::{
    FieldErrors, Money, Refusal, TaxRate,
    access::Permit,
    ids::{AccountId, InvoiceId, TenantId},
    invoices::{
        Source, TaxGroup, Totals,
        editing::{REASON_MAX, Snapshot, WriteInvoice},
        lifecycle::Editing,
        totals::{Line, WholeDocument, totals},
    },
    ledger::{self, EntryKind},
    refusal::Locked,
    text,
};
use entity::{invoice, invoice_cost, invoice_line, invoice_revision, invoice_tax};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, Select};
use std::collections::BTreeMap;

/// What is read of an invoice to change it, by a scope or in a transaction.
pub(super) struct Rows {
    notes: left::Rows,
    lines: Select<invoice_line::Entity>,
    costs: Select<invoice_cost::Entity>,
    taxes: Select<invoice_tax::Entity>,
}

impl Rows {
    pub(super) fn of<P: Permit>(scope: &Scope<P>) -> Self {
        Self {
            notes: left::Rows::of(scope),
            lines: scope.find(),
            costs: scope.find(),
            taxes: scope.find(),
        }
    }

    pub(super) fn in_transaction(tx: &Tx) -> Self {
        Self {
            notes: left::Rows::in_transaction(tx),
            lines: tx.find(),
            costs: tx.find(),
            taxes: tx.find(),
        }
    }
}

/// Whether it can be changed, and what that means.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn possible(
    row: &invoice::Model,
    rows: Rows,
    db: &impl ConnectionTrait,
) -> Result<Result<Editing, Locked>, Error> {
    let editing = standing(row)?.editing();
    if editing != Ok(Editing::NewRevision) {
        return Ok(editing);
    }
    // Other credit that was put to it is settled, as money is; only one that names its lines would name others then.
    if stands_on(&rows.notes, row.id, db).await? {
        return Ok(Err(Locked::HasCredits));
    }
    // Files bring it; it belongs to the total as it was.
    if row.rounding_minor != 0 {
        return Ok(Err(Locked::HasRounding));
    }
    let of_the_whole = row.discount_minor != 0 || row.charge_minor != 0;
    if row.import_id.is_some() && of_the_whole && is_taxed_apart(&snapshot(row, rows, db).await?)? {
        return Ok(Err(Locked::TaxedApart));
    }
    Ok(editing)
}

/// A file may say which tax a discount or charge bears; the form shares it among the lines' taxes (V11). Where that makes
/// a difference, a revision would change a tax that nobody touched.
fn is_taxed_apart(stored: &Snapshot) -> Result<bool, Error> {
    let Totals {
        discount,
        charge,
        taxes,
        ..
    } = &stored.totals;
    let whole = WholeDocument {
        discount: *discount,
        charge: *charge,
        ..WholeDocument::plain(discount.currency())
    };
    let lines: Vec<Line> = stored.lines.iter().map(Line::from).collect();
    let shared = totals(discount.currency(), &lines, &whole)?.taxes;
    let base = |group: &TaxGroup| ((group.category, group.rate), group.base);
    let bases = |groups: &[TaxGroup]| groups.iter().map(base).collect::<BTreeMap<_, _>>();
    Ok(bases(&shared) != bases(taxes))
}

/// What would be open of an issued invoice if it said what was written.
///
/// # Errors
/// [`Error::Invalid`] for `currency` when it is another one, and under the empty name with [`Refusal::BelowSettled`] (I11);
/// [`Refusal::FormBroken`] for another account.
pub(super) fn open(row: &invoice::Model, written: &WriteInvoice) -> Result<Money, Error> {
    let code = currency(&row.currency)?;
    let total = written.totals.total;
    if total.currency() != code {
        let refusal = Refusal::MixedCurrencies {
            one: code,
            other: total.currency(),
        };
        return Err(FieldErrors::one("currency", refusal).into());
    }
    if AccountId(row.account_id) != written.account {
        return Err(Refusal::FormBroken.into());
    }
    let open = standing(row)?.open_with_total(total);
    Ok(open.map_err(|refusal| FieldErrors::one("", refusal))?)
}

/// Replaces what an issued invoice says. The row is locked by the caller, and may be changed.
///
/// # Errors
/// [`Error::Invalid`] for `reason`; as [`open`]; [`Refusal::RefundUnderWay`]; [`Error::Conflict`].
pub(super) async fn revise(tx: &mut Tx, row: &invoice::Model, written: &WriteInvoice) -> Result<(), Error> {
    let reason =
        text::needed(&written.reason, REASON_MAX).map_err(|refusal| FieldErrors::one("reason", refusal))?;
    let open = open(row, written)?;
    if refunds::is_credit_promised(tx, InvoiceId(row.id)).await? {
        return Err(Refusal::RefundUnderWay.into());
    }
    let before = snapshot(row, Rows::in_transaction(tx), tx.db()).await?;
    let revision = keep(tx, row, &before, &reason).await?;
    let mut totals = written.totals.clone();
    keep_reasons(&mut totals, &before.totals);
    replace(tx, row, written, &totals, open).await?;
    post(tx, row, &before.totals, &totals, revision).await?;
    let facts = serde_json::json!({ "total": totals.total, "open": open, "before": before.totals.total });
    tx.audit(
        Act::new(TenantId(row.seller_id), "revise", "invoice", row.id)
            .after(facts)
            .because(&reason),
    );
    Ok(())
}

/// An invoice as it is stored now, as far as a revision may change it.
pub(super) async fn snapshot(
    row: &invoice::Model,
    Rows {
        lines,
        costs,
        taxes,
        notes: _,
    }: Rows,
    db: &impl ConnectionTrait,
) -> Result<Snapshot, Error> {
    let code = currency(&row.currency)?;
    let amount = |minor| Money::new(minor, code);
    let lines = lines
        .filter(invoice_line::Column::InvoiceId.eq(row.id))
        .order_by_asc(invoice_line::Column::Position)
        .all(db)
        .await?;
    let taxes = taxes
        .filter(invoice_tax::Column::InvoiceId.eq(row.id))
        .order_by_asc(invoice_tax::Column::Category)
        .order_by_asc(invoice_tax::Column::Rate)
        .all(db)
        .await?;
    let groups = taxes.into_iter().map(|group| TaxGroup {
        category: group.category.to_domain(),
        rate: TaxRate::from_scaled(group.rate),
        base: amount(group.base_minor),
        tax: amount(group.tax_minor),
        reason: group.reason,
    });
    Ok(Snapshot {
        due_date: row.due_date,
        note: row.note.clone(),
        lines: lines.iter().map(|line| line_of(line, code)).collect(),
        costs: costs::of(row, costs, db).await?,
        totals: Totals {
            lines: amount(row.lines_minor),
            discount: amount(row.discount_minor),
            charge: amount(row.charge_minor),
            net: amount(row.net_minor),
            taxes: groups.collect(),
            tax: amount(row.tax_minor),
            rounding: amount(row.rounding_minor),
            total: amount(row.total_minor),
        },
    })
}

/// Keeps how it was, and returns the id of that.
async fn keep(tx: &Tx, row: &invoice::Model, before: &Snapshot, reason: &str) -> Result<entity::Uuid, Error> {
    let last = tx
        .find::<invoice_revision::Entity>()
        .filter(invoice_revision::Column::InvoiceId.eq(row.id))
        .order_by_desc(invoice_revision::Column::Revision)
        .one(tx.db())
        .await?;
    let id = new_id();
    tx.insert(invoice_revision::ActiveModel {
        seller_id: Set(row.seller_id),
        invoice_id: Set(row.id),
        revision: Set(last.map_or(1, |last| last.revision + 1)),
        id: Set(id),
        content: Set(serde_json::to_value(before)?),
        reason: Set(reason.to_owned()),
        changed_by: Set(tx.actor().user().map(|user| user.0)),
        changed_by_name: Set(tx.actor().name().to_owned()),
        changed_at: Set(tx.now()),
    })
    .await?;
    Ok(id)
}

/// Why no tax is due is not asked again: what a file said of a category stays.
fn keep_reasons(totals: &mut Totals, before: &Totals) {
    for group in &mut totals.taxes {
        let same = before.taxes.iter().find(|old| old.category == group.category);
        if let Some(reason) = same.and_then(|old| old.reason.clone()) {
            group.reason = Some(reason);
        }
    }
}

/// Writes the new lines, taxes and sums over the old ones.
async fn replace(
    tx: &Tx,
    row: &invoice::Model,
    written: &WriteInvoice,
    totals: &Totals,
    open: Money,
) -> Result<(), Error> {
    take_content_away(tx, row).await?;
    let new = NewInvoice {
        account: written.account,
        number: row.number.clone(),
        source: Source::Manual,
        order_id: None,
        issue_date: written.issue_date,
        due_date: written.due_date,
        lines: written.lines.clone(),
        costs: written.costs.clone(),
        totals: totals.clone(),
        note: written.note.clone(),
        import: None,
    };
    let mut rows = write::Rows::default();
    rows.content(TenantId(row.seller_id), InvoiceId(row.id), &new);
    let change = invoice::ActiveModel {
        stage: Set(stored_stage(totals.total.minor(), open.minor())),
        due_date: Set(written.due_date),
        note: Set(written.note.clone()),
        lines_minor: Set(totals.lines.minor()),
        discount_minor: Set(totals.discount.minor()),
        charge_minor: Set(totals.charge.minor()),
        net_minor: Set(totals.net.minor()),
        tax_minor: Set(totals.tax.minor()),
        rounding_minor: Set(totals.rounding.minor()),
        total_minor: Set(totals.total.minor()),
        open_minor: Set(open.minor()),
        version: Set(row.version + 1),
        ..Default::default()
    };
    let changed = tx
        .update::<invoice::Entity>()
        .set(change)
        .filter(invoice::Column::SellerId.eq(row.seller_id))
        .filter(invoice::Column::Id.eq(row.id))
        .filter(invoice::Column::Version.eq(row.version))
        .exec(tx.db())
        .await?;
    if changed.rows_affected != 1 {
        return Err(Error::Conflict);
    }
    rows.insert(tx).await
}

/// Posts the difference.
async fn post(
    tx: &Tx,
    row: &invoice::Model,
    before: &Totals,
    now: &Totals,
    revision: entity::Uuid,
) -> Result<(), Error> {
    let books = Books {
        seller: row.seller_id,
        account: row.account_id,
        buyer: row.buyer_id,
    };
    let entry = Entry::new(books, EntryKind::Revise, revision, tx.actor().today(), tx.now()).invoice(row.id);
    let old = money(row.rounding_minor, &row.currency)?;
    let difference = ledger::issued(
        now.net.checked_sub(before.net)?,
        now.tax.checked_sub(before.tax)?,
        now.rounding.checked_sub(old)?,
    )?;
    let mut journal = Journal::default();
    journal.book(&entry, &difference);
    journal.write(tx).await
}
