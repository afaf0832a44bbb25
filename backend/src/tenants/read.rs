//! Reading trading accounts: what the filters of a list offer.

use crate::{
    Error,
    codes::currency,
    scope::{Scope, SeesInvoices},
};
use domain::{
    access::Side,
    ids::{AccountId, TenantId},
    invoices::FilterChoices,
    tenants::Counterparty,
};
use entity::{account, account_currency};
use sea_orm::{QueryOrder, QuerySelect};

/// The other sides that a filter form lists by name; more are found by typing.
const LISTED: u64 = 100;

/// What the filter form of the invoice grid offers.
///
/// # Errors
/// [`Error::Database`].
pub async fn choices<P: SeesInvoices>(scope: &Scope<P>) -> Result<FilterChoices, Error> {
    let codes: Vec<String> = scope
        .find::<account_currency::Entity>()
        .select_only()
        .column(account_currency::Column::Currency)
        .distinct()
        .order_by_asc(account_currency::Column::Currency)
        .into_tuple()
        .all(scope.db())
        .await?;
    let currencies = codes
        .iter()
        .map(|code| currency(code))
        .collect::<Result<_, _>>()?;
    let by_name = match scope.side() {
        Side::Seller => account::Column::BuyerSearch,
        Side::Buyer => account::Column::SellerSearch,
    };
    let accounts = scope
        .find::<account::Entity>()
        .order_by_asc(by_name)
        .order_by_asc(account::Column::Id)
        .limit(LISTED)
        .all(scope.db())
        .await?;
    let counterparties = accounts
        .into_iter()
        .map(|account| counterparty(account, scope.side()))
        .collect();
    Ok(FilterChoices {
        currencies,
        counterparties,
    })
}

fn counterparty(account: account::Model, side: Side) -> Counterparty {
    let (tenant, name) = match side {
        Side::Seller => (account.buyer_id, account.buyer_name),
        Side::Buyer => (account.seller_id, account.seller_name),
    };
    Counterparty {
        account: AccountId(account.id),
        tenant: TenantId(tenant),
        name,
        external_id: account.external_id,
    }
}
