//! Credit notes over an account: the form, and issuing (V36, V37).
//!
//! What is due on the account goes down first, by the order in which payments go (V28); nobody may keep credit beside a debt
//! by it. Only the invoices that it lowers are locked, in the order of their ids, and what is due on the whole account must
//! be what the writer saw (V30).

use super::{pay_back, rows::Note, write::check_rest};
use crate::{
    Error,
    invoices::{
        edit::{currencies, usual},
        write::note_currency,
    },
    ledger::Books,
    new_id, once,
    payments::lock_invoices,
    scope::{Scope, Tx},
    transact::transact,
};
use chrono::NaiveDate;
use domain::{
    Currency, FieldErrors, Money, Refusal,
    access::IssueCreditNotes,
    credit_notes::{
        Due,
        account::{AccountCreditForm, CreditAccount},
    },
    ids::{AccountId, CreditNoteId, FormKey, InvoiceId},
    payments::allocation::{Open, spread},
    refunds::RefundWay,
};
use entity::{Uuid, account, codes::Stage, invoice};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QuerySelect, Select};
use std::collections::BTreeMap;

/// How many invoices are locked by one statement.
const AT_ONCE: usize = 500;

/// The form on which an account is credited.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn form(
    scope: &Scope<IssueCreditNotes>,
    id: AccountId,
    wanted: Option<Currency>,
) -> Result<AccountCreditForm, Error> {
    let found = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.eq(id.0))
        .one(scope.db())
        .await?;
    let account = found.ok_or(Error::NotFound)?;
    let (codes, own) = currencies(scope, &account).await?;
    let usable = |code: &Currency| codes.contains(code);
    let currency = wanted.filter(usable).or(Some(own).filter(usable));
    let currency = currency.or(codes.first().copied()).unwrap_or(own);
    let open = open(scope.find(), scope.db(), id, currency).await?;
    Ok(AccountCreditForm {
        key: FormKey(new_id()),
        account: id,
        buyer: account.buyer_name,
        currency,
        currencies: codes,
        due: open.due(currency)?,
        usual: usual(scope, id).await?,
    })
}

/// Issues a credit note over an account. It lowers what is due there; only the rest is paid back or stays as credit (V37).
/// Its id is the form's key, so it is one however often the form is posted.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::DueMoved`] when something else is due than the writer saw; [`Error::Invalid`] for `back` as
/// [`domain::credit_notes::Split::at_issue`] says, and for `way`, since no payment belongs to it;
/// [`Refusal::DateBeforeLast`] (V22); [`Error::Forbidden`] when something is paid back by who may not.
pub async fn issue(scope: &Scope<IssueCreditNotes>, credit: &CreditAccount) -> Result<CreditNoteId, Error> {
    let user = scope.actor().user().ok_or(Error::SignIn)?;
    let id = CreditNoteId(credit.key.0);
    let back = credit.pay_back.as_ref();
    pay_back::permitted(scope, back)?;
    if let Some(back) = back.filter(|back| back.way == RefundWay::Gateway) {
        let text = back.way.label().to_owned();
        return Err(FieldErrors::one("way", Refusal::UnknownChoice { text }).into());
    }
    transact!(scope, tx => {
        if !once::take_key(tx, user, &format!("credit-account:{}", credit.key), credit).await? {
            return Ok(id);
        }
        let books = books(tx, credit.account).await?;
        let credited = credit.credited();
        let open = open(tx.find(), tx.db(), credit.account, credit.seen.currency()).await?;
        let split = check_rest(&credited, seen(credit, &open)?, back)?;
        let lowers = lower(tx, credit, &open.lines, split.less_due).await?;
        let reason = credit.reason.text(&credit.note);
        let note = Note { id, books, invoice: None, reason, credited: &credited, lowers };
        let note = note.write(tx).await?;
        note_currency(tx, books, credit.seen.currency()).await?;
        if let Some(back) = back {
            pay_back::pay(tx, &note, back, &[]).await?;
        }
        Ok(id)
    })
}

