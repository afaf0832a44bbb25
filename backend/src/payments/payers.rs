//! What the pages of recorded payments show: who may have paid, what is open there, and what money waits.

use crate::{
    Error,
    codes::{currency, money, stage},
    invoices::search_key,
    new_id, rollups,
    scope::Scope,
};
use chrono::NaiveDate;
use domain::{
    Currency, Money, Refusal,
    access::{OnSide, RecordPayments},
    disputes::offered,
    ids::{AccountId, AllocationId, FormKey, InvoiceId, PaymentId},
    invoices::lifecycle::{can_pay, status},
    payments::{
        allocation::{Open, spread},
        offline::{
            AllocateForm, FoundPayers, OpenLine, Payer, PayerBalance, PutLine, RecordForm, UnappliedPayment,
        },
    },
};
use entity::{
    Uuid, account, account_currency, allocation,
    codes::{CreditNoteStage, Stage},
    credit_note, invoice, payment, tenant,
};
use sea_orm::{
    ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use std::collections::{BTreeMap, BTreeSet};

/// Customers that an answer names.
const MOST_FOUND: u64 = 20;
/// Open invoices on a form.
const MOST_OPEN: usize = 200;

/// Customers whose name or external id has a text in it, by name, with what they owe (P12). Without a text the first ones; the
/// answer says whether there are more.
///
/// # Errors
/// [`Error::Database`].
pub async fn payers<P: OnSide>(scope: &Scope<P>, search: &str) -> Result<FoundPayers, Error> {
    let text = search.trim();
    let key = search_key(text);
    let mut accounts = scope
        .find::<account::Entity>()
        .filter(account::Column::BuyerSearch.contains(key))
        .order_by_asc(account::Column::BuyerSearch)
        .limit(MOST_FOUND + 1)
        .all(scope.db())
        .await?;
    let most = usize::try_from(MOST_FOUND).unwrap_or(usize::MAX);
    let more = accounts.len() > most;
    accounts.truncate(most);
    Ok(FoundPayers {
        text: text.to_owned(),
        payers: with_balances(scope, accounts).await?,
        more,
    })
}

/// The form on which a payment of a customer is recorded.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn record_form(
    scope: &Scope<RecordPayments>,
    id: AccountId,
    wanted: Option<Currency>,
) -> Result<RecordForm, Error> {
    let found = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.eq(id.0))
        .one(scope.db())
        .await?;
    let account = found.ok_or(Error::NotFound)?;
    let own = own(scope).await?;
    let today = scope.today();
    let payers = with_balances(scope, vec![account]).await?;
    let payer = payers.into_iter().next().ok_or(Error::NotFound)?;
    let ours = currency(&own.currency)?;
    let owes = |sums: &&PayerBalance| sums.open.is_positive();
    let owed: Vec<Currency> = payer
        .balances
        .iter()
        .filter(owes)
        .map(|sums| sums.open.currency())
        .collect();
    let likely = owed.iter().find(|one| **one == ours).or(owed.first()).copied();
    let currency = wanted.or(likely).unwrap_or(ours);
    let (lines, more) = open_lines(scope, id, currency, today).await?;
    Ok(RecordForm {
        key: FormKey(new_id()),
        unapplied: unapplied(scope, id).await?,
        payer,
        currency,
        today,
        lines,
        more,
    })
}

/// The form on which unapplied money of a payment, or what is left of a credit note, is put to invoices and taken off
/// them.
///
/// # Errors
/// [`Error::NotFound`], also for a credit note that was withdrawn.
pub async fn allocate_form(scope: &Scope<RecordPayments>, id: Uuid) -> Result<AllocateForm, Error> {
    let payment = scope
        .find::<payment::Entity>()
        .filter(payment::Column::Id.eq(id))
        .one(scope.db())
        .await?;
    let (is_credit, account, number, day, code, amount, unapplied) = match payment {
        Some(row) => (
            false,
            row.account_id,
            row.receipt_number,
            row.paid_on,
            row.currency,
            row.amount_minor,
            row.unapplied_minor,
        ),
        None => {
            let note = scope
                .find::<credit_note::Entity>()
                .filter(credit_note::Column::Id.eq(id))
                .filter(credit_note::Column::Stage.eq(CreditNoteStage::Issued))
                .one(scope.db())
                .await?;
            let row = note.ok_or(Error::NotFound)?;
            (
                true,
                row.account_id,
                row.number,
                row.issue_date,
                row.currency,
                row.total_minor,
                row.remaining_minor,
            )
        }
    };
    let found = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.eq(account))
        .one(scope.db())
        .await?;
    let currency = currency(&code)?;
    let unapplied = Money::new(unapplied, currency);
    let (mut lines, more) = open_lines(scope, AccountId(account), currency, scope.today()).await?;
    spread_money(unapplied, &mut lines)?;
    Ok(AllocateForm {
        key: FormKey(new_id()),
        from: id,
        is_credit,
        number,
        name: found.ok_or(Error::NotFound)?.buyer_name,
        day,
        amount: Money::new(amount, currency),
        unapplied,
        put: put_lines(scope, id, currency).await?,
        lines,
        more,
    })
}

