//! The payment form: what can be paid, by account and currency, with the cards that it can be paid with.

use super::{on_account, read::tenants, write::CHOICE};
use crate::{
    Error,
    codes::{money, stage},
    new_id, payment_methods, rollups,
    scope::{Scope, time_zone},
};
use domain::{
    FieldErrors, Money, Refusal,
    access::PayInvoices,
    disputes::offered,
    ids::{AccountId, DraftId, FormKey, InvoiceId, TenantId},
    invoices::lifecycle::{can_pay, status},
    locale::{Locale, parse_amount},
    payments::{
        PayGroup, PayLine, PaymentChoice, PaymentForm,
        allocation::{Open, Owed, Rule, Share, share},
    },
};
use entity::{Uuid, account, codes::Stage, form_draft, invoice, tenant};
use sea_orm::{
    ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};
use std::collections::{BTreeMap, BTreeSet};

/// The most invoices that the form offers when nothing was chosen.
const MOST_OFFERED: usize = 100;

/// The payment form: what was chosen and can be paid, grouped by account and currency (D5), with the cards of each
/// account and a fresh key (V29).
///
/// With nothing chosen all payable invoices are offered, oldest due first, with nothing on them yet. With a total to be
/// spread (V28) the amounts are its parts.
///
/// # Errors
/// [`Error::NotFound`] for an invoice or a draft of somebody else; [`Error::Invalid`] for the field `spread`.
pub async fn form(scope: &Scope<PayInvoices>, choice: &PaymentChoice) -> Result<PaymentForm, Error> {
    let PaymentChoice {
        invoices,
        draft,
        spread,
    } = choice;
    let mut chosen = invoices.clone();
    if let Some(draft) = draft {
        chosen.extend(kept_choice(scope, *draft).await?);
    }
    let nothing_chosen = chosen.is_empty();
    let rows = if nothing_chosen {
        payable(scope).await?
    } else {
        find_all(scope, &chosen).await?
    };
    let sellers = tenants(scope, rows.iter().map(|row| row.seller_id).collect()).await?;
    let rule = rule(&rows);
    let payers = payers(scope, &rows).await?;
    let companies: BTreeMap<(Uuid, Uuid), String> = rows
        .iter()
        .filter(|_| scope.sees_several())
        .map(|row| {
            let name = row.rollup_payer.as_ref().unwrap_or(&row.buyer_name);
            ((row.seller_id, rollups::payer(row).0), name.clone())
        })
        .collect();
    let (mut lines, left_out) = judge(scope, &rows, &sellers, &payers)?;
    if nothing_chosen {
        lines
            .iter_mut()
            .for_each(|(_, line)| line.amount = Money::zero(line.amount.currency()));
    }
    if let Some(total) = spread.as_deref().filter(|text| !text.trim().is_empty()) {
        let locale = locale(scope).await?;
        let all: Vec<&mut PayLine> = lines.iter_mut().map(|(_, line)| line).collect();
        spread_total(total, locale, rule, all).map_err(|refusal| FieldErrors::one("spread", refusal))?;
    }
    Ok(PaymentForm {
        key: FormKey(new_id()),
        groups: group(scope, lines, &sellers, &companies).await?,
        in_proportion: rule == Rule::ProRata,
        left_out,
    })
}

async fn kept_choice(scope: &Scope<PayInvoices>, draft: DraftId) -> Result<Vec<InvoiceId>, Error> {
    let user = scope.actor().user().ok_or(Error::SignIn)?;
    let row = scope
        .find::<form_draft::Entity>()
        .filter(form_draft::Column::Id.eq(draft.0))
        .filter(form_draft::Column::UserId.eq(user.0))
        .filter(form_draft::Column::Kind.eq(CHOICE))
        .filter(form_draft::Column::ExpiresAt.gt(scope.now()))
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)?;
    Ok(serde_json::from_value(row.content)?)
}

/// The oldest due invoices that can be paid.
async fn payable(scope: &Scope<PayInvoices>) -> Result<Vec<invoice::Model>, Error> {
    let limit = u64::try_from(MOST_OFFERED).unwrap_or_default();
    let mut rows = Vec::new();
    // One stage at a time is a short range of an index.
    for stage in [Stage::Open, Stage::PartlyPaid] {
        let of_stage = |rows: Select<invoice::Entity>| {
            rows.filter(invoice::Column::Stage.eq(stage))
                .filter(Expr::col(invoice::Column::OpenMinor).gt(Expr::col(invoice::Column::ReservedMinor)))
                .order_by_asc(invoice::Column::DueDate)
                .order_by_asc(invoice::Column::Id)
                .limit(limit)
        };
        let sides = (invoice::Column::SellerId, invoice::Column::BuyerId);
        let own = of_stage(scope.find()).filter(invoice::Column::RollupId.is_null());
        let billed =
            of_stage(scope.invoices_to_pay()).filter(invoice::Column::RollupBuyerId.eq(scope.tenant().0));
        let by_company = scope.by_company(own, sides, None);
        for some in by_company.into_iter().chain([billed]) {
            rows.extend(some.all(scope.db()).await?);
        }
    }
    sort(&mut rows);
    rows.truncate(MOST_OFFERED);
    Ok(rows)
}

