//! What credit notes of a file lower, with the rows locked: the invoices that they name, or what is due on the account that
//! they credit (V36, V37).

use super::{
    customers::Customers,
    named::{self, Named, Naming},
    prepare::{AT_ONCE, Prepared},
};
use crate::{Error, codes::currency, scope::Tx};
use domain::{
    Currency, Money,
    credit_notes::sums::Sums,
    ids::{AccountId, InvoiceId},
    imports::ImportIssue,
    payments::allocation::{Open, spread},
};
use entity::{codes::Stage, invoice};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What a credit note does to invoices.
pub(super) struct Over {
    /// What it credits of those that it names (V12).
    pub(super) parts: Vec<(InvoiceId, Sums)>,
    /// What goes off which, each part above zero.
    pub(super) lowers: Vec<(InvoiceId, Money)>,
}

/// What some credit notes lower. It goes down as they take from it.
#[derive(Default)]
pub(super) struct Debts {
    named: Named,
    /// What can be taken off the invoices that are named: what is being paid right now is not there to be credited (V31).
    free: BTreeMap<String, (InvoiceId, Money)>,
    /// What goes off the invoices of an account, in the order of V28: as much as its credit notes together need.
    due: BTreeMap<(AccountId, Currency), VecDeque<(InvoiceId, Money)>>,
}

impl Debts {
    /// Locks what some credit notes lower.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(super) async fn lock(tx: &Tx, notes: &[Prepared], customers: &Customers) -> Result<Self, Error> {
        let mut debts = Self::default();
        let numbers: BTreeSet<&str> = notes
            .iter()
            .flat_map(|note| &note.draft.invoices)
            .map(String::as_str)
            .collect();
        let numbers: Vec<&str> = numbers.into_iter().collect();
        for some in numbers.chunks(AT_ONCE) {
            debts.lock_named(tx, some).await?;
        }
        let mut needs: BTreeMap<(AccountId, Currency), i64> = BTreeMap::new();
        for note in notes.iter().filter(|note| note.draft.invoices.is_empty()) {
            *needs
                .entry((note.account(customers)?, note.draft.currency))
                .or_default() += unused(note).minor();
        }
        if !needs.is_empty() {
            debts.lock_due(tx, &needs).await?;
        }
        Ok(debts)
    }

    async fn lock_named(&mut self, tx: &Tx, numbers: &[&str]) -> Result<(), Error> {
        let rows = tx
            .lock::<invoice::Entity>()
            .filter(invoice::Column::Number.is_in(numbers.iter().copied()))
            .order_by_asc(invoice::Column::Id)
            .all(tx.db())
            .await?;
        for row in &rows {
            let free = (row.open_minor - row.reserved_minor).max(0);
            let free = Money::new(free, currency(&row.currency)?);
            let number = row.number.clone().unwrap_or_default();
            self.free.insert(number, (InvoiceId(row.id), free));
        }
        named::of_books(&mut self.named, &rows, named::Rows::in_transaction(tx), tx.db()).await
    }

    /// All that is open of these accounts is locked, since what is due first goes down first.
    async fn lock_due(&mut self, tx: &Tx, needs: &BTreeMap<(AccountId, Currency), i64>) -> Result<(), Error> {
        use invoice::Column;
        use sea_orm::sea_query::{Expr, ExprTrait};
        let accounts: BTreeSet<AccountId> = needs.keys().map(|(account, _)| *account).collect();
        let rows = tx
            .lock::<invoice::Entity>()
            .filter(Column::AccountId.is_in(accounts.into_iter().map(|account| account.0)))
            .filter(Column::Stage.is_in([Stage::Open, Stage::PartlyPaid]))
            .filter(Expr::col(Column::OpenMinor).gt(Expr::col(Column::ReservedMinor)))
            .order_by_asc(Column::Id)
            .all(tx.db())
            .await?;
        let mut open: BTreeMap<(AccountId, Currency), Vec<Open>> = BTreeMap::new();
        for row in rows {
            let code = currency(&row.currency)?;
            let one = Open {
                invoice: InvoiceId(row.id),
                number: row.number.unwrap_or_default(),
                due: row.due_date,
                payable: Money::new(row.open_minor - row.reserved_minor, code),
            };
            open.entry((AccountId(row.account_id), code))
                .or_default()
                .push(one);
        }
        for (key, needed) in needs {
            let open = open.remove(key).unwrap_or_default();
            let (parts, _) = spread(Money::new(*needed, key.1), &open)?;
            self.due.insert(*key, parts.into());
        }
        Ok(())
    }

    /// Takes a credit note off what it lowers.
    ///
    /// # Errors
    /// What stands against it.
    pub(super) fn lower(&mut self, note: &Prepared, account: AccountId) -> Result<Over, Vec<ImportIssue>> {
        let mut rest = unused(note).minor();
        match Naming::of(note, account) {
            Some(naming) => self.lower_named(&naming, &mut rest),
            None => Ok(Over {
                parts: Vec::new(),
                lowers: self.lower_due((account, note.draft.currency), &mut rest),
            }),
        }
    }

    fn lower_named(&mut self, note: &Naming, rest: &mut i64) -> Result<Over, Vec<ImportIssue>> {
        let taken = self.named.take(note)?;
        let (mut parts, mut lowers) = (Vec::new(), Vec::new());
        for (number, part) in note.invoices.iter().zip(taken) {
            let Some((invoice, free)) = self.free.get_mut(number) else {
                continue;
            };
            if !part.is_empty() {
                parts.push((*invoice, part));
            }
            lowers.extend(take(*invoice, free, rest));
        }
        Ok(Over { parts, lowers })
    }

    fn lower_due(&mut self, key: (AccountId, Currency), rest: &mut i64) -> Vec<(InvoiceId, Money)> {
        let mut lowers = Vec::new();
        let Some(due) = self.due.get_mut(&key) else {
            return lowers;
        };
        while let Some((invoice, free)) = due.front_mut().filter(|_| *rest > 0) {
            lowers.extend(take(*invoice, free, rest));
            if free.is_zero() {
                due.pop_front();
            }
        }
        lowers
    }
}

/// What of a credit note was not given back before it came here (D18).
fn unused(note: &Prepared) -> Money {
    Money::new(note.total.minor() - note.settled.minor(), note.total.currency())
}

/// Takes of what is free as much as the rest needs, if that is anything.
fn take(invoice: InvoiceId, free: &mut Money, rest: &mut i64) -> Option<(InvoiceId, Money)> {
    let part = (*rest).min(free.minor());
    *rest -= part;
    *free = Money::new(free.minor() - part, free.currency());
    (part > 0).then(|| (invoice, Money::new(part, free.currency())))
}
