//! What entries are held against: invoices by number and amount, customers by what stands in the entries.

use crate::{
    Error,
    codes::money,
    rollups,
    scope::{Scope, Tx, Visible},
};
use domain::{
    Refusal,
    access::RecordPayments,
    bank_files::{
        Candidates, KnownCustomer, OpenInvoice, Proposal, RecordedPayment, Runs, StatementEntry, plain_name,
        plain_number, propose,
    },
    disputes::offered,
    ids::{AccountId, InvoiceId},
};
use entity::{Uuid, account, bank_entry, codes::Stage, invoice, payment};
use sea_orm::{
    ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};
use std::collections::{BTreeMap, BTreeSet};

/// As the index writes it: a number without the usual separators.
const PLAIN_NUMBER: &str =
    "replace(replace(replace(replace(replace(number_key, '-', ''), '/', ''), '.', ''), ' ', ''), '_', '')";
/// The same of the bill that an invoice is paid with.
const PLAIN_ROLLUP: &str = "replace(replace(replace(replace(replace(LOWER(rollup_number), '-', ''), '/', ''), '.', ''), ' ', ''), \
                            '_', '')";
/// Values that are asked for at once.
const AT_ONCE: usize = 500;
/// Most invoices by amount, and of customers, that are looked at.
const MOST: u64 = 1_000;

/// What reads in the seller's name: a page, or a transaction that records.
pub(super) trait Reads {
    /// See [`Scope::find`].
    fn rows<E: Visible>(&self) -> Select<E>;
    /// The connection.
    fn connection(&self) -> &impl ConnectionTrait;
}

impl Reads for Scope<RecordPayments> {
    fn rows<E: Visible>(&self) -> Select<E> {
        self.find()
    }

    fn connection(&self) -> &impl ConnectionTrait {
        self.db()
    }
}

impl Reads for Tx {
    fn rows<E: Visible>(&self) -> Select<E> {
        self.find()
    }

    fn connection(&self) -> &impl ConnectionTrait {
        self.db()
    }
}

/// What was found for some entries.
pub(super) struct Found {
    invoices: Vec<OpenInvoice>,
    customers: Vec<KnownCustomer>,
    /// Accounts for which money from a bank account was recorded.
    paid_from: BTreeMap<String, Vec<AccountId>>,
    recorded: Vec<RecordedPayment>,
}

impl Found {
    /// Reads what could belong to the entries.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(super) async fn load(reads: &(impl Reads + Sync), entries: &[StatementEntry]) -> Result<Self, Error> {
        let texts = entries
            .iter()
            .flat_map(|entry| entry.text.iter().chain(&entry.references));
        let keys = Runs::of(texts.map(String::as_str)).keys();
        let paid_from = paid_from(reads, entries).await?;
        let mut invoices: BTreeMap<Uuid, invoice::Model> = BTreeMap::new();
        let keys: Vec<String> = keys.into_iter().collect();
        for some in keys.chunks(AT_ONCE) {
            let named = reads
                .rows::<invoice::Entity>()
                .filter(Expr::cust(PLAIN_NUMBER).is_in(some.iter().map(String::as_str)));
            add(&mut invoices, named, reads).await?;
        }
        for some in keys.chunks(AT_ONCE) {
            add(&mut invoices, billed(reads, some), reads).await?;
        }
        let amounts: BTreeSet<i64> = entries.iter().map(|entry| entry.amount.minor()).collect();
        let same_amount = open(reads).filter(invoice::Column::OpenMinor.is_in(amounts));
        add(&mut invoices, same_amount.limit(MOST), reads).await?;
        let (customers, spoken_for) = customers(reads, entries, &keys, &paid_from, &invoices).await?;
        let accounts: Vec<Uuid> = customers.iter().map(|customer| customer.account.0).collect();
        for payer in [invoice::Column::AccountId, invoice::Column::RollupAccountId] {
            let of_customers = open(reads)
                .filter(payer.is_in(spoken_for.iter().copied()))
                .order_by_asc(invoice::Column::DueDate)
                .order_by_asc(invoice::Column::Id);
            add(&mut invoices, of_customers.limit(MOST), reads).await?;
        }
        let recorded = recorded(reads, entries, &accounts).await?;
        let invoices = invoices.into_values().map(|row| candidate(&row));
        Ok(Self {
            invoices: invoices.collect::<Result<_, _>>()?,
            customers,
            paid_from,
            recorded,
        })
    }

    /// What an entry probably is.
    ///
    /// # Errors
    /// As [`propose`].
    pub(super) fn propose(&self, entry: &StatementEntry) -> Result<Proposal, Refusal> {
        let known = entry.payer_account.as_deref().map(plain_number);
        let paid_from_here = known.and_then(|account| self.paid_from.get(&account));
        propose(
            entry,
            Candidates {
                invoices: &self.invoices,
                customers: &self.customers,
                paid_from_here: paid_from_here.map_or(&[], Vec::as_slice),
                recorded: &self.recorded,
            },
        )
    }
}

