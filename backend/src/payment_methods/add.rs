//! Cards and bank accounts are added without paying: entered at the gateway, into its own fields, and kept once the
//! gateway says that they can be charged.
//!
//! What the browser says is not taken: the gateway is asked whose it is and how it came out.

use super::{
    detach::{Begun, DetachCard},
    read,
    write::{Kept, keep},
};
use crate::{
    Error,
    codes::currency,
    payments::{make_customer, tenants},
    ports::{GatewayError, Setup, SetupState},
    scope::Scope,
    transact::transact,
};
use chrono::TimeDelta;
use domain::{
    FieldErrors, Refusal,
    access::PayInvoices,
    ids::{AccountId, TenantId},
    payment_methods::{MethodEntry, MethodFields, MethodKind, NewMethod},
};
use entity::{account, account_currency};
use sea_orm::{ColumnTrait, QueryFilter};

/// What was entered and not kept is taken off after this long, as when the browser was closed in between.
const KEPT_BY_THEN: TimeDelta = TimeDelta::hours(1);

/// The page on which it is chosen what is added to an account: cards, and the bank accounts that pay in one of its
/// currencies.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Database`].
pub async fn choice(scope: &Scope<PayInvoices>, account: AccountId) -> Result<NewMethod, Error> {
    let row = find_account(scope, account).await?;
    let rows = scope
        .find::<account_currency::Entity>()
        .filter(account_currency::Column::SellerId.eq(row.seller_id))
        .filter(account_currency::Column::AccountId.eq(row.id))
        .all(scope.db())
        .await?;
    let mut currencies = Vec::with_capacity(rows.len());
    for of in rows {
        currencies.push(currency(&of.currency)?);
    }
    let kinds = MethodKind::ALL.iter().copied();
    Ok(NewMethod {
        account,
        seller_name: row.seller_name,
        kinds: kinds
            .filter(|kind| !kind.is_bank_debit() || currencies.iter().any(|currency| kind.pays(*currency)))
            .collect(),
    })
}

/// Begins to add a card or bank account. Returns the gateway's id, under which it is entered.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] under `card` when the gateway refuses; [`Error::Port`] when it does not answer.
pub async fn begin(
    scope: &Scope<PayInvoices>,
    account: AccountId,
    kind: MethodKind,
) -> Result<String, Error> {
    let row = find_account(scope, account).await?;
    let (buyer, seller) = (TenantId(row.buyer_id), TenantId(row.seller_id));
    let customer = match row.gateway_customer {
        Some(customer) => customer,
        None => make_customer(scope, seller, account, row.buyer_id)
            .await?
            .map_err(refused)?,
    };
    let gateway = &scope.ports().gateway;
    let setup = gateway
        .begin_setup(seller, &customer, kind)
        .await
        .map_err(refused)?
        .id;
    let begun = Begun {
        account,
        setup: setup.clone(),
    };
    let unless_kept = DetachCard::of_begun(buyer, seller, begun);
    transact!(scope, tx => { unless_kept.enqueue(tx, tx.now() + KEPT_BY_THEN).await })?;
    Ok(setup)
}

/// The page on which it is entered.
///
/// # Errors
/// [`Error::NotFound`], also for what was begun for another account; [`Error::Port`] when the gateway does not answer.
pub async fn entry(
    scope: &Scope<PayInvoices>,
    account: AccountId,
    setup: &str,
) -> Result<MethodEntry, Error> {
    let row = find_account(scope, account).await?;
    let found = find_setup(scope, &row, setup).await?;
    let buyer = tenants(scope, [row.buyer_id].into()).await?.remove(&row.buyer_id);
    let buyer = buyer.ok_or(Error::NotFound)?;
    let seller = TenantId(row.seller_id);
    Ok(MethodEntry {
        kind: found.kind,
        account,
        seller_name: row.seller_name,
        holder: buyer.name,
        email: buyer.billing_email.unwrap_or_default(),
        is_first: read::of_account(scope, seller, account).await?.is_empty(),
        is_entered: matches!(found.state, SetupState::Done(_)),
        client_secret: found.client_secret.ok_or(Error::NotFound)?,
        gateway: scope.ports().gateway.form(seller),
    })
}

/// Keeps what was entered. Posted again it is one.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] under `card` as [`MethodFields::read_setup`] says, with [`Refusal::NoCard`] when
/// nothing was entered, or with [`Refusal::Declined`]; [`Error::Port`] when the gateway does not answer.
pub async fn add(scope: &Scope<PayInvoices>, account: AccountId, form: &MethodFields) -> Result<(), Error> {
    let user = scope.actor().user().ok_or(Error::SignIn)?;
    let setup = form.read_setup()?;
    let row = find_account(scope, account).await?;
    let found = find_setup(scope, &row, &setup).await?;
    let no = |refusal| Error::from(FieldErrors::one("card", refusal));
    let token = match found.state {
        SetupState::Done(token) => token,
        SetupState::Refused(code) => return Err(no(Refusal::Declined { code })),
        SetupState::Open | SetupState::Canceled => return Err(no(Refusal::NoCard)),
    };
    let card = scope
        .ports()
        .gateway
        .attach_card(TenantId(row.seller_id), &found.customer, &token)
        .await
        .map_err(refused)?;
    let of = Kept {
        seller: row.seller_id,
        account: row.id,
        buyer: row.buyer_id,
        by: Some(user.0),
        make_default: form.make_default.is_some(),
        mandate: found.mandate,
    };
    let kept = transact!(scope, tx => { keep(tx, &of, &card).await });
    match kept {
        // The same form came twice at once.
        Err(error) if error.is_duplicate() => Ok(()),
        kept => kept,
    }
}

async fn find_account(scope: &Scope<PayInvoices>, account: AccountId) -> Result<account::Model, Error> {
    let row = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.eq(account.0))
        .one(scope.db())
        .await?;
    row.ok_or(Error::NotFound)
}

/// What was begun, if it was for this account.
async fn find_setup(
    scope: &Scope<PayInvoices>,
    account: &account::Model,
    setup: &str,
) -> Result<Setup, Error> {
    let gateway = &scope.ports().gateway;
    let found = gateway
        .find_setup(TenantId(account.seller_id), setup)
        .await
        .map_err(refused)?;
    found
        .filter(|found| Some(&found.customer) == account.gateway_customer.as_ref())
        .ok_or(Error::NotFound)
}

/// A bank's no is told at the field; that nobody answered is told as such.
fn refused(error: GatewayError) -> Error {
    let declined = |code| FieldErrors::one("card", Refusal::Declined { code }).into();
    match error {
        GatewayError::Declined { code } => declined(code),
        GatewayError::Misuse(why) => {
            tracing::warn!(why, "the gateway did not take a card");
            declined("processing_error".to_owned())
        }
        GatewayError::NeedsAuthentication | GatewayError::RateLimited | GatewayError::Unreachable(_) => {
            error.into()
        }
    }
}
