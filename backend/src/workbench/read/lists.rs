//! What of a family is unused, and what it owes: each company along its own index, bounded.

use super::family::Family;
use crate::{
    Error,
    codes::{money, stage},
    refunds, rollups,
    scope::Scope,
};
use domain::{
    Currency, Money,
    access::RecordPayments,
    disputes::offered,
    ids::{AccountId, InvoiceId},
    invoices::lifecycle::{can_pay, status},
    payments::allocation::{Open, Owed, Unused},
    workbench::{DebtLine, MOST_SOURCES, SourceLine},
};
use entity::{
    Uuid,
    codes::{CreditNoteStage, Stage},
    credit_note, invoice, payment,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr};

/// Open invoices on the page.
const MOST_DEBTS: usize = 200;

// As text, so that SQLite finds the indexes of those of which something is left.
pub(super) fn unapplied() -> Expr {
    Expr::cust("unapplied_minor > 0")
}

pub(super) fn remaining() -> Expr {
    Expr::cust("remaining_minor > 0")
}

/// Payments of an account of which something is unapplied, the oldest first.
pub(super) fn payments(scope: &Scope<RecordPayments>, account: Uuid) -> Select<payment::Entity> {
    scope
        .find::<payment::Entity>()
        .filter(payment::Column::AccountId.eq(account))
        .filter(unapplied())
        .order_by_asc(payment::Column::PaidOn)
        .order_by_asc(payment::Column::Id)
}

/// Credit notes of an account of which something is left, the oldest first.
pub(super) fn notes(scope: &Scope<RecordPayments>, account: Uuid) -> Select<credit_note::Entity> {
    scope
        .find::<credit_note::Entity>()
        .filter(credit_note::Column::AccountId.eq(account))
        .filter(credit_note::Column::Stage.eq(CreditNoteStage::Issued))
        .filter(remaining())
        .order_by_asc(credit_note::Column::IssueDate)
        .order_by_asc(credit_note::Column::Id)
}

/// Money or credit that is put to nothing.
pub(super) struct Source {
    pub(super) unused: Unused,
    is_credit: bool,
}

impl Source {
    /// As the page shows it.
    pub(super) fn line(self, family: &Family, ticked: bool) -> SourceLine {
        let Self { unused, is_credit } = self;
        SourceLine {
            id: unused.from,
            is_credit,
            number: unused.number,
            day: unused.day,
            company: family.company(unused.account),
            unused: unused.amount,
            ticked,
        }
    }
}

/// Unused money and credit of a family in a currency, the oldest first, and whether there is more. What is on its way
/// back is left out (V32).
pub(super) async fn sources(
    scope: &Scope<RecordPayments>,
    family: &Family,
    of: Currency,
) -> Result<(Vec<Source>, bool), Error> {
    let limit = u64::try_from(MOST_SOURCES).unwrap_or_default() + 1;
    let mut found = Vec::new();
    for account in family.ids() {
        let money = payments(scope, account)
            .filter(payment::Column::Currency.eq(of.code()))
            .limit(limit)
            .all(scope.db())
            .await?;
        found.extend(money.into_iter().map(|row| Source {
            unused: Unused {
                from: row.id,
                account: row.account_id.into(),
                number: row.receipt_number,
                day: row.paid_on,
                amount: Money::new(row.unapplied_minor, of),
            },
            is_credit: false,
        }));
        let credit = notes(scope, account)
            .filter(credit_note::Column::Currency.eq(of.code()))
            .limit(limit)
            .all(scope.db())
            .await?;
        found.extend(credit.into_iter().map(|row| Source {
            unused: Unused {
                from: row.id,
                account: row.account_id.into(),
                number: row.number,
                day: row.issue_date,
                amount: Money::new(row.remaining_minor, of),
            },
            is_credit: true,
        }));
    }
    found.sort_by(|Source { unused: a, .. }, Source { unused: b, .. }| {
        (a.day, &a.number, a.from).cmp(&(b.day, &b.number, b.from))
    });
    let more = found.len() > MOST_SOURCES;
    found.truncate(MOST_SOURCES);
    let held = refunds::held(scope, found.iter().map(|source| source.unused.from)).await?;
    found.retain(|source| !held.contains(&source.unused.from));
    Ok((found, more))
}

/// Open invoices that a family pays in a currency, by company what is due first before the others, and whether there are more; what
/// stands in a bill of its parent is paid by that one alone (V40). What is
/// being paid right now is left out (V31); what is disputed can be paid, and gets nothing by a rule.
pub(super) async fn debts(
    scope: &Scope<RecordPayments>,
    family: &Family,
    of: Currency,
) -> Result<(Vec<(DebtLine, Owed)>, bool), Error> {
    let mut rows = Vec::new();
    for account in family.ids() {
        // One stage at a time is a short range of an index.
        for stage in [Stage::Open, Stage::PartlyPaid] {
            for paid in rollups::paid_by(&scope.find(), AccountId(account)) {
                let some = paid
                    .filter(invoice::Column::Stage.eq(stage))
                    .filter(invoice::Column::Currency.eq(of.code()))
                    .filter(Expr::cust("open_minor > 0"))
                    .order_by_asc(invoice::Column::DueDate)
                    .order_by_asc(invoice::Column::Id)
                    .limit(u64::try_from(MOST_DEBTS).unwrap_or_default() + 1)
                    .all(scope.db())
                    .await?;
                rows.extend(some);
            }
        }
    }
    rows.sort_by(|a, b| (a.due_date, &a.number_key, a.id).cmp(&(b.due_date, &b.number_key, b.id)));
    let more = rows.len() > MOST_DEBTS;
    rows.truncate(MOST_DEBTS);
    // What is due first is on the page; there each company's invoices stand together.
    rows.sort_by_key(|row| {
        family
            .place(row.account_id)
            .or(family.place(rollups::payer(row).0))
    });
    let mut debts = Vec::with_capacity(rows.len());
    for row in rows {
        debts.extend(debt(scope, family, row)?);
    }
    Ok((debts, more))
}

/// Whose an invoice is, where there are several; in a bill of the parent it may be a company that has left.
fn company(family: &Family, row: &invoice::Model) -> Option<String> {
    let billed = row.rollup_id.map(|_| row.buyer_name.clone());
    family.company(AccountId(row.account_id)).or(billed)
}

fn debt(
    scope: &Scope<RecordPayments>,
    family: &Family,
    row: invoice::Model,
) -> Result<Option<(DebtLine, Owed)>, Error> {
    let amount = |minor| money(minor, &row.currency);
    let (open, pending) = (amount(row.open_minor)?, amount(row.reserved_minor)?);
    let settled = amount(row.paid_minor + row.credited_minor)?;
    if can_pay(stage(row.stage), open, pending).is_err() {
        return Ok(None);
    }
    let (account, issued) = (rollups::payer(&row), row.issue_date.unwrap_or(row.due_date));
    let number = row.number.clone().unwrap_or_default();
    let line = DebtLine {
        invoice: InvoiceId(row.id),
        number: number.clone(),
        company: company(family, &row),
        issued,
        due_date: row.due_date,
        status: status(stage(row.stage), row.due_date, open, settled, scope.today()),
        payable: open.checked_sub(pending)?,
        is_disputed: row.disputed_minor > 0,
        amount: None,
    };
    let owed = Owed {
        account,
        issued,
        open: Open {
            invoice: InvoiceId(row.id),
            number,
            due: row.due_date,
            payable: offered(open, pending, amount(row.disputed_minor)?),
        },
    };
    Ok(Some((line, owed)))
}
