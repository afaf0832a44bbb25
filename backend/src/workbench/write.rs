//! Commands: save a plan, take one back.
//!
//! Locks are taken in one order everywhere: who belongs to whom or the plan, then payments and credit notes by their ids,
//! then invoices by theirs (V30).

mod family;

use crate::{
    Error,
    codes::{Stored, money},
    ledger::{Put, put, put_by_plan},
    once,
    payments::{
        Pot, lock_invoices,
        offline::{note, puts},
    },
    scope::{Act, Scope, Tx},
    transact::transact,
};
use chrono::NaiveDate;
use domain::{
    Money, Refusal,
    access::RecordPayments,
    ids::{AccountId, FormKey, InvoiceId, PlanId, TenantId},
    payments::allocation::Rule,
    workbench::{ApplyPlan, Drawn, check_plan},
};
use entity::{Uuid, account, allocation, allocation_plan, codes};
pub(crate) use family::Family;
use sea_orm::{ActiveValue::Set, ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeMap, BTreeSet};

/// What a plan is called in the audit.
const PLAN: &str = "allocation_plan";

/// Puts money and credit of several sources to several invoices, all or nothing. The plan's id is the form's key, so it is
/// one however often the form is posted.
///
/// # Errors
/// [`Error::Invalid`] by field as [`check_plan`] says; [`Error::NotFound`] for an account, a source or an invoice of
/// somebody else; [`Refusal::NotOfFamily`] for one of a company that is no subsidiary; [`Refusal::PaidWithRollup`] for an invoice
/// in a bill of another one; [`Refusal::RefundUnderWay`];
/// [`Refusal::FormBroken`] when another form came under the same key.
pub async fn apply(scope: &Scope<RecordPayments>, wanted: &ApplyPlan) -> Result<PlanId, Error> {
    let user = scope.actor().user().ok_or(Error::SignIn)?;
    let plan = PlanId(wanted.key.0);
    transact!(scope, tx => {
        if !once::take_key(tx, user, &format!("plan:{}", wanted.key), wanted).await? {
            return Ok(plan);
        }
        let account = account(tx, wanted).await?;
        let family = Family::lock(tx, &account).await?;
        let pots = lock_pots(tx, wanted.sources.iter().map(|(id, _)| *id)).await?;
        family.has(pots.values().map(|pot| pot.books().buyer))?;
        let sources = pots.values().map(Pot::source).collect::<Result<Vec<_>, _>>()?;
        let chosen: Vec<InvoiceId> = wanted.lines.iter().map(|line| line.invoice).collect();
        let (invoices, current) = lock_invoices(tx, &chosen).await?;
        let parent = AccountId(account.id);
        for now in &current {
            now.paid_by(parent)?;
        }
        // What stands in a bill of the customer is its to pay, whoever the invoice's company belongs to by now (V42).
        let others = invoices.values().filter(|invoice| invoice.rollup_id.is_none());
        family.has(others.map(|invoice| invoice.buyer_id))?;
        let drawn = check_plan(wanted, &sources, &current)?;
        let new = NewPlan {
            id: plan,
            account: &account,
            rule: wanted.rule,
            form: None,
            day: tx.actor().today(),
        };
        carry_out(tx, &new, &pots, &drawn).await?;
        Ok(plan)
    })
}

/// Takes all of a plan off its invoices again (V34). A plan that is undone stays so, however often it is asked for.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::PlanMoved`] when a part of it is not where the plan put it, [`Refusal::RefundUnderWay`].
/// Nothing was changed then.
pub async fn undo(scope: &Scope<RecordPayments>, id: PlanId) -> Result<(), Error> {
    transact!(scope, tx => {
        let plan = tx
            .lock::<allocation_plan::Entity>()
            .filter(allocation_plan::Column::Id.eq(id.0))
            .one(tx.db())
            .await?;
        let plan = plan.ok_or(Error::NotFound)?;
        if plan.undone_at.is_some() {
            return Ok(());
        }
        let parts = parts(tx, id).await?;
        let sources = parts.iter().filter_map(|part| part.payment_id.or(part.credit_note_id));
        let pots = lock_pots(tx, sources).await?;
        if !all_stand(tx, &plan, &parts).await? {
            return Err(Refusal::PlanMoved.into());
        }
        take_off(tx, &plan, &pots, &parts).await?;
        close(tx, &plan).await
    })
}

