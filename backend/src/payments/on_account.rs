//! What lies unused on a payer's account: shown beside the payment form and, where the payer says so, put to its invoices
//! before anything is charged (V26).
//!
//! It is put in the transaction that writes the attempts, so it is used once however often the form is posted. It is the
//! payer's own wish and stands, whatever becomes of the card.

use super::{pot::Pot, receipt};
use crate::{
    Error, new_id, refunds,
    scope::{Scope, Tx, time_zone},
    workbench::write::{NewPlan, carry_out},
};
use domain::{
    Currency, Money, Refusal,
    access::PayInvoices,
    ids::{AccountId, FormKey, PlanId, TenantId},
    payments::{
        allocation::{Group, Rule, Unused, draw},
        on_account::{FromAccount, OnAccount, Parted, UseFirst, part},
    },
    workbench::MOST_SOURCES,
};
use entity::{Uuid, account, allocation_plan, codes::CreditNoteStage, credit_note, payment};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr};
use std::collections::{BTreeMap, BTreeSet};

/// Sources that were locked for a form, by their ids.
pub(super) type Pots = BTreeMap<Uuid, Pot>;

/// What lies on an account in a currency; none when that is nothing. What is on its way back is left out (V32).
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn find(
    scope: &Scope<PayInvoices>,
    account: AccountId,
    currency: Currency,
) -> Result<Option<OnAccount>, Error> {
    let payments = of_payments(scope.find(), account, currency)
        .all(scope.db())
        .await?;
    let notes = of_notes(scope.find(), account, currency).all(scope.db()).await?;
    let ids = payments
        .iter()
        .map(|row| row.id)
        .chain(notes.iter().map(|row| row.id));
    let held = refunds::held(scope, ids).await?;
    let money = payments.iter().filter(|row| !held.contains(&row.id));
    let credit = notes.iter().filter(|row| !held.contains(&row.id));
    let sum = |minor: &mut dyn Iterator<Item = i64>| {
        Money::sum(currency, minor.map(|minor| Money::new(minor, currency)))
    };
    let found = OnAccount {
        credit: sum(&mut credit.map(|row| row.remaining_minor))?,
        money: sum(&mut money.map(|row| row.unapplied_minor))?,
    };
    Ok(found.total()?.is_positive().then_some(found))
}

