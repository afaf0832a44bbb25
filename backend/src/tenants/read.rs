//! Reading trading accounts: what the filters of a list offer.

use crate::{
    Error,
    codes::currency,
    scope::{Scope, SeesInvoices},
};
use domain::{access::Side, invoices::FilterChoices};
use entity::{account, account_currency};
use sea_orm::{QueryOrder, QuerySelect};

/// Most other sides that a filter form offers by name. The first of many would be no help, and every page would carry
/// them.
const FEW: u64 = 20;

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
    let (name, by_name) = match scope.side() {
        Side::Seller => (account::Column::BuyerName, account::Column::BuyerSearch),
        Side::Buyer => (account::Column::SellerName, account::Column::SellerSearch),
    };
    let mut counterparties: Vec<String> = scope
        .find::<account::Entity>()
        .select_only()
        .column(name)
        .order_by_asc(by_name)
        .order_by_asc(account::Column::Id)
        .limit(FEW + 1)
        .into_tuple()
        .all(scope.db())
        .await?;
    if counterparties.len() as u64 > FEW {
        counterparties.clear();
    }
    Ok(FilterChoices {
        currencies,
        counterparties,
    })
}