async fn account(tx: &Tx, wanted: &ApplyPlan) -> Result<account::Model, Error> {
    let found = tx
        .find::<account::Entity>()
        .filter(account::Column::Id.eq(wanted.account.0))
        .one(tx.db())
        .await?;
    found.ok_or(Error::NotFound)
}

/// Sources, locked in the order of their ids.
async fn lock_pots(tx: &Tx, ids: impl Iterator<Item = Uuid>) -> Result<BTreeMap<Uuid, Pot>, Error> {
    let ids: BTreeSet<Uuid> = ids.collect();
    let mut pots = BTreeMap::new();
    for id in ids {
        pots.insert(id, Pot::lock(tx, id).await?);
    }
    Ok(pots)
}

/// A plan that is about to be written.
pub(crate) struct NewPlan<'a> {
    /// Its id.
    pub(crate) id: PlanId,
    /// Whose page or form it comes from.
    pub(crate) account: &'a account::Model,
    /// The rule that it began with.
    pub(crate) rule: Rule,
    /// The payer's form, where it is not the seller's plan.
    pub(crate) form: Option<FormKey>,
    /// The seller's day: putting money somewhere is an act of today.
    pub(crate) day: NaiveDate,
}

/// Writes a plan, takes out of the sources what is drawn and puts it to the invoices. Sources and invoices are locked.
///
/// # Errors
/// [`Refusal::FormBroken`] when there is such a plan; [`Error::Conflict`] when a sum does not hold; [`Error::Database`].
pub(crate) async fn carry_out(
    tx: &mut Tx,
    plan: &NewPlan<'_>,
    pots: &BTreeMap<Uuid, Pot>,
    drawn: &[Drawn],
) -> Result<(), Error> {
    write(tx, plan, drawn).await?;
    let seller = TenantId(plan.account.seller_id);
    let mut all = Vec::new();
    for (from, lines) in drawn {
        let pot = pots.get(from).ok_or(Error::NotFound)?;
        let sum = Money::sum(pot.unused()?.currency(), lines.iter().map(|line| line.amount))?;
        pot.change_unused(tx, -sum.minor()).await?;
        all.extend(puts(tx, pot.books(), pot.origin(), lines, plan.day));
    }
    put_by_plan(tx, &all, plan.id).await?;
    for (from, lines) in drawn {
        note(tx, seller, *from, lines, "apply");
    }
    Ok(())
}

async fn write(tx: &mut Tx, plan: &NewPlan<'_>, drawn: &[Drawn]) -> Result<(), Error> {
    let NewPlan {
        id,
        account,
        rule,
        form,
        day: _,
    } = plan;
    let lines = drawn.iter().flat_map(|(_, lines)| lines);
    let currency = lines.clone().next().map(|line| line.amount.currency());
    let currency = currency.ok_or(Refusal::NothingChosen)?;
    let amount = Money::sum(currency, lines.clone().map(|line| line.amount))?;
    let invoices: BTreeSet<InvoiceId> = lines.map(|line| line.invoice).collect();
    let row = allocation_plan::ActiveModel {
        seller_id: Set(account.seller_id),
        id: Set(id.0),
        account_id: Set(account.id),
        buyer_id: Set(account.buyer_id),
        currency: Set(currency.code().to_owned()),
        rule: Set(codes::AllocationRule::from_domain(*rule)),
        amount_minor: Set(amount.minor()),
        created_by: Set(tx.actor().user().map(|user| user.0)),
        created_by_name: Set(tx.actor().name().to_owned()),
        created_at: Set(tx.now()),
        undone_by_name: Set(None),
        undone_at: Set(None),
        form_key: Set(form.map(|form| form.0)),
    };
    match tx.insert(row).await {
        // The key is older than what is remembered of it.
        Err(error) if error.is_duplicate() => return Err(Refusal::FormBroken.into()),
        inserted => inserted?,
    };
    let facts = serde_json::json!({
        "amount": amount, "rule": rule.code(), "sources": drawn.len(), "invoices": invoices.len(),
    });
    let seller = TenantId(account.seller_id);
    tx.audit(Act::new(seller, "apply_plan", PLAN, id.0).after(facts));
    Ok(())
}

