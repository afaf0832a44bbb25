//! The letter about what is overdue, with what is kept of it.

use crate::{
    Error,
    codes::money,
    mail::{
        letter::Letter,
        recipients,
        write::{NewMail, Words, queue},
    },
    new_id,
    rollups::payer,
    scope::{Act, Tx},
};
use domain::{
    Money, Refusal,
    disputes::offered,
    ids::{MailId, TenantId},
    locale::{Locale, format_amount_with_code, format_date},
};
use entity::{Uuid, invoice, reminder, tenant};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};

/// So many invoices fit into the address of a link; beyond, it leads to all that are open.
const MOST_IN_LINK: usize = 20;

/// What is asked for of an invoice: open, not being paid (V31) and not disputed (V19).
///
/// # Errors
/// What is stored is corrupt.
pub(super) fn asked(invoice: &invoice::Model) -> Result<Money, Error> {
    let part = |minor| money(minor, &invoice.currency);
    let open = part(invoice.open_minor)?;
    let amount = offered(open, part(invoice.reserved_minor)?, part(invoice.disputed_minor)?);
    Ok(amount)
}

/// An invoice in a letter, locked until the end of the transaction.
pub(super) struct Overdue {
    invoice: invoice::Model,
    amount: Money,
    disputed: Money,
    step: Option<u32>,
}

impl Overdue {
    /// An invoice at a step, or without one by hand; none when nothing of it is asked for.
    pub(super) fn of(invoice: invoice::Model, step: Option<u32>) -> Result<Option<Self>, Error> {
        let amount = asked(&invoice)?;
        let overdue = Self {
            disputed: money(invoice.disputed_minor, &invoice.currency)?,
            amount,
            invoice,
            step,
        };
        Ok(amount.is_positive().then_some(overdue))
    }

    /// At which step, if it is one.
    pub(super) fn step(&self) -> Option<u32> {
        self.step
    }

    /// In which currency, by its code.
    pub(super) fn currency(&self) -> &str {
        &self.invoice.currency
    }

    fn line(&self, locale: Locale) -> String {
        let mut number = self.invoice.number.clone().unwrap_or_default();
        if let Some(bill) = &self.invoice.rollup_number {
            number = format!("{number} of {bill}");
        }
        let due = format_date(self.invoice.due_date, locale);
        let amount = format_amount_with_code(self.amount, locale);
        let line = format!("{number}, due {due}: {amount}");
        if self.disputed.is_positive() {
            let disputed = format_amount_with_code(self.disputed, locale);
            return format!("{line} ({disputed} of it is disputed and not asked for)");
        }
        line
    }
}

/// Writes one letter about invoices that one account pays in one currency, and keeps that each was reminded of.
///
/// # Errors
/// [`Refusal::NobodyToRemind`]; [`Error::Database`], a duplicate when another one was quicker.
pub(super) async fn send(tx: &mut Tx, mut overdue: Vec<Overdue>, own_words: &str) -> Result<(), Error> {
    overdue.sort_by_key(|one| (one.invoice.due_date, one.invoice.id));
    let Some(first) = overdue.first() else {
        return Ok(());
    };
    let (account, currency) = (payer(&first.invoice).0, first.amount.currency());
    let payer = first.invoice.rollup_buyer_id.unwrap_or(first.invoice.buyer_id);
    let buyer = party(tx, payer).await?;
    let seller = party(tx, first.invoice.seller_id).await?;
    // The profile of a subsidiary's invoice says nothing of whom its parent wants to be written to.
    let own = overdue.iter().filter(|one| one.invoice.buyer_id == payer);
    let ids: Vec<Uuid> = own.map(|one| one.invoice.id).collect();
    let recipients = recipients::of(tx, &buyer, &ids).await?;
    let total = Money::sum(currency, overdue.iter().map(|one| one.amount))?;
    let words = words(tx, &seller, &buyer, &overdue, total, own_words);
    let mut first_mail = None;
    for recipient in recipients {
        let mail = NewMail {
            seller: TenantId(seller.id),
            buyer: Some(TenantId(buyer.id)),
            kind: "reminder".into(),
            about: Some(account),
            from_name: seller.name.clone(),
            reply_to: seller.billing_email.clone(),
            recipient,
            words: words.clone(),
            secret: None,
        };
        first_mail = first_mail.or(Some(queue(tx, mail).await?));
    }
    let mail = first_mail.ok_or(Refusal::NobodyToRemind)?;
    for one in &overdue {
        keep(tx, one, mail).await?;
    }
    Ok(())
}

/// Keeps that an invoice was reminded of, and says so in its history.
async fn keep(tx: &mut Tx, one: &Overdue, mail: MailId) -> Result<(), Error> {
    let Overdue {
        invoice,
        amount,
        disputed,
        step,
    } = one;
    let row = reminder::ActiveModel {
        seller_id: Set(invoice.seller_id),
        id: Set(new_id()),
        account_id: Set(invoice.account_id),
        buyer_id: Set(invoice.buyer_id),
        invoice_id: Set(invoice.id),
        step: Set(step.and_then(|step| i32::try_from(step).ok())),
        currency: Set(invoice.currency.clone()),
        amount_minor: Set(amount.minor()),
        disputed_minor: Set(disputed.minor()),
        sent_on: Set(tx.actor().today()),
        mail_id: Set(mail.0),
        sent_by_name: Set(tx.actor().name().to_owned()),
        sent_at: Set(tx.now()),
    };
    tx.insert(row).await?;
    let facts = serde_json::json!({ "step": step, "amount": amount, "mail": mail });
    tx.audit(Act::new(TenantId(invoice.seller_id), "remind", "invoice", invoice.id).after(facts));
    Ok(())
}

fn words(
    tx: &Tx,
    seller: &tenant::Model,
    buyer: &tenant::Model,
    overdue: &[Overdue],
    total: Money,
    own_words: &str,
) -> Words {
    let locale = Locale::from_code(&buyer.locale).unwrap_or_default();
    let total = format_amount_with_code(total, locale);
    let mut lines = vec![format!("Hello {},", buyer.name)];
    lines.extend(Some(own_words.to_owned()).filter(|words| !words.is_empty()));
    lines.push(format!("{} has not received what was due:", seller.name));
    lines.extend(overdue.iter().map(|one| one.line(locale)));
    lines.push(format!("To pay in total: {total}"));
    let questions = seller.billing_email.as_ref();
    let questions = questions.map(|address| format!("Questions about these invoices? Write to {address}."));
    let letter = Letter {
        subject: format!("Payment reminder from {}: {total}", seller.name),
        lines,
        link: Some(("Pay now", pay_address(tx, overdue))),
        after: ["If you paid in the last few days, you need do nothing.".to_owned()]
            .into_iter()
            .chain(questions)
            .collect(),
    };
    letter.words()
}

/// The page on which the invoices can be paid.
fn pay_address(tx: &Tx, overdue: &[Overdue]) -> String {
    let page = format!("{}/payments/new", tx.actor().backend().config().public_url);
    if overdue.len() > MOST_IN_LINK {
        return page;
    }
    let invoices: Vec<_> = overdue
        .iter()
        .map(|one| format!("invoice={}", one.invoice.id))
        .collect();
    format!("{page}?{}", invoices.join("&"))
}

/// A side of the trade.
async fn party(tx: &Tx, id: Uuid) -> Result<tenant::Model, Error> {
    let found = tx
        .find::<tenant::Entity>()
        .filter(tenant::Column::Id.eq(id))
        .one(tx.db())
        .await?;
    found.ok_or(Error::NotFound)
}
