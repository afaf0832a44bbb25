//! The workbench: what of a customer's money and credit is put to nothing on the left, what it owes on the right, and
//! between them a rule or what somebody says (V26, V28, V34).
//!
//! What is saved is a plan: one act, that is taken back as one.

mod form;

pub use form::{ApplyPlan, Drawn, PlanFields, SourceFields, check_plan};

use crate::{
    address::{pairs, query_string},
    ids::{AccountId, FormKey, InvoiceId, PlanId, Uuid},
    invoices::Status,
    money::{Currency, Money},
    payments::{allocation::Rule, offline::FoundPayers},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The most sources that one page shows and one plan draws from.
pub const MOST_SOURCES: usize = 100;
/// The most typed amounts that an address brings along, and the longest of them.
const MOST_TYPED: usize = 200;
const LONGEST_TYPED: usize = 40;

/// The workbench as an address asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkbenchQuery {
    /// Whose money; none while that is looked for.
    pub account: Option<AccountId>,
    /// The payment or credit note that it begins with, where no account is named.
    pub of: Option<Uuid>,
    /// Text to look for among names and external ids.
    pub search: String,
    /// In which currency.
    pub currency: Option<Currency>,
    /// By which rule.
    pub rule: Rule,
    /// From which payments and credit notes; none for all of them.
    pub from: Option<Vec<Uuid>>,
    /// What was typed over the amounts that the rule fills in. Only a preview asks with it.
    pub typed: Vec<(InvoiceId, String)>,
}

impl WorkbenchQuery {
    /// Reads an address. What cannot be read is as if it were not there.
    pub fn from_query(query: &str) -> Self {
        let mut read = Self::default();
        for (key, value) in pairs(query) {
            match key.as_str() {
                "account" => read.account = value.parse().ok(),
                "of" => read.of = value.parse().ok(),
                "search" => read.search = value.chars().take(120).collect(),
                "currency" => read.currency = value.parse().ok(),
                "rule" => read.rule = Rule::from_code(&value).unwrap_or_default(),
                // Says that boxes were ticked, also when it was none of them.
                "ticked" => read.from = Some(read.from.unwrap_or_default()),
                "from" => {
                    let from = read.from.get_or_insert_default();
                    from.extend(value.parse::<Uuid>().ok().filter(|_| from.len() < MOST_SOURCES));
                }
                "put" => read
                    .typed
                    .extend(typed(&value).filter(|_| read.typed.len() < MOST_TYPED)),
                _ => {}
            }
        }
        read
    }

    /// Writes the address: what [`Self::from_query`] reads.
    pub fn to_query(&self) -> String {
        let Self {
            account,
            of,
            search,
            currency,
            rule,
            from,
            typed,
        } = self;
        let mut all = Vec::new();
        all.extend(account.map(|id| ("account", id.to_string())));
        all.extend(of.map(|id| ("of", id.to_string())));
        all.extend(Some(("search", search.clone())).filter(|(_, text)| !text.is_empty()));
        all.extend(currency.map(|currency| ("currency", currency.code().to_owned())));
        all.extend((*rule != Rule::default()).then(|| ("rule", rule.code().to_owned())));
        if let Some(from) = from {
            all.push(("ticked", "1".to_owned()));
            all.extend(from.iter().map(|id| ("from", id.to_string())));
        }
        let typed = typed.iter().map(|(invoice, text)| format!("{invoice}:{text}"));
        all.extend(typed.map(|typed| ("put", typed)));
        query_string(all.iter().map(|(key, value)| (*key, value.as_str())))
    }

    /// The same by another rule.
    #[must_use]
    pub fn by(&self, rule: Rule) -> Self {
        Self { rule, ..self.clone() }
    }
}

/// What was typed for an invoice: its id and the text, with a colon between them.
fn typed(value: &str) -> Option<(InvoiceId, String)> {
    let (invoice, text) = value.split_once(':')?;
    Some((invoice.parse().ok()?, text.chars().take(LONGEST_TYPED).collect()))
}

/// The page as it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OpenedWorkbench {
    /// Whose money is still to be found: without a text those whose waits longest.
    Search(FoundPayers),
    /// Whose money is known.
    Bench(Box<Workbench>),
}

/// What can be put where, and what was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workbench {
    /// Key of this rendering (V29).
    pub key: FormKey,
    /// The customer's account.
    pub account: AccountId,
    /// The customer.
    pub name: String,
    /// What the seller's own books call it.
    pub external_id: Option<String>,
    /// In which currency.
    pub currency: Currency,
    /// In which there is something.
    pub currencies: Vec<Currency>,
    /// By which rule.
    pub rule: Rule,
    /// Unapplied money and credit, the oldest first.
    pub sources: Vec<SourceLine>,
    /// There are more of them than the page shows.
    pub more_sources: bool,
    /// Open invoices by company, what is due first before the others.
    pub debts: Vec<DebtLine>,
    /// There are more of them than the page shows.
    pub more_debts: bool,
    /// The sum of the sources that are ticked.
    pub total: Money,
    /// What of it finds no invoice by the rule.
    pub rest: Money,
    /// What was put to invoices here before, the last first.
    pub history: Vec<PlanRow>,
    /// There is more of it than the page shows.
    pub more_history: bool,
}

/// Unapplied money of a payment, or what is left of a credit note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceLine {
    /// The payment or credit note.
    pub id: Uuid,
    /// It is a credit note.
    pub is_credit: bool,
    /// Number of the receipt or of the credit note.
    pub number: String,
    /// When it came in or was issued.
    pub day: NaiveDate,
    /// Which company of the family; none without a family.
    pub company: Option<String>,
    /// What is left of it.
    pub unused: Money,
    /// It is to be used.
    pub ticked: bool,
}

/// An open invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DebtLine {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// Which company of the family; none without a family.
    pub company: Option<String>,
    /// When it was issued.
    pub issued: NaiveDate,
    /// When it is due.
    pub due_date: NaiveDate,
    /// The badge.
    pub status: Status,
    /// What can be paid now (V30).
    pub payable: Money,
    /// Part of it is disputed, and gets nothing by a rule.
    pub is_disputed: bool,
    /// What it gets by the rule.
    pub amount: Option<Money>,
}

/// A plan in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    /// Which.
    pub id: PlanId,
    /// When it was saved.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// The rule that it began with.
    pub rule: Rule,
    /// All that was put somewhere.
    pub amount: Money,
    /// When it was taken back, and by whom.
    pub undone: Option<(DateTime<Utc>, String)>,
}

/// A plan with all its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanDetail {
    /// As in a list.
    pub row: PlanRow,
    /// Whose money it was.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// What went where.
    pub parts: Vec<PlanPart>,
}

/// A part of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanPart {
    /// The payment or credit note.
    pub from: Uuid,
    /// It is a credit note.
    pub is_credit: bool,
    /// Its number.
    pub from_number: String,
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// How much.
    pub amount: Money,
    /// It is still there.
    pub stands: bool,
}

impl PlanDetail {
    /// Whether it can be undone as one: all of it is still there.
    pub fn can_undo(&self) -> bool {
        self.row.undone.is_none() && self.parts.iter().all(|part| part.stands)
    }
}

#[cfg(test)]
mod tests;
