//! A document of a file, resolved and added up: what only needs to be written. The check and the publication share it.

use super::customers::{Customer, Customers};
use crate::Error;
use chrono::{NaiveDate, TimeDelta};
use domain::{
    Money,
    ids::AccountId,
    imports::{Checked, DocumentKind, DraftDocument, Field, ImportIssue, Problem, check},
};
use entity::{codes::CreditNoteStage, credit_note, invoice};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QuerySelect, Select};
use std::collections::BTreeSet;

/// Numbers that are looked up at once.
pub(super) const AT_ONCE: usize = 500;

/// A document that can be written.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    /// As the file has it.
    pub(super) draft: DraftDocument,
    /// Lines and sums.
    pub(super) checked: Checked,
    /// Place of the customer.
    pub(super) customer: usize,
    /// What is owed or given back, with tax and rounding (V9).
    pub(super) total: Money,
    /// Part of it that was paid, or paid back, already.
    pub(super) settled: Money,
    /// When it is due: as the file says, else by the customer's terms.
    pub(super) due_date: NaiveDate,
}

/// Checks a document and finds its customer.
///
/// # Errors
/// All that is wrong with it.
pub(super) fn prepare(draft: DraftDocument, customers: &Customers) -> Result<Prepared, Vec<ImportIssue>> {
    let mut issues = Vec::new();
    let line = draft.first_line;
    let customer = customers.find(&draft.customer);
    if let Err(problem) = &customer {
        issues.push(ImportIssue::of(line, customer_field(&draft), problem.clone()));
    }
    let found = customer.as_ref().ok().and_then(|place| customers.get(*place));
    if let Some(Err(problem)) = found.map(|found| found.billed_by(draft.profile.as_deref())) {
        issues.push(ImportIssue::of(line, Field::Profile, problem));
    }
    if draft.prepaid.is_negative() {
        let problem = Problem::NegativeTotal { total: draft.prepaid };
        issues.push(ImportIssue::of(line, Field::Prepaid, problem));
    }
    let checked = check(&draft).map_err(|found| issues.extend(found));
    let (Ok(checked), Ok(customer), true) = (checked, customer, issues.is_empty()) else {
        return Err(issues);
    };
    let owed = checked.totals.net.checked_add(checked.totals.tax);
    let owed = owed.and_then(|owed| owed.checked_add(checked.totals.rounding));
    let settled = owed.clone().and_then(|owed| owed.min(draft.prepaid));
    let (Ok(total), Ok(settled)) = (owed, settled) else {
        let problem = Problem::TooLarge { text: draft.number };
        return Err(vec![ImportIssue::of(line, Field::Total, problem)]);
    };
    let worthless = draft.kind == DocumentKind::CreditNote && total.is_zero();
    if total.is_negative() || worthless {
        return Err(vec![ImportIssue::of(
            line,
            Field::Total,
            Problem::NegativeTotal { total },
        )]);
    }
    let terms = customers.get(customer).map_or(0, |customer| customer.terms_days);
    let by_terms = draft
        .issue_date
        .checked_add_signed(TimeDelta::days(i64::from(terms)));
    let due_date = draft.due_date.or(by_terms).unwrap_or(draft.issue_date);
    Ok(Prepared {
        draft,
        checked,
        customer,
        total,
        settled,
        due_date,
    })
}

/// The field by which the customer was looked for first.
fn customer_field(draft: &DraftDocument) -> Field {
    let key = &draft.customer;
    if key.external_id.is_some() {
        Field::CustomerId
    } else if key.tax_id.is_some() {
        Field::CustomerTaxId
    } else if key.email.is_some() {
        Field::CustomerEmail
    } else {
        Field::CustomerName
    }
}

impl Prepared {
    /// The customer's account.
    pub(super) fn account(&self, customers: &Customers) -> Result<AccountId, Error> {
        Ok(self.of(customers)?.facts.account)
    }

    /// The customer.
    pub(super) fn of<'a>(&self, customers: &'a Customers) -> Result<&'a Customer, Error> {
        customers
            .get(self.customer)
            .ok_or_else(|| Error::corrupt("a prepared document without customer"))
    }
}

/// Numbers of documents that are in the books already, of each kind (D18).
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn taken(
    invoices: Select<invoice::Entity>,
    credit_notes: Select<credit_note::Entity>,
    db: &impl ConnectionTrait,
    documents: &[Prepared],
) -> Result<BTreeSet<(DocumentKind, String)>, Error> {
    let mut taken = BTreeSet::new();
    for some in documents.chunks(AT_ONCE) {
        let numbers = |kind| {
            let of_kind = some.iter().filter(move |document| document.draft.kind == kind);
            of_kind.map(|document| document.draft.number.as_str())
        };
        let found: Vec<Option<String>> = invoices
            .clone()
            .filter(invoice::Column::Number.is_in(numbers(DocumentKind::Invoice)))
            .select_only()
            .column(invoice::Column::Number)
            .into_tuple()
            .all(db)
            .await?;
        taken.extend(
            found
                .into_iter()
                .flatten()
                .map(|number| (DocumentKind::Invoice, number)),
        );
        let found: Vec<String> = credit_notes
            .clone()
            .filter(credit_note::Column::Number.is_in(numbers(DocumentKind::CreditNote)))
            .select_only()
            .column(credit_note::Column::Number)
            .into_tuple()
            .all(db)
            .await?;
        taken.extend(found.into_iter().map(|number| (DocumentKind::CreditNote, number)));
    }
    Ok(taken)
}

/// The issue of a document whose number is taken.
pub(super) fn already_there(draft: &DraftDocument) -> ImportIssue {
    let problem = Problem::AlreadyThere {
        number: draft.number.clone(),
    };
    ImportIssue::of(draft.first_line, Field::Number, problem)
}

/// What an imported credit note begins as.
pub(super) const ISSUED: CreditNoteStage = CreditNoteStage::Issued;
