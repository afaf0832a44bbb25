//! What a parent is told of its bills: that one was issued, and that one was withdrawn.

use crate::{
    Error,
    codes::money,
    mail::{
        letter::Letter,
        recipients,
        write::{NewMail, queue},
    },
    scope::Tx,
};
use domain::{
    ids::TenantId,
    locale::{Locale, format_amount_with_code, format_date},
};
use entity::{Uuid, invoice, rollup, tenant};
use sea_orm::{ColumnTrait, QueryFilter};
use std::collections::BTreeMap;

/// Companies that a letter names; of more it says how many.
const NAMED: usize = 20;

/// Tells the parent what it is billed for, company by company.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn issued(tx: &Tx, bill: &rollup::Model, invoices: &[invoice::Model]) -> Result<(), Error> {
    let parties = Parties::of(tx, bill).await?;
    let (locale, seller) = (parties.locale, &parties.seller.name);
    let day = |day| format_date(day, locale);
    let total = parties.amount(bill.total_minor)?;
    let mut lines = vec![
        format!("Hello {},", parties.parent.name),
        format!(
            "{seller} bills you with {} for your subsidiaries’ invoices from {} to {}:",
            bill.number,
            day(bill.period_from),
            day(bill.period_to)
        ),
    ];
    lines.extend(parties.by_company(invoices)?);
    lines.push(format!(
        "To pay in total: {total}, due {}. The invoices are paid with this bill, by you alone.",
        day(bill.due_date)
    ));
    let subject = format!("Roll-up bill {} from {seller}: {total}", bill.number);
    parties.send(tx, subject, lines).await
}

/// Tells the parent that a bill is not to be paid any more, and why.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn withdrawn(tx: &Tx, bill: &rollup::Model, reason: &str) -> Result<(), Error> {
    let parties = Parties::of(tx, bill).await?;
    let (seller, number) = (&parties.seller.name, &bill.number);
    let lines = vec![
        format!("Hello {},", parties.parent.name),
        format!("{seller} withdrew roll-up bill {number}: {reason}"),
        "You need not pay it. Its invoices are your subsidiaries’ to pay again; what was paid stays paid."
            .to_owned(),
    ];
    let subject = format!("Roll-up bill {number} from {seller} is withdrawn");
    parties.send(tx, subject, lines).await
}

/// Between whom a bill is.
struct Parties<'a> {
    bill: &'a rollup::Model,
    seller: tenant::Model,
    parent: tenant::Model,
    /// The parent's.
    locale: Locale,
}

impl<'a> Parties<'a> {
    async fn of(tx: &Tx, bill: &'a rollup::Model) -> Result<Self, Error> {
        let parent = party(tx, bill.buyer_id).await?;
        Ok(Self {
            bill,
            seller: party(tx, bill.seller_id).await?,
            locale: Locale::from_code(&parent.locale).unwrap_or_default(),
            parent,
        })
    }

    fn amount(&self, minor: i64) -> Result<String, Error> {
        let amount = money(minor, &self.bill.currency)?;
        Ok(format_amount_with_code(amount, self.locale))
    }

    /// A line for each company, by name.
    fn by_company(&self, invoices: &[invoice::Model]) -> Result<Vec<String>, Error> {
        let mut companies: BTreeMap<&str, (usize, i64)> = BTreeMap::new();
        for invoice in invoices {
            let (count, open) = companies.entry(&invoice.buyer_name).or_default();
            *count += 1;
            *open += invoice.open_minor;
        }
        let more = companies.len().saturating_sub(NAMED);
        let mut lines = Vec::new();
        for (company, (count, open)) in companies.into_iter().take(NAMED) {
            let invoices = if count == 1 { "invoice" } else { "invoices" };
            lines.push(format!("{company}, {count} {invoices}: {}", self.amount(open)?));
        }
        lines.extend((more > 0).then(|| format!("And {more} more.")));
        Ok(lines)
    }

    /// To whoever is written to about what the parent owes; nobody is no reason not to bill it.
    async fn send(self, tx: &Tx, subject: String, lines: Vec<String>) -> Result<(), Error> {
        // The profiles of subsidiaries' invoices say nothing of whom their parent wants to be written to.
        let recipients = recipients::of(tx, &self.parent, &[]).await?;
        let questions = self.seller.billing_email.as_ref();
        let questions = questions.map(|address| format!("Questions about this bill? Write to {address}."));
        let portal = &tx.actor().backend().config().public_url;
        let letter = Letter {
            subject,
            lines,
            link: Some(("See the bill", format!("{portal}/rollups/{}", self.bill.id))),
            after: questions.into_iter().collect(),
        };
        let words = letter.words();
        for recipient in recipients {
            let mail = NewMail {
                seller: TenantId(self.seller.id),
                buyer: Some(TenantId(self.parent.id)),
                kind: "rollup".into(),
                about: Some(self.bill.id),
                from_name: self.seller.name.clone(),
                reply_to: self.seller.billing_email.clone(),
                recipient,
                words: words.clone(),
                secret: None,
            };
            queue(tx, mail).await?;
        }
        Ok(())
    }
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
