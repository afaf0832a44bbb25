//! Trading accounts, looked for by what the other side is called.

use crate::{
    invoices::search_key,
    scope::{Scope, SeesInvoices},
};
use domain::access::Side;
use entity::account;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::SelectStatement};

/// The accounts of whose other side the name, or the external id, has a text in it; for `IN`.
pub(crate) fn accounts_named<P: SeesInvoices>(scope: &Scope<P>, text: &str) -> SelectStatement {
    let other = match P::SIDE {
        Side::Seller => account::Column::BuyerSearch,
        Side::Buyer => account::Column::SellerSearch,
    };
    scope
        .find::<account::Entity>()
        .filter(other.contains(search_key(text)))
        .select_only()
        .column(account::Column::Id)
        .into_query()
}
