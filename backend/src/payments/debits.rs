//! Debits of bank accounts, which take days and may come back: how often they are looked up, and what the payer is told.

use crate::{
    Error,
    codes::money,
    mail::{
        letter::Letter,
        write::{NewMail, queue},
    },
    scope::Tx,
};
use chrono::TimeDelta;
use domain::{
    Refusal,
    ids::TenantId,
    locale::{Locale, format_amount_with_code},
};
use entity::{Uuid, payment, payment_attempt, tenant, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// The shortest and the longest pause between two look-ups.
const SHORTEST: TimeDelta = TimeDelta::minutes(1);
const LONGEST: TimeDelta = TimeDelta::hours(6);

/// When a debit of this age is looked up again: after as long as it has taken already.
pub(super) fn pause(age: TimeDelta) -> TimeDelta {
    age.clamp(SHORTEST, LONGEST)
}

/// What became of a debit after the payer had left the page.
pub(crate) enum Word {
    /// The bank refused it, for a reason in the gateway's code.
    Failed(String),
    /// It had been paid, and the bank took it back.
    Returned,
}

/// Tells who paid that their bank did not let the money go.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn tell(tx: &Tx, attempt: &payment_attempt::Model, word: Word) -> Result<(), Error> {
    let (seller, buyer) = (
        party(tx, attempt.seller_id).await?,
        party(tx, attempt.buyer_id).await?,
    );
    let payer = payer(tx, attempt).await?;
    let greeting = payer.as_ref().map_or(&buyer.name, |payer| &payer.name).clone();
    let person = payer.map(|payer| payer.email);
    let Some(recipient) = person.or_else(|| buyer.billing_email.clone()) else {
        return Ok(());
    };
    let locale = Locale::from_code(&buyer.locale).unwrap_or_default();
    let amount = format_amount_with_code(money(attempt.amount_minor, &attempt.currency)?, locale);
    let account = format!(
        "{} •••• {}",
        attempt.brand.as_deref().unwrap_or("your bank account"),
        attempt.last4.as_deref().unwrap_or_default()
    );
    let to = &seller.name;
    let (subject, what, why) = match word {
        Word::Failed(code) => (
            format!("Your bank did not pay {amount} to {to}"),
            format!("{amount} to {to} should have come from {account}."),
            Refusal::Declined { code }.message(locale),
        ),
        Word::Returned => (
            format!("Your bank took back {amount} from {to}"),
            format!("{amount} to {to} had come from {account}."),
            "Your bank has returned that payment.".to_owned(),
        ),
    };
    let letter = Letter {
        subject,
        lines: vec![
            format!("Hello {greeting},"),
            what,
            format!("{why} The invoices are open again."),
        ],
        link: Some((
            "Pay now",
            format!("{}/payments/new", tx.actor().backend().config().public_url),
        )),
        after: Vec::new(),
    };
    let mail = NewMail {
        seller: TenantId(seller.id),
        buyer: Some(TenantId(buyer.id)),
        kind: "debit_failed".to_owned(),
        about: Some(attempt.id),
        from_name: seller.name,
        reply_to: seller.billing_email,
        recipient,
        words: letter.words(),
        secret: None,
    };
    queue(tx, mail).await.map(|_| ())
}

/// The same for a payment that came of one, in the scope of its seller.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn tell_returned(tx: &Tx, payment: &payment::Model) -> Result<(), Error> {
    let Some(id) = payment.attempt_id else {
        return Ok(());
    };
    let attempt = tx
        .find::<payment_attempt::Entity>()
        .filter(payment_attempt::Column::SellerId.eq(payment.seller_id))
        .filter(payment_attempt::Column::Id.eq(id))
        .one(tx.db())
        .await?;
    match attempt {
        Some(attempt) => tell(tx, &attempt, Word::Returned).await,
        None => Ok(()),
    }
}

async fn party(tx: &Tx, id: Uuid) -> Result<tenant::Model, Error> {
    let row = tx
        .find::<tenant::Entity>()
        .filter(tenant::Column::Id.eq(id))
        .one(tx.db())
        .await?;
    row.ok_or(Error::NotFound)
}

/// The person who paid. They may be of the parent of who owed it, while what is told is found out for the latter or for
/// the seller.
#[expect(
    clippy::disallowed_methods,
    reason = "the attempt names the person who made it"
)]
async fn payer(tx: &Tx, attempt: &payment_attempt::Model) -> Result<Option<user::Model>, Error> {
    let Some(id) = attempt.created_by else {
        return Ok(None);
    };
    Ok(user::Entity::find_by_id(id)
        .one(tx.actor().backend().system().db())
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_grow_with_the_age_up_to_a_quarter_of_a_day() {
        let pauses = [0, 30, 600, 7_200, 400_000].map(|age| pause(TimeDelta::seconds(age)).num_seconds());
        assert_eq!(pauses, [60, 60, 600, 7_200, 21_600]);
    }
}