async fn find_all(scope: &Scope<PayInvoices>, ids: &[InvoiceId]) -> Result<Vec<invoice::Model>, Error> {
    let wanted: BTreeSet<Uuid> = ids.iter().map(|id| id.0).collect();
    let mut rows = scope
        .invoices_to_pay()
        .filter(invoice::Column::Id.is_in(wanted.iter().copied()))
        .all(scope.db())
        .await?;
    if rows.len() != wanted.len() {
        return Err(Error::NotFound);
    }
    sort(&mut rows);
    Ok(rows)
}

/// Those of the accounts that alone pay some of the invoices on which somebody may pay: the parents' with whose bills they
/// are paid (V40).
async fn payers(scope: &Scope<PayInvoices>, rows: &[invoice::Model]) -> Result<BTreeSet<Uuid>, Error> {
    let billed: BTreeSet<Uuid> = rows.iter().filter_map(|row| row.rollup_account_id).collect();
    if billed.is_empty() {
        return Ok(billed);
    }
    let seen: Vec<Uuid> = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.is_in(billed))
        .select_only()
        .column(account::Column::Id)
        .into_tuple()
        .all(scope.db())
        .await?;
    Ok(seen.into_iter().collect())
}

/// How a sum is spread: what is due first is paid first, and over one bill of a parent in proportion (V41).
fn rule(rows: &[invoice::Model]) -> Rule {
    let is_one_bill = rows.windows(2).all(|pair| pair[0].rollup_id == pair[1].rollup_id);
    match rows.first() {
        Some(first) if is_one_bill && first.rollup_id.is_some() => Rule::ProRata,
        Some(_) | None => Rule::Due,
    }
}

/// Oldest due first, then by number (V28).
fn sort(rows: &mut [invoice::Model]) {
    rows.sort_by(|a, b| (a.due_date, &a.number_key, a.id).cmp(&(b.due_date, &b.number_key, b.id)));
}

/// How amounts are read that the tenant's people type.
async fn locale(scope: &Scope<PayInvoices>) -> Result<Locale, Error> {
    let own = tenants(scope, BTreeSet::from([scope.tenant().0])).await?;
    let own = own.get(&scope.tenant().0).ok_or(Error::NotFound)?;
    Locale::from_code(&own.locale).ok_or_else(|| Error::corrupt("a tenant's locale"))
}

/// An invoice's account, as seller and id, and its line.
type Line = ((Uuid, Uuid), PayLine);

/// What was chosen and cannot be paid: the number and why.
type LeftOut = Vec<(String, Refusal)>;

/// Parts what can be paid from what cannot, with the reason.
fn judge(
    scope: &Scope<PayInvoices>,
    rows: &[invoice::Model],
    sellers: &BTreeMap<Uuid, tenant::Model>,
    payers: &BTreeSet<Uuid>,
) -> Result<(Vec<Line>, LeftOut), Error> {
    let (mut lines, mut left_out) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        let amount = |minor| money(minor, &row.currency);
        let (open, pending) = (amount(row.open_minor)?, amount(row.reserved_minor)?);
        let settled = amount(row.paid_minor)?.checked_add(amount(row.credited_minor)?)?;
        let number = row.number.clone().unwrap_or_default();
        if let Err(why) = can_pay(stage(row.stage), open, pending) {
            left_out.push((number.clone(), Refusal::NotPayable { number, why }));
            continue;
        }
        if let Some(rollup) = row
            .rollup_number
            .clone()
            .filter(|_| !payers.contains(&rollups::payer(row).0))
        {
            left_out.push((number.clone(), Refusal::PaidWithRollup { number, rollup }));
            continue;
        }
        let payable = open.checked_sub(pending)?;
        let offered = offered(open, pending, amount(row.disputed_minor)?);
        let seller = sellers
            .get(&row.seller_id)
            .ok_or_else(|| Error::corrupt("an invoice without seller"))?;
        let today = scope
            .now()
            .with_timezone(&time_zone(&seller.time_zone)?)
            .date_naive();
        let line = PayLine {
            invoice: InvoiceId(row.id),
            number,
            due_date: row.due_date,
            status: status(stage(row.stage), row.due_date, open, settled, today),
            payable,
            offered,
            amount: offered,
        };
        lines.push(((row.seller_id, rollups::payer(row).0), line));
    }
    Ok((lines, left_out))
}

