//! A bank account of the demo customer, and a debit of it that the bank has begun.

use crate::{
    Backend, Error,
    codes::money,
    new_id,
    payment_methods::write::{Kept, keep},
    payments::{Payer, Reserved, reserve},
    ports::{GatewayCard, GatewayMandate, NEVER},
    scope::Tx,
    transact::transact,
};
use domain::{
    access::PayInvoices,
    ids::{CardId, FormKey, InvoiceId, TenantId, UserId},
    payment_methods::MethodKind,
    payments::{CardChoice, SubmitLine, SubmitPayment},
};
use entity::{card, codes, invoice, payment_attempt, user};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder};

/// The gateway's own test account, which is there without having been entered.
const TOKEN: &str = "pm_usBankAccount_success";

/// Saves the account and begins the debit of what is open of the newest invoice in dollars.
pub(super) async fn create(backend: &Backend, customer: TenantId) -> Result<(), Error> {
    let scope = backend
        .operator(customer, "Demo data")
        .await?
        .permit::<PayInvoices>()?;
    transact!(scope, tx => {
        let invoice = tx
            .find::<invoice::Entity>()
            .filter(invoice::Column::BuyerId.eq(customer.0))
            .filter(invoice::Column::Currency.eq("USD"))
            .filter(invoice::Column::Stage.is_in([codes::Stage::Open, codes::Stage::PartlyPaid]))
            .order_by_desc(invoice::Column::DueDate)
            .order_by_desc(invoice::Column::Id)
            .one(tx.db())
            .await?;
        let payer = tx.find::<user::Entity>().order_by_asc(user::Column::Email).one(tx.db()).await?;
        match (invoice, payer) {
            (Some(invoice), Some(payer)) => begin(tx, &invoice, UserId(payer.id)).await,
            _ => Ok(()),
        }
    })
}

async fn begin(tx: &mut Tx, invoice: &invoice::Model, payer: UserId) -> Result<(), Error> {
    let card = save(tx, invoice, payer).await?;
    let open = money(invoice.open_minor, &invoice.currency)?;
    let form = SubmitPayment {
        key: FormKey(new_id()),
        lines: vec![SubmitLine {
            invoice: InvoiceId(invoice.id),
            seen: open,
            amount: open,
        }],
        card: CardChoice::Saved(card),
        save_card: false,
        make_default: false,
        email_receipt: false,
        uses: Vec::new(),
    };
    let Reserved::Fresh(attempts) = reserve(tx, Payer::Person(payer), &form).await? else {
        return Ok(());
    };
    // No gateway knows of it, so it is never looked up and stays as it is.
    tx.update::<payment_attempt::Entity>()
        .set(payment_attempt::ActiveModel {
            state: Set(codes::AttemptState::Processing),
            ..Default::default()
        })
        .filter(payment_attempt::Column::SellerId.eq(invoice.seller_id))
        .filter(payment_attempt::Column::Id.is_in(attempts.iter().map(|attempt| attempt.id)))
        .exec(tx.db())
        .await?;
    Ok(())
}

async fn save(tx: &mut Tx, invoice: &invoice::Model, payer: UserId) -> Result<CardId, Error> {
    let of = Kept {
        seller: invoice.seller_id,
        account: invoice.account_id,
        buyer: invoice.buyer_id,
        by: Some(payer.0),
        make_default: true,
        mandate: Some(GatewayMandate {
            reference: "mandate_demo".to_owned(),
            given_at: tx.now(),
        }),
    };
    let (exp_month, exp_year) = NEVER;
    let account = GatewayCard {
        token: TOKEN.to_owned(),
        kind: MethodKind::UsBankAccount,
        brand: "STRIPE TEST BANK".to_owned(),
        last4: "6789".to_owned(),
        exp_month,
        exp_year,
        fingerprint: None,
    };
    keep(tx, &of, &account).await?;
    let row = tx
        .find::<card::Entity>()
        .filter(card::Column::SellerId.eq(invoice.seller_id))
        .filter(card::Column::GatewayToken.eq(TOKEN))
        .one(tx.db())
        .await?;
    row.map(|row| CardId(row.id)).ok_or(Error::NotFound)
}
