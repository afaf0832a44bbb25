//! The balance of a trading account opened to what made it: every kind of act with its count and sum, as the ledger has
//! them.
//!
//! The balance is what is open on invoices less the money and the credit that are put to nothing. Each of the three is
//! the balance of one book, so what is shown here is the books and no second calculation.

use crate::{
    access::Side,
    address::query_string,
    explain::{Part, Step},
    ids::{AccountId, TenantId},
    invoices::{as_of::AsOfQuery, codes::codes},
    ledger::EntryKind,
    money::{Currency, Money},
    payments::PaymentQuery,
    refusal::Refusal,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What beside the kind of an act tells how it moved an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Way {
    /// With money.
    Money,
    /// With credit.
    Credit,
    /// Before the documents came here.
    Opening,
}

codes! {
    Way:
        Money = "money" "Money",
        Credit = "credit" "Credit",
        Opening = "opening" "Brought forward";
}

/// What all acts of a kind did to an account, in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindSum {
    /// What was done.
    pub kind: EntryKind,
    /// With what.
    pub way: Way,
    /// How often.
    pub count: u64,
    /// How much more is open on invoices.
    pub open: Money,
    /// How much more money is put to nothing.
    pub unapplied: Money,
    /// How much more credit is put to nothing.
    pub credit: Money,
}

impl KindSum {
    /// How much more is owed.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    fn owed(&self) -> Result<Money, Refusal> {
        self.open.checked_sub(self.unapplied)?.checked_sub(self.credit)
    }

    const fn name(&self) -> &'static str {
        match (self.kind, self.way) {
            (EntryKind::Issue, _) => "Invoices issued",
            (EntryKind::Revise, _) => "Invoices changed",
            (EntryKind::Void, Way::Credit) => "Credit notes voided",
            (EntryKind::Void, _) => "Invoices voided",
            (EntryKind::Receive, Way::Opening) => "Payments from before the invoices came here",
            (EntryKind::Receive, _) => "Payments received",
            (EntryKind::Allocate, Way::Credit) => "Credit put to invoices",
            (EntryKind::Allocate, _) => "Money put to invoices",
            (EntryKind::Credit, _) => "Credit notes issued",
            (EntryKind::Refund, Way::Opening) => "Credit used before it came here",
            (EntryKind::Refund, Way::Credit) => "Credit paid out",
            (EntryKind::Refund, Way::Money) => "Money given back",
            (EntryKind::Chargeback, _) => "Money charged back",
            (EntryKind::WonBack, _) => "Money that came back",
            (EntryKind::WriteOff, _) => "Invoices written off",
            (EntryKind::Undo, Way::Money) => "Imports taken back",
            (EntryKind::Undo, Way::Credit) => "Imports taken back: credit",
            (EntryKind::Undo, Way::Opening) => "Imports taken back: payments",
            (EntryKind::Fee, _) => "Fees",
        }
    }
}

/// What moved an account until the end of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedAccount {
    /// Which.
    pub account: AccountId,
    /// The side it is seen from.
    pub side: Side,
    /// Name of the other side.
    pub counterparty: String,
    /// Which of the companies that the viewer sees it is; none where they see one only.
    pub company: Option<(TenantId, String)>,
    /// The day, with all that was booked on it.
    pub on: NaiveDate,
    /// Today, where the seller is.
    pub today: NaiveDate,
    /// By currency, kind and way.
    pub sums: Vec<KindSum>,
}

impl ExplainedAccount {
    /// The currencies in it, in their order.
    pub fn currencies(&self) -> Vec<Currency> {
        let mut all: Vec<Currency> = self.sums.iter().map(|sum| sum.open.currency()).collect();
        all.sort();
        all.dedup();
        all
    }

    /// The list of what a kind of act was done to, on the day.
    fn list(&self, sum: &KindSum) -> Option<String> {
        let (side, name) = (Some(self.side), Some(self.counterparty.clone()));
        let (on, company) = (Some(self.on), self.company.as_ref().map(|(id, _)| *id));
        let payments = || {
            let query = PaymentQuery {
                side,
                counterparty: name.clone(),
                company,
                on,
                ..PaymentQuery::default()
            };
            format!("/payments?{}", query.to_query())
        };
        let credits = || {
            let all = [
                ("side", Some(self.side.code().to_owned())),
                ("search", name.clone()),
                ("company", company.map(|id| id.to_string())),
                ("on", Some(self.on.to_string())),
            ];
            let all = all
                .iter()
                .filter_map(|(key, text)| Some((*key, text.as_deref()?)));
            format!("/credits?{}", query_string(all))
        };
        match (sum.kind, sum.way) {
            (EntryKind::Credit, _)
            | (EntryKind::Allocate | EntryKind::Void, Way::Credit)
            | (EntryKind::Refund, Way::Credit | Way::Opening) => Some(credits()),
            (EntryKind::Issue | EntryKind::Revise | EntryKind::Void | EntryKind::WriteOff, _) => {
                let query = AsOfQuery {
                    side,
                    on,
                    counterparty: name,
                    ..AsOfQuery::default()
                };
                Some(format!("/as-of?{}", query.to_query()))
            }
            (
                EntryKind::Receive
                | EntryKind::Allocate
                | EntryKind::Refund
                | EntryKind::Chargeback
                | EntryKind::WonBack,
                _,
            ) => Some(payments()),
            (EntryKind::Fee | EntryKind::Undo, _) => None,
        }
    }
}

/// The balance in a currency by kinds of acts, by where it lies, and each of those by kinds of acts again.
///
/// # Errors
/// [`Refusal::AmountTooLarge`].
pub fn explain(account: &ExplainedAccount, currency: Currency) -> Result<Vec<Step>, Refusal> {
    let sums: Vec<&KindSum> = account
        .sums
        .iter()
        .filter(|sum| sum.open.currency() == currency)
        .collect();
    let by_kind = |name, of: &dyn Fn(&KindSum) -> Result<Money, Refusal>| {
        let mut parts = Vec::new();
        for sum in &sums {
            let amount = of(sum)?;
            if !amount.is_zero() {
                let how = counted(sum.count);
                let part = Part::of(sum.name(), amount).by_way_of(how);
                parts.push(Part {
                    link: account.list(sum),
                    ..part
                });
            }
        }
        let amount = Money::sum(currency, parts.iter().map(|part| part.amount))?;
        Ok(Step { name, amount, parts })
    };
    let open = by_kind("Open on invoices", &|sum| Ok(sum.open))?;
    let unapplied = by_kind("Unapplied money", &|sum| Ok(sum.unapplied))?;
    let credit = by_kind("Unused credit", &|sum| Ok(sum.credit))?;
    let balance = by_kind("Balance", &KindSum::owed)?;
    let lies = Step {
        name: "Where it lies",
        amount: balance.amount,
        parts: vec![
            Part::of(open.name, open.amount),
            Part::of(unapplied.name, unapplied.amount.checked_neg()?),
            Part::of(credit.name, credit.amount.checked_neg()?),
        ],
    };
    let used = [open, unapplied, credit]
        .into_iter()
        .filter(|step| !step.parts.is_empty());
    Ok([balance, lies].into_iter().chain(used).collect())
}

fn counted(count: u64) -> String {
    match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}

#[cfg(test)]
mod tests;