/// Spreads a total, as typed, by a rule over what is not disputed. Its currency is the one that the text names or the only one
/// there is.
fn spread_total(text: &str, locale: Locale, rule: Rule, lines: Vec<&mut PayLine>) -> Result<(), Refusal> {
    let currencies: BTreeSet<_> = lines.iter().map(|line| line.payable.currency()).collect();
    let names_one = text
        .chars()
        .any(|c| c.is_alphabetic() || matches!(c, '$' | '¢'..='¥' | '₠'..='⃏'));
    if currencies.len() > 1 && !names_one {
        return Err(Refusal::NeedsCurrency);
    }
    let read = |currency| parse_amount(text, currency, locale);
    let mut read: Vec<_> = currencies.into_iter().map(read).collect();
    // Another currency's amount is refused for the currency; what remains was read or is wrong in itself.
    if read.iter().any(Result::is_ok) {
        read.retain(Result::is_ok);
    }
    if read.len() > 1 && read.iter().all(Result::is_ok) {
        return Err(Refusal::NeedsCurrency);
    }
    let total = read.into_iter().next().ok_or(Refusal::NothingChosen)??;
    if !total.is_positive() {
        return Err(Refusal::NotPositive {
            number: String::new(),
        });
    }
    let of_currency = |line: &&&mut PayLine| line.payable.currency() == total.currency();
    let owed: Vec<Owed> = lines
        .iter()
        .filter(of_currency)
        .map(|line| Owed {
            // Neither rule asks for it.
            account: AccountId(Uuid::nil()),
            issued: line.due_date,
            open: Open {
                invoice: line.invoice,
                number: line.number.clone(),
                due: line.due_date,
                payable: line.offered,
            },
        })
        .collect();
    let Share { parts, rest } = share(rule, total, &owed)?;
    if rest.is_positive() {
        return Err(Refusal::MoreThanAvailable {
            available: total.checked_sub(rest)?,
        });
    }
    let parts: BTreeMap<InvoiceId, Money> = parts.into_iter().collect();
    for line in lines {
        let nothing = Money::zero(line.payable.currency());
        line.amount = parts.get(&line.invoice).copied().unwrap_or(nothing);
    }
    Ok(())
}

/// One group for each account and currency, in the order of their oldest invoices.
async fn group(
    scope: &Scope<PayInvoices>,
    lines: Vec<Line>,
    sellers: &BTreeMap<Uuid, tenant::Model>,
    companies: &BTreeMap<(Uuid, Uuid), String>,
) -> Result<Vec<PayGroup>, Error> {
    let mut groups: Vec<((Uuid, Uuid), PayGroup)> = Vec::new();
    for (account, line) in lines {
        let same = |(key, group): &&mut ((Uuid, Uuid), PayGroup)| {
            *key == account && group.currency == line.payable.currency()
        };
        if let Some((_, group)) = groups.iter_mut().find(same) {
            group.total = group.total.checked_add(line.amount)?;
            group.lines.push(line);
            continue;
        }
        let (seller, id) = account;
        let group = PayGroup {
            account: AccountId(id),
            seller: TenantId(seller),
            seller_name: sellers
                .get(&seller)
                .map(|row| row.name.clone())
                .unwrap_or_default(),
            company: companies.get(&account).cloned(),
            currency: line.payable.currency(),
            total: line.amount,
            on_account: on_account::find(scope, AccountId(id), line.payable.currency()).await?,
            lines: vec![line],
            cards: payment_methods::read::of_account(scope, TenantId(seller), AccountId(id)).await?,
            gateway: scope.ports().gateway.form(TenantId(seller)),
        };
        groups.push((account, group));
    }
    let mut groups: Vec<PayGroup> = groups.into_iter().map(|(_, group)| group).collect();
    offer_what_pays_all(&mut groups);
    Ok(groups)
}

/// All groups of an account are one form with one choice of how to pay: a bank account that does not pay in each of their
/// currencies is not offered.
fn offer_what_pays_all(groups: &mut [PayGroup]) {
    let wanted: Vec<_> = groups
        .iter()
        .map(|group| (group.account, group.currency))
        .collect();
    for group in groups {
        let of_account = wanted.iter().filter(|(account, _)| *account == group.account);
        let currencies: Vec<_> = of_account.map(|(_, currency)| *currency).collect();
        group
            .cards
            .retain(|card| currencies.iter().all(|currency| card.kind.pays(*currency)));
    }
}
