//! Seller and buyer as an invoice printed them when it was issued, and its billing profile (V17, I16).

use crate::{
    Error,
    scope::{Scope, SeesInvoices},
};
use domain::{profiles::Profile, tenants::Party};
use entity::{Uuid, codes::PartyRole, invoice_party};
use sea_orm::{ColumnTrait, QueryFilter};

/// Both parties, and what the invoice says of its billing profile.
#[derive(Default)]
pub(crate) struct Parties {
    pub(crate) seller: Party,
    pub(crate) buyer: Party,
    pub(crate) profile: Vec<(String, String)>,
}

/// Reads them; none of an invoice that the scope does not reach.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn parties<P: SeesInvoices>(
    scope: &Scope<P>,
    seller: Uuid,
    invoice: Uuid,
) -> Result<Option<Parties>, Error> {
    let rows = scope
        .find::<invoice_party::Entity>()
        .filter(invoice_party::Column::SellerId.eq(seller))
        .filter(invoice_party::Column::InvoiceId.eq(invoice))
        .all(scope.db())
        .await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut parties = Parties::default();
    for row in rows {
        let invoice_party::Model {
            seller_id: _,
            invoice_id: _,
            role,
            name,
            street,
            city,
            postal_code,
            country,
            tax_id,
            email,
            profile,
        } = row;
        if let Some(profile) = profile {
            parties.profile = serde_json::from_value::<Profile>(profile)?.facts();
        }
        let party = Party {
            name,
            street,
            city,
            postal_code,
            country,
            tax_id,
            email,
        };
        match role {
            PartyRole::Seller => parties.seller = party,
            PartyRole::Buyer => parties.buyer = party,
        }
    }
    Ok(Some(parties))
}