async fn books(tx: &Tx, id: AccountId) -> Result<Books, Error> {
    let found = tx
        .find::<account::Entity>()
        .filter(account::Column::Id.eq(id.0))
        .one(tx.db())
        .await?;
    let account = found.ok_or(Error::NotFound)?;
    Ok(Books {
        seller: account.seller_id,
        account: account.id,
        buyer: account.buyer_id,
    })
}

/// What is due, which must be what the writer saw (V30).
fn seen(credit: &CreditAccount, open: &Debt) -> Result<Due, Error> {
    let due = open.due(credit.seen.currency())?;
    if due.free == credit.seen {
        Ok(due)
    } else {
        Err(moved(credit, due.free))
    }
}

fn moved(credit: &CreditAccount, now: Money) -> Error {
    let seen = credit.seen;
    Refusal::DueMoved { seen, now }.into()
}

/// What goes off which invoice: as much as is due, oldest due first (V28, V37).
async fn lower(
    tx: &Tx,
    credit: &CreditAccount,
    open: &[Open],
    less_due: Money,
) -> Result<Vec<(InvoiceId, Money)>, Error> {
    let (parts, _) = spread(less_due, open)?;
    let locked = lock(tx, parts.iter().map(|(invoice, _)| *invoice).collect()).await?;
    let still = |(invoice, part): &(InvoiceId, Money)| {
        locked.get(invoice).is_some_and(|now| now.minor() >= part.minor())
    };
    if !parts.iter().all(still) {
        // Somebody paid or credited one of them between reading and locking; the writer looks again.
        let currency = credit.seen.currency();
        let now = self::open(tx.find(), tx.db(), credit.account, currency).await?;
        return Err(moved(credit, now.due(currency)?.free));
    }
    Ok(parts)
}

/// Locks invoices in the order of their ids (V30). What can be taken off each now.
async fn lock(tx: &Tx, mut wanted: Vec<InvoiceId>) -> Result<BTreeMap<InvoiceId, Money>, Error> {
    wanted.sort_unstable();
    let mut payable = BTreeMap::new();
    for some in wanted.chunks(AT_ONCE) {
        let (_, current) = lock_invoices(tx, some).await?;
        payable.extend(current.iter().map(|now| (now.invoice, now.payable())));
    }
    Ok(payable)
}

/// What is owed on an account in a currency.
struct Debt {
    /// The invoices of which something can be taken off.
    lines: Vec<Open>,
    /// What is being paid right now, in minor units (V31).
    held: i64,
}

impl Debt {
    fn due(&self, currency: Currency) -> Result<Due, Error> {
        Ok(Due {
            free: Money::sum(currency, self.lines.iter().map(|line| line.payable))?,
            held: Money::new(self.held, currency),
        })
    }
}

async fn open(
    invoices: Select<invoice::Entity>,
    db: &impl ConnectionTrait,
    account: AccountId,
    of: Currency,
) -> Result<Debt, Error> {
    use invoice::Column;
    let rows = invoices
        .filter(Column::Stage.is_in([Stage::Open, Stage::PartlyPaid]))
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::Currency.eq(of.code()))
        .select_only()
        .columns([
            Column::Id,
            Column::Number,
            Column::DueDate,
            Column::OpenMinor,
            Column::ReservedMinor,
        ])
        .into_tuple::<(Uuid, Option<String>, NaiveDate, i64, i64)>()
        .all(db)
        .await?;
    let held = rows.iter().map(|(_, _, _, _, reserved)| reserved).sum();
    let free = rows
        .into_iter()
        .filter(|(_, _, _, open, reserved)| open > reserved);
    let lines = free.map(|(id, number, due, open, reserved)| Open {
        invoice: InvoiceId(id),
        number: number.unwrap_or_default(),
        due,
        payable: Money::new(open - reserved, of),
    });
    Ok(Debt {
        lines: lines.collect(),
        held,
    })
}