/// The seller.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn own(scope: &Scope<RecordPayments>) -> Result<tenant::Model, Error> {
    let own = scope
        .find::<tenant::Entity>()
        .filter(tenant::Column::Id.eq(scope.tenant().0))
        .one(scope.db())
        .await?;
    own.ok_or(Error::NotFound)
}

/// Sums of a column by account and currency.
type Sums = BTreeMap<(Uuid, Currency), i64>;

/// Accounts with what they owe and have unapplied.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn with_balances<P: OnSide>(
    scope: &Scope<P>,
    accounts: Vec<account::Model>,
) -> Result<Vec<Payer>, Error> {
    let buyers: Vec<Uuid> = accounts.iter().map(|account| account.buyer_id).collect();
    let open = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::BuyerId.is_in(buyers.iter().copied()))
        .filter(invoice::Column::Stage.is_in([Stage::Open, Stage::PartlyPaid]))
        .select_only()
        .column(invoice::Column::AccountId)
        .column(invoice::Column::Currency)
        .column_as(sum_of(invoice::Column::OpenMinor), "total")
        .group_by(invoice::Column::AccountId)
        .group_by(invoice::Column::Currency)
        .into_tuple()
        .all(scope.db())
        .await?;
    let unapplied = scope
        .find::<payment::Entity>()
        .filter(payment::Column::BuyerId.is_in(buyers.iter().copied()))
        .filter(payment::Column::UnappliedMinor.gt(0))
        .select_only()
        .column(payment::Column::AccountId)
        .column(payment::Column::Currency)
        .column_as(sum_of(payment::Column::UnappliedMinor), "total")
        .group_by(payment::Column::AccountId)
        .group_by(payment::Column::Currency)
        .into_tuple()
        .all(scope.db())
        .await?;
    let used: Vec<(Uuid, String)> = scope
        .find::<account_currency::Entity>()
        .filter(account_currency::Column::BuyerId.is_in(buyers))
        .select_only()
        .column(account_currency::Column::AccountId)
        .column(account_currency::Column::Currency)
        .into_tuple()
        .all(scope.db())
        .await?;
    let (open, unapplied) = (read(open)?, read(unapplied)?);
    let mut all: BTreeSet<(Uuid, Currency)> = open.keys().chain(unapplied.keys()).copied().collect();
    for (account, code) in used {
        all.insert((account, currency(&code)?));
    }
    let payer = |account: account::Model| {
        let of_account = all.iter().filter(|(id, _)| *id == account.id);
        let of = |sums: &Sums, key, currency| Money::new(sums.get(key).copied().unwrap_or(0), currency);
        Payer {
            account: AccountId(account.id),
            balances: of_account
                .map(|key| PayerBalance {
                    open: of(&open, key, key.1),
                    unapplied: of(&unapplied, key, key.1),
                })
                .collect(),
            name: account.buyer_name,
            external_id: account.external_id,
        }
    };
    Ok(accounts.into_iter().map(payer).collect())
}

fn sum_of(column: impl ColumnTrait) -> Expr {
    Expr::col(column).sum().cast_as("bigint")
}

fn read(rows: Vec<(Uuid, String, i64)>) -> Result<Sums, Error> {
    rows.into_iter()
        .map(|(account, code, total)| Ok(((account, currency(&code)?), total)))
        .collect()
}

