//! The trade of the demo data: what was billed, what of it was paid, credited or withdrawn, and what is open.
//!
//! Documents are issued in the order of their dates, because numbers and dates rise together (V22).

use super::{
    catalogue::{BRANDS, PRODUCTS, Product},
    people::{Account, Part},
    random::Random,
    settle::{self, Credit, Received},
};
use crate::{
    Error,
    invoices::write::{self, NewInvoice, Rows},
    new_id,
    scope::Tx,
};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use domain::{
    Currency, Money, Quantity, UnitPrice,
    ids::InvoiceId,
    invoices::{
        InvoiceLine, Source,
        totals::{Line, WholeDocument, line_net, totals},
    },
};

/// Days back to the first document.
const DAYS: i64 = 430;

/// What becomes of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Draft,
    Open,
    PartlyPaid,
    Paid,
    Credited,
    Void,
}

/// An invoice, whose it is and what becomes of it.
struct Planned {
    account: usize,
    new: NewInvoice,
    fate: Fate,
}

/// Writes all documents; returns how many invoices there are.
pub(super) async fn create(
    tx: &mut Tx,
    random: &mut Random,
    today: NaiveDate,
    accounts: &[Account],
) -> Result<usize, Error> {
    let mut planned = Vec::new();
    for (position, account) in accounts.iter().enumerate() {
        plan(random, today, position, account, &mut planned)?;
    }
    planned.sort_by_key(|planned| planned.new.issue_date);
    let (drafts, issued): (Vec<_>, Vec<_>) = planned
        .into_iter()
        .partition(|planned| planned.fate == Fate::Draft);
    let documents: Vec<_> = issued
        .iter()
        .map(|planned| {
            (
                &accounts[planned.account].facts,
                &planned.new,
                morning(planned.new.issue_date),
            )
        })
        .collect();
    let ids = write::issue_dated(tx, &documents).await?;
    let mut rows = Rows::default();
    for draft in &drafts {
        rows.add_draft(
            InvoiceId(new_id()),
            &accounts[draft.account].facts,
            &draft.new,
            tx.now(),
        )?;
    }
    rows.insert(tx).await?;
    let count = drafts.len() + issued.len();
    let mut by_account: Vec<Vec<(InvoiceId, Planned)>> = accounts.iter().map(|_| Vec::new()).collect();
    for (id, planned) in ids.into_iter().zip(issued) {
        by_account[planned.account].push((id, planned));
    }
    let mut credits = Vec::new();
    for (account, invoices) in accounts.iter().zip(by_account) {
        let of_account = settle_account(tx, random, today, account, &invoices).await?;
        credits.extend(of_account.into_iter().map(|credit| (&account.facts, credit)));
    }
    credits.sort_by_key(|(_, credit)| credit.date);
    settle::credit(tx, &credits).await?;
    Ok(count)
}

/// Nine in the morning.
fn morning(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).and_utc() + chrono::TimeDelta::hours(9)
}

fn back(today: NaiveDate, days: i64) -> NaiveDate {
    today
        .checked_sub_days(Days::new(days.unsigned_abs()))
        .unwrap_or(today)
}

fn plan(
    random: &mut Random,
    today: NaiveDate,
    position: usize,
    account: &Account,
    planned: &mut Vec<Planned>,
) -> Result<(), Error> {
    let count = match account.role {
        Part::Showcase => 70,
        Part::ShowcaseCustomer => 30,
        Part::Partner => random.between(70, 95),
        Part::Customer | Part::Subsidiary => random.between(13, 27),
    };
    for _ in 0..count {
        let age = random.between(0, DAYS);
        let age = if account.role == Part::Showcase {
            age.max(75)
        } else {
            age
        };
        let fate = fate(random, age, account.terms_days);
        planned.push(document(
            random,
            today,
            position,
            account,
            account.currency,
            age,
            fate,
        )?);
    }
    if matches!(account.role, Part::ShowcaseCustomer | Part::Subsidiary) {
        // Whatever chance says of the others, the family has something to pay, to dispute and to be billed for together.
        // They take no chance from the others.
        let own = &mut random.clone();
        for age in [2, 6, 9, 12] {
            let open = document(own, today, position, account, account.currency, age, Fate::Open)?;
            planned.push(open);
        }
    }
    if account.role == Part::Showcase {
        for number in 0..44_i64 {
            // Four in euros, a quarter overdue, some partly paid; all of them to be paid.
            let currency = if number % 11 == 5 {
                Currency::EUR
            } else {
                Currency::USD
            };
            let age = if number % 4 == 0 {
                random.between(32, 74)
            } else {
                random.between(0, 28)
            };
            let fate = if number % 6 == 3 {
                Fate::PartlyPaid
            } else {
                Fate::Open
            };
            planned.push(document(random, today, position, account, currency, age, fate)?);
        }
    }
    Ok(())
}

