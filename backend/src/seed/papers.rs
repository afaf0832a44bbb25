//! What lies beside the demo's documents: a second billing profile of the demo partner, and the picture of a check that it
//! sent.

use crate::{
    Backend, Error, new_id,
    payments::attachment::{NewFile, attach},
    profiles::write::make,
    transact::transact,
};
use domain::{
    access::{ManageTenants, RecordPayments},
    ids::{PaymentId, ProfileId, TenantId},
    profiles::{Contact, Place, Profile},
};
use entity::{codes::Method, payment};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

/// The smallest page that readers of PDF show.
const CHECK: &str = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 180]>>endobj\n\
    trailer<</Root 1 0 R>>\n%%EOF\n";

/// Makes both.
pub(super) async fn create(backend: &Backend, seller: TenantId, partner: TenantId) -> Result<(), Error> {
    let operator = backend.operator(seller, "Demo data").await?;
    let scope = operator.permit::<ManageTenants>()?;
    let id = ProfileId(new_id());
    transact!(scope, tx => { make(tx, partner, id, &project()).await })?;
    let scope = operator.permit::<RecordPayments>()?;
    let last = scope
        .find::<payment::Entity>()
        .filter(payment::Column::BuyerId.eq(partner.0))
        .filter(payment::Column::Method.eq(Method::Offline))
        .order_by_desc(payment::Column::PaidOn)
        .order_by_desc(payment::Column::Id)
        .limit(1)
        .one(scope.db())
        .await?;
    if let Some(last) = last {
        let check = NewFile::judge("Check.pdf", CHECK.as_bytes().to_vec())?;
        attach(&scope, PaymentId(last.id), &check).await?;
    }
    Ok(())
}

/// A project that is billed apart.
fn project() -> Profile {
    Profile {
        name: "Harbour project".to_owned(),
        billing: Some(Place {
            street: "12 Pier Road".to_owned(),
            city: "Baltimore".to_owned(),
            postal_code: "21231".to_owned(),
            country: "US".to_owned(),
        }),
        shipping: None,
        contacts: vec![Contact {
            name: "Alex Moreno".to_owned(),
            email: Some("harbour@partner.example".to_owned()),
            phone: Some("+1 555 0142".to_owned()),
        }],
        order_reference: Some("PO 2214".to_owned()),
    }
}
