//! Seller and buyer as a credit note prints them (V17): those of the invoice that it credits, or, of one over an account,
//! those of the day on which it was issued. Where nothing was kept they are what they are today.

use crate::{
    Error,
    invoices::{
        parties::{Parties, parties},
        write::{account_facts, party},
    },
    scope::{Scope, SeesInvoices, Tx},
};
use domain::{ids::AccountId, tenants::Party};
use entity::{credit_note, tenant};
use sea_orm::{ColumnTrait, QueryFilter};
use serde::{Deserialize, Serialize};

/// Both of them, as they are kept.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Printed {
    pub(super) seller: Party,
    pub(super) buyer: Party,
}

/// Those of an account as they are now, to be kept; where its papers go the default profile says (I16).
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Database`].
pub(super) async fn of_account(tx: &Tx, account: AccountId) -> Result<Printed, Error> {
    let facts = account_facts(tx, account, None).await?;
    Ok(Printed {
        buyer: facts.bound.profile.printed(&facts.buyer_party),
        seller: facts.seller_party,
    })
}

/// Those that a credit note prints.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn printed<P: SeesInvoices>(
    scope: &Scope<P>,
    note: &credit_note::Model,
) -> Result<Printed, Error> {
    if let Some(kept) = &note.parties {
        return Ok(serde_json::from_value(kept.clone())?);
    }
    if let Some(invoice) = note.invoice_id
        && let Some(Parties { seller, buyer, .. }) = parties(scope, note.seller_id, invoice).await?
    {
        return Ok(Printed { seller, buyer });
    }
    of_today(scope, note).await
}

async fn of_today<P: SeesInvoices>(scope: &Scope<P>, note: &credit_note::Model) -> Result<Printed, Error> {
    let tenants = scope
        .find::<tenant::Entity>()
        .filter(tenant::Column::Id.is_in([note.seller_id, note.buyer_id]))
        .all(scope.db())
        .await?;
    let of = |id| {
        let found = tenants.iter().find(|tenant| tenant.id == id);
        found.map(party).unwrap_or_default()
    };
    Ok(Printed {
        seller: of(note.seller_id),
        buyer: of(note.buyer_id),
    })
}