/// What a plan put somewhere.
async fn parts(tx: &Tx, plan: PlanId) -> Result<Vec<allocation::Model>, Error> {
    let parts = tx
        .find::<allocation::Entity>()
        .filter(allocation::Column::PlanId.eq(plan.0))
        .order_by_asc(allocation::Column::Id)
        .all(tx.db())
        .await?;
    Ok(parts)
}

/// Whether all of a plan is still where it was put. Its sources are locked, and nothing is taken off without them.
async fn all_stand(
    tx: &Tx,
    plan: &allocation_plan::Model,
    parts: &[allocation::Model],
) -> Result<bool, Error> {
    let taken = tx
        .find::<allocation::Entity>()
        .filter(allocation::Column::ReversalOf.is_in(parts.iter().map(|part| part.id)))
        .count(tx.db())
        .await?;
    let sum: i64 = parts.iter().map(|part| part.amount_minor).sum();
    Ok(taken == 0 && sum == plan.amount_minor)
}

async fn take_off(
    tx: &mut Tx,
    plan: &allocation_plan::Model,
    pots: &BTreeMap<Uuid, Pot>,
    parts: &[allocation::Model],
) -> Result<(), Error> {
    let (today, at, seller) = (tx.actor().today(), tx.now(), tx.actor().tenant());
    let mut back = Vec::with_capacity(parts.len());
    let mut freed: BTreeMap<Uuid, i64> = BTreeMap::new();
    for part in parts {
        let from = part.payment_id.or(part.credit_note_id).ok_or(Error::NotFound)?;
        let pot = pots.get(&from).ok_or(Error::NotFound)?;
        let amount = money(part.amount_minor, &plan.currency)?;
        *freed.entry(from).or_default() += part.amount_minor;
        back.push(Put {
            books: pot.books(),
            from: pot.origin(),
            invoice: InvoiceId(part.invoice_id),
            amount: amount.checked_neg()?,
            reverses: Some(part.id),
            freed: 0,
            day: today,
            at,
        });
        let facts = serde_json::json!({ "from": from, "amount": amount });
        tx.audit(Act::new(seller, "unpay", "invoice", part.invoice_id).after(facts));
    }
    for (from, amount) in freed {
        let pot = pots.get(&from).ok_or(Error::NotFound)?;
        pot.change_unused(tx, amount).await?;
    }
    put(tx, &back).await
}

async fn close(tx: &mut Tx, plan: &allocation_plan::Model) -> Result<(), Error> {
    let change = allocation_plan::ActiveModel {
        undone_at: Set(Some(tx.now())),
        undone_by_name: Set(Some(tx.actor().name().to_owned())),
        ..Default::default()
    };
    tx.update::<allocation_plan::Entity>()
        .set(change)
        .filter(allocation_plan::Column::Id.eq(plan.id))
        .exec(tx.db())
        .await?;
    let seller = tx.actor().tenant();
    let amount = money(plan.amount_minor, &plan.currency)?;
    let facts = serde_json::json!({ "amount": amount });
    tx.audit(Act::new(seller, "undo_plan", PLAN, plan.id).after(facts));
    Ok(())
}