fn fate(random: &mut Random, age: i64, terms: i64) -> Fate {
    let late = age - terms;
    match random.between(1, 100) {
        _ if age <= 3 && random.chance(40) => Fate::Draft,
        1..=2 => Fate::Void,
        3..=5 => Fate::Credited,
        6..=30 if late < -10 => Fate::Paid,
        31..=40 if late < -10 => Fate::PartlyPaid,
        _ if late < -10 => Fate::Open,
        6..=60 if late < 25 => Fate::Paid,
        61..=70 if late < 25 => Fate::PartlyPaid,
        _ if late < 25 => Fate::Open,
        6..=8 if late < 120 => Fate::Open,
        9..=10 if late < 120 => Fate::PartlyPaid,
        _ => Fate::Paid,
    }
}

fn document(
    random: &mut Random,
    today: NaiveDate,
    position: usize,
    account: &Account,
    currency: Currency,
    age: i64,
    fate: Fate,
) -> Result<Planned, Error> {
    let issue_date = back(today, age);
    let due_date = issue_date
        .checked_add_days(Days::new(account.terms_days.unsigned_abs()))
        .unwrap_or(issue_date);
    let mut lines = Vec::new();
    for number in 1..=random.between(1, 5) {
        let product = random.pick(PRODUCTS);
        lines.push(line(random, account, currency, issue_date, number, product)?);
    }
    let whole = WholeDocument::plain(currency);
    let added: Vec<Line> = lines.iter().map(Line::from).collect();
    let (source, order_id) = match random.between(1, 10) {
        1..=5 => (
            Source::Order,
            Some(format!("SO-{}", random.between(10_000, 99_999))),
        ),
        6..=7 => (Source::Import, None),
        _ => (Source::Manual, None),
    };
    let new = NewInvoice {
        account: account.facts.account,
        number: None,
        source,
        order_id,
        issue_date,
        due_date,
        totals: totals(currency, &added, &whole)?,
        lines,
        costs: Vec::new(),
        note: random
            .chance(15)
            .then(|| "Thank you for your business.".to_owned()),
        import: None,
    };
    Ok(Planned {
        account: position,
        new,
        fate,
    })
}

fn line(
    random: &mut Random,
    account: &Account,
    currency: Currency,
    issued: NaiveDate,
    position: i64,
    product: &Product,
) -> Result<InvoiceLine, Error> {
    let (low, high) = product.quantity;
    let units = random.between(low, high);
    let thousandths = if product.metered {
        random.between(0, 999)
    } else {
        0
    };
    let quantity = Quantity::from_scaled(units * 1_000_000 + thousandths * 1_000);
    let listed = product.price * (100 + account.margin) / 100;
    let unit_price = UnitPrice::from_scaled(match currency {
        Currency::JPY => listed * 150 / 1_000_000 * 1_000_000,
        Currency::EUR => listed * 92 / 100,
        _ => listed,
    });
    let gross = line_net(quantity, unit_price, Money::zero(currency))?;
    let off = if random.chance(8) { gross.minor() / 10 } else { 0 };
    let discount = Money::new(off, currency);
    Ok(InvoiceLine {
        position: u32::try_from(position).unwrap_or(1),
        item_code: Some(product.code.to_owned()),
        description: format!("{}, {} {}", product.name, month(issued), issued.year()),
        quantity,
        unit_price,
        discount,
        net: line_net(quantity, unit_price, discount)?,
        tax_category: account.tax.0,
        tax_rate: account.tax.1,
    })
}