/// Open invoices that an account pays in a currency, oldest due first, and whether there are more.
async fn open_lines(
    scope: &Scope<RecordPayments>,
    account: AccountId,
    of: Currency,
    today: NaiveDate,
) -> Result<(Vec<OpenLine>, bool), Error> {
    let mut rows = Vec::new();
    // One stage at a time is a short range of an index.
    for stage in [Stage::Open, Stage::PartlyPaid] {
        for paid in rollups::paid_by(&scope.find(), account) {
            let some = paid
                .filter(invoice::Column::Stage.eq(stage))
                .filter(invoice::Column::Currency.eq(of.code()))
                .order_by_asc(invoice::Column::DueDate)
                .order_by_asc(invoice::Column::Id)
                .limit(u64::try_from(MOST_OPEN).unwrap_or_default() + 1)
                .all(scope.db())
                .await?;
            rows.extend(some);
        }
    }
    rows.sort_by(|a, b| (a.due_date, &a.number_key, a.id).cmp(&(b.due_date, &b.number_key, b.id)));
    let more = rows.len() > MOST_OPEN;
    rows.truncate(MOST_OPEN);
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let amount = |minor| money(minor, &row.currency);
        let (open, pending) = (amount(row.open_minor)?, amount(row.reserved_minor)?);
        let settled = amount(row.paid_minor + row.credited_minor)?;
        // What is being paid by card right now is not offered (V31).
        if can_pay(stage(row.stage), open, pending).is_err() {
            continue;
        }
        lines.push(OpenLine {
            invoice: InvoiceId(row.id),
            number: row.number.clone().unwrap_or_default(),
            due_date: row.due_date,
            status: status(stage(row.stage), row.due_date, open, settled, today),
            payable: open.checked_sub(pending)?,
            offered: offered(open, pending, amount(row.disputed_minor)?),
            amount: None,
        });
    }
    Ok((lines, more))
}

fn spread_money(sum: Money, lines: &mut [OpenLine]) -> Result<(), Refusal> {
    let open: Vec<Open> = lines
        .iter()
        .map(|line| Open {
            invoice: line.invoice,
            number: line.number.clone(),
            due: line.due_date,
            payable: line.offered,
        })
        .collect();
    let (parts, _) = spread(sum, &open)?;
    let parts: BTreeMap<InvoiceId, Money> = parts.into_iter().collect();
    for line in lines {
        line.amount = parts.get(&line.invoice).copied();
    }
    Ok(())
}

async fn unapplied(
    scope: &Scope<RecordPayments>,
    account: AccountId,
) -> Result<Vec<UnappliedPayment>, Error> {
    let rows = scope
        .find::<payment::Entity>()
        .filter(payment::Column::AccountId.eq(account.0))
        .filter(payment::Column::UnappliedMinor.gt(0))
        .order_by_asc(payment::Column::PaidOn)
        .limit(MOST_FOUND)
        .all(scope.db())
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(UnappliedPayment {
                payment: PaymentId(row.id),
                paid_on: row.paid_on,
                unapplied: money(row.unapplied_minor, &row.currency)?,
                receipt: row.receipt_number,
            })
        })
        .collect()
}

/// Where money or credit is: what was put and not taken off again (V34).
async fn put_lines(
    scope: &Scope<RecordPayments>,
    from: Uuid,
    currency: Currency,
) -> Result<Vec<PutLine>, Error> {
    let of_it = Condition::any()
        .add(allocation::Column::PaymentId.eq(from))
        .add(allocation::Column::CreditNoteId.eq(from));
    let rows = scope
        .find::<allocation::Entity>()
        .filter(of_it)
        .order_by_asc(allocation::Column::CreatedAt)
        .order_by_asc(allocation::Column::Id)
        .all(scope.db())
        .await?;
    let taken: BTreeSet<Uuid> = rows.iter().filter_map(|row| row.reversal_of).collect();
    let standing: Vec<_> = rows
        .iter()
        .filter(|row| row.reversal_of.is_none() && !taken.contains(&row.id))
        .collect();
    let numbers: BTreeMap<Uuid, Option<String>> = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::Id.is_in(standing.iter().map(|row| row.invoice_id)))
        .select_only()
        .column(invoice::Column::Id)
        .column(invoice::Column::Number)
        .into_tuple::<(Uuid, Option<String>)>()
        .all(scope.db())
        .await?
        .into_iter()
        .collect();
    standing
        .into_iter()
        .map(|row| {
            Ok(PutLine {
                allocation: AllocationId(row.id),
                invoice: InvoiceId(row.invoice_id),
                number: numbers
                    .get(&row.invoice_id)
                    .cloned()
                    .flatten()
                    .unwrap_or_default(),
                amount: Money::new(row.amount_minor, currency),
            })
        })
        .collect()
}