fn open(reads: &impl Reads) -> Select<invoice::Entity> {
    let stages = [Stage::Open, Stage::PartlyPaid];
    reads
        .rows::<invoice::Entity>()
        .filter(invoice::Column::Stage.is_in(stages))
}

/// What is paid with a bill of a parent whose number is among the words of the entries. Asked of what is open and in a bill,
/// which is not much.
fn billed(reads: &impl Reads, keys: &[String]) -> Select<invoice::Entity> {
    open(reads)
        .filter(invoice::Column::RollupId.is_not_null())
        .filter(Expr::cust(PLAIN_ROLLUP).is_in(keys.iter().map(String::as_str)))
}

async fn add(
    invoices: &mut BTreeMap<Uuid, invoice::Model>,
    rows: Select<invoice::Entity>,
    reads: &(impl Reads + Sync),
) -> Result<(), Error> {
    let rows = rows.all(reads.connection()).await?;
    // Asked for here and not in the statement: SQLite would take the index of the stages and read all of one.
    let counts = |row: &invoice::Model| match row.stage {
        Stage::Open | Stage::PartlyPaid | Stage::Paid => true,
        Stage::Draft | Stage::Void | Stage::WrittenOff => false,
    };
    invoices.extend(rows.into_iter().filter(counts).map(|row| (row.id, row)));
    Ok(())
}

fn candidate(row: &invoice::Model) -> Result<OpenInvoice, Error> {
    let amount = |minor| money(minor, &row.currency);
    let (open, pending) = (amount(row.open_minor)?, amount(row.reserved_minor)?);
    Ok(OpenInvoice {
        invoice: InvoiceId(row.id),
        account: rollups::payer(row),
        number: row.number.clone().unwrap_or_default(),
        due: row.due_date,
        // What is being paid by card right now is not offered (V31).
        payable: open.checked_sub(pending)?,
        offered: offered(open, pending, amount(row.disputed_minor)?),
        rollup: row.rollup_number.clone(),
    })
}

/// Customers of which something stands in the entries, and those whose invoices are among the candidates; then the accounts
/// of the first ones alone.
async fn customers(
    reads: &(impl Reads + Sync),
    entries: &[StatementEntry],
    keys: &[String],
    paid_from: &BTreeMap<String, Vec<AccountId>>,
    invoices: &BTreeMap<Uuid, invoice::Model>,
) -> Result<(Vec<KnownCustomer>, Vec<Uuid>), Error> {
    let payers: BTreeSet<String> = entries
        .iter()
        .filter_map(|entry| entry.payer_name.as_deref())
        .map(plain_name)
        .filter(|name| !name.is_empty())
        .collect();
    let paid: BTreeSet<Uuid> = paid_from.values().flatten().map(|account| account.0).collect();
    let billed: BTreeSet<Uuid> = invoices.values().map(|row| rollups::payer(row).0).collect();
    let rows: Vec<(Uuid, String, Option<String>)> = reads
        .rows::<account::Entity>()
        .order_by_asc(account::Column::Id)
        .select_only()
        .column(account::Column::Id)
        .column(account::Column::BuyerName)
        .column(account::Column::ExternalId)
        .into_tuple()
        .all(reads.connection())
        .await?;
    let mut found = Vec::new();
    let mut spoken_for = Vec::new();
    for (account, name, external_id) in rows {
        let is_named = external_id
            .as_deref()
            .is_some_and(|id| keys.binary_search(&plain_number(id)).is_ok());
        let speaks = is_named || paid.contains(&account) || payers.contains(&plain_name(&name));
        if speaks {
            spoken_for.push(account);
        }
        if speaks || billed.contains(&account) {
            found.push(KnownCustomer {
                account: AccountId(account),
                name,
                external_id,
            });
        }
    }
    Ok((found, spoken_for))
}

