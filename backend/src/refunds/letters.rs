//! What the seller is told of chargebacks and of what may become one (V33).

use crate::{
    Error,
    codes::money,
    mail::{
        letter::Letter,
        write::{NewMail, queue},
    },
    ports::GatewayDispute,
    scope::Tx,
};
use domain::{
    Money,
    audit::in_words,
    ids::{InvoiceId, TenantId},
    locale::{Locale, format_amount_with_code},
};
use entity::{Uuid, account, invoice, mail, payment, refund, tenant};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

/// Numbers of invoices that a letter names; of more it says how many.
const NAMED: usize = 20;

/// A bank asks about a payment and has taken nothing yet. Told once of each payment, which the caller has locked: the gateway
/// says it again with every step.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn asked(tx: &Tx, payment: &payment::Model, dispute: &GatewayDispute) -> Result<(), Error> {
    const KIND: &str = "inquiry";
    let told = tx
        .find::<mail::Entity>()
        .filter(mail::Column::Kind.eq(KIND))
        .filter(mail::Column::AboutId.eq(payment.id))
        .one(tx.db())
        .await?;
    if told.is_some() {
        return Ok(());
    }
    let about = About::of(tx, payment, KIND, payment.id, dispute.amount).await?;
    let (amount, customer, number) = (&about.amount, &about.customer, &payment.receipt_number);
    let lines = vec![
        format!("The bank of {customer} asks about {amount} of payment {number}. No money was taken yet."),
        format!("The gateway’s reason: {}.", in_words(&dispute.reason)),
        "You can still answer: hand in your evidence at the gateway, which also says until when, or give the money back \
         yourself. Without an answer the question may become a chargeback."
            .to_owned(),
    ];
    let subject = format!("The bank of {customer} asks about {amount}");
    about.send(tx, subject, lines).await
}

/// A bank took money of a payment back, which came off these invoices.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn taken(
    tx: &Tx,
    payment: &payment::Model,
    refund: &refund::Model,
    lost: &[(InvoiceId, Money)],
) -> Result<(), Error> {
    let about = About::of_chargeback(tx, payment, refund).await?;
    let (amount, customer, number) = (&about.amount, &about.customer, &payment.receipt_number);
    let invoices = numbers(tx, lost).await?.map_or_else(
        || "No invoice is open again: the money was not applied.".to_owned(),
        |numbers| format!("Open again: {numbers}."),
    );
    let lines = vec![
        format!("The bank of {customer} took back {amount} of payment {number}."),
        invoices,
        format!("The gateway’s reason: {}.", in_words(&refund.reason)),
        "If the payment was right, hand in your evidence at the gateway, which also says until when. If the chargeback \
         is won, the money returns to the invoices by itself."
            .to_owned(),
    ];
    let subject = format!("Chargeback of {amount} by {customer}");
    about.send(tx, subject, lines).await
}

/// The bank gave it back, and so much of it is on these invoices again.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn won(
    tx: &Tx,
    payment: &payment::Model,
    refund: &refund::Model,
    again: &[(InvoiceId, Money)],
) -> Result<(), Error> {
    let about = About::of_chargeback(tx, payment, refund).await?;
    let (amount, customer, number) = (&about.amount, &about.customer, &payment.receipt_number);
    let back: i64 = again.iter().map(|(_, part)| part.minor()).sum();
    let paid = numbers(tx, again)
        .await?
        .map(|numbers| format!("Paid with it again: {numbers}."));
    let rest = (back < refund.amount_minor).then(|| {
        "What is not owed on them any more is unapplied, and can be put to other invoices.".to_owned()
    });
    let what = format!("{amount} of payment {number} of {customer} came back.");
    let lines = [Some(what), paid, rest].into_iter().flatten().collect();
    let subject = format!("Chargeback of {amount} by {customer} won");
    about.send(tx, subject, lines).await
}

/// What each of the letters is about.
struct About<'a> {
    payment: &'a payment::Model,
    /// Of which kind the mail is, and about what.
    kind: &'static str,
    id: Uuid,
    seller: tenant::Model,
    customer: String,
    /// In the seller's locale.
    amount: String,
}

impl<'a> About<'a> {
    async fn of_chargeback(
        tx: &Tx,
        payment: &'a payment::Model,
        refund: &refund::Model,
    ) -> Result<Self, Error> {
        let amount = money(refund.amount_minor, &refund.currency)?;
        Self::of(tx, payment, "chargeback", refund.id, amount).await
    }

    async fn of(
        tx: &Tx,
        payment: &'a payment::Model,
        kind: &'static str,
        id: Uuid,
        amount: Money,
    ) -> Result<Self, Error> {
        let seller = tx
            .find::<tenant::Entity>()
            .filter(tenant::Column::Id.eq(payment.seller_id))
            .one(tx.db())
            .await?;
        let account = tx
            .find::<account::Entity>()
            .filter(account::Column::Id.eq(payment.account_id))
            .one(tx.db())
            .await?;
        let (seller, account) = seller.zip(account).ok_or(Error::NotFound)?;
        let locale = Locale::from_code(&seller.locale).unwrap_or_default();
        let amount = format_amount_with_code(amount, locale);
        Ok(Self {
            payment,
            kind,
            id,
            seller,
            customer: account.buyer_name,
            amount,
        })
    }

    /// To the seller's billing address, if it has one. It is a letter of the seller's own, which its customer does not see.
    async fn send(self, tx: &Tx, subject: String, lines: Vec<String>) -> Result<(), Error> {
        let Some(recipient) = self.seller.billing_email else {
            return Ok(());
        };
        let portal = &tx.actor().backend().config().public_url;
        let letter = Letter {
            subject,
            lines,
            link: Some((
                "See the payment",
                format!("{portal}/payments/{}", self.payment.id),
            )),
            after: Vec::new(),
        };
        let mail = NewMail {
            seller: TenantId(self.seller.id),
            buyer: None,
            kind: self.kind.into(),
            about: Some(self.id),
            from_name: self.seller.name,
            reply_to: None,
            recipient,
            words: letter.words(),
            secret: None,
        };
        queue(tx, mail).await.map(|_| ())
    }
}

/// The numbers of some invoices, if there are any.
async fn numbers(tx: &Tx, of: &[(InvoiceId, Money)]) -> Result<Option<String>, Error> {
    let numbers: Vec<Option<String>> = tx
        .find::<invoice::Entity>()
        .filter(invoice::Column::Id.is_in(of.iter().map(|(id, _)| id.0)))
        .order_by_asc(invoice::Column::Number)
        .select_only()
        .column(invoice::Column::Number)
        .into_tuple()
        .all(tx.db())
        .await?;
    let more = numbers.len().saturating_sub(NAMED);
    let named: Vec<String> = numbers.into_iter().flatten().take(NAMED).collect();
    let named = named.join(", ");
    Ok(match (named.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(named),
        (false, more) => Some(format!("{named} and {more} more")),
    })
}