fn month(date: NaiveDate) -> &'static str {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    usize::try_from(date.month0())
        .ok()
        .and_then(|month| NAMES.get(month))
        .unwrap_or(&"")
}

/// Pays and voids one account's invoices as planned; returns the credit that is to be given.
async fn settle_account(
    tx: &mut Tx,
    random: &mut Random,
    today: NaiveDate,
    account: &Account,
    invoices: &[(InvoiceId, Planned)],
) -> Result<Vec<Credit>, Error> {
    let mut received: Vec<Received> = Vec::new();
    let mut credits = Vec::new();
    for (id, planned) in invoices {
        let total = planned.new.totals.total;
        match planned.fate {
            Fate::Draft | Fate::Open => {}
            Fate::Void => settle::void(tx, &account.facts, *id, planned.new.issue_date).await?,
            Fate::Credited => credits.push(credit(random, today, *id, &planned.new)),
            Fate::Paid => add_payment(random, today, &mut received, *id, &planned.new, total),
            Fate::PartlyPaid => {
                let part = Money::new(total.minor() * random.between(20, 70) / 100, total.currency());
                if part.is_positive() {
                    add_payment(random, today, &mut received, *id, &planned.new, part);
                }
            }
        }
    }
    if account.role == Part::ShowcaseCustomer {
        // A parent's money that waits for its own invoices or its subsidiaries'.
        received.push(Received {
            amount: Money::new(25_000, account.currency),
            paid_on: back(today, 3),
            card: None,
            memo: Some("Wire transfer".to_owned()),
            lines: Vec::new(),
        });
    }
    received.sort_by_key(|received| received.paid_on);
    settle::record(tx, &account.facts, &received).await?;
    Ok(credits)
}

/// A payment of one invoice; now and then it joins the payment before it, and now and then it is too much.
fn add_payment(
    random: &mut Random,
    today: NaiveDate,
    received: &mut Vec<Received>,
    id: InvoiceId,
    new: &NewInvoice,
    amount: Money,
) {
    let late = random.between(-12, 9);
    let wanted = if late < 0 {
        back(new.due_date, -late)
    } else {
        new.due_date + Days::new(late.unsigned_abs())
    };
    let paid_on = wanted.clamp(new.issue_date, today);
    if random.chance(25)
        && let Some(last) = received.last_mut()
        && last.amount.currency() == amount.currency()
        && last.paid_on >= new.issue_date
        && let Ok(sum) = last.amount.checked_add(amount)
    {
        last.amount = sum;
        last.lines.push((id, amount));
        return;
    }
    let too_much = if random.chance(1) {
        random.between(1, 5_000)
    } else {
        0
    };
    let sum = Money::new(amount.minor().saturating_add(too_much), amount.currency());
    let card = random
        .chance(60)
        .then(|| (*random.pick(BRANDS), format!("{:04}", random.between(0, 9_999))));
    let memo = match &card {
        Some(_) => None,
        None if random.chance(50) => Some(format!("Check {}", random.between(1_000, 9_999))),
        None => Some("Wire transfer".to_owned()),
    };
    received.push(Received {
        amount: sum,
        paid_on,
        card,
        memo,
        lines: vec![(id, amount)],
    });
}

/// Credit for the first line of an invoice, in full.
fn credit(random: &mut Random, today: NaiveDate, id: InvoiceId, new: &NewInvoice) -> Credit {
    let reasons = [
        "Seats returned",
        "Service outage",
        "Billed by mistake",
        "Agreed reduction",
    ];
    let date = (new.issue_date + Days::new(random.between(2, 20).unsigned_abs())).min(today);
    Credit {
        invoice: id,
        date,
        reason: (*random.pick(&reasons)).to_owned(),
        lines: new.lines.iter().take(1).cloned().collect(),
    }
}