/// Locks what a form is to use first, in the order of ids. It comes before the invoices (V30).
///
/// # Errors
/// [`Refusal::OnAccountMoved`] when it is not what the payer saw; [`Error::Database`].
pub(super) async fn lock(tx: &Tx, uses: &[UseFirst]) -> Result<Pots, Error> {
    let mut ids = BTreeSet::new();
    for UseFirst { account, seen } in uses {
        let payments = of_payments(tx.find(), *account, seen.currency())
            .all(tx.db())
            .await?;
        ids.extend(payments.iter().map(|row| row.id));
        let notes = of_notes(tx.find(), *account, seen.currency())
            .all(tx.db())
            .await?;
        ids.extend(notes.iter().map(|row| row.id));
    }
    let mut pots = Pots::new();
    for id in ids {
        match Pot::lock(tx, id).await {
            Ok(pot) => {
                pots.insert(id, pot);
            }
            // It is on its way back, or was withdrawn just now.
            Err(Error::Refused(Refusal::RefundUnderWay) | Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    for UseFirst { account, seen } in uses {
        let sources = sources(&pots, *account, seen.currency())?;
        let now = Money::sum(seen.currency(), sources.iter().map(|source| source.amount))?;
        if *seen != now {
            return Err(Refusal::OnAccountMoved { seen: *seen, now }.into());
        }
    }
    Ok(pots)
}

/// Puts what lies there to the invoices of a group, oldest due first, and leaves what is to be charged; none when that is
/// nothing.
///
/// # Errors
/// [`Error::Conflict`] when a sum does not hold; [`Error::Database`].
pub(super) async fn use_first(
    tx: &mut Tx,
    form: FormKey,
    account: &account::Model,
    group: &Group,
    pots: &Pots,
) -> Result<Option<Group>, Error> {
    let sources = sources(pots, group.account, group.currency)?;
    let available = Money::sum(group.currency, sources.iter().map(|source| source.amount))?;
    let Parted { first, rest } = part(available, &group.lines)?;
    if !first.is_empty() {
        let drawn = draw(group.account, &sources, &first)?;
        let (seller, _) = receipt::tenants(tx, account.seller_id, account.buyer_id).await?;
        let plan = NewPlan {
            id: PlanId(new_id()),
            account,
            rule: Rule::default(),
            form: Some(form),
            day: tx
                .now()
                .with_timezone(&time_zone(&seller.time_zone)?)
                .date_naive(),
        };
        carry_out(tx, &plan, pots, &drawn).await?;
    }
    let left = Group {
        total: Money::sum(group.currency, rest.iter().map(|line| line.amount))?,
        lines: rest,
        ..group.clone()
    };
    Ok((!left.lines.is_empty()).then_some(left))
}

/// Who posted a form of which something was used from an account; none when nothing was.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn user_of(tx: &Tx, form: FormKey) -> Result<Option<Option<Uuid>>, Error> {
    let plan = tx
        .find::<allocation_plan::Entity>()
        .filter(allocation_plan::Column::FormKey.eq(form.0))
        .one(tx.db())
        .await?;
    Ok(plan.map(|plan| plan.created_by))
}

/// What of a form was paid by what lay on accounts.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn used(scope: &Scope<PayInvoices>, form: FormKey) -> Result<Vec<FromAccount>, Error> {
    let plans = scope
        .find::<allocation_plan::Entity>()
        .filter(allocation_plan::Column::FormKey.eq(form.0))
        .order_by_asc(allocation_plan::Column::Id)
        .all(scope.db())
        .await?;
    let sellers = super::tenants(scope, plans.iter().map(|plan| plan.seller_id).collect()).await?;
    plans
        .iter()
        .map(|plan| {
            let seller = sellers.get(&plan.seller_id);
            Ok(FromAccount {
                seller: TenantId(plan.seller_id),
                seller_name: seller.map(|row| row.name.clone()).unwrap_or_default(),
                amount: crate::codes::money(plan.amount_minor, &plan.currency)?,
            })
        })
        .collect()
}

/// Those of the sources that are an account's in a currency.
fn sources(pots: &Pots, account: AccountId, currency: Currency) -> Result<Vec<Unused>, Error> {
    let all = pots.values().map(Pot::source).collect::<Result<Vec<_>, _>>()?;
    let of = |source: &Unused| {
        source.account == account && source.amount.currency() == currency && source.amount.is_positive()
    };
    Ok(all.into_iter().filter(of).collect())
}

/// The oldest payments of an account of which something is unapplied, as many as one plan draws from.
fn of_payments(
    all: Select<payment::Entity>,
    account: AccountId,
    currency: Currency,
) -> Select<payment::Entity> {
    all.filter(payment::Column::AccountId.eq(account.0))
        .filter(payment::Column::Currency.eq(currency.code()))
        // As text, so that SQLite finds the index of those of which something is left.
        .filter(Expr::cust("unapplied_minor > 0"))
        .order_by_asc(payment::Column::PaidOn)
        .order_by_asc(payment::Column::Id)
        .limit(MOST)
}

/// The oldest credit notes of an account of which something is left, as many as one plan draws from.
fn of_notes(
    all: Select<credit_note::Entity>,
    account: AccountId,
    currency: Currency,
) -> Select<credit_note::Entity> {
    all.filter(credit_note::Column::AccountId.eq(account.0))
        .filter(credit_note::Column::Currency.eq(currency.code()))
        .filter(credit_note::Column::Stage.eq(CreditNoteStage::Issued))
        .filter(Expr::cust("remaining_minor > 0"))
        .order_by_asc(credit_note::Column::IssueDate)
        .order_by_asc(credit_note::Column::Id)
        .limit(MOST)
}

const MOST: u64 = MOST_SOURCES as u64;
