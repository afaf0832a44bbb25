//! Seller and buyer as an invoice printed them when it was issued, and its billing profile (V17, I16).

use crate::{
    Error,
    scope::{Scope, SeesInvoices},
};
use domain::{profiles::Profile, tenants::Party};
use entity::{codes::PartyRole, invoice, invoice_party};
use sea_orm::{ColumnTrait, QueryFilter};

/// Both parties, and what the invoice says of its billing profile.
pub(super) struct Parties {
    pub(super) seller: Party,
    pub(super) buyer: Party,
    pub(super) profile: Vec<(String, String)>,
}

/// Reads them.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn parties<P: SeesInvoices>(
    scope: &Scope<P>,
    invoice: &invoice::Model,
) -> Result<Parties, Error> {
    let rows = scope
        .find::<invoice_party::Entity>()
        .filter(invoice_party::Column::SellerId.eq(invoice.seller_id))
        .filter(invoice_party::Column::InvoiceId.eq(invoice.id))
        .all(scope.db())
        .await?;
    let mut parties = Parties {
        seller: Party::default(),
        buyer: Party::default(),
        profile: Vec::new(),
    };
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
    Ok(parties)
}
