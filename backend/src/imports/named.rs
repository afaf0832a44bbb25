//! The invoices that credit notes of a file name: whether they can be credited, and what is left of them (V12).
//!
//! The check asks it of what it reads, the publication of rows that it has locked; both get the same answer in the same
//! words. A credit note of a file does not say which lines it credits, so it is compared by tax group and in total.

use super::prepare::Prepared;
use crate::{
    Error,
    codes::currency,
    credit_notes::{left, read::refused},
    refunds,
    scope::{Scope, Tx},
};
use domain::{
    Currency,
    access::Permit,
    credit_notes::sums::{self, Sums},
    ids::AccountId,
    imports::{Field, ImportIssue, Problem},
};
use entity::{invoice, refund, refund_line};
use sea_orm::{ConnectionTrait, Select};
use std::collections::{BTreeMap, BTreeSet};

/// A credit note that names invoices.
#[derive(Clone, Debug)]
pub(super) struct Naming {
    line: u64,
    number: String,
    /// The invoices, each once, in their order.
    pub(super) invoices: Vec<String>,
    account: AccountId,
    currency: Currency,
    credited: Sums,
}

impl Naming {
    /// None of one that names none.
    pub(super) fn of(document: &Prepared, account: AccountId) -> Option<Self> {
        let draft = &document.draft;
        let mut seen = BTreeSet::new();
        let invoices = draft.invoices.iter().filter(|number| seen.insert(*number));
        let naming = Self {
            line: draft.first_line,
            number: draft.number.clone(),
            invoices: invoices.cloned().collect(),
            account,
            currency: draft.currency,
            credited: Sums::of(&document.checked.totals),
        };
        (!naming.invoices.is_empty()).then_some(naming)
    }

    fn issue(&self, problem: Problem) -> ImportIssue {
        ImportIssue::of(self.line, Field::Invoices, problem)
    }
}

/// An invoice, as far as crediting it goes.
#[derive(Clone, Debug)]
pub(super) struct Creditable {
    pub(super) account: AccountId,
    pub(super) currency: Currency,
    pub(super) left: Sums,
    /// What keeps it from being credited at all.
    pub(super) problem: Option<Problem>,
}

/// Invoices by their numbers. What is left of them goes down as credit notes take from it.
#[derive(Default)]
pub(super) struct Named(BTreeMap<String, Creditable>);

impl Named {
    pub(super) fn knows(&self, number: &str) -> bool {
        self.0.contains_key(number)
    }

    pub(super) fn add(&mut self, number: String, invoice: Creditable) {
        self.0.insert(number, invoice);
    }

    /// Takes a credit note off what is left of the invoices that it names. The answer says what of each, in their order.
    ///
    /// # Errors
    /// What stands against it; then nothing was taken. An invoice must be of the same customer and currency (V27).
    pub(super) fn take(&mut self, note: &Naming) -> Result<Vec<Sums>, Vec<ImportIssue>> {
        let problems: Vec<ImportIssue> = note
            .invoices
            .iter()
            .filter_map(|number| self.problem(note, number))
            .map(|problem| note.issue(problem))
            .collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let found = note.invoices.iter().filter_map(|number| self.0.get(number));
        let mut left: Vec<Sums> = found.map(|invoice| invoice.left.clone()).collect();
        let parts = sums::take(&note.credited, &mut left).map_err(|beyond| {
            vec![note.issue(Problem::BeyondInvoices {
                number: note.number.clone(),
                invoices: note.invoices.clone(),
                beyond,
            })]
        })?;
        for (number, left) in note.invoices.iter().zip(left) {
            if let Some(invoice) = self.0.get_mut(number) {
                invoice.left = left;
            }
        }
        Ok(parts)
    }

    fn problem(&self, note: &Naming, number: &str) -> Option<Problem> {
        let fits =
            |invoice: &&Creditable| (invoice.account, invoice.currency) == (note.account, note.currency);
        match self.0.get(number).filter(fits) {
            Some(invoice) => invoice.problem.clone(),
            None => Some(Problem::UnknownInvoice {
                number: number.to_owned(),
            }),
        }
    }
}

/// The rows that a scope or a transaction may see.
pub(super) struct Rows {
    left: left::Rows,
    refund_lines: Select<refund_line::Entity>,
    refunds: Select<refund::Entity>,
}

impl Rows {
    pub(super) fn of<P: Permit>(scope: &Scope<P>) -> Self {
        Self {
            left: left::Rows::of(scope),
            refund_lines: scope.find(),
            refunds: scope.find(),
        }
    }

    pub(super) fn in_transaction(tx: &Tx) -> Self {
        Self {
            left: left::Rows::in_transaction(tx),
            refund_lines: tx.find(),
            refunds: tx.find(),
        }
    }
}

/// Issued invoices of the books, added to those that are known.
///
/// # Errors
/// [`Error::Database`]; [`Error::Corrupt`] for a currency that there is not.
pub(super) async fn of_books(
    named: &mut Named,
    invoices: &[invoice::Model],
    rows: Rows,
    db: &impl ConnectionTrait,
) -> Result<(), Error> {
    let mut left = left::sums(invoices, &rows.left, db).await?;
    let ids: Vec<_> = invoices.iter().map(|row| row.id).collect();
    let promised = refunds::credit_promised(rows.refund_lines, rows.refunds, &ids, db).await?;
    for row in invoices {
        let (Some(number), Some(left)) = (row.number.clone(), left.remove(&row.id)) else {
            continue;
        };
        let problem = match refused(row) {
            Some(why) => Some(Problem::NotCreditable {
                number: number.clone(),
                why,
            }),
            None => promised.contains(&row.id).then(|| Problem::CreditPromised {
                number: number.clone(),
            }),
        };
        let invoice = Creditable {
            account: AccountId(row.account_id),
            currency: currency(&row.currency)?,
            left,
            problem,
        };
        named.add(number, invoice);
    }
    Ok(())
}