/// For which accounts money of the entries' bank accounts was recorded before.
async fn paid_from(
    reads: &(impl Reads + Sync),
    entries: &[StatementEntry],
) -> Result<BTreeMap<String, Vec<AccountId>>, Error> {
    let from: BTreeSet<&String> = entries
        .iter()
        .filter_map(|entry| entry.payer_account.as_ref())
        .collect();
    let rows: Vec<(Option<String>, Option<Uuid>)> = reads
        .rows::<bank_entry::Entity>()
        .filter(bank_entry::Column::PayerAccount.is_in(from))
        .filter(bank_entry::Column::PaymentId.is_not_null())
        .order_by_desc(bank_entry::Column::Id)
        .limit(MOST)
        .select_only()
        .column(bank_entry::Column::PayerAccount)
        .column(bank_entry::Column::PaymentId)
        .into_tuple()
        .all(reads.connection())
        .await?;
    let payments: BTreeSet<Uuid> = rows.iter().filter_map(|(_, payment)| *payment).collect();
    let mut accounts: BTreeMap<Uuid, Uuid> = BTreeMap::new();
    let payments: Vec<Uuid> = payments.into_iter().collect();
    for some in payments.chunks(AT_ONCE) {
        let found: Vec<(Uuid, Uuid)> = reads
            .rows::<payment::Entity>()
            .filter(payment::Column::Id.is_in(some.iter().copied()))
            .select_only()
            .column(payment::Column::Id)
            .column(payment::Column::AccountId)
            .into_tuple()
            .all(reads.connection())
            .await?;
        accounts.extend(found);
    }
    let mut paid: BTreeMap<String, Vec<AccountId>> = BTreeMap::new();
    for (from, payment) in rows {
        let account = payment.and_then(|payment| accounts.get(&payment));
        if let (Some(from), Some(account)) = (from, account) {
            let known = paid.entry(plain_number(&from)).or_default();
            if !known.contains(&AccountId(*account)) {
                known.push(AccountId(*account));
            }
        }
    }
    Ok(paid)
}

/// Payments of the customers that are as much as an entry and come from no bank's file.
async fn recorded(
    reads: &(impl Reads + Sync),
    entries: &[StatementEntry],
    accounts: &[Uuid],
) -> Result<Vec<RecordedPayment>, Error> {
    let amounts: BTreeSet<i64> = entries.iter().map(|entry| entry.amount.minor()).collect();
    let from_files = reads
        .rows::<bank_entry::Entity>()
        .filter(bank_entry::Column::PaymentId.is_not_null())
        .select_only()
        .column(bank_entry::Column::PaymentId)
        .into_query();
    let rows = reads
        .rows::<payment::Entity>()
        .filter(payment::Column::AccountId.is_in(accounts.iter().copied()))
        .filter(payment::Column::AmountMinor.is_in(amounts))
        .filter(payment::Column::Id.not_in_subquery(from_files))
        .order_by_desc(payment::Column::PaidOn)
        .limit(MOST)
        .all(reads.connection())
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(RecordedPayment {
                account: AccountId(row.account_id),
                receipt: row.receipt_number,
                day: row.paid_on,
                amount: money(row.amount_minor, &row.currency)?,
            })
        })
        .collect()
}
