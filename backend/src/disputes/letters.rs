//! What each side is told of a dispute.

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
    disputes::DisputeState,
    ids::TenantId,
    locale::{Locale, format_amount_with_code},
};
use entity::{dispute, invoice, tenant};

/// Tells the seller what of an invoice is disputed, and why.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn opened(
    tx: &Tx,
    seller: &tenant::Model,
    invoice: &invoice::Model,
    row: &dispute::Model,
) -> Result<(), Error> {
    let (amount, number) = (amount(seller, row)?, number(invoice));
    let letter = Letter {
        subject: format!("{} disputes {amount} of {number}", invoice.buyer_name),
        lines: vec![
            format!(
                "{} of {} disputes {amount} of {number}:",
                row.created_by_name, invoice.buyer_name
            ),
            row.reason.clone(),
            "The rest of the invoice stays payable. Answer with a credit note, or say why not.".to_owned(),
        ],
        link: Some(("Answer", address(tx, invoice))),
        after: Vec::new(),
    };
    to_seller(tx, seller, invoice, row, letter).await
}

/// Tells the other side how a dispute ended.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn ended(
    tx: &Tx,
    seller: &tenant::Model,
    invoice: &invoice::Model,
    row: &dispute::Model,
    how: DisputeState,
    words: &str,
) -> Result<(), Error> {
    let (amount, number) = (amount(seller, row)?, number(invoice));
    let (subject, line) = match how {
        // One that is open has not ended.
        DisputeState::Open => return Ok(()),
        DisputeState::Withdrawn => (
            format!("{} withdrew its dispute of {number}", invoice.buyer_name),
            format!("{amount} of {number} is no longer disputed."),
        ),
        DisputeState::Credited => (
            format!("{} credits your dispute of {number}", seller.name),
            format!("Your dispute of {amount} of {number} is answered with a credit note."),
        ),
        DisputeState::Refused => (
            format!("{} refuses your dispute of {number}", seller.name),
            format!("Your dispute of {amount} of {number} is refused, so the amount is owed like the rest."),
        ),
    };
    let said = Some(words.to_owned()).filter(|words| !words.is_empty());
    let letter = Letter {
        subject,
        lines: [line].into_iter().chain(said).collect(),
        link: Some(("See the invoice’s disputes", address(tx, invoice))),
        after: Vec::new(),
    };
    if how == DisputeState::Withdrawn {
        to_seller(tx, seller, invoice, row, letter).await
    } else {
        to_buyer(tx, seller, row, letter).await
    }
}

/// Tells the buyer that the credit note which answered its dispute was withdrawn, and what of it is disputed again.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn reopened(
    tx: &Tx,
    seller: &tenant::Model,
    invoice: &invoice::Model,
    before: &dispute::Model,
    withdrawn: &Withdrawn<'_>,
    again: Option<&dispute::Model>,
) -> Result<(), Error> {
    let number = number(invoice);
    let Withdrawn { note, why } = withdrawn;
    let said = format!(
        "{} withdrew credit note {note}, which answered your dispute of {} of {number}: {why}",
        seller.name,
        amount(seller, before)?
    );
    let (subject, outcome) = match again {
        Some(row) => (
            format!("Your dispute of {number} is open again"),
            format!(
                "{} of it is disputed again and waits for an answer. You need not pay that until then.",
                amount(seller, row)?
            ),
        ),
        None => (
            format!("{} withdraws what answered your dispute of {number}", seller.name),
            "Nothing of that is open and undisputed, so nothing is disputed again.".to_owned(),
        ),
    };
    let letter = Letter {
        subject,
        lines: vec![said, outcome],
        link: Some(("See the invoice’s disputes", address(tx, invoice))),
        after: Vec::new(),
    };
    to_buyer(tx, seller, again.unwrap_or(before), letter).await
}

/// A credit note that was withdrawn.
pub(super) struct Withdrawn<'a> {
    /// Its number.
    pub(super) note: &'a str,
    /// The reason, which whoever withdrew it gave.
    pub(super) why: &'a str,
}

/// In the locale of who reads it first; amounts carry their code.
fn amount(seller: &tenant::Model, row: &dispute::Model) -> Result<String, Error> {
    let locale = Locale::from_code(&seller.locale).unwrap_or_default();
    Ok(format_amount_with_code(
        money(row.amount_minor, &row.currency)?,
        locale,
    ))
}

fn number(invoice: &invoice::Model) -> &str {
    invoice.number.as_deref().unwrap_or_default()
}

fn address(tx: &Tx, invoice: &invoice::Model) -> String {
    format!(
        "{}/disputes/{}",
        tx.actor().backend().config().public_url,
        invoice.id
    )
}

/// A letter belongs to whom it goes through: a parent's people dispute what its subsidiaries received.
async fn to_seller(
    tx: &Tx,
    seller: &tenant::Model,
    invoice: &invoice::Model,
    row: &dispute::Model,
    letter: Letter<'_>,
) -> Result<(), Error> {
    let Some(recipient) = seller.billing_email.clone() else {
        return Ok(());
    };
    let mail = NewMail {
        seller: TenantId(row.seller_id),
        buyer: Some(tx.actor().tenant()),
        kind: "dispute".into(),
        about: Some(row.id),
        from_name: invoice.buyer_name.clone(),
        reply_to: row.mailed_to.clone(),
        recipient,
        words: letter.words(),
        secret: None,
    };
    queue(tx, mail).await.map(|_| ())
}

async fn to_buyer(
    tx: &Tx,
    seller: &tenant::Model,
    row: &dispute::Model,
    letter: Letter<'_>,
) -> Result<(), Error> {
    let Some(recipient) = row.mailed_to.clone() else {
        return Ok(());
    };
    let mail = NewMail {
        seller: TenantId(row.seller_id),
        buyer: Some(TenantId(row.buyer_id)),
        kind: "dispute".into(),
        about: Some(row.id),
        from_name: seller.name.clone(),
        reply_to: seller.billing_email.clone(),
        recipient,
        words: letter.words(),
        secret: None,
    };
    queue(tx, mail).await.map(|_| ())
}
