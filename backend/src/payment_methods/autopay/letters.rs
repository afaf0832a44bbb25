//! What autopay tells who switched it on: a payment that was refused, a bank that wants them, a card that expires.

use super::party;
use crate::{
    Error,
    codes::money,
    mail::{
        letter::Letter,
        write::{NewMail, queue},
    },
    scope::Tx,
};
use domain::{
    Refusal,
    ids::TenantId,
    locale::{Locale, format_amount_with_code, format_date},
    payment_methods::autopay::Next,
};
use entity::{Uuid, attempt_line, autopay, card, payment_attempt, tenant, user};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

/// So many invoices fit into the address of a link; beyond, it leads to all that are open.
const MOST_IN_LINK: usize = 20;

/// A payment was refused: why, what happens next, and where to pay.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn refused(
    tx: &Tx,
    row: &autopay::Model,
    attempt: &payment_attempt::Model,
    code: &str,
    next: Next,
) -> Result<(), Error> {
    let people = People::of(tx, row).await?;
    let locale = people.locale;
    let amount = format_amount_with_code(money(attempt.amount_minor, &attempt.currency)?, locale);
    let card = card_name(
        attempt.brand.as_deref().unwrap_or("card"),
        attempt.last4.as_deref().unwrap_or_default(),
    );
    let why = Refusal::Declined {
        code: code.to_owned(),
    };
    let to = &people.seller.name;
    let (subject, why, then) = match next {
        Next::AskPayer => (
            format!("Your bank wants you to confirm {amount} to {to}"),
            "Your bank wants you to confirm this payment. Nothing was charged.".to_owned(),
            "Pay with the link and follow your bank’s steps. Autopay leaves these invoices to you and goes on with the next ones.".to_owned(),
        ),
        Next::Retry(on) => (
            format!("Autopay could not pay {amount} to {to}"),
            why.message(locale),
            format!("It is tried again on {}. You need do nothing if the card is in order by then.", format_date(on, locale)),
        ),
        Next::Pause => (
            format!("Autopay to {to} is paused"),
            why.message(locale),
            "It is not tried again. Pay with the link, and switch autopay on again when a card is in order.".to_owned(),
        ),
    };
    let letter = Letter {
        subject,
        lines: vec![
            people.greeting(),
            format!("Autopay wanted to pay {amount} to {to} with {card}."),
            why,
            then,
        ],
        link: Some(("Pay now", people.address(tx, &pay_address(tx, attempt).await?))),
        after: vec![people.closing(tx)],
    };
    people.write(tx, "autopay_refused", attempt.id, letter).await
}

/// Something is due and there is no card to pay with.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn no_card(tx: &Tx, row: &autopay::Model, code: &str) -> Result<(), Error> {
    let people = People::of(tx, row).await?;
    let why = Refusal::Declined {
        code: code.to_owned(),
    };
    let letter = Letter {
        subject: format!("Autopay to {} is paused", people.seller.name),
        lines: vec![
            people.greeting(),
            why.message(people.locale),
            "Add a card, make it the default and switch autopay on again.".to_owned(),
        ],
        link: Some(("Payment methods", people.address(tx, "/methods"))),
        after: Vec::new(),
    };
    people.write(tx, "autopay_refused", row.account_id, letter).await
}

/// The default card expires soon.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn expires_soon(tx: &Tx, row: &autopay::Model, card: &card::Model) -> Result<(), Error> {
    let people = People::of(tx, row).await?;
    let letter = Letter {
        subject: format!("The card for autopay to {} expires soon", people.seller.name),
        lines: vec![
            people.greeting(),
            format!(
                "Autopay pays {} with {}, which expires at the end of {:02}/{}.",
                people.seller.name,
                card_name(&card.brand, &card.last4),
                card.exp_month,
                card.exp_year
            ),
            "Add its successor and make it the default, and autopay goes on with that one.".to_owned(),
        ],
        link: Some(("Payment methods", people.address(tx, "/methods"))),
        after: Vec::new(),
    };
    people.write(tx, "card_expires", card.id, letter).await
}

/// Between whom it is.
struct People {
    seller: tenant::Model,
    buyer: tenant::Model,
    /// Who switched it on, while they are with the buyer.
    person: Option<user::Model>,
    locale: Locale,
}

impl People {
    async fn of(tx: &Tx, row: &autopay::Model) -> Result<Self, Error> {
        let buyer = party(tx, row.buyer_id).await?;
        let person = tx
            .find::<user::Entity>()
            .filter(user::Column::Id.eq(row.on_by))
            .one(tx.db())
            .await?;
        Ok(Self {
            seller: party(tx, row.seller_id).await?,
            locale: Locale::from_code(&buyer.locale).unwrap_or_default(),
            buyer,
            person,
        })
    }

    fn greeting(&self) -> String {
        let name = self
            .person
            .as_ref()
            .map_or(&self.buyer.name, |person| &person.name);
        format!("Hello {name},")
    }

    fn address(&self, tx: &Tx, page: &str) -> String {
        format!("{}{page}", tx.actor().backend().config().public_url)
    }

    fn closing(&self, tx: &Tx) -> String {
        format!("Cards and autopay: {}", self.address(tx, "/methods"))
    }

    /// Who left the company is not written to any more; then the company is.
    async fn write(self, tx: &Tx, kind: &'static str, about: Uuid, letter: Letter<'_>) -> Result<(), Error> {
        let person = self.person.map(|person| person.email);
        let Some(recipient) = person.or(self.buyer.billing_email) else {
            return Ok(());
        };
        let mail = NewMail {
            seller: TenantId(self.seller.id),
            buyer: Some(TenantId(self.buyer.id)),
            kind: kind.into(),
            about: Some(about),
            from_name: self.seller.name,
            reply_to: self.seller.billing_email,
            recipient,
            words: letter.words(),
            secret: None,
        };
        queue(tx, mail).await.map(|_| ())
    }
}

/// The page on which the invoices of an attempt can be paid.
async fn pay_address(tx: &Tx, attempt: &payment_attempt::Model) -> Result<String, Error> {
    let lines = tx
        .find::<attempt_line::Entity>()
        .filter(attempt_line::Column::SellerId.eq(attempt.seller_id))
        .filter(attempt_line::Column::AttemptId.eq(attempt.id))
        .order_by_asc(attempt_line::Column::InvoiceId)
        .all(tx.db())
        .await?;
    if lines.len() > MOST_IN_LINK {
        return Ok("/payments/new".to_owned());
    }
    let invoices: Vec<_> = lines
        .iter()
        .map(|line| format!("invoice={}", line.invoice_id))
        .collect();
    Ok(format!("/payments/new?{}", invoices.join("&")))
}

/// A card in a sentence.
fn card_name(brand: &str, last4: &str) -> String {
    let mut letters = brand.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    let brand: String = first.into_iter().chain(letters).collect();
    format!("{brand} •••• {last4}")
}
